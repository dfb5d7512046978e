from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.figures.fan import bands, make_fan, newest_usable, published, rarely_counts, season_fan, weekly_means
from forecast.trajectories import Trajectories

DAYS = pd.date_range("2025-01-01", periods=4, name="date")


def paths(values):
    dates = pd.date_range("2025-01-05", periods=1)
    array = xr.DataArray(
        np.asarray(values, dtype=float).reshape(2, -1, 1),
        dims=("location", "sample", "date"),
        coords={"location": ["A", "B"], "sample": np.arange(101), "date": dates},
    )
    return Trajectories(array, "beds", pd.Timestamp("2025-01-04"))


def fan(location, **more):
    history = pd.DataFrame({"A": [5.0, 0.0, np.nan, 7.0], "B": [1.0, 2.0, 3.0, 4.0]}, index=DAYS)
    flags = pd.DataFrame({"date": [DAYS[1]], "location": ["A"], "flag": ["lone_zero"], "note": ["zero"]})
    trajectories = paths([np.arange(101), np.full(101, np.nan)])
    baseline = more.pop("baseline", paths([np.arange(101) / 10, np.full(101, np.nan)]))
    return make_fan(
        metric="Beds",
        place=location,
        unit="beds",
        location=location,
        as_of=pd.Timestamp("2025-01-06"),
        history=history,
        flags=flags,
        trajectories=trajectories,
        baseline=baseline,
        **more,
    )


def test_the_bands_are_the_quantiles_of_the_paths():
    row = bands(paths([np.arange(101), np.arange(101)]), "A").iloc[0]
    assert row[["low", "quarter", "median", "three_quarters", "high"]].tolist() == [5, 25, 50, 75, 95]


def test_a_location_without_a_forecast_has_no_bands():
    assert fan("B").forecast.empty
    assert bands(paths([np.arange(101)] * 2), "Z").empty


def test_a_flagged_value_stays_as_published_with_its_reason_and_a_missing_one_is_left_out():
    published = fan("A").published
    assert published["value"].tolist() == [5, 0, 7]
    assert published["flagged"].tolist() == [False, True, False]
    assert published["note"].tolist() == ["", "zero", ""]


def test_a_sum_is_flagged_where_a_member_is():
    assert fan("B", members=["A"]).published["flagged"].tolist() == [False, True, False, False]


def test_a_window_keeps_the_newest_days():
    assert fan("A", days=2).published["date"].tolist() == [DAYS[3]]


def test_the_data_of_a_place_end_where_its_own_last_usable_value_is():
    assert fan("A").data_to == DAYS[3]
    assert fan("A", members=["A", "B"], days=1).data_to == DAYS[3]
    late = pd.DataFrame({"date": [DAYS[3]], "location": ["B"], "flag": ["lone_zero"], "note": ["zero"]})
    assert newest_usable(published(pd.DataFrame({"B": [1.0, 2.0, 3.0, 0.0]}, index=DAYS), late, "B")) == DAYS[2]
    assert newest_usable(published(pd.DataFrame({"B": [np.nan] * 4}, index=DAYS), late, "B")) is None


@pytest.mark.parametrize(("top", "drawn"), [(21.0, True), (22.0, False)])
def test_a_baseline_above_three_times_the_highest_published_value_is_left_out(top, drawn):
    found = fan("A", baseline=paths([np.full(101, top), np.full(101, np.nan)]))  # the highest published is 7
    assert bool(len(found.baseline)) is drawn
    assert bool(found.left_out) is not drawn


def test_a_baseline_known_to_mean_nothing_is_left_out_with_that_reason():
    found = fan("A", left_out="next to nobody is counted")
    assert found.baseline.empty
    assert found.left_out == "next to nobody is counted"
    assert fan("B").left_out == ""


def test_a_remaining_count_near_zero_on_many_weekdays_is_told():
    days = pd.date_range("2024-12-02", periods=28)  # four whole weeks: 20 weekdays
    patients = pd.Series(200.0, index=days)
    remaining = pd.Series(100.0, index=days)
    remaining[days.day_of_week == 2] = 3.0
    assert rarely_counts(remaining, patients) is None  # 4 of 20 is less than a quarter
    remaining[days.day_of_week == 3] = 3.0
    assert rarely_counts(remaining, patients) == (8, 20)


def test_only_the_last_13_weeks_and_weekdays_count():
    days = pd.date_range("2024-01-01", periods=364)
    patients = pd.Series(200.0, index=days)
    remaining = pd.Series(3.0, index=days).where(days < days[-91], 100.0)
    remaining[days.day_of_week >= 5] = 0.0
    assert rarely_counts(remaining, patients) is None
    assert rarely_counts(remaining.iloc[:0], patients) is None


def test_a_finding_about_a_series_marks_no_value_as_wrong():
    history = pd.DataFrame({"A": [5.0, 6.0, 7.0, 8.0]}, index=DAYS)
    told = pd.DataFrame({"date": [DAYS[1]], "location": ["A"], "flag": ["level_shift"], "note": ["a new level"]})
    assert not published(history, told, "A")["flagged"].any()


def week_rows(values, last="2025-01-19", step=1):
    dates = pd.date_range(end=last, periods=len(values), freq=f"{step}D")
    return pd.DataFrame({"date": dates, "value": np.asarray(values, dtype=float)}).dropna()


def test_a_week_of_history_is_the_mean_of_its_usable_days_and_unsaid_with_under_half_of_them():
    nan = np.nan
    days = [4, 4, 4, 4, 4, 4, 4, nan, nan, nan, nan, 1, 1, 1, nan, nan, nan, 1, 2, 3, 6]
    found = weekly_means(week_rows(days), pd.Timestamp("2025-01-19"), 1)
    assert found["date"].astype(str).tolist() == ["2025-01-05", "2025-01-19"]
    assert found["value"].tolist() == [4, 3]
    assert not found["flagged"].any()


def test_a_weekly_figure_is_its_own_week():
    found = weekly_means(week_rows([5, np.nan, 7], step=7), pd.Timestamp("2025-01-19"), 7)
    assert found["date"].astype(str).tolist() == ["2025-01-05", "2025-01-19"]
    assert found["value"].tolist() == [5, 7]


def test_the_fan_of_the_season_has_weeks_of_history_without_what_looks_wrong_and_the_outlook_ahead():
    days = pd.date_range("2024-12-30", "2025-01-19", name="date")
    history = pd.DataFrame({"A": 10.0, "B": 1.0}, index=days)
    history.loc["2025-01-18", "A"] = 1000
    near = fan("A", left_out="says little")
    wrong = days == pd.Timestamp("2025-01-18")
    near = replace(
        near,
        published=pd.DataFrame({"date": days, "value": history["A"].to_numpy(), "flagged": wrong, "note": ""}),
    )
    found = season_fan(near, paths([np.arange(101) + 100, np.zeros(101)]), "A", history, 2)
    assert found.weekly
    assert found.published["date"].astype(str).tolist() == ["2025-01-12", "2025-01-19"]
    assert found.published["value"].tolist() == [10, 10]
    assert found.forecast["median"].tolist() == [150]
    assert (len(found.baseline), found.left_out) == (0, "")
    assert len(season_fan(near, paths([np.arange(101)] * 2), "A", history, None).published) == 3
    lacking = replace(near, published=near.published.drop(index=range(7, 14)))
    shown = season_fan(lacking, paths([np.arange(101)] * 2), "A", history, 2).published
    assert shown["date"].astype(str).tolist() == ["2025-01-19"]  # a week without figures counts as one of the two
