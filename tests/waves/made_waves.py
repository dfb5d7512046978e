"""Sample paths and observed panels small enough to be worked by hand."""

import numpy as np
import pandas as pd
import xarray as xr

from forecast.trajectories import DIMS, Trajectories


def paths_of(values, first, step=1, locations=("RM1",), origin=None, **changes):
    """Trajectories of an array (location, sample, date) whose first date is ``first``."""
    values = np.asarray(values, dtype=float)
    dates = pd.date_range(first, periods=values.shape[2], freq=f"{step}D")
    coords = {"location": list(locations), "sample": np.arange(values.shape[1]), "date": dates}
    origin = dates[0] - pd.Timedelta(days=step) if origin is None else pd.Timestamp(origin)
    return Trajectories(xr.DataArray(values, dims=DIMS, coords=coords), "flu_beds", origin, **changes)


def weekly(*rows, first="2024-12-16", **changes):
    """Weekly paths of one hospital, one list a sample, dated by their Mondays."""
    return paths_of([list(rows)], first, 7, **changes)


def panel_of(values, last, step=1, locations=("RM1",)):
    """Panel, dates by location, whose last date is ``last``."""
    values = np.asarray(values, dtype=float).reshape(-1, len(locations))
    dates = pd.date_range(end=last, periods=len(values), freq=f"{step}D")
    return pd.DataFrame(values, index=dates, columns=list(locations))


def bell(days, at, height, width=10.0):
    """A wave of that height, by day."""
    return height * np.exp(-0.5 * ((np.arange(days) - at) / width) ** 2)
