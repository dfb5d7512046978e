"""A county's forecast of people fit to leave, for tests of plans."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import xarray as xr

from forecast.placements.demand import demand
from forecast.placements.queues.people import People, people_as_now
from forecast.trajectories import Trajectories

LEVELS = {"RM1": 240, "RGP": 110, "RCX": 140}


def backlog(samples: int = 40, days: int = 42, seed: int = 0, metric: str = "nctr_patients") -> Trajectories:
    """Return paths that wander by a few per cent a day around each hospital's level."""
    random = np.random.default_rng(seed)
    dates = pd.date_range("2024-12-02", periods=days)
    moves = random.normal(0, 0.015, (len(LEVELS), samples, days)).cumsum(axis=2)
    noise = random.normal(0, 0.03, moves.shape)
    values = np.rint(np.array(list(LEVELS.values()))[:, None, None] * np.exp(moves + noise))
    coords = {"location": list(LEVELS), "sample": np.arange(samples), "date": dates}
    return Trajectories(
        xr.DataArray(values, dims=("location", "sample", "date"), coords=coords), metric, dates[0] - pd.Timedelta("1D")
    )


@lru_cache(maxsize=4)
def county(samples: int = 40, days: int = 42, seed: int = 0) -> People:
    """Return who comes to wait in Norfolk under such a forecast."""
    return people_as_now(demand(backlog(samples, days, seed)))
