"""Zeros in a hospital's wave that stand for a return that was not filled in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

LONE_DAYS = 3
SHORT_DAYS = 7
"""A false run of so many days leaves enough of the wave to go by."""
LEAST_NEXT = 5.0
"""Patients reported next to a false zero, at least."""
NEXT_DAYS, HEIGHT_DAYS = 3, 7
DROP = 0.25
"""A run of zeros is false where the values next to it are at least this part of the wave's height."""


TOP = 0.5
"""A run next to values of this part of the wave's height may hide its top."""


@dataclass(frozen=True)
class FalseZeros:
    """A longer run of zeros that cannot be true and may hide the top of the wave."""

    first: pd.Timestamp
    last: pd.Timestamp
    before: float
    after: float


def without_false_zeros(series: pd.Series) -> tuple[pd.Series, tuple[FalseZeros, ...]]:
    """Return the series without zeros that cannot be true, and the longer runs that may hide its top.

    A wave ends in ones and twos; a count that falls from many to zero, or rises from zero to many, from one day to
    the next was not reported.

    Parameters
    ----------
    series
        Counts of one hospital, no value missing.
    """
    values = series.to_numpy(dtype=np.float64)
    zero = values == 0
    if not zero.any() or zero.all():
        return series, ()
    counted = values[~zero]
    height = float(np.convolve(counted, np.ones(HEIGHT_DAYS) / HEIGHT_DAYS, "valid").max(initial=counted.mean()))
    least = max(LEAST_NEXT, DROP * height)
    edges = np.flatnonzero(np.diff(np.r_[False, zero, False].astype(int)))
    drop = np.zeros(len(values), dtype=bool)
    found = []
    for first, stop in zip(edges[::2], edges[1::2], strict=True):
        before = _next(values[:first][::-1])
        after = _next(values[stop:])
        lone = stop - first <= LONE_DAYS and min(before, after) >= LEAST_NEXT
        if lone or max(before, after) >= least:
            drop[first:stop] = True
            if stop - first > SHORT_DAYS and max(before, after) >= TOP * height:
                dates = series.index[[first, stop - 1]]
                found.append(FalseZeros(dates[0], dates[1], before, after))
    return series[~drop], tuple(found)


def _next(values: np.ndarray) -> float:
    """What was reported next to a run: the value beside it, or the mean of those around where that is less."""
    counted = values[:NEXT_DAYS][values[:NEXT_DAYS] > 0]
    return float(min(counted[0], counted.mean())) if len(counted) else 0.0
