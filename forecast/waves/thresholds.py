"""On how many days of a season a wave lies above a number of beds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.trajectories import Trajectories
from forecast.waves.observed import checked_observed
from forecast.waves.season import Season, Window


def days_above(
    t: Trajectories,
    threshold: float,
    *,
    observed: pd.DataFrame | None = None,
    window: Window,
    dated: str = "",
) -> pd.DataFrame:
    """Days of the window on which each sample path lies above a number, observed days included.

    Parameters
    ----------
    t, observed, window, dated
        As in ``peak``. A day that is not known does not count.
    threshold
        Days strictly above it count; a week above it counts as seven days.

    Returns
    -------
    DataFrame
        Sample by location; NaN where a location has no forecast inside the window.

    Raises
    ------
    InputError
        As ``peak``, or the threshold is no number.
    """
    if not isinstance(threshold, (int, float, np.number)) or np.isnan(threshold):
        raise InputError(f"threshold is {threshold!r}; give a number of beds")
    season = Season.of(t, window, dated)
    observed = checked_observed(observed, t.step_days)
    inside = season.inside
    found = {}
    for place, code in enumerate(t.locations):
        values = season.joined(season.observed(observed, code), t.paths[place], t.dates)[:, inside]
        days = season.step * (values > threshold).sum(axis=1).astype(np.float64)
        ahead = inside & ~season.past
        lacking = np.isnan(t.paths[place, 0])[np.isin(t.dates, season.dates[ahead])].any()
        found[code] = np.full(len(days), np.nan) if lacking else days
    return pd.DataFrame(found, index=pd.RangeIndex(t.paths.shape[1], name="sample")).rename_axis(columns="location")
