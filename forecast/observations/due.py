"""What the publications should have brought, and what of it is stored.

The releases of a publication follow from the rules of ``forecast.observations.publication``: days in a row that become
public on one day are one release. Of a release, each hospital owes one value a day (a week, a month) of every measure.

When a value came is read from the store. The store dates the first edition of a value by the rule, unless the value was
given a day of its own, since re-issued files carry late dates for old values. So a value counts as late only where its
own day says so, or where the edition it was read from came out between the day it was due and the next release.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.observations.publication import out_of_season, released
from forecast.reference import Reference, reference

WEEKS = 12
REACH_BACK = 60
"""Days that a release may lie behind its first value: the second Thursday after a month is at most 52 days behind."""
REACH_AHEAD = 380
"""A collection that is closed until next winter has its next release within this many days."""
STATES = ("came", "late", "part", "missing", "off_season", "expected")
COLUMNS = ("metric", "due", "first", "last", "location", "state", "wanted", "there", "stored", "came")
RELEASE = ["due", "first", "last"]
_STEPS = {"daily": "D", "weekly": "W-MON", "monthly": "MS"}


def due(
    metric: str,
    history: pd.DataFrame,
    hospitals: Sequence[str],
    as_of: pd.Timestamp,
    *,
    reported: pd.Series | None = None,
    weeks: int = WEEKS,
    tables: Reference | None = None,
) -> pd.DataFrame:
    """List what each hospital owed of one measure at each release, and what of it is stored.

    Parameters
    ----------
    metric
        The measure.
    history
        Its stored rows, or those of the measures it is derived from: ``Store.history``.
    hospitals
        Who owes the values.
    as_of
        Releases due in the weeks to this day are listed, and the next one after it.
    reported
        Days on which anybody anywhere reported: a collection that may be closed counts as open on them. Those of
        ``history`` when left out.
    weeks
        How many.
    tables
        Reference tables; those in force when left out.

    Returns
    -------
    DataFrame
        One row a release and hospital: ``metric``, ``due``, ``first`` and ``last`` day of its values, ``location``,
        ``state`` (of ``STATES``, as it stood on the as-of day), ``wanted`` values, of which ``there`` by the as-of day
        and ``stored`` today, and the day on which the last of those there ``came``.
    """
    tables = tables or reference()
    known = tables.metric(metric)
    parts = known.derived_from if known and known.derived_from else (metric,)
    first = as_of - pd.Timedelta(weeks=weeks, days=REACH_BACK)
    days = _releases(metric, first, as_of, tables)
    history = history[history["metric"].isin(parts)]
    somebody = history["date"] if reported is None else reported
    days["open"] = ~out_of_season(days["date"], metric, tables) | days["date"].isin(somebody)
    days = _wanted(days, as_of, weeks)
    came = _came(history, parts, hospitals, days)
    frame = pd.concat([_owed(days, came[code], code, as_of) for code in hospitals]).assign(metric=metric)
    place = frame["location"].map({code: place for place, code in enumerate(hospitals)})
    ordered = frame.assign(place=place).sort_values(["due", "first", "place"])
    return ordered[list(COLUMNS)].reset_index(drop=True)


def publication(metric: str, tables: Reference | None = None) -> str:
    """Name of the publication that brings a measure; the measure itself where nobody knows it."""
    known = (tables or reference()).metric(metric)
    return known.source.replace(";", ",").split(",")[0].strip() if known else metric


def publications(metrics: pd.Series, tables: Reference | None = None) -> pd.Series:
    """Name of the publication that brings each of many measures."""
    return metrics.map({metric: publication(metric, tables) for metric in metrics.unique()})


def state_of(states: pd.Series) -> str:
    """State of several values together: what all of them have in common, else in part.

    >>> state_of(pd.Series(["came", "late"]))
    'late'
    """
    found = set(states) - {"off_season"}
    if not found:
        return "off_season"
    if len(found) == 1:
        return str(found.pop())
    return "late" if found == {"came", "late"} else "part"


def _releases(metric: str, first: pd.Timestamp, as_of: pd.Timestamp, tables: Reference) -> pd.DataFrame:
    """Every date near the as-of day with the day it is due and the number of its release."""
    known = tables.metric(metric)
    step = _STEPS.get(known.frequency if known else "daily", "D")
    days = pd.DataFrame({"date": pd.date_range(first, as_of + pd.Timedelta(days=REACH_AHEAD), freq=step, unit="us")})
    days["due"] = released(days["date"], metric, tables)
    days["release"] = (days["due"] != days["due"].shift()).cumsum()
    return days


def _wanted(days: pd.DataFrame, as_of: pd.Timestamp, weeks: int) -> pd.DataFrame:
    """Dates of the releases of the last weeks, and of the next one that brings anything."""
    days["next"] = _next_due(days["due"])
    past = (days["due"] > as_of - pd.Timedelta(weeks=weeks)) & (days["due"] <= as_of)
    ahead = days[(days["due"] > as_of) & days["open"]]
    following = ahead.loc[ahead["due"] == ahead["due"].min(), "release"].unique()
    return days[past | days["release"].isin(following)]


def _next_due(dues: pd.Series) -> np.ndarray:
    ordered = np.sort(dues.unique())
    place = np.searchsorted(ordered, dues.to_numpy(), side="right")
    return np.append(ordered, np.datetime64("2262-01-01"))[place]


def _came(history: pd.DataFrame, parts: Sequence[str], hospitals: Sequence[str], days: pd.DataFrame) -> pd.DataFrame:
    """Day on which each value came: date by hospital; a derived value came with the last of its parts."""
    wanted = days.set_index("date")
    rows = history[history["location"].isin(list(hospitals)) & history["date"].isin(wanted.index)]
    first = rows.sort_values("released", kind="stable").drop_duplicates(["metric", "date", "location"])
    owed, following = (wanted[name].reindex(first["date"]).to_numpy() for name in ("due", "next"))
    after = (first["published"] > owed) & (first["published"] < following)
    first = first.assign(came=first["published"].where(after, first["released"]))
    whole = first.groupby(["date", "location"])["came"].agg(["max", "size"])
    came = whole.loc[whole["size"] == len(parts), "max"].unstack("location")  # noqa: PD010
    return came.reindex(columns=list(hospitals)).astype("datetime64[us]")


def _owed(days: pd.DataFrame, came: pd.Series, code: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Rows of ``due`` of one hospital."""
    when = pd.Series(came.reindex(days["date"]).to_numpy(), index=days.index)
    there = when <= as_of
    shown = days["open"] | ~days.groupby("release")["open"].transform("any")
    table = pd.DataFrame(
        {
            "release": days["release"],
            "due": days["due"],
            "first": days["date"].where(shown),
            "last": days["date"].where(shown),
            "wanted": days["open"].astype(int),
            "there": there.astype(int),
            "stored": when.notna().astype(int),
            "came": when.where(there),
        }
    )
    count = {"due": "first", "first": "min", "last": "max", "wanted": "sum", "there": "sum", "stored": "sum"}
    found = table.groupby("release").agg({**count, "came": "max"}).assign(location=code)
    found["state"] = np.select(
        [
            found["wanted"] == 0,
            found["due"] > as_of,
            found["there"] == 0,
            found["there"] < found["wanted"],
            found["came"] > found["due"],
        ],
        ["off_season", "expected", "missing", "part", "late"],
        "came",
    )
    return found


def releases(owed: pd.DataFrame, tables: Reference | None = None) -> pd.DataFrame:
    """Put the measures and hospitals of each publication together.

    Parameters
    ----------
    owed
        Rows of ``due``, of one measure or several.
    tables
        Reference tables; those in force when left out.

    Returns
    -------
    DataFrame
        One row a release: ``publication``, ``due``, ``first``, ``last``, ``state``, ``hospitals`` that owe something,
        of which ``complete`` by the as-of day, the day the last value ``came``, and whether all of it is ``stored``
        today.
    """
    rows = owed.assign(publication=publications(owed["metric"], tables))
    found = [
        {**dict(zip(["publication", *RELEASE], key, strict=True)), **_together(part)}
        for key, part in rows.groupby(["publication", *RELEASE], sort=False)
    ]
    columns = ["publication", *RELEASE, "state", "hospitals", "complete", "came", "stored"]
    return pd.DataFrame(found, columns=columns).sort_values("due", kind="stable", ignore_index=True)


def _together(part: pd.DataFrame) -> dict[str, object]:
    each = part.groupby("location")["state"].agg(state_of)
    each = each[each != "off_season"]
    return {
        "state": state_of(part["state"]),
        "hospitals": len(each),
        "complete": int(each.isin(["came", "late"]).sum()),
        "came": part["came"].max(),
        "stored": bool((part["stored"] >= part["wanted"]).all() and part["wanted"].any()),
    }
