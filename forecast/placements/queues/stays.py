"""How long people stay in a place, in whole days: a lognormal stay, with a rule that is kept by some."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

Days = npt.NDArray[np.int16]
Chances = npt.NDArray[np.float64]

LONGEST = 1000
"""Days: a longer stay is cut there, far beyond any horizon that is planned for."""
LEAST_SIGMA = 1e-6
"""Below it stays differ by seconds, and everybody is taken to stay as long."""
LEVELS = 2**16
"""Steps in which the distribution of a stay is drawn."""


def lognormal_stay(mean: float, sigma: float) -> Chances:
    """Chance of a stay of 1, 2, ... ``LONGEST`` days: a lognormal time, rounded up to the day on which it ends.

    Parameters
    ----------
    mean
        Mean of the lognormal, days. The whole days average about half a day more.
    sigma
        Standard deviation of its logarithm; 0: everybody stays ``mean`` days, rounded up.
    """
    days = np.arange(1.0, LONGEST + 1)
    if sigma < LEAST_SIGMA:
        return _chances((days >= mean).astype(float))
    return _chances(ndtr((np.log(days) - (math.log(mean) - sigma**2 / 2)) / sigma))


def exponential_stay(mean: float) -> Chances:
    """Chance of a stay of 1, 2, ... days where each day is the last with the same chance, 1 / ``mean``."""
    return _chances(1 - (1 - 1 / mean) ** np.arange(1.0, LONGEST + 1))


def with_limit(stay: Chances, limit: int, kept: float) -> Chances:
    """Stays where a share ``kept`` of those who would stay longer than ``limit`` days leave on that day."""
    beyond = stay[limit:].sum()
    cut = stay.copy()
    cut[limit:] *= 1 - kept
    cut[limit - 1] += kept * beyond
    return cut


def remaining(stay: Chances) -> Chances:
    """Chance that a person met in a place on an ordinary day stays 1, 2, ... more days.

    Long stays are met more often than short ones, and half over on average: P(r) = P(stay >= r) / mean stay, the
    renewal theory's forward recurrence time.
    """
    longer = stay[::-1].cumsum()[::-1]
    return np.asarray(longer / longer.sum())


def mean_days(stay: Chances) -> float:
    """Mean of a stay, days."""
    return float(stay @ np.arange(1.0, len(stay) + 1))


def table(stay: Chances) -> Days:
    """Stay, in days, at each of ``LEVELS`` evenly spaced levels of chance: draw a level, look the stay up.

    The same level means the longer stay of two tables wherever one distribution has the longer stays, so that plans
    compared on the same levels differ by the plan alone.
    """
    levels = (np.arange(LEVELS) + 0.5) / LEVELS
    found = np.searchsorted(stay.cumsum(), levels, side="left") + 1
    return np.minimum(found, len(stay)).astype(np.int16)


def _chances(cumulative: npt.NDArray[np.float64]) -> Chances:
    """Turn chances to have left by day 1, 2, ... into chances of each day; whoever is left leaves on the last."""
    cumulative = cumulative.copy()
    cumulative[-1] = 1.0
    return np.diff(cumulative, prepend=0.0)
