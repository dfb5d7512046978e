"""Days behind England in the published winters, beside what was found before by simpler means."""

from __future__ import annotations

import pandas as pd
import pytest

from forecast.waves.lag import estimate_lag
from forecast.waves.pooling import pool_lags

pytestmark = pytest.mark.real

WINTER = slice("2022-11-14", "2023-04-02")
DELTA = slice("2021-06-01", "2021-12-05")


@pytest.fixture(scope="module")
def flu(real_store) -> pd.DataFrame:
    return real_store.panel("flu_beds")[WINTER]


def test_norwich_ran_ahead_of_england_in_the_flu_of_2022(flu):
    # A quasi-Poisson regression gave -3 (-6 to -1), peak to peak -1.
    lag = estimate_lag(flu["RM1"], flu["ENG"])
    assert lag.identifiable, lag.reason
    low, high = lag.interval(0.9)
    assert -7 <= low <= -3 <= high <= 0


@pytest.mark.parametrize(("code", "until"), [("RGP", "5 January 2023"), ("RCX", "9 January 2023")])
def test_false_zeros_until_january_are_named_as_the_reason(flu, code, until):
    # Taken as true they look like a wave 12 or 13 days behind England.
    lag = estimate_lag(flu[code], flu["ENG"])
    assert not lag.identifiable
    assert until in lag.reason
    assert "not filled in" in lag.reason


@pytest.mark.parametrize("code", ["RGP", "RCX"])
def test_what_is_left_of_their_waves_does_not_speak_for_two_weeks(flu, code):
    low, high = estimate_lag(flu[code], flu["ENG"]).interval(0.9)
    assert high - low > 12
    assert low < 0


@pytest.mark.parametrize("code", ["RGP", "RCX"])
def test_without_flagged_values_the_reason_is_what_is_missing(real_store, code):
    clean = real_store.panel("flu_beds", clean=True)[WINTER]
    lag = estimate_lag(clean[code], clean["ENG"])
    assert not lag.identifiable
    assert "known" in lag.reason


def test_the_winter_without_flu_says_nothing(real_store):
    panel = real_store.panel("flu_beds")["2021-11-29":"2022-04-03"]
    for code in ("RM1", "RGP", "RCX"):
        assert not estimate_lag(panel[code], panel["ENG"]).identifiable


def test_english_trusts_are_within_days_of_england(flu):
    trusts = [code for code in flu if len(code) == 3 and code.startswith("R") and flu[code].max() >= 40][::4]
    lags = {(code, "2022-23"): estimate_lag(flu[code], flu["ENG"]) for code in trusts}
    sure = [lag.median for lag in lags.values() if lag.identifiable]
    assert len(sure) >= 0.5 * len(trusts)
    assert -6 <= pd.Series(sure).median() <= 3
    pooled = pool_lags(lags)
    assert pooled.between_hospitals < 8


def test_delta_reached_the_county_within_days_of_england(real_store):
    panel = real_store.panel("covid_beds_occupied")[DELTA]
    england = panel[[code for code in panel if len(code) == 3 and code.startswith("R")]].sum(axis=1, min_count=100)
    county = panel[["RM1", "RGP", "RCX"]].sum(axis=1, min_count=3)
    lag = estimate_lag(county, england)
    assert lag.identifiable, lag.reason
    low, high = lag.interval(0.9)
    assert low >= -5
    assert high <= 7
