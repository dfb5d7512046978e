"""Daily paths carried on along the weeks of the season ahead."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.errors import InputError
from forecast.placements.waiting.carried import carried
from forecast.trajectories import Trajectories


def _paths(values: list[float], dates: pd.DatetimeIndex, location: str = "RM1") -> Trajectories:
    coords = {"location": [location], "sample": [0], "date": dates}
    array = xr.DataArray(np.array(values, dtype=float)[None, None], dims=("location", "sample", "date"), coords=coords)
    return Trajectories(array, "nctr_patients", pd.Timestamp("2024-12-01"), step_days=(dates[1] - dates[0]).days)


DAYS = _paths([10] * 7, pd.date_range("2024-12-02", periods=7))
WEEKS = _paths([10, 17, 24], pd.date_range("2024-12-08", periods=3, freq="7D"))


def test_days_stay_and_weeks_are_joined_between_their_middles() -> None:
    both = carried(DAYS, WEEKS)
    assert both.step_days == 1
    assert both.paths[0, 0, :7].tolist() == [10] * 7
    # The first week's middle is Thursday 5 December with 10, the next one's the 12th with 17: a person more a day.
    assert both.paths[0, 0, 7:].tolist() == pytest.approx([14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24])
    assert both.dates[-1] == pd.Timestamp("2024-12-19")


def test_weeks_that_reach_no_further_add_nothing() -> None:
    short = _paths([10, 11], pd.date_range("2024-11-24", periods=2, freq="7D") + pd.Timedelta("14D"))
    assert carried(_paths([10] * 30, pd.date_range("2024-12-02", periods=30)), short).dates[-1].day == 31


def test_what_does_not_belong_together_is_refused() -> None:
    with pytest.raises(InputError, match="every 7 and every 1 days"):
        carried(WEEKS, DAYS)
    with pytest.raises(InputError, match="other locations"):
        carried(DAYS, _paths([1, 2], WEEKS.dates[:2], "RGP"))
