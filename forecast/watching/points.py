"""A past forecast in two figures: how often its range held over the fortnight ahead, and where in it what came fell."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.forecasters.record import LEVELS
from forecast.forecasters.replay import FORECAST
from forecast.watching.limits import AHEAD_DAYS

POINT_COLUMNS = ("made", "inside", "place", "days")
APART_DAYS = 5
"""Forecasts less than this apart tell the same: of two in a week the later counts."""
_MOST = 0.5
_NAMES = [f"{level:g}" for level in LEVELS]


def weekly_points(rows: pd.DataFrame) -> pd.DataFrame:
    """Judge each past forecast of one metric and place over the days next to the newest figures it knew.

    Parameters
    ----------
    rows
        Rows of the diary, or of forecasts made again, at one location: model, origin, date, observed, the quantiles,
        and as_of in a diary.

    Returns
    -------
    DataFrame
        ``POINT_COLUMNS``, oldest first: the day on which it was made (the as-of day; of one made again its origin), the
        share of days inside the 9-in-10 range, the mean place of outcomes in the forecast (0 the lowest, 1 the highest,
        0.5 where it leans to no side), and how many days that is of. Forecasts whose fortnight is not over yet, or of
        which less than half is known, are left out.
    """
    own = rows[rows["model"] == FORECAST]
    own = own[(own["date"] - own["origin"]).dt.days <= AHEAD_DAYS] if len(own) else own
    known = own[own["observed"].notna()]
    if known.empty:
        return pd.DataFrame(columns=list(POINT_COLUMNS))
    newest = known["date"].max()
    made = "as_of" if "as_of" in rows else "origin"
    inside = (known["observed"] >= known["0.05"]) & (known["observed"] <= known["0.95"])
    told = pd.DataFrame({"made": known[made], "inside": inside.astype(float), "place": places(known)})
    found = told.groupby("made").agg(inside=("inside", "mean"), place=("place", "mean"), days=("inside", "size"))
    each = own.groupby(made).agg(asked=("date", "size"), last=("date", "max"))
    over = (each["last"].loc[found.index] <= newest) & (found["days"] >= _MOST * each["asked"].loc[found.index])
    return _apart(found[over].reset_index())[list(POINT_COLUMNS)]


def places(rows: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Place of each outcome in its forecast (the probability integral transform), between the quantiles on a line.

    Beyond the outermost quantiles, half of what lies there; where quantiles are equal, as counts may be, the middle of
    the levels that meet.
    """
    values = rows[_NAMES].to_numpy(dtype=np.float64)
    came = rows["observed"].to_numpy(dtype=np.float64)[:, None]
    levels = np.r_[0.0, LEVELS, 1.0]
    under, upto = (values < came).sum(axis=1), (values <= came).sum(axis=1)
    equal = upto > under
    low, high = levels[under], levels[np.minimum(under + 1, len(levels) - 1)]
    at = np.clip(under, 1, len(LEVELS) - 1)
    left = np.take_along_axis(values, at[:, None] - 1, axis=1)[:, 0]
    width = np.take_along_axis(values, at[:, None], axis=1)[:, 0] - left
    between = (under > 0) & (under < len(LEVELS)) & ~equal
    part = np.where(between, (came[:, 0] - left) / np.where(width > 0, width, 1.0), 0.5)
    # Equal quantiles: from the first to the last of their levels.
    meeting = (high + levels[upto]) / 2
    return np.asarray(np.where(equal, meeting, low + part * (high - low)))


def _apart(points: pd.DataFrame) -> pd.DataFrame:
    kept: list[int] = []
    after = None
    for place, day in reversed(list(enumerate(points["made"]))):
        if after is None or (after - day).days >= APART_DAYS:
            kept.append(place)
            after = day
    return points.iloc[kept[::-1]].reset_index(drop=True)
