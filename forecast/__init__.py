"""Fit-to-leave backlogs and winter peaks, from published NHS data to places needed."""

from forecast import forecasters
from forecast.errors import ForecastError, InputError, NotObservations, Refused, RunError, StoreError
from forecast.forecasters import default_forecaster
from forecast.observations.store import Added, Store
from forecast.refit import refit
from forecast.runs import Run, latest_run, open_run
from forecast.sources import read
from forecast.trajectories import Trajectories

__all__ = [
    "Added",
    "ForecastError",
    "InputError",
    "NotObservations",
    "Refused",
    "Run",
    "RunError",
    "Store",
    "StoreError",
    "Trajectories",
    "default_forecaster",
    "forecasters",
    "latest_run",
    "open_run",
    "read",
    "refit",
]
