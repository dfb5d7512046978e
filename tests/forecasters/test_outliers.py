"""Which values a forecaster does not believe."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.forecasters.outliers import believed, robust


def week(level: float = 100, days: int = 120, noise: float = 0.05, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    shape = np.tile([1.1, 1.0, 1.0, 1.0, 1.0, 0.9, 0.8], days // 7 + 1)[:days]
    return np.rint(level * shape * np.exp(rng.normal(0, noise, days)))


def masked(values, **how) -> list[int]:
    found = robust(np.asarray(values, dtype=float), **how)
    return np.flatnonzero(np.isnan(found) & ~np.isnan(values)).tolist()


@settings(max_examples=25, deadline=None)
@given(
    level=st.floats(1, 2000),
    slope=st.floats(-0.05, 0.05),
    swing=st.floats(0, 0.5),
    days=st.integers(1, 300),
)
def test_a_smooth_series_is_believed_whole(level, slope, swing, days):
    t = np.arange(days)
    values = level * np.exp(np.clip(slope * t, -3, 3) + swing * np.sin(2 * np.pi * t / 60))
    assert masked(values) == []


@settings(max_examples=25, deadline=None)
@given(
    place=st.integers(0, 119),
    level=st.integers(30, 1000),
    factor=st.sampled_from([10.0, 0.1, 100.0]),
    seed=st.integers(0, 99),
)
def test_a_lone_tenfold_value_is_never_believed_wherever_it_stands(place, level, factor, seed):
    values = week(level, seed=seed)
    values[place] *= factor
    assert masked(values) == [place]


def test_the_newest_value_is_doubted_the_day_it_jumps_and_believed_once_it_has_lasted_a_week():
    jumped = np.concatenate([week(100), week(1000, days=30, seed=2)])
    for days in range(1, 7):
        assert masked(jumped[: 120 + days]) == list(range(120, 120 + days))
    for days in range(8, 31):
        assert masked(jumped[: 120 + days]) == []


def test_false_zeros_are_doubted_for_four_weeks_and_no_longer():
    for length, found in ((1, [120]), (27, list(range(120, 147))), (28, [])):
        assert masked(np.concatenate([week(100), np.zeros(length)])) == found


def test_zeros_of_a_small_count_are_believed():
    counts = np.random.default_rng(3).poisson(3, 200).astype(float)
    assert (counts == 0).sum() > 5
    assert masked(counts) == []


def test_of_a_value_copied_for_a_week_the_first_stands():
    values = week(200)
    values[50:58] = 204
    assert masked(values) == list(range(51, 58))


def test_a_series_that_often_repeats_itself_is_not_taken_for_copied():
    assert masked(np.repeat([21.0, 22.0, 23.0, 22.0] * 4, 8)) == []
    assert masked(np.full(60, 50.0)) == []


def test_weeks_may_repeat():
    values = week(200)
    values[50:58] = 204
    assert masked(values, step_days=7) == []


@pytest.mark.parametrize("values", [[], [np.nan] * 5, [3.0], [0.0, 0.0]])
def test_next_to_nothing_is_left_as_it_is(values):
    assert masked(np.array(values, dtype=float)) == []


def test_the_values_given_are_not_changed():
    values = week(100)
    values[5] = 1000
    before = values.copy()
    robust(values)
    assert np.array_equal(values, before)


def test_zeros_every_other_day_are_what_is_usual_there():
    for values in (np.tile([0.0, 500.0], 60), np.tile([500.0, 0.0], 60)):
        assert not [place for place in masked(values) if place > 28]


def test_zeros_at_weekends_after_full_weeks_are_doubted():
    values = week(200, days=119)
    values[[5, 6, 12, 13, 117, 118]] = 0
    assert masked(values) == [5, 6, 12, 13, 117, 118]


@settings(max_examples=25, deadline=None)
@given(
    days=st.integers(7, 13),
    place=st.integers(0, 12),
    level=st.integers(50, 1000),
    factor=st.sampled_from([10.0, 0.1, 1e6]),
    seed=st.integers(0, 99),
)
def test_a_tenfold_value_among_a_few_is_not_believed(days, place, level, factor, seed):
    values = week(level, days=days, seed=seed)
    values[place % days] *= factor
    assert masked(values) == [place % days]


def test_where_nothing_would_be_left_everything_is_believed():
    dates = pd.date_range("2024-01-01", periods=40)
    slip = pd.Series(np.r_[week(100, 39), 1000], index=dates)
    assert believed(slip, 1).last_valid_index() == dates[-2]
    empty = pd.Series(np.full(40, np.nan), index=dates)
    assert believed(empty, 1) is empty
