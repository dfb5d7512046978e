"""Which rows of a file are worth storing, given what is stored: the rules of the append-only store.

A row is *dated* when its edition's own date of publication is known, else it is released by rule. For a value of one
date and location, with what is already stored for it:

* nothing: stored, released by the metric's rule or on the edition's date if that is earlier;
* the same value in force on the edition's date: left out, nothing was learned (unless it shows an earlier release,
  or a published value confirms an estimate);
* another value in a newer edition: a revision, released on the edition's date;
* another value in an *older* edition than the stored one: stored, and the newer value is stored again on its own
  date, so that a read as of a day in between sees what was known then;
* another value without a date, where a dated one is stored: left out, it cannot be placed in time;
* an estimate, where a published value is stored: left out;
* whatever this very edition told last: left out, so that files which contradict each other do not take turns.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

KEY = ["date", "location"]
ESTIMATE = "estimate:"


def fresh_rows(incoming: pd.DataFrame, history: pd.DataFrame) -> tuple[pd.DataFrame, int, int]:
    """Rows of one metric worth storing.

    Parameters
    ----------
    incoming
        date, location, value, released, published (NaT: no date of its own), source; oldest edition first. One call
        may tell a key several times.
    history
        The same columns, every stored row of the metric in the order of ingest.

    Returns
    -------
    rows
        Rows to append, with the columns of ``incoming``.
    new, changed
        How many keys were told for the first time, and how many rows change what is known of a key.
    """
    kept: list[pd.DataFrame] = []
    new = changed = 0
    turn = incoming.groupby(KEY).cumcount()
    for _, part in incoming.groupby(turn, sort=True):
        rows, first = _compared(part.reset_index(drop=True), history)
        again = _told_again(rows)
        new += int(first.sum())
        changed += len(rows) - int(first.sum())
        stored = pd.concat([rows[incoming.columns], again[incoming.columns]], ignore_index=True)
        kept.append(stored)
        history = pd.concat([history, stored[history.columns]], ignore_index=True)
    return pd.concat(kept, ignore_index=True), new, changed


def _compared(rows: pd.DataFrame, history: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Rows to store, released when they should be, with what was in force before; and which keys are new."""
    before = _in_force(rows, history)
    known = before["value"].notna()
    dated, dated_before = rows["published"].notna(), before["published"].notna()
    estimate, estimate_before = (frame["source"].str.startswith(ESTIMATE).eq(True) for frame in (rows, before))
    confirms = estimate_before & ~estimate
    earlier = dated & (rows["released"] < before["released"])
    same = known & (before["value"] == rows["value"]) & ~confirms & ~earlier
    outranked = known & ((estimate & ~estimate_before) | (~dated & dated_before & ~confirms))
    keep = ~(_told(rows, history) | same | outranked)
    moved = keep & known & (before["value"] != rows["value"])
    older = moved & dated & (before["published"] > rows["published"])
    newer = moved & dated & ~older
    released = rows["released"].where(~newer, rows["published"])
    late = moved & (older | ~dated_before)
    released = released.where(~late, np.maximum(released, before["released"].fillna(released)))
    rows = rows.assign(released=released, **{f"{name}_before": before[name] for name in before}, older=older)
    return rows[keep], (~known)[keep]


def _told_again(rows: pd.DataFrame) -> pd.DataFrame:
    """Newer values that an older edition has just been put in front of, on their own date of publication."""
    names = ["value", "published", "source"]
    again = rows[rows["older"]]
    again = again.assign(**{name: again[f"{name}_before"] for name in names})
    return again.assign(released=again["published"])


def _told(rows: pd.DataFrame, history: pd.DataFrame) -> pd.Series:
    """Whether the last thing that a row's own edition told of its key is the row's value."""
    edition = [*KEY, "source", "published"]
    last = history.drop_duplicates(edition, keep="last")[[*edition, "value"]]
    told = rows[edition].merge(last, on=edition, how="left")["value"]
    return pd.Series(told.to_numpy() == rows["value"].to_numpy(), index=rows.index)


def _in_force(rows: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """For each row, the stored row in force on its edition's date.

    The latest where the edition has no date; the first where every stored one is later; missing where there is none.
    """
    names = ["value", "released", "published", "source"]
    numbered = history[[*KEY, *names]].assign(order=np.arange(len(history)))
    wanted = rows[[*KEY, "published"]].assign(row=np.arange(len(rows)))
    pairs = wanted.merge(numbered, on=KEY, suffixes=("_file", "")).sort_values(["released", "order"])
    in_force = pairs["published_file"].isna() | (pairs["released"] <= pairs["published_file"])
    last = pairs[in_force].drop_duplicates("row", keep="last")
    first = pairs[~pairs["row"].isin(last["row"])].drop_duplicates("row")
    return pd.concat([last, first]).set_index("row").reindex(wanted["row"])[names].set_axis(rows.index)
