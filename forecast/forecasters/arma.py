"""Autoregressive moving-average models of a series without gaps, by linear filters: a fit takes milliseconds.

Conditional least squares with large errors counted linearly and a pull towards usual coefficients; see Box, Jenkins,
Reinsel and Ljung, *Time series analysis*, 5th edition, chapter 7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares
from scipy.signal import lfilter, lfiltic

from forecast.forecasters.base import Array
from forecast.forecasters.outliers import NORMAL
from forecast.forecasters.spread import shocks

WEEK = 7
RUN_IN = 28
"""First errors left out: the filter starts from zeros."""
PRIOR_WEIGHT = 30.0
"""Weight of the usual coefficients, in squared one-step errors of a robust standard deviation each."""
SEARCH = 40
"""Most evaluations of the errors."""
_ONE = np.ones(1)


@dataclass(frozen=True)
class Order:
    """Orders of one model, and the coefficients it usually has.

    Attributes
    ----------
    ar, difference, ma
        Orders from step to step.
    weekly_ar, weekly_difference, weekly_ma
        Orders from week to week (daily panels).
    usual
        Usual coefficients, in the order ar, ma, weekly ar, weekly ma: near the medians of least-squares estimates at
        28 English trusts over 2022 and 2023 where those were at hand, set by hand else.
    """

    ar: int
    difference: int
    ma: int
    weekly_ar: int
    weekly_difference: int
    weekly_ma: int
    usual: tuple[float, ...]

    @property
    def differences(self) -> Array:
        """Polynomial in the lag of the differences taken."""
        polynomial = np.ones(1)
        for _ in range(self.difference):
            polynomial = np.convolve(polynomial, [1.0, -1.0])
        for _ in range(self.weekly_difference):
            polynomial = np.convolve(polynomial, _weekly(np.array([-1.0])))
        return polynomial

    def polynomials(self, coefficients: Array) -> tuple[Array, Array]:
        """Polynomials in the lag of the autoregression and of the moving average."""
        # plain slices: this runs thousands of times in a fit, where np.split and np.r_ took a fifth of it
        ma, weekly_ar = self.ar + self.ma, self.ar + self.ma + self.weekly_ar
        return (
            np.convolve(np.concatenate((_ONE, -coefficients[: self.ar])), _weekly(-coefficients[ma:weekly_ar])),
            np.convolve(np.concatenate((_ONE, coefficients[self.ar : ma])), _weekly(coefficients[weekly_ar:])),
        )


@dataclass(frozen=True)
class Arma:
    """A model with its coefficients, filtered through a history.

    Attributes
    ----------
    order, coefficients
        The model.
    history
        The history, without gaps.
    mean
        Mean that undifferenced values return to; 0 of differenced ones.
    errors
        One-step errors.
    shocks
        Errors to resample from.
    """

    order: Order
    coefficients: Array
    history: Array
    mean: float
    errors: Array
    shocks: Array

    @classmethod
    def of(cls, order: Order, values: Array, *, centred: bool = False) -> Arma:
        """Learn from a history without gaps; ``centred`` says that the mean is known to be zero."""
        lost = len(order.differences) - 1
        changes = lfilter(order.differences, [1.0], values)[lost:]
        mean = 0.0 if centred or lost else float(np.median(changes))
        coefficients = estimated(order, changes - mean)
        errors = lfilter(*order.polynomials(coefficients), changes - mean)
        return cls(order, coefficients, values, mean, errors, shocks(errors[_run_in(errors) :]))

    def ahead(self, steps: int, samples: int, rng: np.random.Generator) -> Array:
        """Paths (samples, steps) from the step after the last value, driven by resampled errors."""
        ar, ma = self.order.polynomials(self.coefficients)
        ar = np.convolve(ar, self.order.differences)
        start = lfiltic(ma, ar, (self.history - self.mean)[::-1][: len(ar) - 1], self.errors[::-1][: len(ma) - 1])
        drawn = rng.choice(self.shocks, size=(samples, steps))
        paths, _ = lfilter(ma, ar, drawn, axis=1, zi=np.tile(start, (samples, 1)))
        return np.asarray(paths + self.mean, dtype=np.float64)


def estimated(order: Order, values: Array) -> Array:
    """Coefficients that make the one-step errors of a differenced, centred series small, drawn to the usual ones."""
    usual, weight = np.array(order.usual), np.sqrt(PRIOR_WEIGHT)
    run_in = _run_in(values)
    size = NORMAL * float(np.median(np.abs(lfilter(*order.polynomials(usual), values)[run_in:]))) + 1e-6

    def errors(coefficients: Array) -> Array:
        found = lfilter(*order.polynomials(coefficients), values)[run_in:] / size
        # Beyond the edge of invertibility errors explode; a large number turns the search back.
        found[np.isnan(found)] = 1e3
        both: Array = np.concatenate((np.clip(found, -1e3, 1e3), weight * (coefficients - usual)))
        return both

    bound = np.full(len(usual), 0.98)
    bound[: order.ar] = 1.9 if order.ar == 2 else 0.98
    bound = np.maximum(bound, np.abs(usual))
    found = least_squares(
        errors, usual, loss="soft_l1", bounds=(-bound - 1e-6, bound + 1e-6), max_nfev=SEARCH, xtol=1e-4, ftol=1e-5
    )
    best: Array = found.x
    return best if _steady(order, best) else usual


def _run_in(values: Array) -> int:
    return min(RUN_IN, len(values) // 4)


def _weekly(coefficients: Array) -> Array:
    polynomial = np.zeros(WEEK * len(coefficients) + 1)
    polynomial[0] = 1.0
    polynomial[WEEK::WEEK] = coefficients
    return polynomial


def _steady(order: Order, coefficients: Array) -> bool:
    return all(bool((np.abs(np.roots(each)) < 1.0).all()) for each in order.polynomials(coefficients) if len(each) > 1)
