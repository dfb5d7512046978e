"""What past waves say of the next before it is seen: when it peaks, how high, and whether it comes at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.forecasters.base import Array
from forecast.forecasters.curves.library import Wave, season_of

LEAST_BANDWIDTH, LARGEST_BANDWIDTH = 14.0, 42.0
USUAL_BANDWIDTH = 28.0
ANY_TIME = 0.2
"""Chance that a season peaks at any time of the winter alike."""
WINTER = (75, 310)
"""Days after 1 July between which a season may peak."""
BACK_WEEKS, AHEAD_WEEKS = 8, 34
"""Weeks before and after the origin between which a wave of a disease without season may peak."""
NOTHING_SHARE = 0.2
"""A season whose peak is below this share of the median one is no wave to speak of."""
SPREAD_FACTOR = 1.25
"""Peaks of a few seasons vary less than those to come."""
LEAST_SPREAD, USUAL_SPREAD, OPEN_SPREAD = 0.4, 1.0, 0.5
UNKNOWN_RISE, UNKNOWN_SPREAD = 0.7, 1.3
ROUGH_SPREAD = 0.5
NO_WAVE = 0.15
"""Chance that a disease without season stays at its level, before its course is seen."""
NEXT_WEEKS, RISE_WEEKS = 8, 4.0
"""Weeks ahead after which the wave after the present one may peak, and over which it makes itself felt."""
MEMORY_WAVES = 3.0
"""Waves over which the size of the waves of a disease without season is forgotten by half."""


@dataclass(frozen=True)
class Sizes:
    """Two sorts of waves: those to speak of and those not, each lognormal.

    Parameters
    ----------
    chance, mean, spread
        Of each sort: its chance, and mean and standard deviation of the logarithm of the peak.
    """

    chance: tuple[float, ...]
    mean: tuple[float, ...]
    spread: tuple[float, ...]


def seasonal_sizes(sizes: Sequence[float], offset: float, rough: bool = False) -> Sizes:
    """Sizes of the peaks of a season; ``offset`` is half a count. At least one season.

    ``rough``: they are another series' turned into this one's by a ratio.
    """
    logs = np.log(np.array(sizes, dtype=np.float64) + offset)
    small = logs < np.median(logs) + np.log(NOTHING_SHARE)
    large = logs[~small]
    chance = (small.sum() + 0.5) / (len(logs) + 2.0)
    spread = float(np.hypot(SPREAD_FACTOR * _spread(large), ROUGH_SPREAD if rough else 0.0))
    return Sizes((1 - chance, chance), (float(large.mean()), float(large.mean()) - 2.5), (spread, USUAL_SPREAD))


def unknown_sizes(highest: float) -> Sizes:
    """Sizes where no past wave tells: above the highest level seen, within a wide range."""
    return Sizes((1.0,), (highest + UNKNOWN_RISE,), (UNKNOWN_SPREAD,))


def open_sizes(waves: Sequence[Wave], offset: float) -> Sizes:
    """Sizes of waves without season, later ones counting more."""
    logs = np.log(np.array([wave.size for wave in waves]) + offset)
    days = np.array([wave.peak.toordinal() for wave in waves])
    weight = 0.5 ** ((len(logs) - 1 - days.argsort().argsort()) / MEMORY_WAVES)
    mean = float(np.average(logs, weights=weight))
    spread = float(np.sqrt(np.average((logs - mean) ** 2, weights=weight)))
    return Sizes((1.0,), (mean,), (max(SPREAD_FACTOR * spread, OPEN_SPREAD),))


def to_speak_of(waves: Sequence[Wave]) -> list[Wave]:
    """Waves whose peak is no mere fraction of the median one; a season without a wave has no peak to learn from."""
    sizes = np.array([wave.size for wave in waves])
    if not len(sizes) or np.isnan(sizes).any():
        return list(waves)
    return [wave for wave, size in zip(waves, sizes, strict=True) if size >= NOTHING_SHARE * np.median(sizes)]


def peak_days(peaks: Sequence[pd.Timestamp], days: pd.DatetimeIndex) -> Array:
    """Chance of each day (a week's middle) to be the peak of its season, by a kernel density of past seasons' peaks."""
    since = np.array([_since(day) for day in days], dtype=np.float64)
    even = ((since >= WINTER[0]) & (since <= WINTER[1])).astype(np.float64)
    even /= max(even.sum(), 1.0)
    if not peaks:
        return even
    past = np.array([_since(day) for day in peaks], dtype=np.float64)
    width = bandwidth(past)
    density = np.exp(-0.5 * ((since[:, None] - past[None, :]) / width) ** 2).sum(axis=1)
    return np.asarray((1 - ANY_TIME) * density / max(density.sum(), 1e-12) + ANY_TIME * even)


def bandwidth(past: Array) -> float:
    """Silverman's rule for a kernel density of a few dates, in days, within bounds."""
    if len(past) < 3:
        return USUAL_BANDWIDTH
    rule = 1.06 * float(past.std(ddof=1)) * len(past) ** -0.2
    return float(np.clip(rule, LEAST_BANDWIDTH, LARGEST_BANDWIDTH))


def _since(day: pd.Timestamp) -> int:
    return (day - pd.Timestamp(year=season_of(day), month=7, day=1)).days


def _spread(logs: Array) -> float:
    return max(float(logs.std(ddof=1)), LEAST_SPREAD) if len(logs) > 2 else USUAL_SPREAD
