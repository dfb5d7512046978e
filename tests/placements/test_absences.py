"""Social workers absent in proportion to the hospitals' staff absent."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from made_people import backlog

from forecast.placements.demand import demand
from forecast.placements.plan import PlacementPlan
from forecast.placements.queues.absences import absence_by_hospitals
from forecast.trajectories import Trajectories


def test_social_workers_absence_is_the_plan_s_times_what_the_hospitals_is_of_its_first_week_and_at_most_all() -> None:
    plan, dates = PlacementPlan(social_worker_absence=0.1), pd.date_range("2024-12-02", periods=20)
    paths = np.array([[100.0] * 7 + [200.0] * 7, [100.0] * 7 + [5000.0] * 7])
    coords = {"location": ["RM1"], "sample": [0, 1], "date": dates[:14]}
    array = xr.DataArray(paths[None], dims=("location", "sample", "date"), coords=coords)
    staff = Trajectories(array, "staff_absent_total", dates[0] - pd.Timedelta("1D"))
    found = absence_by_hospitals(staff, plan, demand(backlog(samples=3, days=20)))
    # The last day known holds on; a third path takes the first of those there are.
    doubled, all_away = [0.1] * 7 + [0.2] * 13, [0.1] * 7 + [1.0] * 13
    assert found == pytest.approx(np.array([doubled, all_away, doubled]))
