"""Weeks of a daily or weekly series: the level of each, on the logarithmic scale on which waves are compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.forecasters.base import Array
from forecast.forecasters.outliers import NORMAL, believed

FEWEST_DAYS = 3
"""Days of a week that must be known for the week to have a level."""
LONGEST_FILLED = 2
"""Weeks running that are filled in between known ones."""
LARGEST_UNIT = 1000.0
CURVATURE_ONLY = 6.0
"""Variance of the second difference of white noise of variance one."""
NOISE_BOUNDS = (0.03, 0.15)


@dataclass(frozen=True)
class Weeks:
    """Levels of a series by week.

    Parameters
    ----------
    levels
        Mean of each week (same unit as the series), indexed by the middle day of the week; NaN where not known.
    unit
        Counts in one unit of the series: 1 for counts, more for rates.
    noise
        Standard deviation of a week's level about its course, beyond counting noise, in logarithms.
    """

    levels: pd.Series
    unit: float
    noise: float

    @property
    def logs(self) -> Array:
        """Logarithm of the levels, half a count added."""
        return logs_of(self.levels.to_numpy(dtype=np.float64), self.unit)

    @property
    def variance(self) -> Array:
        """Variance of ``logs`` by counting and noise."""
        return np.asarray(self.noise**2 + 1.0 / (self.unit * np.nan_to_num(self.levels.to_numpy()) + 1.0))


def weeks_of(series: pd.Series, step_days: int, origin: pd.Timestamp) -> Weeks:
    """Weeks of a series that end on the weekday of the origin; slips and false zeros are left out.

    Parameters
    ----------
    series
        Values on every step up to the origin, NaN where missing.
    step_days
        1 or 7. The date of a weekly value is the first day of its week where that is a Monday, else the last.
    origin
        Last day.
    """
    kept = believed(series, step_days)
    if step_days == 7:
        dates = pd.DatetimeIndex(kept.index)
        values = kept.set_axis(dates + pd.Timedelta(days=middle_of(dates, step_days)))
    else:
        back = (numbers(pd.DatetimeIndex([origin])) - numbers(pd.DatetimeIndex(kept.index))).astype(np.int64) // 7
        grouped = kept.groupby(back)
        means = grouped.mean().where(grouped.count() >= FEWEST_DAYS).sort_index(ascending=False)
        values = pd.Series(means.to_numpy(), index=origin - pd.to_timedelta(means.index.to_numpy() * 7 + 3, unit="D"))
    values = values.interpolate(limit=LONGEST_FILLED, limit_area="inside")
    unit = _unit(values.to_numpy(dtype=np.float64))
    return Weeks(values, unit, _noise(values.to_numpy(dtype=np.float64), unit))


def logs_of(values: Array, unit: float) -> Array:
    """Logarithm of values with half a count added, so that a zero has a place."""
    return np.asarray(np.log(np.maximum(values, 0.0) + 0.5 / unit))


def numbers(days: pd.DatetimeIndex) -> Array:
    """Day numbers whose remainder by seven is the weekday, 0 Monday."""
    return np.asarray((days - pd.Timestamp("2001-01-01")).days, dtype=np.float64)


def middle_of(days: pd.DatetimeIndex, step_days: int) -> float:
    """Days from the date of a value to the middle of its time."""
    if step_days == 1:
        return 0.0
    return 3.0 if len(days) and days[0].day_of_week == 0 else -3.0


def _unit(values: Array) -> float:
    """Counts in one unit: 1, unless the values are so smooth, or so small, that they must be rates.

    The square root of a Poisson count has a variance of a quarter, that of a rate with ``k`` counts in a unit
    ``1 / 4k``; second differences of neighbouring weeks tell.
    """
    known = values[~np.isnan(values)]
    if len(known) < 8 or bool((known[known > 0] >= 1).all()) or float(np.max(known, initial=0.0)) > 50.0:
        return 1.0
    second = np.diff(np.sqrt(known), n=2)
    spread = NORMAL * float(np.median(np.abs(second)))
    return float(np.clip(CURVATURE_ONLY / (4.0 * max(spread, 1e-6) ** 2), 1.0, LARGEST_UNIT))


def _noise(values: Array, unit: float) -> float:
    """Noise of weekly levels from second differences where counting noise is small."""
    logs = logs_of(values, unit)
    second = np.diff(logs, n=2)
    known = ~np.isnan(second)
    second = second[known][values[1:-1][known] > np.median(values[1:-1][known])] if known.any() else second[known]
    if len(second) < 8:
        return float(np.mean(NOISE_BOUNDS))
    return float(np.clip(NORMAL * np.median(np.abs(second)) / np.sqrt(CURVATURE_ONLY), *NOISE_BOUNDS))
