"""Changes of level that came at once: a new way of counting, a ward closed. Found from the data up to the origin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from forecast.forecasters.base import Array
from forecast.forecasters.outliers import NORMAL

DAYS_BEFORE = 21
DAYS_AFTER = 14
LEAST_AFTER = 7
NEAR_DAYS = 3
MANY_SPREADS = 3.5
LEAST_SHIFT = 0.2
"""Differences of logarithms below this are within reach of a model that follows the level."""


@dataclass(frozen=True)
class Break:
    """A change of level: the first place of the new level, and the difference (new less old)."""

    place: int
    shift: float


def level_breaks(values: Array) -> list[Break]:
    """Find the changes of level of a daily series without weekday shape, oldest first.

    A place is a break where the median of the ``LEAST_AFTER`` to ``DAYS_AFTER`` values from it differs from that
    of the ``DAYS_BEFORE`` values before it by more than ``MANY_SPREADS`` times what such differences usually are
    at this series, and by more than ``LEAST_SHIFT``, and where one day made the change: more than half of it lies
    between the medians of the three values on either side. Of neighbouring places the one with the largest step
    counts.

    Parameters
    ----------
    values
        Logarithms by day, NaN where missing.
    """
    places = np.flatnonzero(~np.isnan(values))
    known = values[places]
    first, end = DAYS_BEFORE, len(known) - LEAST_AFTER + 1
    if end - first < DAYS_BEFORE:
        return []
    # Near the end of the series fewer than DAYS_AFTER values have come since.
    fewer = [np.median(known[-days:]) for days in range(DAYS_AFTER - 1, LEAST_AFTER - 1, -1)]
    after = np.r_[_medians(known, DAYS_AFTER), fewer][first:end]
    shifts = after - _medians(known, DAYS_BEFORE)[: end - first]
    near = _medians(known, NEAR_DAYS)
    old, steps = near[first - NEAR_DAYS : end - NEAR_DAYS], near[first:end] - near[first - NEAR_DAYS : end - NEAR_DAYS]
    # The first day of the new level lies on its side of the middle, the day before does not.
    half = 0.5 * np.abs(shifts)
    came = ((known[first:end] - old) * np.sign(shifts) > half) & (
        (known[first - 1 : end - 1] - old) * np.sign(shifts) < half
    )
    bound = max(MANY_SPREADS * NORMAL * float(np.median(np.abs(shifts))), LEAST_SHIFT)
    sudden = (np.abs(shifts) > bound) & (steps * np.sign(shifts) > half) & came
    found: list[Break] = []
    while sudden.any():
        best = int(np.argmax(np.where(sudden, np.abs(steps), 0.0)))
        found.append(Break(int(places[first + best]), float(shifts[best])))
        sudden[max(best - DAYS_AFTER, 0) : best + DAYS_AFTER] = False
    return sorted(found, key=lambda one: one.place)


def _medians(values: Array, width: int) -> Array:
    """Median of the ``width`` values from each place on."""
    medians: Array = np.median(sliding_window_view(values, width), axis=1)
    return medians


def on_the_last_level(values: Array, breaks: list[Break]) -> Array:
    """Values moved to the level after the last break, so that shape and movement from before still count."""
    moved = values.copy()
    for one in breaks:
        moved[: one.place] += one.shift
    return moved
