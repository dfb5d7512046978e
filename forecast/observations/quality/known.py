"""What publications say of their own series: changes of specification, seasons, mergers of trusts.

Three tables beside the reference tables; one that is not there says nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd

from forecast.errors import InputError
from forecast.observations.quality.found import Found
from forecast.observations.quality.missing import Season

CHANGES = "specification_changes.csv"
SEASONS = "seasons.csv"
MERGERS = "trust_mergers.csv"


@dataclass(frozen=True, eq=False)
class Known:
    """Rows of the three tables.

    Attributes
    ----------
    changes
        date, metric (a pattern with ``*``), description, source.
    seasons
        metric (a pattern), first, last (``MM-DD``), source.
    mergers
        date, from, into (codes), source.
    """

    changes: pd.DataFrame
    seasons: pd.DataFrame
    mergers: pd.DataFrame

    def season(self, metric: str) -> Season | None:
        """Season of a metric; None where it is published all year."""
        for row in self.seasons.to_dict("records"):
            if fnmatchcase(metric, row["metric"]):
                return Season(row["first"], row["last"], row["source"])
        return None

    def changes_of(self, metric: str) -> pd.DataFrame:
        """Changes of specification that touch a metric."""
        return self.changes[[fnmatchcase(metric, pattern) for pattern in self.changes["metric"]]]


def known(folder: Path) -> Known:
    """Read the tables of one reference folder.

    Raises
    ------
    InputError
        A column is missing or a date cannot be read; the message names it.
    """
    return Known(
        _dated(folder / CHANGES, ("date", "metric", "description", "source")),
        _rows(folder / SEASONS, ("metric", "first", "last", "source")),
        _dated(folder / MERGERS, ("date", "from", "into", "source")),
    )


def specification_changes(judged: pd.DataFrame, changes: pd.DataFrame) -> Iterator[Found]:
    """A finding for each location with values before a change and since, on its day."""
    for row in changes.to_dict("records"):
        date = pd.Timestamp(row["date"])
        before, since = judged.loc[: date - pd.Timedelta(days=1)], judged.loc[date:]
        both = before.notna().any() & since.notna().any()
        for code in judged.columns[both.to_numpy()]:
            yield Found(pd.DatetimeIndex([date]), str(code), "specification_change", row["description"])


def _rows(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    if not path.is_file():
        return pd.DataFrame(columns=list(columns), dtype="str")
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise InputError(f"{path}: column {missing[0]!r} is missing; the file needs {', '.join(columns)}")
        rows = [{column: (row[column] or "").strip() for column in columns} for row in reader]
    return pd.DataFrame(rows, columns=list(columns), dtype="str")


def _dated(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    rows = _rows(path, columns)
    dates = pd.to_datetime(rows["date"], format="ISO8601", errors="coerce")
    if dates.isna().any():
        raise InputError(f"{path}: {rows['date'][dates.isna()].iloc[0]!r} is not a date; write 2024-01-31")
    return rows.assign(date=dates.astype("datetime64[us]"))
