"""A past forecast in three figures: how often its range, and the middle of it, held, and where what came fell."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.forecasters.record import LEVELS
from forecast.forecasters.replay import FORECAST
from forecast.watching.limits import AHEAD_DAYS

POINT_COLUMNS = ("made", "inside", "middle", "place", "days", "afterwards")
APART_DAYS = 5
"""Forecasts less than this apart tell the same: of two in a week the later counts."""
_MOST = 0.5
_NAMES = [f"{level:g}" for level in LEVELS]


def weekly_points(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Judge each past forecast of one metric over the days next to the newest figures it knew.

    Parameters
    ----------
    rows
        Rows of the diary, or of forecasts made again: model, location, origin, date, observed, the quantiles, and
        as_of and at_the_time in a diary.

    Returns
    -------
    dict
        Location to ``POINT_COLUMNS``, oldest first: the day on which it was made (the as-of day; of one made again its
        origin), the share of days inside the 9-in-10 range and inside the 5-in-10 range (NaN of a record that kept
        likely ranges only), the mean place of outcomes in the forecast (0 the lowest, 1 the highest, 0.5 where it
        leans to no side), how many days that is of, and whether it was made afterwards.
        Forecasts whose fortnight is not over yet, or of which less than half is known, are left out.
    """
    own = rows[rows["model"] == FORECAST]
    own = own[(own["date"] - own["origin"]).dt.days <= AHEAD_DAYS] if len(own) else own
    if own.empty:
        return {}
    known = own["observed"].notna()
    told = pd.DataFrame(
        {
            "location": own["location"],
            "made": own["as_of" if "as_of" in own else "origin"],
            "inside": _between(own, "0.05", "0.95"),
            "middle": _between(own, "0.25", "0.75"),
            "place": pd.Series(places(own), index=own.index).where(known),
            "days": known.astype(float),
            "afterwards": ~own["at_the_time"].astype(bool) if "at_the_time" in own else False,
            "last": own["date"],
        }
    )
    by = told.groupby(["location", "made"])
    found = (
        by[["inside", "middle", "place", "afterwards"]].mean().assign(days=by["days"].sum(), share=by["days"].mean())
    )
    newest = told["last"].where(known).groupby(told["location"]).max()
    over = by["last"].max() <= newest.reindex(found.index.get_level_values("location")).to_numpy()
    chosen = found[over & (found["share"] >= _MOST)].reset_index()
    chosen["afterwards"] = chosen["afterwards"] > 0
    return {str(name): _apart(one)[list(POINT_COLUMNS)] for name, one in chosen.groupby("location")}


def _between(rows: pd.DataFrame, low: str, high: str) -> pd.Series:
    told = rows[["observed", low, high]].notna().all(axis=1)
    return rows["observed"].between(rows[low], rows[high]).where(told).astype(float)


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
