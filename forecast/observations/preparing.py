"""From a frame as it comes to rows to store: checked, named as in the tables, with the day each was released."""

from __future__ import annotations

import pandas as pd

from forecast.errors import InputError
from forecast.observations import table
from forecast.observations.editions import edition_date
from forecast.observations.publication import released as release_dates
from forecast.observations.revisions import ESTIMATE
from forecast.reference import Reference

SIMULATED = "simulated"


def prepared(frame: pd.DataFrame, tables: Reference) -> pd.DataFrame:
    """Tidy rows with the day each was released, and its edition's own date where there is one; oldest first.

    Raises
    ------
    InputError
        The frame is not tidy observations, or an edition was published before a day that it tells of.
    """
    rows = table.check(frame)
    names = {name: tables.aliases.get(name, name) for name in rows["metric"].unique()}
    rows["metric"] = rows["metric"].map(names).astype("str")
    if len(set(names.values())) < len(names):
        _refuse_two_spellings(rows)
    by_rule = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    for metric, part in rows.groupby("metric"):
        by_rule[part.index] = release_dates(part["date"], str(metric), tables)
    told: dict[str, str] = frame.attrs.get("published", {})
    editions = {
        source: pd.Timestamp(told[source]) if source in told else edition_date(source)
        for source in rows["source"].unique()
    }
    given = rows["released"].where(rows["released"].notna() & (rows["released"] != by_rule))
    rows["published"] = rows["source"].map(editions).astype("datetime64[us]").fillna(given)
    _refuse_before_the_day(rows)
    earliest = pd.concat([by_rule, rows["published"]], axis=1).min(axis=1)
    rows["released"] = given.fillna(earliest).astype("datetime64[us]")
    rows["estimate"] = rows["source"].str.startswith(ESTIMATE)
    rows = rows.sort_values(["published", "estimate"], ascending=[True, False], na_position="first", kind="stable")
    return rows.drop(columns="estimate")


def simulated(rows: pd.DataFrame) -> set[bool]:
    """Whether the rows are simulated: both, where they are mixed."""
    # Millions of rows have a few sources.
    sources = pd.Series(rows["source"].unique(), dtype="str")
    return {bool(one) for one in sources.str.casefold().str.startswith(SIMULATED)}


def _refuse_two_spellings(rows: pd.DataFrame) -> None:
    key = ["date", "location", "metric", "source", "released"]
    twice = rows[rows.duplicated(key, keep=False)]
    other = twice[twice.groupby(key, dropna=False)["value"].transform("nunique") > 1]
    if len(other):
        row = other.iloc[0]
        raise InputError(
            f"{row['source']}: {row['metric']} at {row['location']} on {row['date']:%Y-%m-%d} is told under two names "
            "of the metric with two values; keep one of the names"
        )


def _refuse_before_the_day(rows: pd.DataFrame) -> None:
    early = rows[rows["published"] < rows["date"]]
    if len(early):
        row = early.iloc[0]
        raise InputError(
            f"{row['source']}: {row['metric']} at {row['location']} is dated {row['date']:%Y-%m-%d}, after its edition "
            f"was published ({row['published']:%Y-%m-%d}); correct one of the dates"
        )
