"""Days behind the nation, on waves whose lag is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from forecast.errors import InputError
from forecast.waves.lag import Lag, estimate_lag, lag_prior
from tests.waves.lagged_waves import hospital, nation


def point(day: int) -> Lag:
    days = pd.Series(0.0, index=lag_prior().index)
    days[day] = 1.0
    return Lag(days, True, "", lag_prior())


@pytest.mark.parametrize("behind", [-10, -3, 0, 7, 14, 25])
def test_a_wave_of_sixty_beds_tells_its_lag_to_two_days(behind):
    lag = estimate_lag(hospital(behind, seed=behind + 20), nation())
    assert lag.identifiable, lag.reason
    assert abs(lag.median - behind) <= 2
    low, high = lag.interval(0.9)
    assert low <= behind <= high
    assert high - low <= 10


def test_the_share_the_units_and_the_days_do_not_matter():
    own, england = hospital(9, seed=4), nation()
    lag = estimate_lag(own, england)
    rate = estimate_lag(own, england / 571.0)
    moved = estimate_lag(own.shift(freq="700D"), england.shift(freq="700D"))
    assert rate.days.to_numpy() == pytest.approx(lag.days.to_numpy(), abs=1e-6)
    assert moved.days.to_numpy() == pytest.approx(lag.days.to_numpy(), abs=1e-6)


def test_moving_the_hospital_a_week_moves_the_answer_a_week():
    own, england = hospital(3, seed=5), nation()
    flat = pd.Series(1 / 57, index=lag_prior().index)
    early = estimate_lag(own, england, prior=flat)
    late = estimate_lag(own.shift(freq="7D"), england, prior=flat)
    assert late.mean - early.mean == pytest.approx(7, abs=0.3)


def test_ninety_in_a_hundred_ranges_hold_the_lag():
    rng = np.random.default_rng(12)
    held = []
    for seed in range(24):
        behind = int(rng.integers(-10, 26))
        low, high = estimate_lag(hospital(behind, 40, 100 + seed, departures=0.25), nation()).interval(0.9)
        held.append(low <= behind <= high)
    # Of 24 ranges that hold with chance 0.9, fewer than 19 would hold three times in a hundred.
    assert sum(held) >= 19


def test_departures_that_last_make_the_range_wider():
    widths = []
    for departures in (0.0, 0.35):
        lags = [estimate_lag(hospital(10, 80, seed, departures=departures), nation()) for seed in range(4)]
        widths.append(np.mean([np.ptp(lag.interval(0.9)) for lag in lags]))
    assert widths[1] > 1.5 * widths[0]


def test_a_weekday_shape_does_not_move_the_lag():
    own = hospital(6, seed=8, departures=0.1)
    shape = np.array([1.4, 1.2, 1.0, 1.0, 0.9, 0.7, 0.8])[own.index.day_of_week]
    plain, shaped = (estimate_lag(series, nation()) for series in (own, (own * shape).round()))
    assert abs(plain.median - shaped.median) <= 1


def test_weekly_figures_tell_the_same_lag_more_loosely():
    own, england = hospital(14, 80, 2), nation()
    mondays = [series.resample("W-MON", label="left", closed="left").mean() for series in (own, england)]
    weekly = estimate_lag(*mondays)
    assert weekly.identifiable, weekly.reason
    assert abs(weekly.median - 14) <= 4
    against_weeks = estimate_lag(own, mondays[1])
    assert abs(against_weeks.median - 14) <= 2


def test_three_weeks_without_national_figures_widen_the_range():
    own, england = hospital(5, 60, 3), nation()
    holed = england.copy()
    holed.iloc[45:66] = np.nan
    whole, less = estimate_lag(own, england), estimate_lag(own, holed)
    assert np.ptp(less.interval(0.9)) >= np.ptp(whole.interval(0.9))
    low, high = less.interval(0.9)
    assert low <= 5 <= high


def test_a_hospital_ahead_of_the_nation_needs_no_future_figures():
    own, england = hospital(-10, 60, 6)[:95], nation()[:95]
    lag = estimate_lag(own, england)
    assert lag.identifiable, lag.reason
    assert abs(lag.median + 10) <= 3


def test_the_prior_is_that_of_the_reference_table():
    prior = lag_prior()
    assert prior.sum() == pytest.approx(1)
    assert (prior.index[0], prior.index[-1], prior.idxmax()) == (-14, 42, 14)
    inside = prior.loc[-7:35].sum()
    spread = 21 / norm.ppf(0.95)
    expected = norm.cdf([21.5, -21.5, 28.5, -28.5], scale=spread)
    assert inside == pytest.approx((expected[0] - expected[1]) / (expected[2] - expected[3]), abs=1e-3)


def test_a_narrow_prior_of_other_seasons_is_used():
    days = np.arange(-14, 43)
    narrow = pd.Series(np.exp(-0.5 * np.square((days - 12) / 1.5)), index=days)
    lag = estimate_lag(hospital(6, 20, 1, departures=0.3), nation(), prior=narrow)
    assert estimate_lag(hospital(6, 20, 1, departures=0.3), nation()).mean < lag.mean < 12


def test_median_range_and_usable_warning_are_read_off_the_days():
    days = pd.Series([0.02, 0.08, 0.4, 0.4, 0.08, 0.02], index=[10, 11, 12, 13, 14, 15])
    lag = Lag(days, True, "", days)
    assert (lag.median, lag.interval(0.9), lag.interval(0.5)) == (12, (11, 14), (12, 13))
    assert lag.mean == pytest.approx(12.5)
    usable = lag.usable(4)
    assert (usable.median, usable.interval(0.9), usable.identifiable) == (8, (7, 10), True)
    assert usable.days[8] == pytest.approx(0.4)
    assert point(-3).interval(0.9) == (-3, -3)
    assert (lag.draw(50, np.random.default_rng(1)) >= 10).all()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda own, eng: (list(own), eng), "local is a list"),
        (lambda own, eng: (own.reset_index(drop=True), eng), "local: the index is RangeIndex"),
        (lambda own, eng: (own, -eng), "national is -.*on 2022-11-14"),
        (lambda own, eng: (own.set_axis(own.index.tz_localize("UTC")), eng), "time zone"),
        (lambda own, eng: (pd.concat([own, own[:1]]), eng), "2022-11-14 stands twice"),
        (lambda own, eng: (own.astype(object).where(own.index != own.index[3], "x"), eng), "no number"),
    ],
)
def test_a_series_that_cannot_be_used_is_refused(change, says):
    with pytest.raises(InputError, match=says):
        estimate_lag(*change(hospital(3), nation()))


@pytest.mark.parametrize("prior", [pd.Series([0.5, 0.5], index=[1, 3]), pd.Series([-1.0, 2.0], index=[1, 2])])
def test_a_prior_that_cannot_be_used_is_refused(prior):
    with pytest.raises(InputError, match="prior"):
        estimate_lag(hospital(3), nation(), prior=prior)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 60)), min_size=0, max_size=60), st.integers(0, 3))
def test_whatever_is_reported_the_answer_is_a_distribution_or_a_plain_reason(values, step):
    dates = pd.date_range("2022-12-01", periods=len(values), freq="7D" if step == 3 else "D")
    own = pd.Series([np.nan if value is None else float(value) for value in values], dates, dtype=float)
    lag = estimate_lag(own, nation())
    assert lag.days.sum() == pytest.approx(1)
    assert (lag.days >= 0).all()
    assert lag.identifiable == (lag.reason == "")
    low, high = lag.interval(0.9)
    assert -14 <= low <= lag.median <= high <= 42
