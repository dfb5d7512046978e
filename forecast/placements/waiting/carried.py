"""The days of a forecast, and after them the weeks of the season ahead, as one set of daily paths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from forecast.errors import InputError
from forecast.trajectories import DIMS, Trajectories

MIDDLE = pd.Timedelta(days=3)
"""From the last day of a week back to its middle, where its mean stands."""


def carried(daily: Trajectories, weekly: Trajectories) -> Trajectories:
    """Carry daily paths on along weekly means of the same paths.

    Between the middles of two weeks a path goes straight from one mean to the next; the weekday shape ends with the
    daily paths.

    Parameters
    ----------
    daily
        Paths by day.
    weekly
        Means of weeks by their last day, of the same locations and samples, further ahead.

    Returns
    -------
    Trajectories
        Daily, to the middle of the last week; ``daily`` itself where the weeks reach no further.

    Raises
    ------
    InputError
        The two do not belong together.
    """
    if daily.step_days != 1 or weekly.step_days != 7:
        raise InputError(
            f"carried: paths every {daily.step_days} and every {weekly.step_days} days; give daily and weekly ones"
        )
    same = (daily.metric, daily.locations, daily.paths.shape[1]) == (
        weekly.metric,
        weekly.locations,
        weekly.paths.shape[1],
    )
    if not same:
        raise InputError("carried: the weeks are of another metric, other locations or other samples than the days")
    middles = weekly.dates - MIDDLE
    later = pd.date_range(daily.dates[-1] + pd.Timedelta("1D"), middles[-1])
    if not len(later):
        return daily
    at = np.searchsorted(middles, later).clip(1)
    before, after = middles[at - 1], middles[at]
    share = np.clip(np.asarray((later - before) / (after - before)), 0, 1)
    paths = weekly.paths[:, :, at - 1] * (1 - share) + weekly.paths[:, :, at] * share
    coords = {"location": daily.locations, "sample": np.arange(paths.shape[1]), "date": daily.dates.append(later)}
    samples = xr.DataArray(np.concatenate([daily.paths, paths], axis=2), dims=DIMS, coords=coords)
    return Trajectories(samples, daily.metric, daily.origin, daily.notes, daily.model, 1)
