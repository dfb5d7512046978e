"""Two sets of paths made one: each short-range path goes on as the curve that is most like it."""

from __future__ import annotations

import numpy as np

from forecast.forecasters.base import Array, Whole
from forecast.forecasters.counts import counts_of, stabilised

FADE_TIE = 0.9
"""Of the difference between a path and its curve at the hand-over, from one week to the next."""


def matched(near: Array, far: Array, per_week: int) -> Whole:
    """Pair paths by level and slope: which of ``far`` goes on from each of ``near``, every one used once.

    Both are sorted into groups by their level in the last week, and within a group by the change over the last two
    weeks: marginal ranges of neither change.

    Parameters
    ----------
    near, far
        Counts up to the hand-over, (samples, steps), of one location.
    per_week
        Steps in a week.
    """
    samples = len(near)
    groups = max(1, round(np.sqrt(samples)))
    order_near, order_far = _order(near, per_week, groups), _order(far, per_week, groups)
    found = np.empty(samples, dtype=np.int64)
    found[order_near] = order_far
    return found


def continued(near: Array, far: Array, per_week: int) -> Array:
    """Paths that are ``near`` up to the hand-over and go on from its last values along ``far``, (samples, horizon).

    Their difference at the hand-over is carried on and fades, on the scale where counts of all sizes compare.

    Parameters
    ----------
    near
        Counts (samples, steps up to the hand-over).
    far
        Counts (samples, horizon), matched with ``near``.
    per_week
        Steps in a week.
    """
    steps = near.shape[1]
    curve = stabilised(far)
    gap = stabilised(near[:, -1]) - curve[:, steps - 1]
    fade = FADE_TIE ** (np.arange(1, far.shape[1] - steps + 1) / per_week)
    return np.concatenate([near, counts_of(curve[:, steps:] + gap[:, None] * fade)], axis=1)


def _order(paths: Array, per_week: int, groups: int) -> Whole:
    level = stabilised(paths[:, -per_week:]).mean(axis=1)
    before = stabilised(paths[:, : -2 * per_week or None][:, -per_week:])
    slope = level - (before.mean(axis=1) if before.size else level)
    by_level = level.argsort(kind="stable")
    group = np.empty(len(paths), dtype=np.int64)
    group[by_level] = np.arange(len(paths)) * groups // len(paths)
    return np.lexsort((slope, group)).astype(np.int64)
