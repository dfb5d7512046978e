"""How far a simple rule has been off before, and sample paths with that spread."""

from __future__ import annotations

import numpy as np

from forecast.forecasters.base import Array

MIN_ERRORS = 10
"""Fewest past errors that stand for a spread."""
OUTLIER_SHARE = 0.1


def log_counts(values: Array) -> Array:
    """Logarithm with values below 1 taken as 1; NaN stays NaN."""
    return np.log(np.maximum(values, 1.0))


def symmetric_errors(logs: Array, lag: int, first_target: int = 0, first_start: int = 0) -> Array:
    """Log-ratio errors of "no change over ``lag`` steps", joined with their negatives, sorted.

    Parameters
    ----------
    logs
        Logarithms by step, NaN where missing.
    lag
        Steps between the value used and the value aimed at.
    first_target, first_start
        Earliest positions that may be aimed at, and used.
    """
    if lag >= len(logs):
        return np.empty(0)
    errors = logs[lag:] - logs[:-lag]
    errors = errors[max(first_target - lag, first_start, 0) :]
    errors = errors[~np.isnan(errors)]
    return np.sort(np.concatenate([errors, -errors]))


def walk_ranks(samples: int, steps: int, rng: np.random.Generator, first: int = 0) -> Array:
    """Ranks in (0, 1), (samples, steps - first), that depend from step to step as those of a random walk.

    With W a Gaussian random walk, W_h / sqrt(h) ranks uniformly at every step. The ranks are stratified: at
    each step one falls in each of ``samples`` equal parts, so that quantiles carry hardly any sampling
    error. Those of the steps before ``first`` are walked through and not told.
    """
    walk = rng.standard_normal((samples, steps)).cumsum(axis=1) / np.sqrt(np.arange(1, steps + 1))
    walk = walk[:, first:]
    places = np.empty_like(walk)
    np.put_along_axis(places, walk.argsort(axis=0), np.arange(samples, dtype=np.float64)[:, None], axis=0)
    within = rng.random((samples, 1))
    ranks: Array = (places + within) / samples
    return ranks


def at_ranks(ordered: Array, ranks: Array) -> Array:
    """Values of a sorted sample at ranks in (0, 1), between its members by linear interpolation."""
    values: Array = np.interp(ranks * (len(ordered) - 1), np.arange(len(ordered)), ordered)
    return values


def shocks(errors: Array) -> Array:
    """Past one-step errors to resample from: centred, and held within 1.8 times their 90th percentile in size.

    A model carries a shock forward for good, but the largest past errors are mostly slips of data entry that were
    gone the next day. For Gaussian errors the bound lies at three standard deviations; for a count that is zero
    most of the year it lies among the errors of the wave, which a bound from the median would cut away.
    """
    errors = errors[~np.isnan(errors)]
    bound = 1.8 * float(np.quantile(np.abs(errors), 1 - OUTLIER_SHARE))
    if bound > 0:
        errors = np.clip(errors, -bound, bound)
    centred: Array = errors - errors.mean()
    return centred
