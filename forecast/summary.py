"""From sample paths to the figures and plain words a person reads first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.trajectories import Trajectories

WEEKS_AHEAD = (2, 4)
LIKELY = (0.05, 0.95)
LEVEL_BAND = 0.05
SURE = 0.6
COLUMNS = (
    "metric",
    "location",
    "weeks_ahead",
    "now",
    "now_date",
    "date",
    "median",
    "low",
    "high",
    "chance_up",
    "chance_level",
    "chance_down",
    "word",
)


@dataclass(frozen=True)
class Outlook:
    """One row of the summary: everything is the mean of a week, so that weekdays do not mislead.

    ``now`` is the mean of the usable values of the week to ``now_date``, the newest day of the metric; NaN where the
    location has none. ``median``, ``low`` and ``high`` (9 in 10) describe the mean of the week to ``date``.
    ``chance_up`` is the chance that it is more than 5 % above ``now``, ``chance_down`` more than 5 % below. ``word`` is
    up, level or down where that chance is at least 60 %, else "uncertain"; "cannot say" where there is no forecast.
    Where ``now`` is not known there may be a forecast all the same: it is "uncertain", and the chances are NaN.
    """

    metric: str
    location: str
    weeks_ahead: int
    now: float
    now_date: pd.Timestamp
    date: pd.Timestamp
    median: float
    low: float
    high: float
    chance_up: float
    chance_level: float
    chance_down: float
    word: str


def summarise(trajectories: Trajectories, history: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Outlook of each location two and four weeks after the as-of day.

    Parameters
    ----------
    trajectories
        Paths from the day after the newest datum.
    history
        Usable values (flags masked) up to the newest datum, DatetimeIndex by location.
    as_of
        Day from which the weeks are counted.

    Returns
    -------
    DataFrame
        Columns ``COLUMNS``, one row a location and week ahead.
    """
    rows = [
        _outlook(trajectories, history, as_of, location, weeks)
        for location, weeks in product(trajectories.locations, WEEKS_AHEAD)
    ]
    return pd.DataFrame([vars(row) for row in rows], columns=list(COLUMNS))


def week_means(trajectories: Trajectories, location: str, date: pd.Timestamp) -> npt.NDArray[np.float64] | None:
    """Mean of the week to a date on each path at a location; None where the paths do not reach it or have no forecast.

    Of a week that has begun before the first forecast date, the days from then on.
    """
    ahead = trajectories.samples.sel(location=location, date=slice(date - pd.Timedelta(days=6), date))
    whole = trajectories.dates[-1] > date - pd.Timedelta(days=trajectories.step_days)
    if not whole or not ahead.sizes["date"] or bool(np.isnan(ahead).any()):
        return None
    means: npt.NDArray[np.float64] = ahead.mean(dim="date").to_numpy()
    return means


def _outlook(
    trajectories: Trajectories, history: pd.DataFrame, as_of: pd.Timestamp, location: str, weeks: int
) -> Outlook:
    date = as_of + pd.Timedelta(weeks=weeks)
    week = pd.Timedelta(days=6)
    now_date = history.index[-1]
    now = float(history.loc[now_date - week : now_date, location].mean()) if location in history else np.nan
    mean = week_means(trajectories, location, date)
    if mean is None:
        nothing = (np.nan,) * 6
        return Outlook(trajectories.metric, location, weeks, now, now_date, date, *nothing, "cannot say")
    median, low, high = np.quantile(mean, [0.5, *LIKELY])
    if np.isnan(now):
        told = (float(median), float(low), float(high))
        return Outlook(
            trajectories.metric, location, weeks, now, now_date, date, *told, np.nan, np.nan, np.nan, "uncertain"
        )
    up = float((mean > now * (1 + LEVEL_BAND)).mean())
    down = float((mean < now * (1 - LEVEL_BAND)).mean())
    chances = {"up": up, "level": 1 - up - down, "down": down}
    word = max(chances, key=lambda name: chances[name])
    return Outlook(
        trajectories.metric,
        location,
        weeks,
        now,
        now_date,
        date,
        float(median),
        float(low),
        float(high),
        up,
        max(1 - up - down, 0.0),
        down,
        word if chances[word] >= SURE else "uncertain",
    )
