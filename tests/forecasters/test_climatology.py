"""What is usual for the time of year, against values worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.forecasters import SeasonalClimatology
from forecast.forecasters.climatology import _season


def weekly(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"RM1": values}, index=pd.date_range(end="2023-12-25", periods=len(values), freq="7D"))


def test_one_past_year_is_half_believed_and_two_are_two_thirds():
    about = np.array([1.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0])
    assert _season(about, np.array([8, 9]), year=4) == pytest.approx([(1 + 2) / 3, 0.0])
    assert _season(about, np.array([4, 5]), year=4) == pytest.approx([1 / 2, 0.0])
    assert _season(about, np.array([0]), year=4) == pytest.approx([0.0])


def test_an_error_is_against_the_other_years_not_its_own():
    about = np.array([1.0, 0.0, 2.0, 0.0, 6.0, 0.0])
    assert _season(about, np.arange(6), year=2, both=True) == pytest.approx([8 / 3, 0, 7 / 3, 0, 3 / 3, 0])


def test_years_that_are_missing_do_not_count():
    assert _season(np.array([np.nan, 3.0, 1.0, 5.0]), np.array([4, 5]), year=2) == pytest.approx([1 / 2, 8 / 3])


def test_the_forecast_is_higher_at_the_time_of_year_when_it_was():
    weeks = np.arange(156)
    values = np.rint(200 + 60 * np.cos(2 * np.pi * weeks / 52))
    t = SeasonalClimatology().fit(weekly(values)).predict(52, samples=200)
    middle = np.median(t.paths[0], axis=0)
    assert middle[0] > middle[26] + 40
    assert abs(middle[-1] - middle[0]) < 15


def test_with_less_than_a_year_it_is_the_usual_level_with_all_departures():
    rng = np.random.default_rng(1)
    values = np.exp(rng.normal(5, 0.1, 40))
    t = SeasonalClimatology().fit(weekly(values)).predict(8, samples=36 * 5)
    logs = np.log(values)
    departures = np.array([logs[week] - logs[max(0, week - 26) : week + 26].mean() for week in range(4, 40)])
    for step in range(8):
        assert np.sort(np.log(t.paths[0, :, step])) == pytest.approx(np.sort(np.repeat(logs.mean() + departures, 5)))


def test_the_present_level_counts_not_that_of_the_past():
    rng = np.random.default_rng(2)
    values = np.rint(np.exp(rng.normal(0, 0.05, 150)) * np.where(np.arange(150) < 75, 100, 300))
    t = SeasonalClimatology().fit(weekly(values)).predict(20, samples=300)
    assert np.median(t.paths) > 200


def test_a_drift_is_not_taken_for_a_season():
    weeks = np.arange(130)
    t = SeasonalClimatology().fit(weekly(np.exp(5 + 0.004 * weeks))).predict(26, samples=52)
    usual = np.exp(5 + 0.004 * weeks[-52:].mean())
    assert np.median(t.paths, axis=1) == pytest.approx(usual, rel=0.08)


def test_paths_keep_their_weekdays():
    dates = pd.date_range(end="2023-12-28", periods=500)
    rng = np.random.default_rng(3)
    shape = np.where(dates.day_of_week == 6, 0.5, 1.0)
    panel = pd.DataFrame({"RM1": np.rint(300 * shape * np.exp(rng.normal(0, 0.03, 500)))}, index=dates)
    t = SeasonalClimatology().fit(panel).predict(100, samples=150)
    sunday = t.dates.day_of_week == 6
    assert t.paths[0][:, sunday].max() < t.paths[0][:, ~sunday].min()


def test_too_little_history_falls_back_to_the_baseline_and_says_so():
    t = SeasonalClimatology().fit(weekly(np.linspace(50, 60, 30))[-10:]).predict(3, samples=10)
    assert "too little history" in t.notes["RM1"]


@pytest.mark.parametrize("usual", [0.0, 1.0, 40.0])
def test_a_count_that_hardly_varies_has_a_range_all_the_same(usual):
    values = np.full(130, usual)
    values[60] += 1
    t = SeasonalClimatology().fit(weekly(values)).predict(26, samples=200)
    assert (np.ptp(t.paths[0], axis=0) > 0).all()
    assert np.median(t.paths[0]) == pytest.approx(max(usual, 1.0), abs=1)


def test_zeros_and_ones_are_not_forecast_as_certainly_one():
    values = np.random.default_rng(5).integers(0, 2, 130).astype(float)
    t = SeasonalClimatology().fit(weekly(values)).predict(26, samples=200)
    low, high = np.quantile(t.paths[0], [0.05, 0.95], axis=0)
    assert (low == 0).all()
    assert (high > 1).all()
    assert "the range is that of random counts" in t.notes["RM1"]


def test_nor_is_a_count_that_is_left_to_the_baseline_but_one_that_never_changed_is():
    few = weekly(np.array([1.0, 1, 1, 0, 1, 1, 1, 0, 1, 1]))
    assert (np.ptp(SeasonalClimatology().fit(few).predict(5, samples=100).paths, axis=1) > 0).all()
    same = weekly(np.full(60, 40.0))
    assert (SeasonalClimatology().fit(same).predict(5, samples=100).paths == 40).all()
