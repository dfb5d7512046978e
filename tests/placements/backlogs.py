"""Small forecasts of the backlog, made by hand."""

import numpy as np
import pandas as pd
import xarray as xr

from forecast.trajectories import DIMS, Trajectories

ORIGIN = pd.Timestamp("2023-01-08")


def backlog(values, metric="nctr_remaining", *, samples=1, step_days=1, origin=ORIGIN):
    """Location to a list of values by date, or an array (sample, date)."""
    arrays = [np.atleast_2d(np.asarray(one, dtype=float)) for one in values.values()]
    paths = np.stack([np.repeat(one, samples, axis=0) if len(one) == 1 else one for one in arrays])
    dates = pd.date_range(origin + pd.Timedelta(days=step_days), periods=paths.shape[2], freq=f"{step_days}D")
    coords = {"location": list(values), "sample": np.arange(paths.shape[1]), "date": dates}
    return Trajectories(xr.DataArray(paths, dims=DIMS, coords=coords), metric, origin, step_days=step_days)
