"""What a run says of a wave, from paths and the values before them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.reference import reference
from forecast.trajectories import DIMS, Trajectories
from forecast.weekly.wave_forecasts import wave_of

DAYS = pd.date_range("2024-11-20", "2025-01-26", name="date")
AHEAD = pd.date_range("2025-01-27", "2025-04-30")


def bell(height: float) -> np.ndarray:
    return height * np.exp(-0.5 * ((DAYS - pd.Timestamp("2024-12-30")).days.to_numpy() / 16) ** 2)


def test_a_slip_in_the_nation_s_newest_figure_is_not_its_peak():
    nation = pd.Series(bell(4000), DAYS, name="ENG")
    nation.iloc[-1] *= 100  # two zeros too many
    low = np.full((2, 20, len(AHEAD)), 9.0)
    coords = {"location": ["RM1", "ENG"], "sample": np.arange(20), "date": AHEAD}
    paths = Trajectories(xr.DataArray(low, dims=DIMS, coords=coords), "flu_beds", DAYS[-1])
    tables = reference()
    metric = tables.metric("flu_beds")
    assert metric is not None
    usable = pd.DataFrame({"RM1": bell(90)}, index=DAYS)
    found = wave_of(metric, paths, usable, nation, pd.Timestamp("2025-01-30"), tables)
    assert found.peaks is not None
    assert (found.peaks.weeks["ENG"] == pd.Timestamp("2024-12-30")).all()
    assert found.peaks.sizes["ENG"].max() == pytest.approx(4000, rel=0.05)
    assert found.nation.equals(nation)  # what is shown is what was published


def test_in_july_the_lag_is_that_of_the_season_whose_figures_are_at_hand():
    days = pd.date_range("2024-01-01", "2024-06-30", name="date")
    course = 90 * np.exp(-0.5 * ((days - pd.Timestamp("2024-03-20")).days.to_numpy() / 16) ** 2) + 1
    nation = pd.Series(np.roll(course, -5) * 40, days, name="ENG").iloc[:-5]
    tables = reference()
    metric = tables.metric("covid_beds_occupied")
    assert metric is not None
    ahead = pd.date_range("2024-07-01", periods=40)
    coords = {"location": ["RM1"], "sample": np.arange(20), "date": ahead}
    paths = Trajectories(xr.DataArray(np.ones((1, 20, 40)), dims=DIMS, coords=coords), metric.name, days[-1])
    usable = pd.DataFrame({"RM1": np.random.default_rng(1).poisson(course).astype(float)}, index=days)
    found = wave_of(metric, paths, usable, nation, pd.Timestamp("2024-07-11"), tables)
    assert found.lags["RM1"].identifiable, found.lags["RM1"].reason
    assert abs(found.lags["RM1"].median - 5) <= 2
