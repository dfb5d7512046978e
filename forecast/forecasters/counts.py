"""The one scale on which counts of every size are compared: a logarithm that eases into a square root near zero."""

from __future__ import annotations

import numpy as np

from forecast.forecasters.base import Array


def stabilised(counts: Array) -> Array:
    r"""Variance-stabilising scale of a count, :math:`2\,\mathrm{asinh}(\sqrt{y}/2)`.

    Its slope is :math:`1/\sqrt{y(y+4)}`: that of the logarithm for a backlog of hundreds, whose changes are shares of
    it, and that of the square root for a handful, whose changes are those of a random count (Anscombe, *Biometrika*
    35, 1948, for the negative binomial with size 4). Values below 0 are taken as 0; NaN stays NaN.
    """
    return np.asarray(2.0 * np.arcsinh(np.sqrt(np.maximum(counts, 0.0)) / 2.0))


def counts_of(scaled: Array) -> Array:
    """Counts of values on the stabilised scale; values below 0 are taken as 0."""
    with np.errstate(over="ignore"):
        return np.asarray(4.0 * np.square(np.sinh(np.maximum(scaled, 0.0) / 2.0)))


def counting_noise(scaled: Array) -> Array:
    """Variance of a random (Poisson) count on the stabilised scale: ``1 / (y + 4)``."""
    return np.asarray(1.0 / (counts_of(scaled) + 4.0))
