"""Scores of one forecast against what happened, on plain arrays.

Every score is in the unit of the count, and lower is better. NaN in, NaN out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


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
