"""Values that are not to be believed: slips of data entry, false zeros and stretches copied forward."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.ndimage import median_filter

from forecast.forecasters.base import Array
from forecast.forecasters.spread import log_counts

Flags = npt.NDArray[np.bool_]
NORMAL = 1.4826
"""Standard deviation of a Gaussian sample over its median absolute deviation."""
LEAST_JUMP = float(np.log(2.5))
MANY_SPREADS = 6.0
ENOUGH_TO_DOUBT_ZERO = 20.0
HALF_WINDOW = 7
LONGEST_SLIP = 6
FEWEST_TO_COMPARE = 7
LONGEST_ABSENCE = 27
COPIED_DAYS = 7
CHANGING_SHARE = 0.8


def robust(values: Array, step_days: int = 1) -> Array:
    """Return the values with NaN where they are not to be believed.

    Uses nothing but the values given, so the values up to an origin tell what was to be believed then.

    - **Slips**: up to ``LONGEST_SLIP`` steps running that jump away from the last believed value, and from the
      median of the ``HALF_WINDOW`` steps to either side, by more than 2.5-fold, by ``MANY_SPREADS`` robust
      spreads of such departures, and by four standard deviations of a random count. What lasts longer is
      taken for a new level and believed.
    - **False zeros**: up to ``LONGEST_ABSENCE`` steps running at zero after more than half of the values of 28 steps
      lay above ``ENOUGH_TO_DOUBT_ZERO``.
    - **Copies** (daily values): a value equal to the one before for ``COPIED_DAYS`` days running, and at most four
      weeks, in a series that nearly always changes; the first of them stands.

    Parameters
    ----------
    values
        Counts by step, NaN where missing.
    step_days
        Days in a step: 1 or 7.
    """
    kept = np.array(values, dtype=np.float64)
    kept[_false_zeros(kept)] = np.nan
    kept[_slips(kept)] = np.nan
    if step_days == 1:
        kept[_copies(kept)] = np.nan
    return kept


def believed(series: pd.Series, step_days: int) -> pd.Series:
    """Return the series with NaN where it is not to be believed; as it is where nothing of it would be left."""
    kept = pd.Series(robust(series.to_numpy(dtype=np.float64), step_days), index=series.index)
    return series if kept.isna().all() else kept


def _lower_half(values: Array) -> float:
    """Highest value of the lower half: where every other value is zero, zero is nothing unusual."""
    return float(np.quantile(values, 0.5, method="lower"))


def _false_zeros(values: Array) -> Flags:
    doubted = np.zeros(len(values), dtype=bool)
    for first, end in _runs(values == 0):
        before = values[max(first - 28, 0) : first]
        before = before[~np.isnan(before)]
        around = before if len(before) else values[end : end + 28][~np.isnan(values[end : end + 28])]
        if end - first <= LONGEST_ABSENCE and len(around) and _lower_half(around) > ENOUGH_TO_DOUBT_ZERO:
            doubted[first:end] = True
    return doubted


def _slips(values: Array) -> Flags:
    doubted = np.zeros(len(values), dtype=bool)
    places = np.flatnonzero(~np.isnan(values))
    if len(places) < FEWEST_TO_COMPARE:
        return doubted
    logs = log_counts(values[places])
    window = 2 * HALF_WINDOW + 1
    middle = median_filter(logs, window, mode="nearest")
    # At either end the last, or first, full window speaks, so that a slip of days cannot vouch for itself.
    middle[:HALF_WINDOW], middle[-HALF_WINDOW:] = np.median(logs[:window]), np.median(logs[-window:])
    departures = np.abs(logs - middle)
    spread = NORMAL * float(np.median(departures))
    counting = 4.0 / np.sqrt(np.exp(middle))
    bound = np.maximum(np.maximum(LEAST_JUMP, MANY_SPREADS * spread), counting)
    for first, end in _runs(departures > bound):
        neighbours = [logs[k] for k in (first - 1, end) if 0 <= k < len(logs)]
        inside = logs[first] if first else logs[end - 1]
        jumped = all(abs(inside - other) > bound[first] for other in neighbours)
        if jumped and end - first <= LONGEST_SLIP:
            doubted[places[first:end]] = True
    return doubted


def _copies(values: Array) -> Flags:
    doubted = np.zeros(len(values), dtype=bool)
    known = values[~np.isnan(values)]
    if len(known) < 4 * COPIED_DAYS or np.median(known) <= ENOUGH_TO_DOUBT_ZERO:
        return doubted
    same = np.r_[False, values[1:] == values[:-1]]
    runs = [(first, end) for first, end in _runs(same) if end - first + 1 >= COPIED_DAYS]
    runs = [(first, end) for first, end in runs if end - first <= LONGEST_ABSENCE and values[first] > 0]
    copied = sum(end - first for first, end in runs)
    others = len(known) - copied
    if copied > others or (same.sum() - copied) > (1 - CHANGING_SHARE) * others:
        return doubted
    for first, end in runs:
        doubted[first:end] = True
    return doubted


def _runs(flags: Flags) -> list[tuple[int, int]]:
    """First place and end (exclusive) of every run of True."""
    edges = np.flatnonzero(np.diff(np.r_[False, flags, False].astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
