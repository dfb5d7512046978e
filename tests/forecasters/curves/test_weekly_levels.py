"""Weeks of a series: where they end, what their noise is, and how many counts stand behind a rate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.forecasters.curves.weekly import logs_of, numbers, weeks_of

ORIGIN = pd.Timestamp("2023-01-18")  # a Wednesday


def daily(values) -> pd.Series:
    return pd.Series(np.asarray(values, dtype=float), index=pd.date_range(end=ORIGIN, periods=len(values)))


def test_weeks_of_days_end_on_the_origin_and_stand_at_their_middle():
    weeks = weeks_of(daily(range(1, 22)), 1, ORIGIN)
    assert weeks.levels.tolist() == [4, 11, 18]
    assert weeks.levels.index[-1] == ORIGIN - pd.Timedelta(days=3)


def test_a_week_of_fewer_than_three_known_days_has_no_level():
    values = np.full(35, 10.0)
    values[-5:] = np.nan
    assert np.isnan(weeks_of(daily(values), 1, ORIGIN).levels.iloc[-1])
    values[-5] = 10.0
    assert weeks_of(daily(values), 1, ORIGIN).levels.iloc[-1] == 10


@pytest.mark.parametrize(("first", "middle"), [("2023-01-02", "2023-01-05"), ("2023-01-07", "2023-01-04")])
def test_a_weekly_date_is_the_first_day_where_it_is_a_monday_and_else_the_last(first, middle):
    series = pd.Series([5.0, 6.0], index=pd.date_range(first, periods=2, freq="7D"))
    assert weeks_of(series, 7, series.index[-1]).levels.index[0] == pd.Timestamp(middle)


def test_counts_have_unit_one_and_a_rate_that_of_the_people_behind_it():
    rng = np.random.default_rng(1)
    course = 300 * np.exp(-0.5 * ((np.arange(200) % 52 - 26) / 6) ** 2) + 2
    counts = rng.poisson(course).astype(float)
    index = pd.date_range("2018-01-01", periods=200, freq="7D")
    assert weeks_of(pd.Series(counts, index=index), 7, index[-1]).unit == 1
    rate = weeks_of(pd.Series(counts / 100, index=index), 7, index[-1])
    assert 40 < rate.unit < 250
    assert rate.variance[-1] == pytest.approx(rate.noise**2 + 1 / (rate.unit * counts[-1] / 100 + 1))


def test_a_zero_has_a_place_among_logarithms():
    assert logs_of(np.array([0.0, 0.5]), 1.0) == pytest.approx(np.log([0.5, 1.0]))


def test_day_numbers_tell_the_weekday():
    days = pd.date_range("1999-12-25", periods=20)
    assert (numbers(days) % 7 == days.day_of_week).all()
