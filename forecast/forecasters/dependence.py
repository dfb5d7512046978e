"""How errors hang together: from one step to the next, and from one hospital to another.

Quantiles say how far off a forecast may be at one step; a path, a sum over hospitals and a queue need to know whether
a forecast that is too low today is too low next week as well, and next door. Past errors say so.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecast.forecasters.base import Array

SHRINK_ORIGINS = 40.0
"""Past origins at which a location's own tie to the others counts as much as the average tie."""
LARGEST_TIE = 0.95
FURTHEST_SCORE = 4.0


@dataclass(frozen=True)
class Dependence:
    """Correlation of normal scores of errors over steps, and each location's tie to what all have in common.

    The score of a location is ``tie * common + sqrt(1 - tie**2) * own``, where the common and the own course have the
    same correlation over steps; two locations then correlate as the product of their ties.

    Parameters
    ----------
    serial
        Correlation over steps, (steps, steps), positive definite.
    ties
        Location -> tie, from 0 to 1.
    usual
        Tie of a location that was not learned.
    """

    serial: Array
    ties: dict[str, float]
    usual: float

    @classmethod
    def learn(cls, scores: Array, locations: Sequence[str]) -> Dependence:
        """Learn from normal scores of past errors, (origins, locations, steps), NaN where not known."""
        origins, count, steps = scores.shape
        flat = scores.reshape(-1, steps)
        serial = _correlation(flat)
        if count < 2:
            return cls(serial, {}, 0.0)
        joint = _correlation(np.moveaxis(scores, 1, 2).reshape(-1, count), least=max(3 * steps, 8))
        np.fill_diagonal(joint, np.nan)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            mean = float(np.nan_to_num(np.nanmean(joint)))
            own = np.nanmean(joint, axis=1)
        usual = float(np.sqrt(np.clip(mean, 0.0, LARGEST_TIE**2)))
        weight = origins / (origins + SHRINK_ORIGINS)
        ties = {}
        for code, found in zip(locations, own, strict=True):
            # A location's mean correlation with the others is its tie times theirs.
            tie = found / usual if usual > 0 and np.isfinite(found) else usual
            ties[code] = float(np.clip(weight * tie + (1 - weight) * usual, 0.0, LARGEST_TIE))
        return cls(serial, ties, usual)

    @classmethod
    def independent(cls, steps: int) -> Dependence:
        """Return that of a random walk at each location alone."""
        lag = np.arange(1, steps + 1, dtype=np.float64)
        return cls(np.sqrt(np.minimum.outer(lag, lag) / np.maximum.outer(lag, lag)), {}, 0.0)

    def ranks(
        self, locations: Sequence[str], steps: int, samples: int, stream: Callable[..., np.random.Generator]
    ) -> Array:
        """Ranks in (0, 1), (locations, samples, steps), one in each of ``samples`` equal parts at every step.

        Parameters
        ----------
        locations
            Codes; the ranks of one do not depend on which others are asked for.
        steps, samples
            Steps ahead and number of paths.
        stream
            Random numbers by name.
        """
        root = np.linalg.cholesky(_longer(self.serial, steps))
        common = stream("", "common").standard_normal((samples, steps)) @ root.T
        ranks = np.empty((len(locations), samples, steps))
        for place, code in enumerate(locations):
            tie = self.ties.get(code, self.usual)
            rng = stream(code, "own")
            score = tie * common + np.sqrt(1 - tie**2) * (rng.standard_normal((samples, steps)) @ root.T)
            order = np.empty_like(score)
            np.put_along_axis(order, score.argsort(axis=0), np.arange(samples, dtype=np.float64)[:, None], axis=0)
            ranks[place] = (order + 0.5) / samples
        return ranks


def of_changes(levels: Array, locations: Sequence[str], step_days: int, steps_days: int = 42) -> Dependence:
    """Dependence of the changes from origins a week apart over the last year: what no model explains.

    Parameters
    ----------
    levels
        Values by date and location on a scale where changes are alike, without weekday shape.
    locations
        Codes.
    step_days, steps_days
        Days in a step, and how far ahead to look.
    """
    per_week, steps = 7 // step_days, max(steps_days // step_days, 1)
    newest = len(levels) - 1 - steps
    origins = np.arange(newest, max(newest - 52 * per_week, -1), -per_week)[::-1]
    if not len(origins):
        return Dependence.independent(steps)
    ahead = origins[:, None] + np.arange(1, steps + 1)
    changes = np.moveaxis(levels[ahead] - levels[origins][:, None, :], 2, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        usual = np.sqrt(np.nanmean(np.square(changes), axis=0, keepdims=True))
    return Dependence.learn(np.clip(changes / np.maximum(usual, 1e-6), -3.0, 3.0), locations)


def scores_between(levels: Array, quantiles: Array, observed: Array) -> Array:
    """Normal score of an observation under quantiles at normal scores ``levels``, linear between and beyond them.

    Parameters
    ----------
    levels
        Normal scores of the quantile levels, rising, (levels,).
    quantiles
        (..., levels), rising.
    observed
        (...), NaN where not known. Where it equals several quantiles (whole counts), the middle of theirs.
    """
    last = len(levels) - 1
    below = np.clip((observed[..., None] > quantiles).sum(axis=-1), 1, last)
    upto = np.clip((observed[..., None] >= quantiles).sum(axis=-1), 1, last)
    score = (_score(levels, quantiles, observed, below) + _score(levels, quantiles, observed, upto)) / 2.0
    return np.asarray(np.where(np.isnan(observed), np.nan, np.clip(score, -FURTHEST_SCORE, FURTHEST_SCORE)))


def values_between(levels: Array, quantiles: Array, scores: Array) -> Array:
    """Invert ``scores_between``: values at normal scores, (..., n), of quantiles (..., levels)."""
    place = np.clip(np.searchsorted(levels, scores), 1, len(levels) - 1)
    low = np.take_along_axis(quantiles, place - 1, axis=-1)
    high = np.take_along_axis(quantiles, place, axis=-1)
    share = (scores - levels[place - 1]) / (levels[place] - levels[place - 1])
    return np.asarray(low + share * (high - low))


def _score(levels: Array, quantiles: Array, observed: Array, place: npt.NDArray[np.int64]) -> Array:
    """Normal score on the line through the quantiles at ``place - 1`` and ``place``."""
    low = np.take_along_axis(quantiles, place[..., None] - 1, axis=-1)[..., 0]
    high = np.take_along_axis(quantiles, place[..., None], axis=-1)[..., 0]
    share = np.where(high > low, (observed - low) / np.maximum(high - low, 1e-9), 0.5 + 1e9 * (observed - low))
    return np.asarray(levels[place - 1] + share * (levels[place] - levels[place - 1]))


def _correlation(rows: Array, least: int = 8) -> Array:
    """Correlation about zero of columns with missing values; NaN off the diagonal where too few rows are shared."""
    known = ~np.isnan(rows)
    filled = np.where(known, rows, 0.0)
    shared = known.T.astype(float) @ known.astype(float)
    product = filled.T @ filled
    size = np.square(filled).T @ known.astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = product / np.sqrt(size * size.T)
    found = np.where(shared >= least, found, np.nan)
    np.fill_diagonal(found, 1.0)
    return np.asarray(found)


def _longer(serial: Array, steps: int) -> Array:
    """Fill, extend to more steps as a random walk would, and make positive definite."""
    known = len(serial)
    lag = np.arange(1, steps + 1, dtype=np.float64)
    walk = np.sqrt(np.minimum.outer(lag, lag) / np.maximum.outer(lag, lag))
    matrix = walk.copy()
    used = min(known, steps)
    part = serial[:used, :used]
    matrix[:used, :used] = np.where(np.isnan(part), walk[:used, :used], part)
    if steps > known:
        last = matrix[known - 1, :known]
        matrix[known:, :known] = walk[known:, known - 1][:, None] * last[None, :]
        matrix[:known, known:] = matrix[known:, :known].T
    values, vectors = np.linalg.eigh(matrix)
    matrix = (vectors * np.maximum(values, 1e-4)) @ vectors.T
    size = np.sqrt(np.diag(matrix))
    return np.asarray(matrix / np.outer(size, size))
