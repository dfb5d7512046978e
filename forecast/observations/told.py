"""What was told of a value over time: every stored row of it, and which values were changed after they came out.

An edition is a source with its date of publication. Editions are put in the order of their own dates; one without a
date stands on the day on which its value was due. The first tells when the value came out, each later one that differs
is a change on its own day. (Which of them counts on a day is another question, for ``Store.panel``.)
"""

from __future__ import annotations

import pandas as pd

KEY = ["date", "location"]


def told(history: pd.DataFrame, date: pd.Timestamp, location: str) -> pd.DataFrame:
    """Rows of one value in the order of their editions: ``history``, in the order of ingest, with ``told``."""
    rows = history[(history["date"] == date) & (history["location"] == location)]
    return _ordered(rows).reset_index(drop=True)


def steps(rows: pd.DataFrame) -> pd.DataFrame:
    """Days on which the value became another one: ``value``, ``day``; the first is the day it came out.

    ``rows``: those of ``told``.
    """
    each = _editions(rows)
    new = each["value"].ne(each["value"].shift())
    found = each.loc[new, ["value", "told"]].rename(columns={"told": "day"}).reset_index(drop=True)
    found.loc[:0, "day"] = rows["released"].min()
    return found


def changed(history: pd.DataFrame) -> pd.DataFrame:
    """Values that were changed after they first came out, the newest change first.

    Parameters
    ----------
    history
        Every stored row of one measure in the order of ingest: ``Store.history``.

    Returns
    -------
    DataFrame
        ``date``, ``location``, ``first`` and ``last`` value, ``changed`` (day of the last change), ``times`` changed.
    """
    rows = _editions(_ordered(history[history.duplicated(KEY, keep=False)]))
    before = rows.groupby(KEY)["value"].shift()
    moved = rows[before.notna() & (rows["value"] != before)]
    found = moved.groupby(KEY).agg(last=("value", "last"), changed=("told", "last"), times=("value", "size"))
    first = rows.drop_duplicates(KEY).set_index(KEY)["value"].rename("first")
    table = found.join(first).reset_index()[[*KEY, "first", "last", "changed", "times"]]
    return table.sort_values(["changed", "date"], ascending=False, kind="stable", ignore_index=True)


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(told=rows["published"].fillna(rows["released"])).sort_values("told", kind="stable")


def _editions(ordered: pd.DataFrame) -> pd.DataFrame:
    """The last thing that each edition told: a store may tell an edition again for a day on which it counts again."""
    return ordered.drop_duplicates([*KEY, "source", "published"], keep="last")


def differences(history: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    """Values that count today and would be others once rows are added.

    Parameters
    ----------
    history
        Stored rows of one measure in the order of ingest.
    added
        Rows that would be stored after them.

    Returns
    -------
    DataFrame
        ``date``, ``location``, ``old`` and ``new`` value, by date.
    """
    keys = added[KEY].drop_duplicates()
    before = history.merge(keys, on=KEY)
    after = pd.concat([before, added[before.columns]], ignore_index=True)
    both = pd.DataFrame({"old": _in_force(before), "new": _in_force(after)}).dropna()
    other = both[both["old"] != both["new"]].reset_index()
    return other[[*KEY, "old", "new"]].sort_values(KEY, ignore_index=True)


def _in_force(history: pd.DataFrame) -> pd.Series:
    last = history.sort_values("released", kind="stable").drop_duplicates(KEY, keep="last")
    return last.set_index(KEY)["value"]
