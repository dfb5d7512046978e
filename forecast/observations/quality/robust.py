"""Medians along days of whole panels, fast and blind to gaps."""

from __future__ import annotations

import numpy as np

from forecast.observations.quality.found import Numbers

NORMAL = 1.4826  # standard deviation of a normal law by its median absolute deviation


def median(values: Numbers, axis: int = 0) -> Numbers:
    """Median of what is there along ``axis``; NaN where nothing is. Same as ``numpy.nanmedian``, many times faster."""
    ordered = np.sort(values, axis=axis)
    many = np.sum(~np.isnan(values), axis=axis, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(many - 1, 0) // 2, axis=axis)
    high = np.take_along_axis(ordered, np.minimum(many // 2, values.shape[axis] - 1), axis=axis)
    middle: Numbers = np.squeeze(np.where(many > 0, (low + high) / 2, np.nan), axis=axis)
    return middle


def rolling_median(values: Numbers, half: int) -> Numbers:
    """Median of the ``2 half + 1`` rows around each row; fewer at the edges."""
    padded = np.pad(values, ((half, half), (0, 0)), constant_values=np.nan)
    return median(np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1, axis=0), axis=-1)


def median_in_blocks(values: Numbers, window: int, step: int, fewest: int) -> Numbers:
    """Slowly moving median: that of ``window`` rows around the middle of each ``step`` rows, constant in between.

    The newest rows use the newest ``window`` rows. NaN where fewer than ``fewest`` values are there.
    """
    rows = len(values)
    out = np.full_like(values, np.nan)
    for start in range(0, rows, step):
        first = max(0, min(start + step // 2 - window // 2, rows - window))
        part = values[first : first + window]
        middle = median(part)
        middle[np.sum(~np.isnan(part), axis=0) < fewest] = np.nan
        out[start : start + step] = middle
    return out


def seasons(reported: np.typing.NDArray[np.bool_], silence: int = 8) -> list[tuple[int, int]]:
    """First row and end of each stretch of rows with values, split where ``silence`` rows in a row have none."""
    filled = np.flatnonzero(reported)
    if len(filled) == 0:
        return []
    breaks = np.flatnonzero(np.diff(filled) > silence)
    firsts = [int(filled[0]), *(int(filled[b + 1]) for b in breaks)]
    ends = [*(int(filled[b]) + 1 for b in breaks), int(filled[-1]) + 1]
    return list(zip(firsts, ends, strict=True))
