"""What fades from day to day, added up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def faded_sum(daily: npt.NDArray[np.float64], kept: float) -> npt.NDArray[np.float64]:
    """Sum of all that came up to each day, of which a share ``kept`` is left from one day to the next.

    Parameters
    ----------
    daily
        What comes on each day, along the last axis.
    kept
        From 0 (gone by the next day) to 1 (nothing fades).
    """
    # Loaded here: scipy.signal takes a second, and a page that shows no plan would wait for it.
    from scipy.signal import lfilter

    return np.asarray(lfilter([1.0], [1.0, -kept], daily, axis=-1), dtype=np.float64)
