"""No forecast is certain: paths that are all one value get the spread of random counts."""

from __future__ import annotations

import numpy as np

from forecast.forecasters.base import Array
from forecast.forecasters.counts import counting_noise, counts_of, stabilised

LEAST_SAMPLES = 20
"""Fewer paths than this may be alike by chance."""
ONE_VALUE = "nothing tells how far it may be off; the range is that of random counts"


def never_certain(paths: Array, shown: Array, scores: Array) -> tuple[Array, str]:
    """Paths with the spread of random counts at steps where all would be one value, and a note or empty text.

    Parameters
    ----------
    paths
        Counts (samples, steps).
    shown
        The same as they will be shown, such as rounded.
    scores
        Normal scores (samples, steps) that say where in the spread each path lies.
    """
    same = np.ptp(shown, axis=0) == 0
    if not same.any() or len(paths) < LEAST_SAMPLES:
        return paths, ""
    level = stabilised(paths)
    return np.where(same, counts_of(level + np.sqrt(2.0 * counting_noise(level)) * scores), paths), ONE_VALUE
