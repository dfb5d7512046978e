"""What the earlier run forecast for the newest week, against what came."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.summary import LIKELY
from forecast.trajectories import Trajectories

WEEK = pd.Timedelta(days=6)


def week_told(metric: str, usable: pd.DataFrame, paths: Trajectories) -> list[dict[str, object]]:
    """Rows of ``WEEK_COLUMNS``: the newest seven days as far as they were still ahead of the earlier forecast.

    Parameters
    ----------
    metric
        Its name.
    usable
        Its values as known now, without those known to be wrong, dates by place; the last date is the newest.
    paths
        The earlier forecast.

    Returns
    -------
    list of dict
        A place's forecast is of the mean of the same days that have a value there; none where no day has one.
    """
    rows: list[dict[str, object]] = []
    newest = usable.index[-1]
    week = usable.loc[(usable.index >= newest - WEEK) & (usable.index > paths.origin)]
    for location in paths.locations:
        came = week[location].dropna() if location in week else pd.Series(dtype=float)
        days = came.index[came.index.isin(paths.dates)]
        ahead = paths.samples.sel(location=location, date=days)
        if not len(days) or bool(np.isnan(ahead).any()):
            continue
        low, middle, high = np.quantile(ahead.mean(dim="date").to_numpy(), [LIKELY[0], 0.5, LIKELY[1]])
        told = {"low": float(low), "middle": float(middle), "high": float(high), "observed": float(came[days].mean())}
        rows.append({"metric": metric, "location": location, "first": days[0], "last": days[-1], **told})
    return rows
