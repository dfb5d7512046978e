"""The library of past waves: scale-free curves, aligned on their peaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.forecasters.base import Array
from forecast.forecasters.curves.weekly import Weeks, logs_of

SEASON_MONTH = 7
"""A season of a winter disease runs from July to June."""
FEWEST_WEEKS = 10
SMALLEST_PEAK = 20.0
"""Patients at the peak below which a curve is mostly chance."""
LEAST_RISE = 0.7
"""In logarithms: a peak stands above the troughs on both sides at least this much to be a wave."""
BEFORE, AFTER = 26, 40
"""Weeks of a wave's curve kept before and after the peak."""
GENERIC = tuple((growth, turn) for growth in (0.3, 0.45, 0.7) for turn in (1.0, 2.0))
"""Growth a week off the peak, and weeks over which it turns, of curves that need no past wave."""

TWIN_SHARE, TWIN_WEEKS, TWIN_LOWER = 0.15, (3, 5), 0.2
"""Weight of curves with a lower peak so many weeks before the highest, and how much lower it is in logarithms."""
DEPTH_BEFORE, DEPTH_AFTER = 10.0, 3.0
"""How far below the peak, in logarithms, such a curve begins and ends."""


@dataclass(frozen=True)
class Wave:
    """A past wave.

    Parameters
    ----------
    curve
        Logarithm of the level over that of the peak, by week from ``first`` on.
    first
        Week of the first value, counted from the peak (not above 0).
    peak
        Middle day of the peak week.
    size
        Level of the peak week, in the unit of its series; NaN where it says nothing of the size of others.
    weight
        How much it counts.
    """

    curve: Array
    first: int
    peak: pd.Timestamp
    size: float
    weight: float = 1.0

    def at(self, weeks: Array) -> Array:
        """Values at weeks from the peak; the ends are held."""
        return np.asarray(np.interp(weeks, self.first + np.arange(len(self.curve)), self.curve))


def season_of(day: pd.Timestamp) -> int:
    """Year in which the season of a day began."""
    return int(day.year) - (day.month < SEASON_MONTH)


def seasons(weeks: Weeks, before: int) -> list[Wave]:
    """One curve for each season that began before a year, whatever its size; the peak is its highest week."""
    found = []
    years = np.array([season_of(day) for day in weeks.levels.index])
    for year in np.unique(years[years < before]):
        own = weeks.levels[years == year].dropna()
        if len(own) < FEWEST_WEEKS or own.iloc[-1] >= own.max() or own.iloc[0] >= own.max():
            continue
        found.append(_wave(own, weeks.unit))
    return found


def waves(weeks: Weeks, least: float = SMALLEST_PEAK) -> list[Wave]:
    """Waves of a disease without a season: peaks that stand out from the troughs on both sides, with what followed."""
    found = []
    for stretch in _stretches(weeks.levels):
        logs = logs_of(stretch.to_numpy(dtype=np.float64), weeks.unit)
        for place in _peaks(logs):
            if stretch.iloc[place] * weeks.unit >= least:
                low, high = max(0, place - BEFORE), place + AFTER + 1
                found.append(_wave(stretch.iloc[low:high], weeks.unit, place - low))
    return found


def generic() -> list[Wave]:
    r"""Curves whose growth turns evenly into decline, and whose decline slows down.

    A hyperbola in logarithms, :math:`h(t) = g b (\sqrt{1 + (t / b)^2} - 1)` below the peak, bent after it so that it
    approaches a level :math:`a` below the peak, :math:`a (1 - e^{-h / a})`: waves die out ever more slowly.

    Some have a lower peak weeks before the highest: what has begun to fall may rise again after Christmas.
    """
    at = np.arange(-BEFORE, AFTER + 1, dtype=np.float64)
    even = [_even(at, growth, turn) for growth, turn in GENERIC]
    twins = [
        np.logaddexp(own, _even(at + gap, growth, turn) - TWIN_LOWER)
        for own, (growth, turn) in zip(even, GENERIC, strict=True)
        for gap in TWIN_WEEKS
    ]
    return [
        Wave(curve - curve[BEFORE], -BEFORE, pd.NaT, float("nan"), share / len(curves))  # type: ignore[arg-type]
        for curves, share in ((even, 1.0 - TWIN_SHARE), (twins, TWIN_SHARE))
        for curve in curves
    ]


def _even(at: Array, growth: float, turn: float) -> Array:
    """One such curve at weeks from its peak."""
    below = growth * turn * (np.sqrt(1 + (at / turn) ** 2) - 1)
    depth = np.where(at > 0, DEPTH_AFTER, DEPTH_BEFORE)
    return np.asarray(depth * np.expm1(-below / depth))


def shared(waves_by_place: Mapping[str, Sequence[Wave]], fewest_days_apart: int = 45) -> list[Wave]:
    """All waves; those of one time at several places share the weight of one: a winter at 130 trusts is one winter."""
    every = [wave for found in waves_by_place.values() for wave in found]
    days = np.array([wave.peak.toordinal() for wave in every])
    weights = [1.0 / int((np.abs(days - day) < fewest_days_apart).sum()) for day in days]
    return [Wave(w.curve, w.first, w.peak, w.size, share) for w, share in zip(every, weights, strict=True)]


def _wave(own: pd.Series, unit: float, place: int | None = None) -> Wave:
    values = own.to_numpy(dtype=np.float64)
    top = int(values.argmax()) if place is None else place
    logs = logs_of(values, unit)
    return Wave(logs - logs[top], -top, own.index[top], float(values[top]))


def _stretches(values: pd.Series) -> list[pd.Series]:
    """Stretches of known weeks."""
    known = values.notna().to_numpy()
    edges = np.flatnonzero(np.diff(np.r_[False, known, False].astype(np.int8)))
    return [
        values.iloc[first:end]
        for first, end in zip(edges[::2], edges[1::2], strict=True)
        if end - first >= FEWEST_WEEKS
    ]


def _peaks(logs: Array) -> list[int]:
    """Places of peaks that stand ``LEAST_RISE`` above the lowest point on either side before a higher one."""
    found = []
    for place in range(1, len(logs) - 1):
        if logs[place] <= logs[place - 1] or logs[place] < logs[place + 1]:
            continue
        higher_left = np.flatnonzero(logs[:place] > logs[place])
        higher_right = np.flatnonzero(logs[place + 1 :] > logs[place])
        left = logs[(higher_left[-1] if len(higher_left) else 0) : place + 1].min()
        right = logs[place : (place + 2 + higher_right[0] if len(higher_right) else len(logs))].min()
        if logs[place] - left >= LEAST_RISE and logs[place] - right >= LEAST_RISE:
            found.append(place)
    return found
