"""What the CSV files of NHS England have in common: day-first dates, places by level and code, no date of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from forecast.errors import InputError
from forecast.reference import reference
from forecast.sources.cells import shown, text_day
from forecast.sources.columns import Columns
from forecast.sources.reading import Reading, covered, edition_of

_MIDNIGHT = re.compile(r"[ t]0{1,2}:00(?::00)?$")


def heads(names: Sequence[str]) -> set[str]:
    """The words of a header, also where something else than commas parts them."""
    return {part.strip() for name in names for part in re.split(r"[;|]", name)}


def refuse_missing(path: Path, names: Sequence[str], needed: Sequence[str], what: str) -> None:
    """Refuse a header without one of the columns that are needed."""
    for name in needed:
        if name not in names:
            raise InputError(
                f"{path}: column {name!r} is missing; {what} has the columns {', '.join(needed)}; "
                "give the file as NHS England published it"
            )


def filled(table: Columns) -> Columns:
    """The rows with at least one cell filled."""
    empty = pc.and_(*(pc.is_null(table.column(name)) for name in table.names[:2]))
    for name in table.names[2:]:
        empty = pc.and_(empty, pc.is_null(table.column(name)))
    return table.filter(pc.invert(empty)) if pc.any(empty).as_py() else table


def day_first(table: Columns, name: str) -> pd.Series:
    """A column of dates such as 01/06/2024, the first of June; NaT where the cell is empty.

    Raises
    ------
    InputError
        A cell is no date; the message names its line.
    """
    found = []
    for number, text in enumerate(table.unique(name)):
        try:
            when = text_day(_MIDNIGHT.sub("", " ".join(text.split()).casefold()))
        except ValueError as error:
            raise wrong(table, name, number, text, f"is no date: {error}; correct it") from None
        if when is None:
            raise wrong(table, name, number, text, "is no date; write it as 01/06/2024")
        found.append(np.datetime64(when, "us"))
    return pd.Series(np.append(np.array(found, dtype="datetime64[us]"), np.datetime64("NaT", "us"))[table.codes(name)])


def wrong(table: Columns, name: str, number: int, text: str, why: str) -> InputError:
    """An error about the ``number``-th different text of a column, at the first line that has it."""
    row = int(np.argmax(table.codes(name) == number))
    return at_line(table, row, f"column {name!r}: {shown(text)} {why}")


def at_line(table: Columns, row: int, why: str) -> InputError:
    """An error about a row."""
    return InputError(f"{table.path}, line {table.line(row)}, {why}")


def refuse_repeated(table: Columns, frame: pd.DataFrame) -> None:
    """Refuse a date, location and metric that have two rows; ``frame`` keeps the rows of the table as its index."""
    twice = frame.duplicated(["date", "location", "metric"], keep=False)
    if not twice.any():
        return
    first = frame[twice].iloc[0]
    same = frame[(frame[["date", "location", "metric"]] == first[["date", "location", "metric"]]).all(axis=1)]
    lines = " and ".join(f"{table.line(int(row)):,} ({same.loc[row, 'value']:g})" for row in same.index[:3])
    raise InputError(
        f"{table.path}: {first['metric']} of {first['location']} on {first['date']:%Y-%m-%d} stands in lines {lines}; "
        "keep the right one"
    )


def reading(
    path: Path,
    publication: str,
    frame: pd.DataFrame,
    period: tuple[pd.Timestamp, pd.Timestamp],
    published: pd.Timestamp | None,
    today: pd.Timestamp | None,
    notes: Sequence[str],
) -> Reading:
    """The observations of a file whose date of publication, if known at all, comes from outside.

    Raises
    ------
    InputError
        The file holds days after today, or came out before the days it holds.
    """
    first, last = period
    if today is not None and last > today:
        raise InputError(
            f"{path}: the file holds {last:%Y-%m-%d}, after today, {today:%Y-%m-%d}; correct the dates in it"
        )
    if published is not None and published < last:
        raise InputError(
            f"{path}: published {published:%Y-%m-%d}, before {last:%Y-%m-%d} that it holds; correct the date of "
            "publication"
        )
    edition = f"published {published:%Y-%m-%d}" if published is not None else covered(first, last)
    return edition_of(path, publication, frame, edition, published, notes, reference())
