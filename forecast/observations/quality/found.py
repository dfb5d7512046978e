"""What a rule hands back, and the frame made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.observations.quality.kinds import FINDINGS, RANK

Numbers = NDArray[np.float64]
Truths = NDArray[np.bool_]
COLUMNS = ["date", "location", "flag", "note"]


class Found(NamedTuple):
    """Days of one location flagged for one reason; a finding about a series has one day, its first."""

    days: pd.DatetimeIndex
    location: str
    flag: str
    note: str


def to_frame(found: Iterable[Found]) -> pd.DataFrame:
    """Return date, location, flag, note, sorted by location and date.

    A value has one masking flag, that of the first kind in ``KINDS``; findings are all kept.
    """
    spells = [spell for spell in found if len(spell.days)]
    if not spells:
        return pd.DataFrame(columns=COLUMNS, dtype="str").astype({"date": "datetime64[us]"})
    many = [len(spell.days) for spell in spells]
    frame = pd.DataFrame(
        {
            "date": np.concatenate([spell.days.to_numpy() for spell in spells]).astype("datetime64[us]"),
            "location": pd.array(np.repeat([spell.location for spell in spells], many), dtype="str"),
            "flag": pd.array(np.repeat([spell.flag for spell in spells], many), dtype="str"),
            "note": pd.array(np.repeat([spell.note for spell in spells], many), dtype="str"),
        }
    )
    return first_of_each(frame)


def first_of_each(flagged: pd.DataFrame) -> pd.DataFrame:
    """Of each value the masking flag of the first kind in ``KINDS``, and all findings, sorted by location and date."""
    frame = flagged.assign(rank=flagged["flag"].map(RANK))
    frame = frame.sort_values(["location", "date", "rank"], kind="stable")
    told = frame["flag"].isin(FINDINGS)
    again = frame.assign(flag=frame["flag"].where(told, "")).duplicated(["date", "location", "flag"])
    return frame.loc[~again, COLUMNS].reset_index(drop=True)


def runs(marked: Truths) -> Iterator[tuple[int, int]]:
    """First and last position of each unbroken run of True."""
    edges = np.flatnonzero(np.diff(np.r_[False, marked, False].astype(np.int8)))
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        yield int(first), int(end) - 1


def runs_by_column(marked: Truths) -> Iterator[tuple[int, int, int]]:
    """Column, first and last row of each unbroken run of True down a column, column by column."""
    rows, columns = marked.shape
    padded = np.zeros((columns, rows + 1), dtype=bool)
    padded[:, :rows] = marked.T
    for first, last in runs(padded.ravel()):
        column, start = divmod(first, rows + 1)
        yield column, start, start + last - first


def without(panel: pd.DataFrame, found: Iterable[Found]) -> pd.DataFrame:
    """Return ``panel`` with the days of ``found`` missing, so that later rules do not compare with wrong values."""
    spells = [spell for spell in found if len(spell.days)]
    if not spells:
        return panel
    values = panel.to_numpy(dtype=float, copy=True)
    many = [len(spell.days) for spell in spells]
    days = np.concatenate([spell.days.to_numpy() for spell in spells])
    rows = panel.index.get_indexer(pd.DatetimeIndex(days).astype(panel.index.dtype))
    columns = np.repeat(panel.columns.get_indexer(pd.Index([spell.location for spell in spells])), many)
    values[rows, columns] = np.nan
    return pd.DataFrame(values, index=panel.index, columns=panel.columns)
