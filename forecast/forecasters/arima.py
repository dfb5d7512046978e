"""Autoregression with moving averages: a small fixed set of seasonal ARIMA models, pooled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import least_squares
from scipy.signal import lfilter, lfiltic

from forecast.forecasters.base import Array
from forecast.forecasters.hindcast import HindcastForecaster
from forecast.forecasters.outliers import NORMAL
from forecast.forecasters.prepared import WEEK, Prepared
from forecast.forecasters.spread import shocks

RUN_IN = 28
LEAST_WEEKLY_STEPS = 104
PRIOR_WEIGHT = 30.0
"""Weight of the usual coefficients, in squared one-step errors of a robust standard deviation each."""
SEARCH = 40
"""Most evaluations of the errors."""


@dataclass(frozen=True)
class Order:
    """Orders of one model, and the coefficients it usually has.

    Attributes
    ----------
    ar, difference, ma
        Orders from step to step.
    weekly_ar, weekly_difference, weekly_ma
        Orders from week to week (daily panels).
    days
        Days of history it is learned from.
    usual
        Usual coefficients, in the order ar, ma, weekly ar, weekly ma: medians of least-squares estimates at English
        trusts, origins of 2022 and 2023.
    season_first
        Whether a fixed weekday shape is taken out first and put back after.
    """

    ar: int
    difference: int
    ma: int
    weekly_ar: int
    weekly_difference: int
    weekly_ma: int
    days: int
    usual: tuple[float, ...]
    season_first: bool = False


DAILY = (
    Order(2, 0, 1, 1, 0, 1, 182, (0.68, -0.03, -0.24, 0.98, -0.75)),
    Order(2, 0, 1, 0, 1, 1, 365, (0.68, -0.03, -0.24, -0.80)),
    Order(2, 0, 1, 0, 0, 0, 182, (0.99, -0.11, -0.58), season_first=True),
    Order(2, 1, 1, 1, 0, 0, 365, (0.40, 0.0, -0.80, 0.10), season_first=True),
)
WEEKLY = (
    Order(2, 0, 0, 0, 0, 0, 728, (1.2, -0.3)),
    Order(1, 1, 0, 0, 0, 0, 728, (0.4,)),
)


@dataclass(frozen=True)
class _Fitted:
    order: Order
    prepared: Prepared
    coefficients: Array
    filled: Array
    shape: Array
    errors: Array
    mean: float
    shocks: Array
    late: int


class AutoRegression(HindcastForecaster):
    r"""Seasonal ARIMA models on the logarithm (square root of a small count), each giving a share of the paths.

    Four models on daily panels and two on weekly ones, in place of a search over orders: two that return to the
    mean of the last half-year, one that repeats the week and one that wanders. Coefficients minimise the sum of
    conditional one-step errors, large ones counting linearly (soft L1), with a pull towards the usual
    coefficients; they come from a linear filter, so that a fit takes milliseconds (Box, Jenkins, Reinsel and Ljung,
    *Time series analysis*, 5th edition, chapter 7). Paths continue the filter with resampled errors. Gaps of up to
    ten steps are bridged by a straight line between values freed of the week; of a series with a longer gap only what
    follows the last one is used.

    Parameters
    ----------
    longest
        Most days of history any of the models learns from.
    """

    called = "autoregression"

    def __init__(self, *, longest: int = 365) -> None:
        self.longest = longest

    def _fit_location(self, series: pd.Series) -> list[_Fitted]:
        prepared = self._prepared(series)
        return [self._fitted(order, prepared, None) for order in self._orders()]

    def _carried(self, state: list[_Fitted], series: pd.Series) -> list[_Fitted]:
        prepared = self._prepared(series, state[0].prepared)
        return [self._fitted(one.order, prepared, one) for one in state]

    def _simulate(self, state: list[_Fitted], steps: int, samples: int, rng: np.random.Generator) -> Array:
        shares = [len(part) for part in np.array_split(np.arange(samples), len(state))]
        scaled = np.concatenate([_ahead(one, steps, share, rng) for one, share in zip(state, shares, strict=True)])
        return state[0].prepared.counts(rng.permutation(scaled))

    def _orders(self) -> tuple[Order, ...]:
        return DAILY if self.step_days_ == 1 else WEEKLY

    def _prepared(self, series: pd.Series, like: Prepared | None = None) -> Prepared:
        steps = self.longest if self.step_days_ == 1 else max(self.longest // WEEK, LEAST_WEEKLY_STEPS)
        prepared = Prepared.of(series, steps, self.step_days_, self.metric_, like)
        return prepared.after_long_gap(self.min_observations)

    def _fitted(self, order: Order, prepared: Prepared, like: _Fitted | None) -> _Fitted:
        steps = max(order.days // self.step_days_, self.min_observations)
        own = prepared.since(max(len(prepared.values) - steps, 0))
        shape = own.weekday_shape
        filled = own.bridged(shape)
        late = len(own.values) - len(filled)
        if order.season_first:
            filled = filled - shape[own.dates[: len(filled)].day_of_week]
        differenced = lfilter(_differences(order), [1.0], filled)[len(_differences(order)) - 1 :]
        mean = float(np.median(differenced)) if not (order.difference or order.weekly_difference) else 0.0
        coefficients = like.coefficients if like else _estimated(order, differenced - mean)
        errors = lfilter(*_polynomials(order, coefficients), differenced - mean)
        run_in = min(RUN_IN, len(errors) // 4)
        past = like.shocks if like else shocks(errors[run_in:])
        return _Fitted(order, own, coefficients, filled, shape, errors, mean, past, late)


def _estimated(order: Order, values: Array) -> Array:
    usual = np.array(order.usual)
    run_in = min(RUN_IN, len(values) // 4)
    size = NORMAL * float(np.median(np.abs(lfilter(*_polynomials(order, usual), values)[run_in:]))) + 1e-6

    def errors(coefficients: Array) -> Array:
        found = lfilter(*_polynomials(order, coefficients), values)[run_in:] / size
        # Beyond the edge of invertibility errors explode; a large number turns the search back.
        found = np.clip(np.nan_to_num(found, nan=1e3), -1e3, 1e3)
        return np.r_[found, np.sqrt(PRIOR_WEIGHT) * (coefficients - usual)]

    bound = np.full(len(usual), 0.98)
    bound[: order.ar] = 1.9 if order.ar == 2 else 0.98
    bound = np.maximum(bound, np.abs(usual))
    found = least_squares(
        errors, usual, loss="soft_l1", bounds=(-bound - 1e-6, bound + 1e-6), max_nfev=SEARCH, xtol=1e-4, ftol=1e-5
    )
    best: Array = found.x
    return best if _steady(order, best) else usual


def _ahead(one: _Fitted, steps: int, samples: int, rng: np.random.Generator) -> Array:
    """Paths (samples, steps) on the model's scale from the step after its last date."""
    ar, ma = _polynomials(one.order, one.coefficients)
    ar = np.convolve(ar, _differences(one.order))
    past = (one.filled - one.mean)[::-1][: len(ar) - 1]
    start = lfiltic(ma, ar, past, one.errors[::-1][: len(ma) - 1])
    drawn = rng.choice(one.shocks, size=(samples, steps + one.late))
    paths, _ = lfilter(ma, ar, drawn, axis=1, zi=np.tile(start, (samples, 1)))
    paths = paths[:, one.late :] + one.mean
    if one.order.season_first:
        paths += one.shape[one.prepared.ahead(steps).day_of_week]
    return np.asarray(paths, dtype=np.float64)


def _polynomials(order: Order, coefficients: Array) -> tuple[Array, Array]:
    """Polynomials in the lag of the autoregression and of the moving average."""
    ar, ma, weekly_ar, weekly_ma = np.split(coefficients, np.cumsum([order.ar, order.ma, order.weekly_ar]))
    return (
        np.convolve(np.r_[1.0, -ar], _weekly(-weekly_ar)),
        np.convolve(np.r_[1.0, ma], _weekly(weekly_ma)),
    )


def _weekly(coefficients: Array) -> Array:
    polynomial = np.zeros(WEEK * len(coefficients) + 1)
    polynomial[0] = 1.0
    polynomial[WEEK::WEEK] = coefficients
    return polynomial


def _differences(order: Order) -> Array:
    polynomial = np.ones(1)
    for _ in range(order.difference):
        polynomial = np.convolve(polynomial, [1.0, -1.0])
    for _ in range(order.weekly_difference):
        polynomial = np.convolve(polynomial, _weekly(np.array([-1.0])))
    return polynomial


def _steady(order: Order, coefficients: Array) -> bool:
    return all(bool((np.abs(np.roots(each)) < 1.0).all()) for each in _polynomials(order, coefficients) if len(each) > 1)
