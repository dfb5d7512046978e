"""What reading one file gives, and when its values became public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from forecast.observations.publication import released
from forecast.reference import Reference


@dataclass(frozen=True)
class Reading:
    """Observations of one file.

    Attributes
    ----------
    path
        The file.
    publication
        What it is, in words.
    published
        The file's own date: that of its revision, else of its publication; None for tidy files.
    frame
        Tidy observations. ``attrs["published"]`` gives the date of each source that has one of its own.
    notes
        What was left out or kept with a doubt, for a person.
    """

    path: Path
    publication: str
    published: pd.Timestamp | None
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()


def first_released(frame: pd.DataFrame, editions: Mapping[str, date | pd.Timestamp], tables: Reference) -> pd.Series:
    """Day each value became public: the metric's publication rule, or the edition's own date where that is earlier."""
    out = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    for metric, rows in frame.groupby("metric", observed=True, sort=False):
        days = pd.Series(rows["date"].unique())
        by_rule = pd.Series(released(days, str(metric), tables).to_numpy(), index=days)
        out.loc[rows.index] = rows["date"].map(by_rule).to_numpy()
    if editions:
        own = frame["source"].astype(object).map({source: pd.Timestamp(day) for source, day in editions.items()})
        own = own.astype("datetime64[us]")
        out = out.where(~(own < out), own)
    return out
