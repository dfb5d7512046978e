"""Which rows of a file are worth storing, given what is stored: the rules of the append-only store.

An *edition* is one source with its date of publication; it is *dated* where that date is known. What was known of one
date and location follows from the editions that told of it:

* dated editions count over undated ones, and published values over estimates (source begins ``estimate:``);
* dated editions of who collects a figure count over those of who passes it on (``PASSED_ON``), however new;
* the first dated edition is released when the metric's rule says, or on its own date if that is earlier; every later
  one on its own date; an undated one by rule.

A read takes the row released last, and of one day the row stored last. So that a read as of any day gives what was
known then, in whatever order the editions arrive, a late arrival may need its value, or that of another edition, told
again for a day on which something else now stands. A value that only confirms what is known is not stored: where an
older, different edition arrives after such a confirmation, the older value stands from its own date on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

KEY = ["date", "location"]
ESTIMATE = "estimate:"
PASSED_ON = "UKHSA data dashboard"
"""Source of figures that its publisher has from another, NHS England, where both have them. What is passed on can be
of more hospitals (England with those for mental health), and weeks old when it is retrieved."""
ESTIMATED, UNDATED, SECOND_HAND, DATED = range(4)
"""Ranks of an edition: a higher one counts over a lower one."""
_TOLD = ["value", "released", "published", "source"]
Row = dict[str, Any]


class Fresh(NamedTuple):
    """Rows to append, and which of the incoming ones, by their index, told a key first or change what is known."""

    rows: pd.DataFrame
    new: pd.Series
    changed: pd.Series


def fresh_rows(incoming: pd.DataFrame, history: pd.DataFrame) -> Fresh:
    """Rows of one metric worth storing.

    A key that is told several times is worked out once for each telling, in the order given, so that many editions in
    one call give what the same editions give one call after the other.

    Parameters
    ----------
    incoming
        date, location, value, released (by rule, or on the edition's date if earlier), published (NaT: no date of its
        own), source; in the order in which they are told, each row with an index of its own.
    history
        The same columns, every stored row of the metric in the order of ingest.

    Returns
    -------
    Fresh
        ``rows`` with the columns of ``incoming``.
    """
    kept: list[pd.DataFrame] = []
    new = pd.Series(False, index=incoming.index)
    changed = new.copy()
    turn = incoming.groupby(KEY).cumcount()
    for _, part in incoming.groupby(turn, sort=True):
        rows = part.reset_index(drop=True)
        if history.empty:
            first = worth = pd.Series(True, index=rows.index)
        else:
            before = _in_force(rows, history)
            first = before["value"].isna()
            worth = first | _tells_more(rows, before, history)
        newest = pd.Series(False, index=rows.index)
        # most of what is told again tells nothing more: only of the rest it matters which edition is the newest
        dated = rows[worth & ~first & rows["published"].notna()]
        if len(dated):
            newest[dated.index] = dated["published"] >= _newest_of_kind(dated, history)
        simple = rows[worth & (first | newest)].copy()
        late = newest[simple.index]
        simple.loc[late, "released"] = simple.loc[late, "published"]
        stored = pd.concat([simple, _retold(rows[worth & ~first & ~newest], history)], ignore_index=True)
        new[part.index] = first.to_numpy()
        changed[part.index] = (worth & ~first).to_numpy()
        kept.append(stored)
        history = pd.concat([history, stored[history.columns]], ignore_index=True)
    return Fresh(pd.concat(kept, ignore_index=True), new, changed)


def _tells_more(rows: pd.DataFrame, before: pd.DataFrame, history: pd.DataFrame) -> pd.Series:
    """Whether a row changes what is known, given the stored row in force on its edition's date."""
    dated, dated_before = rows["published"].notna(), before["published"].notna()
    estimate, estimate_before = (frame["source"].str.startswith(ESTIMATE).eq(True) for frame in (rows, before))
    passed_on, passed_on_before = (frame["source"].str.startswith(PASSED_ON).eq(True) for frame in (rows, before))
    own_before = dated_before & ~estimate_before & ~passed_on_before
    confirms = (estimate_before & ~estimate) | (passed_on_before & ~passed_on & dated & ~estimate)
    earlier = dated & (rows["released"] < before["released"])
    same = (before["value"] == rows["value"]) & ~confirms & ~earlier
    outranked = (estimate & ~estimate_before) | (~dated & dated_before & ~confirms)
    return ~(same | outranked | (passed_on & own_before & ~earlier) | _told(rows, history))


def _told(rows: pd.DataFrame, history: pd.DataFrame) -> pd.Series:
    """Whether the last thing that a row's own edition told of its key is the row's value."""
    edition = [*KEY, "source", "published"]
    last = history.drop_duplicates(edition, keep="last")[[*edition, "value"]]
    told = rows[edition].merge(last, on=edition, how="left")["value"]
    return pd.Series(told.to_numpy() == rows["value"].to_numpy(), index=rows.index)


def _in_force(rows: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """For each row, the stored row in force on its edition's date.

    The latest where the edition has no date; that of the first stored release where every one is later; missing where
    nothing is stored.
    """
    numbered = history[[*KEY, *_TOLD]].assign(order=np.arange(len(history)))
    wanted = rows[[*KEY, "published"]].assign(row=np.arange(len(rows)))
    pairs = wanted.merge(numbered, on=KEY, suffixes=("_file", "")).sort_values(["released", "order"])
    in_force = pairs["published_file"].isna() | (pairs["released"] <= pairs["published_file"])
    last = pairs[in_force].drop_duplicates("row", keep="last")
    later = pairs[~pairs["row"].isin(last["row"])]
    first = later.sort_values(["released", "order"], ascending=[True, False]).drop_duplicates("row")
    return pd.concat([last, first]).set_index("row").reindex(wanted["row"])[_TOLD].set_axis(rows.index)


def _newest_of_kind(rows: pd.DataFrame, history: pd.DataFrame) -> pd.Series:
    """Date of the newest edition stored for each row's key; never, where one stored is of another rank than the row."""
    there = history[pd.MultiIndex.from_frame(history[KEY]).isin(pd.MultiIndex.from_frame(rows[KEY]))]
    there = there.assign(passed_on=there["source"].str.startswith(PASSED_ON))
    stored = there.groupby(KEY, as_index=False).agg(
        newest=("published", "max"),
        dated=("published", "count"),
        told=("value", "size"),
        passed_on=("passed_on", "sum"),
    )
    found = rows[KEY].merge(stored, on=KEY, how="left")
    same = found["passed_on"] == found["told"].where(rows["source"].str.startswith(PASSED_ON).to_numpy(), 0)
    newest = found["newest"].where((found["dated"] == found["told"]) & same)
    return pd.Series(newest.fillna(pd.Timestamp.max.floor("D")).to_numpy(), index=rows.index)


def _retold(rows: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Rows that make reads right for keys whose editions arrive out of order."""
    if rows.empty:
        return rows
    stored = dict(list(history.merge(rows[KEY], on=KEY).groupby(KEY)))
    told: list[Row] = []
    for row in _records(rows):
        known = _records(stored[(row["date"], row["location"])][_TOLD])
        arrival = {name: row[name] for name in _TOLD}
        told += [{**row, **again} for again in _corrections(known, arrival)]
    return pd.DataFrame(told, columns=rows.columns).astype(rows.dtypes)


def _records(rows: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _corrections(stored: list[Row], arrival: Row) -> Iterator[Row]:
    """What to append to the stored rows of a key so that a read as of any day gives what was known then."""
    steps = _timeline([*stored, arrival])
    for day in sorted({row["released"] for row in stored} | {step["released"] for _, step in steps}):
        reached = [(rank, step) for rank, step in steps if step["released"] <= day]
        best = max(rank for rank, _ in reached)
        wanted = [step for rank, step in reached if rank == best][-1]
        before = [row for row in stored if row["released"] <= day]
        # of rows released on one day the one stored last is read
        found = max(enumerate(before), key=lambda row: (row[1]["released"], row[0]))[1] if before else {}
        if any(found.get(name) != wanted[name] for name in ("value", "source")):
            again = {**wanted, "released": day}
            stored = [*stored, again]
            yield again


def _timeline(told: list[Row]) -> list[tuple[int, Row]]:
    """Last value of every edition of a key with its rank, released when it should have been, in order of release."""
    editions: dict[tuple[str, str], Row] = {}
    for row in told:
        edition = (row["source"], str(row["published"]))
        first = min([row["released"], *([editions.pop(edition)["released"]] if edition in editions else [])])
        editions[edition] = {**row, "released": first}
    steps: list[tuple[int, Row]] = []
    for rank in (ESTIMATED, UNDATED, SECOND_HAND, DATED):
        same = [row for row in editions.values() if _rank(row) == rank]
        if rank in {SECOND_HAND, DATED}:
            same = sorted(same, key=lambda row: row["published"])
            same = [*same[:1], *({**row, "released": row["published"]} for row in same[1:])]
        steps += [(rank, row) for row in same]
    return steps


def _rank(row: Row) -> int:
    if row["source"].startswith(ESTIMATE):
        return ESTIMATED
    dated = SECOND_HAND if row["source"].startswith(PASSED_ON) else DATED
    return UNDATED if pd.isna(row["published"]) else dated
