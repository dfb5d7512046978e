"""What is learned from growth: a linear forecast of the change to come, and how large its errors are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls
from scipy.special import ndtri

from forecast.forecasters.base import Array

LEVELS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99)
SCORES = ndtri(np.array(LEVELS))
LARGEST_CHANGE = 1.0
"""The middle of a change is learned and forecast within this, nearly threefold either way; errors are not held."""
NEAR = 0.2
"""Within this share of the steps ahead a change is due as a whole: today's departure from its week."""
FADING = 0.15
"""Errors larger than this pull on the coefficients as their size, not as its square."""
PASSES = 2
WIDENING = (0, 2, 3)
"""Columns of what errors go with whose part grows with the steps ahead: the constant and both growths."""
PARTS = (0.3, 0.65, 1.0)
LEAST_SIZE = 1e-3


@dataclass(frozen=True)
class Sample:
    """What to learn from, by row: growth, what errors go with, share of the longest step, change and weight."""

    growth: Array
    restless: Array
    share: Array
    change: Array
    weight: Array


class Learner:
    r"""Linear forecast of a change, with quantiles of its errors relative to the size they are expected to have.

    With :math:`g` the growths and :math:`s` the share of the longest step, the change is

    .. math:: \sum_i g_i\,(a_i s + b_i s^2 + c_i \min(1, 0.2/s)) + d s

    by ridge regression (Hoerl and Kennard, *Technometrics* 12, 1970) in which large errors count by their size only.
    The size of an error is a sum with weights of at least zero of what it goes with.

    Parameters
    ----------
    penalty
        Of the ridge, on standardised terms.
    """

    def __init__(self, penalty: float) -> None:
        self.penalty = penalty

    def fit(self, sample: Sample) -> Self:
        """Learn from rows whose weights are of any size."""
        terms = _terms(sample.growth, sample.share)
        self.size = terms.std(axis=0) + 1e-9
        terms = terms / self.size
        change = np.clip(sample.change, -LARGEST_CHANGE, LARGEST_CHANGE)
        weight = sample.weight / sample.weight.mean()
        pull = weight
        for _ in range(PASSES):
            left = (terms * pull[:, None]).T
            ridge = self.penalty * pull.sum() * np.eye(terms.shape[1])
            self.slopes = np.linalg.solve(left @ terms + ridge, left @ change)
            pull = weight * FADING / np.maximum(np.abs(change - terms @ self.slopes), FADING)
        errors = sample.change - self._centre(sample.growth, sample.share)
        root = np.sqrt(weight)
        sizes = _sizes(sample.restless, sample.share)
        self.parts, _ = nnls(sizes * root[:, None], np.abs(errors) * root)
        relative = errors / self._expected(sample.restless, sample.share)
        part = _part(sample.share)
        whole = _weighted_quantiles(relative, weight)
        self.quantiles = np.stack(
            [
                _weighted_quantiles(relative[part == k], weight[part == k]) if (part == k).any() else whole
                for k in range(len(PARTS))
            ]
        )
        return self

    def predict(self, growth: Array, restless: Array, share: Array) -> Array:
        """Quantiles of the change at ``LEVELS``, (rows, levels)."""
        size = self._expected(restless, share)
        return np.asarray(self._centre(growth, share)[:, None] + size[:, None] * self.quantiles[_part(share)])

    def _centre(self, growth: Array, share: Array) -> Array:
        change = _terms(growth, share) / self.size @ self.slopes
        return np.asarray(np.clip(change, -LARGEST_CHANGE, LARGEST_CHANGE))

    def _expected(self, restless: Array, share: Array) -> Array:
        return np.asarray(_sizes(restless, share) @ self.parts + LEAST_SIZE)


def _terms(growth: Array, share: Array) -> Array:
    own = share[:, None]
    return np.column_stack([growth * own, growth * np.minimum(1.0, NEAR / own), growth * own**2, share])


def _sizes(restless: Array, share: Array) -> Array:
    return np.column_stack([restless, restless[:, list(WIDENING)] * share[:, None]])


def _part(share: Array) -> npt.NDArray[np.int64]:
    return np.minimum(np.searchsorted(PARTS, share), len(PARTS) - 1)


def _weighted_quantiles(values: Array, weight: Array) -> Array:
    order = np.argsort(values)
    below = np.cumsum(weight[order])
    # Each value stands in the middle of its weight.
    return np.asarray(np.interp(LEVELS, (below - weight[order] / 2) / below[-1], values[order]))
