"""The season ahead of a run: weekly means of the very paths that the days are read off."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.reference import reference
from forecast.runs import outlook
from forecast.trajectories import Trajectories


def paths(days: int, origin: str = "2025-01-05", step: int = 1) -> Trajectories:
    dates = pd.date_range(origin, periods=days + 1, freq=f"{step}D")[1:]
    values = np.arange(2 * 3 * days, dtype=float).reshape(2, 3, days)
    coords = {"location": ["A", "B"], "sample": range(3), "date": dates}
    array = xr.DataArray(values, dims=("location", "sample", "date"), coords=coords)
    return Trajectories(array, "m", pd.Timestamp(origin), {"A": "a remark"}, "SeasonOutlook")


def test_a_week_is_the_mean_of_its_seven_days_and_stands_under_the_last():
    found = outlook.weekly(paths(4 + 14), pd.Timestamp("2025-01-09"))
    assert found.dates.astype(str).tolist() == ["2025-01-16", "2025-01-23"]
    assert found.step_days == 7
    assert found.paths[0, 0].tolist() == [7, 14]  # days 5 to 11, and 12 to 18, of 0, 1, 2 and so on
    assert found.paths[1, 2].tolist() == [5 * 18 + 7, 5 * 18 + 14]
    assert (found.origin, found.notes, found.model) == (pd.Timestamp("2025-01-05"), {"A": "a remark"}, "SeasonOutlook")


def test_a_week_that_is_not_all_forecast_is_left_out():
    found = outlook.weekly(paths(4 + 13), pd.Timestamp("2025-01-09"))
    assert found.dates.astype(str).tolist() == ["2025-01-16"]


def test_with_data_older_than_a_week_the_week_to_the_as_of_day_is_ahead_too():
    found = outlook.weekly(paths(9 + 7), pd.Timestamp("2025-01-14"))
    assert found.dates.astype(str).tolist() == ["2025-01-14", "2025-01-21"]
    assert found.paths[0, 0].tolist() == [5, 12]


def test_weekly_figures_stay_as_they_are():
    weekly = paths(30, step=7)
    assert outlook.weekly(weekly, pd.Timestamp("2025-01-09")) is weekly


def test_the_first_steps_are_the_same_paths():
    near = outlook.first(paths(20), 6)
    assert np.array_equal(near.paths, paths(20).paths[:, :, :6])
    assert near.notes == {"A": "a remark"}


def test_the_backlog_and_patients_of_a_wave_are_looked_at_a_season_ahead():
    chosen = [metric.name for metric in reference().forecast_metrics() if outlook.wanted(metric)]
    assert chosen == ["nctr_patients", "nctr_remaining", "flu_beds", "covid_beds_occupied"]
    assert not outlook.wanted(reference().metrics["nctr_patients_los21plus"])  # not forecast at all


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({}, "before there was one; run 'forecast refit'"),
        ({"outlook": outlook.SeasonAhead(reason="too short").entry()}, "too short"),
        ({"outlook": outlook.SeasonAhead().entry()}, "does not look so far ahead"),
    ],
)
def test_why_a_run_has_no_outlook_is_read_off_its_manifest(entry, says):
    assert says in outlook.lacking(entry)


def test_an_outlook_is_recorded_with_what_it_learned_from():
    day, later = pd.Timestamp("2022-04-01"), pd.Timestamp("2025-02-16")
    entry = outlook.SeasonAhead(paths(14), "", day, later).entry()
    assert entry == {"reason": "", "learned_from": "2022-04-01", "handover": "2025-02-16"}
    assert outlook.lacking({"outlook": entry}) == ""
