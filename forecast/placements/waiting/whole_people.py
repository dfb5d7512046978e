"""From expected numbers of people to whole ones."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def whole_people(expected: npt.NDArray[np.float64], offsets: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    """Round the parts of a number so that they sum to the rounded whole, by systematic sampling.

    A part ``k`` gets ``floor(C_k + u) - floor(C_(k-1) + u)`` of the running sums ``C``: its expected number rounded up
    or down, right on average over an even ``u`` from 0 to 1. With one ``u`` for a whole path, a number that stays the
    same is rounded the same way every day, so that rounding moves nobody in or out of a queue.

    Parameters
    ----------
    expected
        People, (part, path, date), not negative.
    offsets
        ``u`` of each path, 0 to below 1.

    Returns
    -------
    array
        Whole people, (part, path, date).

    References
    ----------
    Madow, W. G. (1949). On the theory of systematic sampling, II. Annals of Mathematical Statistics 20, 333-354.
    """
    # a sum such as 0.1 + 0.2 may fall a hair short of a whole number
    sums = np.round(np.cumsum(expected, axis=0), 9) + offsets[None, :, None]
    counts = np.floor(sums).astype(np.int32)
    return np.diff(counts, axis=0, prepend=np.int32(0)).astype(np.int32)
