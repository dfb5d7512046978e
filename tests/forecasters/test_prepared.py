"""A history made ready: what is kept, what is taken out, and that it can be put back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.forecasters.per_location import CannotFitError
from forecast.forecasters.prepared import Prepared, weekday_shape

SHAPE = np.array([0.2, 0.0, 0.0, 0.0, 0.0, -0.05, -0.15])


def series(days: int = 200, level: float = 200, end: str = "2023-12-31") -> pd.Series:
    dates = pd.date_range(end=end, periods=days)
    return pd.Series(level * np.exp(SHAPE[dates.day_of_week]), index=dates)


def test_the_weekday_shape_is_read_off_and_sums_to_nothing():
    values = np.log(series())
    assert weekday_shape(values.to_numpy(), values.index) == pytest.approx(SHAPE, abs=1e-9)


def test_one_wild_week_does_not_bend_the_shape():
    values = np.log(series())
    values.iloc[100:107] += np.linspace(0, 1, 7)
    assert weekday_shape(values.to_numpy(), values.index) == pytest.approx(SHAPE, abs=0.01)


def test_only_the_last_steps_are_kept_from_the_first_known_one():
    values = series()
    values.iloc[100:105] = np.nan
    prepared = Prepared.of(values, 100, 1, "beds")
    assert prepared.dates[0] == values.index[105]
    assert len(prepared.scaled) == 95


def test_bank_holidays_taken_out_are_put_back():
    plain = Prepared.of(series(end="2023-12-22"), 150, 1, "nctr_patients")
    flat = np.full((1, 10), np.log(200.0))
    counts = pd.Series(plain.counts(flat)[0], index=plain.ahead(10))
    assert counts["2023-12-24"] == pytest.approx(200)
    assert counts["2023-12-26"] < 150


def test_a_gap_is_bridged_along_the_weekday_shape():
    values = series()
    values.iloc[100:108] = np.nan
    prepared = Prepared.of(values, 200, 1, "beds")
    assert prepared.bridged(prepared.weekday_shape) == pytest.approx(np.log(series()).to_numpy(), abs=0.01)


def test_values_not_believed_at_the_end_are_left_to_the_model():
    values = series()
    values.iloc[-2:] *= 10
    prepared = Prepared.of(values, 200, 1, "beds")
    assert np.isnan(prepared.scaled[-2:]).all()
    assert len(prepared.bridged(prepared.weekday_shape)) == 198
    assert prepared.ahead(1)[0] == pd.Timestamp("2024-01-01")


def test_of_a_series_with_a_long_gap_what_follows_it_is_kept():
    values = series()
    values.iloc[89:110] = np.nan
    assert len(Prepared.of(values, 200, 1, "beds").after_long_gap(28).dates) == 200
    values.iloc[110] = np.nan
    prepared = Prepared.of(values, 200, 1, "beds")
    assert prepared.after_long_gap(28).dates[0] == values.index[111]
    with pytest.raises(CannotFitError, match="89 values, 90 needed"):
        prepared.after_long_gap(90)


def test_nothing_to_be_believed_and_nothing_that_moves_are_refused():
    still = pd.Series(50.0, index=pd.date_range("2023-01-01", periods=60))
    with pytest.raises(CannotFitError, match="never change"):
        Prepared.of(still, 60, 1, "beds")
    gone = series()
    gone.iloc[-20:] = 0
    with pytest.raises(CannotFitError, match="none of the latest values"):
        Prepared.of(gone, 10, 1, "beds")


def test_a_few_values_a_week_are_too_few_to_tell_how_days_follow_each_other():
    values = series()
    thursdays = values.where(values.index.day_of_week == 3)
    with pytest.raises(CannotFitError, match="values on fewer than 3 days a week"):
        Prepared.of(thursdays + np.arange(200), 200, 1, "nctr_patients")
    assert len(Prepared.of(values.where(values.index.day_of_week < 3), 100, 1, "nctr_patients").scaled)


def test_months_without_any_value_do_not_count_as_few_days_a_week():
    values = series()
    values.iloc[20:160] = np.nan
    assert np.isfinite(Prepared.of(values, 200, 1, "beds").scaled).sum() == 60


def test_weekdays_that_never_have_a_value_lie_on_a_straight_line():
    values = series(end="2023-12-29")
    prepared = Prepared.of(values.where(values.index.day_of_week < 5), 100, 1, "beds")
    line = pd.Series(prepared.every_weekday, index=prepared.dates)
    assert line["2023-12-16":"2023-12-17"].to_numpy() == pytest.approx(
        np.log(200) + np.array([0.2 / 3, 0.4 / 3]), abs=1e-6
    )
    holes = values.copy()
    holes.iloc[-30] = np.nan
    assert np.isnan(Prepared.of(holes, 100, 1, "beds").every_weekday[-30])
