"""Peaks of the flu winter of 2022-23, whose returns hold false zeros, as published."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.trajectories import DIMS, Trajectories
from forecast.waves.peaks import peak

pytestmark = pytest.mark.real
HOSPITALS = ["RM1", "RGP", "RCX"]
WINTER = ("2022-10-01", "2023-04-30")


def test_false_zeros_leave_a_peak_unsaid_and_do_not_move_another(real_store):
    origin = pd.Timestamp("2023-02-12")
    panel = real_store.panel("flu_beds", locations=HOSPITALS, clean=True).loc[:origin]
    ahead = pd.date_range(origin + pd.Timedelta(days=1), WINTER[1])
    # five to nine patients for the rest of the winter: the wave has gone by
    values = np.random.default_rng(1).integers(5, 10, (3, 50, len(ahead))).astype(float)
    coords = {"location": HOSPITALS, "sample": np.arange(50), "date": ahead}
    t = Trajectories(xr.DataArray(values, dims=DIMS, coords=coords), "flu_beds", origin)
    found = peak(t, observed=panel, window=WINTER)
    assert list(found.reasons) == ["RGP", "RCX"]
    for reason, last in zip(found.reasons.values(), ("5 January 2023", "9 January 2023"), strict=True):
        assert reason.endswith(f"to {last}, when the peak may have passed unseen")
    # 72 patients on 28 December; days reported as zero lie between
    assert found.week_probabilities["RM1"]["2022-12-26"] == 1
    assert found.passed["RM1"] == 1
    assert 60 < found.sizes["RM1"].iloc[0] < 72
