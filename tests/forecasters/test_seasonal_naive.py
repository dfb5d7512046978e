from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.forecasters import SeasonalNaive


def forecast(values, horizon, freq="D", samples=2001):
    dates = pd.date_range(end="2024-03-31", periods=len(values), freq=freq)
    panel = pd.DataFrame({"RM1": np.asarray(values, dtype=float)}, index=dates)
    return SeasonalNaive().fit(panel).predict(horizon, samples=samples)


def medians(t):
    return np.median(t.paths[0], axis=0)


WEEK = [100.5, 110.5, 120.5, 130.5, 140.5, 80.5, 70.5]


def test_a_day_is_forecast_as_the_same_day_of_the_week_before():
    t = forecast(WEEK * 10, horizon=14)
    assert medians(t).tolist() == WEEK * 2
    assert np.ptp(t.paths, axis=1).max() == 0


def test_a_missing_day_takes_the_week_before_that():
    values = np.array(WEEK * 10)
    values[:-7] *= np.repeat([1.0, 1.1] * 5, 7)[:-7]
    values[-5] = np.nan
    t = forecast(values, horizon=7)
    assert medians(t)[2] == pytest.approx(120.5 * 1.0)
    assert medians(t)[3] == pytest.approx(130.5)


def test_the_spread_is_that_of_the_rule_a_week_ahead_and_two():
    # Weeks alternate by 1.2: one week apart always off by log 1.2, two weeks apart never.
    values = [day * 1.2 ** (week % 2) for week in range(12) for day in WEEK]
    t = forecast(values, horizon=14)
    ratio = np.quantile(t.paths[0], 0.9, axis=0) / np.asarray(WEEK * 2) / 1.2
    assert np.allclose(ratio[:7], 1.2)
    assert np.allclose(ratio[7:], 1.0)


def test_a_week_is_forecast_as_the_same_week_of_last_year():
    year = 50.5 + 20 * np.sin(2 * np.pi * np.arange(52) / 52)
    t = forecast(np.tile(year, 3), horizon=4, freq="7D")
    assert medians(t) == pytest.approx(year[:4])
    assert t.notes == {}


def test_less_than_a_year_of_weeks_is_left_to_the_baseline():
    t = forecast(np.arange(50) + 10.5, horizon=4, freq="7D")
    assert (
        t.notes["RM1"]
        == "not used (too little history to compare with the year before), the last value is carried forward instead"
    )
    assert medians(t) == pytest.approx([59.5] * 4, rel=5e-3)


def test_a_weekday_that_never_reports_is_left_to_the_baseline():
    values = np.array(WEEK * 10)
    values[2::7] = np.nan
    t = forecast(values, horizon=7)
    assert t.notes["RM1"] == "not used (no earlier value of the same season), the last value is carried forward instead"


def test_a_slip_is_not_carried_forward_nor_are_zeros_that_stand_for_no_return():
    rng = np.random.default_rng(4)
    values = np.rint(np.array(WEEK * 20) * np.exp(rng.normal(0, 0.03, 140)))
    before = medians(forecast(values, horizon=7))
    values[-2] *= 10
    values[-4] = 0
    values[50] = 1e9
    t = forecast(values, horizon=7)
    assert medians(t)[[3, 5]] == pytest.approx(values[[-11, -9]], abs=1)
    assert medians(t)[[0, 1, 2, 4, 6]] == pytest.approx(before[[0, 1, 2, 4, 6]], abs=1)
    assert t.paths.max() < 2 * max(WEEK)
