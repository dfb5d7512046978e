"""Zeros within a wave: which are true and which stand for no return."""

from __future__ import annotations

import pandas as pd

from forecast.waves.false_zeros import without_false_zeros


def series(*values: float) -> pd.Series:
    return pd.Series([float(value) for value in values], pd.date_range("2022-12-01", periods=len(values)))


def test_a_lone_zero_between_many_is_left_out_without_more_ado():
    kept, runs = without_false_zeros(series(20, 22, 0, 25, 24, 0, 0, 26))
    assert kept.tolist() == [20, 22, 25, 24, 26]
    assert runs == ()


def test_zeros_until_many_are_reported_from_one_day_to_the_next_are_false():
    kept, runs = without_false_zeros(series(*[0] * 12, 22, 23, 21, 18, 12, 6, 3, 1, 0, 0, 0, 0, 0))
    assert kept.tolist() == [22, 23, 21, 18, 12, 6, 3, 1, 0, 0, 0, 0, 0]
    (run,) = runs
    assert (run.first, run.last) == (pd.Timestamp("2022-12-01"), pd.Timestamp("2022-12-12"))
    assert (run.before, run.after) == (0, 22)


def test_a_wave_that_fades_in_and_out_keeps_its_zeros():
    wave = series(0, 0, 0, 0, 0, 1, 2, 0, 3, 5, 9, 14, 20, 15, 9, 6, 4, 2, 1, 1, 0, 0, 0, 0)
    kept, runs = without_false_zeros(wave)
    assert len(kept) == len(wave)
    assert runs == ()


def test_a_week_of_zeros_in_the_tail_is_left_out_but_hides_no_top():
    wave = series(2, 8, 20, 40, 60, 62, 60, 58, 50, 40, 30, 20, 16, *[0] * 9, 12, 8, 5, 3)
    kept, runs = without_false_zeros(wave)
    assert (kept > 0).all()
    assert runs == ()


def test_a_series_without_or_with_nothing_but_zeros_is_left_alone():
    for same in (series(3, 4, 5), series(0, 0, 0)):
        kept, runs = without_false_zeros(same)
        assert kept.tolist() == same.tolist()
        assert runs == ()
