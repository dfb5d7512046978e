"""What the charts of waves are made of, worked by hand."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.figures import wave_frames
from forecast.trajectories import DIMS, Trajectories
from forecast.waves.peaks import peak

WINDOW = (pd.Timestamp("2024-10-01"), pd.Timestamp("2025-04-30"))
ORIGIN = pd.Timestamp("2024-12-15")


def paths(values, first="2024-12-16", step=7):
    values = np.asarray(values, dtype=float)[None]
    dates = pd.date_range(first, periods=values.shape[2], freq=f"{step}D")
    coords = {"location": ["RM1"], "sample": np.arange(values.shape[1]), "date": dates}
    return Trajectories(xr.DataArray(values, dims=DIMS, coords=coords), "flu_beds", ORIGIN)


def daily(values, last=ORIGIN):
    return pd.Series(np.asarray(values, dtype=float), index=pd.date_range(end=last, periods=len(values)))


def test_weeks_that_have_a_chance_are_listed_and_past_ones_are_marked():
    observed = pd.DataFrame({"RM1": [29.0, 5.0]}, index=pd.to_datetime(["2024-12-02", "2024-12-09"]))
    found = peak(paths([[30, 10, 10], [10, 10, 40], [20, 28, 10], [10, 10, 31]]), observed=observed, window=WINDOW)
    rows = wave_frames.week_rows(found, "RM1")
    assert list(rows["week"]) == list(pd.to_datetime(["2024-12-02", "2024-12-16", "2024-12-30"]))
    assert list(rows["share"]) == [0.25, 0.25, 0.5]
    assert list(rows["past"]) == [True, False, False]


def test_size_and_week_have_a_row_each_and_sum_to_one():
    found = peak(paths([[30, 10], [10, 40], [60, 10], [10, 31]]), window=WINDOW)
    rows = wave_frames.size_rows(found, "RM1")
    assert rows["share"].sum() == 1
    one = rows[(rows["week"] == "2024-12-16") & (rows["low"] <= 60) & (rows["high"] > 60)]
    assert one["share"].item() == 0.25
    assert (rows.groupby("week").size() == rows[["low", "high"]].drop_duplicates().shape[0]).all()


def test_days_behind_leave_out_what_has_next_to_no_chance():
    rows = wave_frames.lag_rows(pd.Series([0.001, 0.2, 0.0, 0.798, 0.001], index=range(5, 10)))
    assert list(rows["days"]) == [6, 7, 8]


def test_the_nations_curve_is_moved_and_scaled_to_the_same_total():
    nation = daily(np.r_[np.arange(70.0) * 100])
    own = daily(np.r_[np.zeros(10), np.arange(60.0)])  # a hundredth, ten days later
    found = wave_frames.echo(own, nation, 10)
    assert found.share == pytest.approx(0.01, rel=0.01)
    assert found.moved == 10
    both = found.rows.dropna()
    assert both["own"].iloc[5:-5].to_numpy() == pytest.approx(both["england"].iloc[5:-5].to_numpy(), rel=0.02)
    assert found.rows["date"].iloc[-1] == ORIGIN + pd.Timedelta(days=7)  # ten later, less half a week
    assert np.isnan(found.rows["own"].iloc[-1])


def test_a_weekly_nation_is_a_line_between_its_weeks():
    nation = pd.Series([100.0, 800.0], index=pd.to_datetime(["2024-12-08", "2024-12-15"]))
    found = wave_frames.echo(daily([10.0] * 20), nation, 0)
    assert found.rows["england"].notna().sum() == 8
    assert found.rows["england"].max() / found.rows["england"].min() == pytest.approx(8)


@pytest.mark.parametrize(
    ("own", "nation", "said"),
    [
        (daily([np.nan] * 9), daily([10.0] * 9), "no usable figures of this place"),
        (daily([10.0] * 9), daily([np.nan] * 9), "no usable figures of England"),
        (daily([10.0] * 9), daily([0.0] * 9), "no patients were counted in England"),
        (daily([2.0] * 9), daily([500.0] * 9), "fewer than 5 patients here"),
    ],
)
def test_where_there_is_nothing_to_lay_under_a_curve_the_reason_is_given(own, nation, said):
    assert said in wave_frames.echo(own, nation, 3)


def test_an_earlier_wave_of_the_nation_that_the_place_does_not_know_is_left_out():
    nation = daily(np.r_[np.full(60, 9000.0), np.full(60, 100.0)])
    found = wave_frames.echo(daily([10.0] * 30), nation, 0)
    assert found.rows["england"].max() == pytest.approx(10)


def test_days_above_add_observed_days_forecast_days_and_weeks_of_the_outlook():
    near = paths([[30, 10, 30], [10, 10, 10]], step=1)  # 16 to 18 December
    far = paths([[99, 30, 10], [99, 10, 30]], first="2024-12-18", step=7)  # weeks to the 18th, 25th and 1 January
    observed = daily([30.0, 10.0]).rename("RM1").to_frame()
    assert list(wave_frames.above(near, far, 20, observed, WINDOW, "RM1")) == [1 + 2 + 7, 1 + 0 + 7]


def test_days_above_fall_into_bands_that_sum_to_one():
    rows = wave_frames.above_rows(np.array([0.0, 1, 7, 8, 300]))
    assert list(rows["share"]) == [0.2, 0.4, 0.2, 0, 0, 0.2]
    assert list(rows["first"]) == [0, 1, 8, 15, 29, 57]
    assert list(rows["last"].iloc[:-1]) == [0, 7, 14, 28, 56]


def test_the_usual_threshold_is_a_round_number_below_the_peak():
    assert wave_frames.usual_beds([30.0, 40, 50]) == 30
    assert wave_frames.usual_beds([1.0]) == 5


def test_values_that_look_wrong_are_left_out_also_of_the_sum():
    days = pd.date_range("2024-12-14", periods=2)
    history = pd.DataFrame({"RM1": [10.0, 0.0], "NORFOLK": [30.0, 20.0]}, index=days)
    flags = pd.DataFrame({"date": [days[1]], "location": ["RM1"], "flag": ["lone_zero"], "note": ["not filled in"]})
    panel = wave_frames.usable(history, flags, {"NORFOLK": ["RM1"]})
    assert list(panel["RM1"].isna()) == [False, True]
    assert list(panel["NORFOLK"].isna()) == [False, True]
