"""The nation's curve up to today and sample paths of it beyond, on any day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.forecasters.arima import AutoRegression
from forecast.forecasters.base import Array
from forecast.forecasters.outliers import believed
from forecast.forecasters.prepared import weekday_shape
from forecast.waves.curves import Curve, day_numbers, spacing

Whole = npt.NDArray[np.int64]
LEAST_VALUES = 28
LEAST_HOSPITALS = 20
"""Locations whose sum stands for the nation where no national series is given."""
LEAST_SHARE = 0.9
"""Part of the summed locations that must have a value on a day."""


@dataclass(frozen=True)
class Signal:
    """Logarithm of the nation by day: one past, many futures.

    Parameters
    ----------
    first
        Day number of the first column.
    last
        Day number of the last value that is known.
    logs
        (samples, days), the same for all samples up to ``last``.
    median
        Median over samples, (days,).
    gaps
        First and last known day number around each longer stretch without a value.
    """

    first: int
    last: int
    logs: Array
    median: Array
    gaps: tuple[tuple[int, int], ...]

    def at(self, days: Whole) -> Array:
        """Logarithms, (samples, days); those of the ends beyond them."""
        return np.asarray(self.logs[:, np.clip(days - self.first, 0, self.logs.shape[1] - 1)])

    def middle(self, days: Whole) -> Array:
        """Median over samples, NaN where nobody knew the nation in the past."""
        middle = self.median[np.clip(days - self.first, 0, len(self.median) - 1)]
        unknown = days < self.first
        for first, last in self.gaps:
            unknown |= (days > first) & (days < last)
        return np.asarray(np.where(unknown, np.nan, middle))


def national_series(panel: pd.DataFrame, related: dict[str, pd.DataFrame], metric: str, name: str) -> pd.Series | None:
    """The nation's series on the panel's dates: its column, else that of the related panel, else the sum of many.

    Parameters
    ----------
    panel
        Dates by location.
    related
        Related panels by metric.
    metric
        The panel's metric.
    name
        Code of the nation.
    """
    for frame in (panel, related.get(metric)):
        if frame is not None and name in frame.columns and (frame[name] > 0).sum() >= LEAST_VALUES:
            return frame[name].reindex(panel.index)
    known = panel.notna()
    hospitals = known.columns[known.any()]
    if len(hospitals) < LEAST_HOSPITALS:
        return None
    enough = known[hospitals].sum(axis=1) >= LEAST_SHARE * len(hospitals)
    summed = panel[hospitals].mean(axis=1).where(enough)
    return summed if (summed > 0).sum() >= LEAST_VALUES else None


def signal_of(
    nation: pd.Series, model: AutoRegression, steps: int, samples: int, seed: int, keep: int
) -> tuple[Signal, Array]:
    """The nation's signal, and the sample paths of its counts (samples, steps) that it ends in.

    Parameters
    ----------
    nation
        The nation's series up to the origin.
    model
        Fitted to it alone.
    steps, samples, seed
        Steps ahead, number of paths, and where random numbers start.
    keep
        Days of the past that are kept.
    """
    step = max(spacing(pd.DatetimeIndex(nation.index)), 1)
    paths = model.predict(steps, samples=samples, seed=seed).paths[0]
    past = believed(nation, step).dropna()
    curve = Curve.of(past)
    origin = int(day_numbers(pd.DatetimeIndex(nation.index))[-1])
    ahead = origin + step * np.arange(1, steps + 1)
    logs = np.log(np.maximum(paths, 0.5))
    if step == 1:
        dates = pd.DatetimeIndex(past.index[-keep:])
        shape = weekday_shape(np.log(np.maximum(past.to_numpy()[-keep:], 0.5)), dates)
        logs = logs - shape[pd.date_range(nation.index[-1], periods=steps + 1)[1:].day_of_week]
    first = max(curve.first, curve.last - keep)
    known = curve.at(np.arange(first, curve.last + 1))
    nodes = np.r_[curve.last, ahead]
    days = np.arange(curve.last + 1, ahead[-1] + 1)
    heights = np.concatenate([np.full((samples, 1), known[-1]), logs], axis=1)
    place = np.clip(np.searchsorted(nodes, days, side="left"), 1, len(nodes) - 1)
    share = (days - nodes[place - 1]) / (nodes[place] - nodes[place - 1])
    later = heights[:, place - 1] * (1 - share) + heights[:, place] * share
    whole = np.concatenate([np.broadcast_to(known, (samples, len(known))), later], axis=1)
    median = np.concatenate([known, np.median(later, axis=0)])
    return Signal(first, curve.last, whole, median, curve.gaps), paths
