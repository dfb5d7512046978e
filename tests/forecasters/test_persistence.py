"""The baseline of every relative score, against values worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.forecasters import Persistence
from forecast.forecasters.spread import at_ranks, symmetric_errors, walk_ranks

LARGE = 40_000


def forecast(values, horizon=1, samples=LARGE, end="2024-03-31", freq="D", seed=0):
    dates = pd.date_range(end=end, periods=len(values), freq=freq)
    # Half a patient among the values keeps the paths from being rounded.
    panel = pd.DataFrame({"RM1": np.asarray(values, dtype=float)}, index=dates)
    return Persistence().fit(panel).predict(horizon, samples=samples, seed=seed)


def quantile(t, level, step=0):
    return float(np.quantile(t.paths[0, :, step], level))


def test_errors_are_symmetric_log_ratios_with_values_below_one_taken_as_one():
    logs = np.log(np.maximum([0.0, 1.0, 2.0, 8.0], 1))
    assert np.allclose(np.exp(symmetric_errors(logs, 1)), [1 / 4, 1 / 2, 1, 1, 2, 4])
    assert np.allclose(np.exp(symmetric_errors(logs, 2)), [1 / 8, 1 / 2, 2, 8])
    assert symmetric_errors(logs, 4).size == 0


def test_quantiles_lie_between_past_errors_by_linear_interpolation():
    assert at_ranks(np.array([-1.0, 0.0, 3.0]), np.array([0.25, 0.5, 0.75])).tolist() == [-0.5, 0.0, 1.5]


def test_one_step_ahead_the_errors_of_one_step_stand_about_the_last_value():
    # 20 changes: ten times up by half, ten times back, so E is log 1.5 or -log 1.5 with equal chance.
    t = forecast([100.5 * 1.5 ** (k % 2) for k in range(21)], horizon=2)
    assert quantile(t, 0.45) == pytest.approx(67)
    assert quantile(t, 0.55) == pytest.approx(150.75)
    # Two steps apart every value is the same: no spread at all.
    assert quantile(t, 0.01, step=1) == quantile(t, 0.99, step=1) == pytest.approx(100.5)


def test_each_horizon_has_its_own_errors_whatever_the_seed():
    rng = np.random.default_rng(8)
    values = 50 * np.exp(rng.normal(0, 0.1, 120).cumsum())
    t = forecast(values, horizon=14, seed=5)
    for h in (1, 7, 14):
        errors = np.array([np.log(values[k + h] / values[k]) for k in range(120 - h)])
        both = np.concatenate([errors, -errors])
        for level in (0.05, 0.25, 0.5, 0.9):
            expected = values[-1] * np.exp(np.quantile(both, level))
            assert quantile(t, level, step=h - 1) == pytest.approx(expected, rel=2e-3)


def test_only_the_last_180_days_count():
    calm = [200.5 + 2 * (k % 2) for k in range(180)]
    wild = [10.5, 900.5] * 100
    assert forecast(wild + calm).quantiles([0.01, 0.99]).equals(forecast(calm).quantiles([0.01, 0.99]))
    # The 180th day back is in: from it to the next is one of the 179 changes.
    at_the_edge = forecast([*wild, 5.5, *calm[1:]])
    assert at_the_edge.paths.max() > 5 * 200


def test_missing_days_before_the_origin_lengthen_the_horizon():
    rng = np.random.default_rng(9)
    values = 50 * np.exp(rng.normal(0, 0.1, 100).cumsum())
    silent = forecast([*values, np.nan, np.nan, np.nan], horizon=2)
    plain = forecast(values, horizon=5)
    for level in (0.05, 0.5, 0.95):
        assert quantile(silent, level, step=1) == pytest.approx(quantile(plain, level, step=4), rel=2e-3)


def test_a_horizon_longer_than_the_record_widens_with_the_root_of_time():
    t = forecast([100.5 * 1.5 ** (k % 2) for k in range(20)] + [100.5], horizon=44)
    # Lag 11 is the longest with ten errors, all of them up or down by half; 44 = 4 x 11 doubles their logarithm.
    assert quantile(t, 0.9, step=10) == pytest.approx(100.5 * 1.5)
    assert quantile(t, 0.9, step=43) == pytest.approx(100.5 * 1.5**2)


def test_with_next_to_no_history_the_spread_is_that_of_random_counts():
    t = forecast([50.5, 50.0])
    assert np.log(quantile(t, 0.841345) / 50) == pytest.approx(np.sqrt(2 / 50), rel=0.01)
    assert "random counts" in t.notes["RM1"]


def test_a_run_of_zeros_is_forecast_as_zero_and_can_rise():
    seldom = [0.0] * 150
    for k in range(0, 140, 14):
        seldom[k] = 4.0
    t = forecast(seldom, horizon=7)
    assert quantile(t, 0.5) == 0
    assert t.paths[0, :, 0].max() == 4
    # A day's change was 0 to 4 ten times less the first, 4 to 0 ten times: 19 of 149, half of each sign.
    assert (t.paths[0, :, 0] > 0).mean() == pytest.approx(19 / 149 / 2, abs=0.01)


def test_whole_counts_stay_whole():
    t = forecast([100, 110, 104, 98] * 20, horizon=3, samples=500)
    assert set(np.unique(t.paths % 1)) == {0.0}


def test_paths_move_like_a_random_walk_not_at_random():
    rng = np.random.default_rng(10)
    t = forecast(50 * np.exp(rng.normal(0, 0.1, 170).cumsum()), horizon=16, samples=4000)
    logs = np.log(t.paths[0])
    assert np.corrcoef(logs[:, 3], logs[:, 15])[0, 1] == pytest.approx(np.sqrt(4 / 16), abs=0.06)
    assert np.corrcoef(logs[:, 14], logs[:, 15])[0, 1] > 0.93


def test_ranks_fall_once_in_every_stratum_at_every_step():
    ranks = walk_ranks(200, 5, np.random.default_rng(1))
    assert (np.sort(np.floor(ranks * 200), axis=0) == np.arange(200)[:, None]).all()


def test_a_weekly_panel_uses_the_weeks_of_180_days():
    values = [10.5, 900.5] * 20 + [200.5, 210.5] * 13
    t = forecast(values, freq="7D")
    assert t.paths.max() == pytest.approx(210.5 * 210.5 / 200.5)


def test_a_location_silent_for_half_a_year_says_so_and_keeps_its_own_spread():
    values = 100 * np.exp(np.random.default_rng(4).normal(0, 0.1, 60).cumsum())
    t = forecast([*values, *[np.nan] * 200], samples=2000)
    assert t.notes["RM1"] == "last value is 200 days old (13 September 2023)"
    assert quantile(t, 0.05) < 0.7 * values[-1] < values[-1] < 0.7 * quantile(t, 0.95)
