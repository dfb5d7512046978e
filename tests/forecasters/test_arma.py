"""The filters under the autoregression, against statsmodels and against a series whose law is known."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.tsa.statespace.sarimax import SARIMAX

from forecast.forecasters.arma import Arma, Order

ORDERS = {
    "mean": (Order(2, 0, 1, 1, 0, 1, (0.6, 0.1, -0.2, 0.9, -0.7)), 0.0),
    "week": (Order(1, 0, 1, 0, 1, 1, (0.7, -0.2, -0.6)), 0.0),
    "walk": (Order(1, 1, 1, 0, 0, 0, (0.3, -0.6)), 0.0),
}


def noise(days: int = 400, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.1, days)


@pytest.mark.parametrize("kind", ORDERS)
def test_the_forecast_is_that_of_the_exact_filter(kind):
    order, _ = ORDERS[kind]
    values = noise().cumsum() * 0.3 + noise(seed=2)
    fitted = Arma.of(order, values, centred=True)
    ours = fitted.ahead(28, 20_000, np.random.default_rng(1)).mean(axis=0)
    exact = SARIMAX(
        values,
        order=(order.ar, order.difference, order.ma),
        seasonal_order=(order.weekly_ar, order.weekly_difference, order.weekly_ma, 7),
        enforce_stationarity=False,
        enforce_invertibility=False,
    ).filter([*fitted.coefficients, 0.01])
    assert ours == pytest.approx(exact.forecast(28), abs=0.02)


def test_the_coefficients_of_a_long_series_are_found_whatever_is_usual():
    e, x = noise(4000), np.zeros(4000)
    for t in range(1, 4000):
        x[t] = 0.8 * x[t - 1] + e[t] - 0.3 * e[t - 1]
    found = Arma.of(Order(1, 0, 1, 0, 0, 0, (0.3, 0.2)), x).coefficients
    assert found == pytest.approx([0.8, -0.3], abs=0.06)


def test_a_few_wild_values_do_not_decide_the_coefficients():
    e, x = noise(1000), np.zeros(1000)
    for t in range(1, 1000):
        x[t] = 0.8 * x[t - 1] + e[t]
    x[[200, 400, 600, 800]] += 5
    assert Arma.of(Order(1, 0, 0, 0, 0, 0, (0.5,)), x).coefficients[0] > 0.55


def test_a_short_series_keeps_near_the_usual_coefficients():
    order = Order(1, 0, 0, 0, 0, 0, (0.7,))
    assert Arma.of(order, noise(30)).coefficients[0] == pytest.approx(0.7, abs=0.45)


def test_paths_spread_as_the_law_of_the_model_says():
    order = Order(1, 0, 0, 0, 0, 0, (0.5,))
    fitted = Arma.of(order, noise(3000), centred=True)
    phi = fitted.coefficients[0]
    paths = fitted.ahead(3, 40_000, np.random.default_rng(2))
    variance = 0.01 * np.cumsum(phi ** (2 * np.arange(3)))
    assert paths.var(axis=0) == pytest.approx(variance, rel=0.06)
