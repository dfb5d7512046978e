"""NHS England workbooks: recognised by their words, read by their headers, values as published."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from forecast.errors import InputError, NotObservations
from forecast.observations.table import check
from forecast.reference import Reference, reference
from forecast.sources.cells import day, folded, listed, shown
from forecast.sources.publications import Publication
from forecast.sources.reading import Reading, first_released
from forecast.sources.recognise import recognise, table_of
from forecast.sources.sheet_values import Limits, sheet_values
from forecast.sources.titles import Period, TitleBlock, title_block, workbook_block
from forecast.sources.totals import Value
from forecast.sources.values import frame_of
from forecast.sources.workbook import Sheet, Workbook, open_workbook

# Sheets that never hold a table of values.
_FRONT_MATTER = re.compile(r"^(?:cover ?(?:sheet|page)?|contents|notes?|data quality.*|definitions?|information)$")


def read_workbook(path: Path, today: pd.Timestamp | None = None) -> Reading:
    """Read an NHS England workbook.

    Raises
    ------
    NotObservations
        The workbook is of a publication that is known and not read.
    InputError
        It cannot be recognised, or one of its tables cannot be trusted.
    """
    book = open_workbook(path)
    publication = recognise(book)
    if not publication.tables:
        raise NotObservations(
            f"{path}: {publication.words} (NHS England), a publication that is not read yet; nothing in it was used"
        )
    tables = reference()
    found = [(sheet, table) for sheet in book.sheets if (table := table_of(book, sheet, publication))]
    read = {sheet.name for sheet, _ in found}
    front_matter = {sheet.name for sheet in book.sheets if _FRONT_MATTER.match(folded(sheet.name))}
    front = workbook_block(book, trusted=read | front_matter)
    values: list[Value] = []
    notes: list[str] = []
    for sheet, table in found:
        values += sheet_values(sheet, table, _limits(sheet, publication, front, today), tables, notes)
    if not values:
        raise InputError(
            f"{path}: recognised as {publication.words}, but no table with values was found in its sheets "
            f"({listed(book.sheet_names)}); {_hidden_table(book, publication) or 'download the file again'}"
        )
    if today is not None and front.own_date and front.own_date > today.date():
        raise InputError(
            f"{path}: the file says that it came out on {front.own_date:%Y-%m-%d}, after today, {today:%Y-%m-%d}; "
            "correct the date of publication or of revision"
        )
    unread = [sheet.name.strip() for sheet in book.sheets if sheet.name not in read | front_matter]
    if unread:
        notes.append(f"sheets not read yet: {listed(unread)}")
    if front.period is None and not publication.monthly:
        notes.append("the file states no period that can be read: its dates were not checked against one")
    if book.hidden:
        notes.append(f"hidden sheets left out: {', '.join(book.hidden)}")
    return _reading(path, publication, front, values, notes, tables)


def _hidden_table(book: Workbook, publication: Publication) -> str:
    """What to do about a hidden sheet with the name of a table."""
    names = [name for name in book.hidden for table in publication.tables if re.search(table.sheet, folded(name))]
    return f"sheet {shown(names[0])} is hidden: unhide it and save the file" if names else ""


def _limits(sheet: Sheet, publication: Publication, front: TitleBlock, today: pd.Timestamp | None) -> Limits:
    own = title_block(sheet) or front
    period = own.period or front.period
    if period is None and publication.monthly:
        period = _month_of(sheet)
    return Limits(period, own.own_date or front.own_date, today.date() if today is not None else None)


def _month_of(sheet: Sheet) -> Period | None:
    """The calendar month of most dates in the sheet's head: a monthly workbook without a cover states none."""
    days = [found for row in sheet.rows[:20] for cell in row if isinstance(cell, date) and (found := day(cell))]
    if not days:
        return None
    middle = sorted(days)[len(days) // 2]
    return middle.replace(day=1), middle.replace(day=calendar.monthrange(middle.year, middle.month)[1])


def _reading(
    path: Path,
    publication: Publication,
    front: TitleBlock,
    values: Sequence[Value],
    notes: list[str],
    tables: Reference,
) -> Reading:
    frame = frame_of(values)
    source = f"NHS England {publication.words}, {_edition(front, frame['date'].min(), frame['date'].max())}"
    frame["source"] = pd.Categorical([source]).repeat(len(frame))
    own = front.own_date
    editions = {source: pd.Timestamp(own)} if own else {}
    frame["released"] = first_released(frame, editions, tables)
    frame.attrs["published"] = {source: f"{when:%Y-%m-%d}" for source, when in editions.items()}
    if own is None:
        notes.append("the file states no date of publication: its values are dated by the rule of publication alone")
    reading = Reading(path, publication.words, editions.get(source), check(frame, path.name))
    return replace(reading, notes=tuple(dict.fromkeys(notes)))


def _edition(front: TitleBlock, first: date, last: date) -> str:
    stated = [f"published {front.published:%Y-%m-%d}"] if front.published else []
    stated += [f"revised {front.revised:%Y-%m-%d}"] if front.revised else []
    return ", ".join(stated) or f"data {first:%Y-%m-%d} to {last:%Y-%m-%d}, no date of publication given"
