"""When nobody can say how far behind the nation a hospital runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.waves.lag import estimate_lag, lag_prior
from tests.waves.lagged_waves import hospital, nation


def said(own: pd.Series, england: pd.Series) -> str:
    lag = estimate_lag(own, england)
    assert not lag.identifiable
    return lag.reason


def flat(level: float, seed: int = 1) -> pd.Series:
    return pd.Series(np.random.default_rng(seed).poisson(level, 150).astype(float), nation().index)


def test_a_hospital_without_a_wave_says_nothing():
    assert "flat" in said(flat(30), nation())
    assert said(hospital(5) * 0, nation()) == "every value of the hospital is 0"
    assert said(hospital(5) * np.nan, nation()) == "no value is known of the hospital"
    assert said(pd.Series(dtype=float), nation()) == "no value is known of the hospital"


def test_before_any_data_the_answer_is_the_prior():
    pd.testing.assert_series_equal(estimate_lag(hospital(5) * 0, nation()).days, lag_prior())


def test_a_nation_without_a_wave_says_nothing():
    assert "the nation has no wave" in said(hospital(5), flat(3000))
    assert said(hospital(5), nation() * np.nan) == "no value is known of the nation"
    assert said(hospital(5), nation() * 0) == "every value of the nation is 0"


def test_a_handful_of_patients_says_nothing():
    assert "too small" in said(hospital(5, peak=3), nation())


def test_three_weeks_of_a_rise_say_nothing():
    assert "too little" in said(hospital(5)[30:51], nation())


@pytest.mark.parametrize("behind", [0, 12, 20])
def test_before_its_wave_has_turned_a_later_and_a_larger_wave_look_alike(behind):
    until = nation().index[55 + behind]
    assert said(hospital(behind, 60, behind)[:until], nation()[:until])


def test_a_nation_that_only_rises_exponentially_leaves_lag_and_share_confounded():
    days = np.arange(80.0)
    dates = pd.date_range("2022-11-14", periods=80)
    rising = pd.Series(50 * np.exp(0.05 * days), dates)
    own = pd.Series(np.random.default_rng(2).poisson(2 * np.exp(0.05 * days)).astype(float), dates)
    assert said(own, rising)
    # What is left is hardly more than the prior: any lag goes with some share.
    assert np.ptp(estimate_lag(own, rising).interval(0.9)) > 25


def test_a_wave_of_another_time_is_not_called_a_lag():
    own = pd.concat([flat(3)[:100], hospital(0, 50, 3, days=50, top=25).set_axis(nation().index[100:])])
    assert said(own, nation(top=35))


def test_false_zeros_until_the_top_hide_the_rise():
    own = hospital(2, 25, 4, departures=0.1)
    until = own.index[57]
    own[:until] = 0.0
    reason = said(own, nation())
    assert "reported 0 from 14 November 2022 to 10 January 2023" in reason
    assert "not filled in" in reason


def test_the_same_zeros_taken_out_by_somebody_else_leave_only_the_fall():
    own = hospital(2, 25, 4, departures=0.1)
    own[: own.index[62]] = np.nan
    assert said(own, nation()) == "only the fall of its wave is known, not the rise"


def test_a_gap_at_the_top_is_named():
    own = hospital(5, 60, 4)
    own.iloc[48:72] = np.nan
    assert "from 1 January 2023 to 24 January 2023" in said(own, nation())


def test_lone_zeros_are_left_out_and_do_not_matter():
    own = hospital(4, 60, 9)
    holed = own.copy()
    holed.iloc[[40, 47, 48, 52, 53, 54, 55, 61, 75]] = 0.0
    whole, less = estimate_lag(own, nation()), estimate_lag(holed, nation())
    assert less.identifiable, less.reason
    assert abs(whole.median - less.median) <= 2


def test_zeros_before_and_after_a_wave_that_fades_in_and_out_are_true():
    own = hospital(20, 20, 5)
    assert (own[:40] == 0).sum() > 10
    lag = estimate_lag(own, nation())
    assert "not filled in" not in lag.reason
