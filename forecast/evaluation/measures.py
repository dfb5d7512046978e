"""Scores of one forecast against what happened, on plain arrays.

Every score is in the unit of the count, and lower is better. NaN in, NaN out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from forecast.errors import InputError

Array = npt.NDArray[np.float64]
SUM_TOLERANCE = 1e-6


class WeightedInterval(NamedTuple):
    """The weighted interval score and the three parts it is the sum of."""

    wis: Array
    dispersion: Array
    underprediction: Array
    overprediction: Array


def weighted_interval_score(quantiles: Mapping[float, Array], observed: Array) -> WeightedInterval:
    r"""Mean over the levels of twice the pinball loss, with its parts.

    .. math::
        \mathrm{WIS} = \frac{1}{K} \sum_{\tau} 2 \max\bigl(\tau (y - q_\tau), (\tau - 1)(y - q_\tau)\bigr)

    Two levels :math:`\alpha/2` and :math:`1 - \alpha/2` are the ends :math:`l, u` of a range; their share of the sum is
    :math:`\alpha (u - l)` for its width, :math:`2 (l - y)_+` where the range lies too high and :math:`2 (y - u)_+`
    where it lies too low; the median adds :math:`|y - m|` (Bracher et al., *PLOS Computational Biology* 17, 2021, with
    weights :math:`\alpha/2`).

    Parameters
    ----------
    quantiles
        Level to forecasts (n,), levels in pairs about 0.5.
    observed
        What happened (n,).
    """
    dispersion, under, over = (np.zeros(len(observed)) for _ in range(3))
    levels = sorted(quantiles)
    for level, opposite in zip(levels, reversed(levels), strict=True):
        if level > 0.5:
            break
        low, high = quantiles[level], quantiles[opposite]
        times = 1.0 if level == opposite else 2.0
        # a median is a range of width zero that counts once
        dispersion += times * level * (high - low)
        over += times * np.maximum(low - observed, 0.0)
        under += times * np.maximum(observed - high, 0.0)
    parts = [part / len(levels) for part in (dispersion, under, over)]
    return WeightedInterval(sum(parts[1:], parts[0]), *parts)


def crps(ordered: Array, observed: Array) -> Array:
    r"""Continuous ranked probability score of the sample paths as they are.

    :math:`\frac{1}{n}\sum_i |x_i - y| - \frac{1}{2 n^2} \sum_{i,j} |x_i - x_j|` (Gneiting and Raftery, *JASA* 102,
    2007), the score of the distribution that the samples themselves are, which is what a run publishes; not the "fair"
    form, which presumes independent draws and ours are stratified.

    Parameters
    ----------
    ordered
        Samples in rising order along the last axis, (..., n).
    observed
        What happened (...).
    """
    count = ordered.shape[-1]
    weights = (2 * np.arange(1, count + 1) - count - 1) / count**2
    result: Array = np.abs(ordered - observed[..., None]).mean(axis=-1) - ordered @ weights
    return result


def ranked_probability_score(probabilities: Array, observed: npt.NDArray[np.int_]) -> Array:
    r"""Score chances of ordered categories, such as the week in which a wave peaks.

    .. math::
        \mathrm{RPS} = \sum_{k=1}^{K} \Bigl(\sum_{j \le k} p_j - 1\{y \le k\}\Bigr)^2

    (Epstein, *Journal of Applied Meteorology* 8, 1969). 0 for certainty in what came; :math:`d` for certainty in a
    category :math:`d` away, so that a near miss costs less than a far one.

    Parameters
    ----------
    probabilities
        Chances along the last axis, in order, (..., k), each summing to 1.
    observed
        Place of what happened, from 0 (...).

    Raises
    ------
    InputError
        Chances do not sum to 1, or what happened is none of the categories.
    """
    chances, came = np.asarray(probabilities, dtype=np.float64), np.asarray(observed)
    count = chances.shape[-1]
    sums = chances.sum(axis=-1)
    if (chances < 0).any() or (np.abs(sums - 1) > SUM_TOLERANCE).any():
        raise InputError(f"ranked probability score: chances sum to {sums.ravel()[:3]}; each set needs to sum to 1")
    if not ((came >= 0) & (came < count)).all():
        raise InputError(f"ranked probability score: {came} is none of the places 0 to {count - 1}")
    happened = np.arange(count) >= came[..., None]
    result: Array = ((np.cumsum(chances, axis=-1) - happened) ** 2).sum(axis=-1)
    return result


def middle_pit(samples: Array, observed: Array) -> Array:
    """Share of samples below what happened plus half the share equal to it (probability integral transform).

    Uniform on average where the forecast is calibrated, without the random numbers that counts otherwise need.
    """
    equal = (samples == observed[..., None]).mean(axis=-1)
    below = (samples < observed[..., None]).mean(axis=-1)
    gone = np.isnan(observed) | np.isnan(samples).any(axis=-1)
    result: Array = np.where(gone, np.nan, below + equal / 2)
    return result


def quantiles_of(ordered: Array, levels: Array) -> Array:
    """Quantiles (..., levels) of ordered samples (..., n), between order statistics by linear interpolation."""
    places = levels * (ordered.shape[-1] - 1)
    below = np.floor(places).astype(int)
    above = np.ceil(places).astype(int)
    low = ordered[..., below]
    result: Array = low + (ordered[..., above] - low) * (places - below)
    return result
