"""NHS England workbooks: recognised by their words, read by their headers, values as published."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from forecast.errors import InputError, NotObservations
from forecast.reference import reference
from forecast.sources.cells import day, folded, listed, shown
from forecast.sources.monthly import emergency
from forecast.sources.monthly.emergency_workbook import read_emergency_workbook
from forecast.sources.publications import Publication, Table
from forecast.sources.reading import Reading, covered, edition_of
from forecast.sources.recognise import recognise, table_of
from forecast.sources.remarks import not_read
from forecast.sources.spreadsheet.titles import Period, TitleBlock, title_block, workbook_block
from forecast.sources.spreadsheet.workbook import Sheet, Workbook, open_workbook
from forecast.sources.tables.date_rows import Limits
from forecast.sources.tables.months import check_months
from forecast.sources.tables.sheet_values import sheet_values
from forecast.sources.tables.totals import Value, added_up
from forecast.sources.tables.values import frame_of

# Sheets that never hold a table of values.
_FRONT_MATTER = re.compile(
    r"^(?:cover ?(?:sheet|page)?|contents|notes?|(?:data quality|dq)\b.*|definitions?|information)$"
)


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
    if publication.words == emergency.PUBLICATION:
        return read_emergency_workbook(book, today)
    if not publication.tables:
        raise NotObservations(
            f"{path}: {publication.words} (NHS England), a publication that is not read yet; nothing in it was used"
        )
    tables = reference()
    found = [(sheet, table) for sheet in book.sheets if (table := table_of(book, sheet, publication, tables))]
    if not found and publication.shares_title and not any(map(publication.names, (*book.sheet_names, *book.hidden))):
        raise NotObservations(
            f"{path}: a title like that of the {publication.words} (NHS England), but none of its tables in the sheets "
            f"{listed(book.sheet_names)}; nothing in it was used"
        )
    read = {sheet.name for sheet, _ in found}
    front_matter = {sheet.name for sheet in book.sheets if _FRONT_MATTER.match(folded(sheet.name))}
    front = workbook_block(book, trusted=read | front_matter)
    values: list[Value] = []
    notes = _absent_tables(book, publication, [table for _, table in found])
    for sheet, table in found:
        # A table without dates has no month of its own: a day in its head is that of publication.
        dated = [sheet] * (table.every is not None) + [other for other, its in found if its.every]
        values += sheet_values(sheet, table, _limits(sheet, dated, publication, front, today), tables, notes)
    if not values:
        raise _no_table(book, publication)
    if today is not None and front.own_date and front.own_date > today.date():
        raise InputError(
            f"{path}: the file says that it came out on {front.own_date:%Y-%m-%d}, after today, {today:%Y-%m-%d}; "
            "correct the date of publication or of revision"
        )
    values += added_up(values, publication.totals, notes)
    frame = frame_of(values)
    for daily, monthly in publication.months:
        notes += check_months(path.name, frame, daily, monthly)
    unread = [sheet.name.strip() for sheet in book.sheets if sheet.name not in read | front_matter]
    notes += not_read(unread, publication)
    if front.period is None and not publication.monthly:
        notes.append("the file states no period that can be read: its dates were not checked against one")
    if book.hidden:
        notes.append(f"hidden sheets left out: {', '.join(book.hidden)}")
    own = pd.Timestamp(front.own_date) if front.own_date else None
    edition = _stated(front) or covered(frame["date"].min(), frame["date"].max())
    return edition_of(path, publication.words, frame, edition, own, notes, tables)


def _absent_tables(book: Workbook, publication: Publication, found: Sequence[Table]) -> list[str]:
    """Notes on tables that every edition has and the workbook has not.

    Raises
    ------
    InputError
        None of them is there, or one is hidden.
    """
    absent = [table for table in publication.tables if table.expects and table not in found]
    for table in absent:
        if any(map(table.names, book.hidden)):
            raise _no_table(book, publication)
    expected = [table for table in publication.tables if table.always]
    absent = [table for table in expected if table not in found]
    if expected and len(absent) == len(expected):
        raise _no_table(book, publication)
    return [f"no table of {listed(measure.metric for measure in table.measures)} was found" for table in absent]


def _no_table(book: Workbook, publication: Publication) -> InputError:
    """The error for a workbook without its tables: a hidden sheet may hold them."""
    if hidden := [name for name in book.hidden if publication.names(name)]:
        return InputError(
            f"{book.path}: recognised as {publication.words}, but sheet {shown(hidden[0])} is hidden: "
            "unhide it and save the file"
        )
    return InputError(
        f"{book.path}: recognised as {publication.words}, but no table with values was found in its sheets "
        f"({listed(book.sheet_names)}); download the file again"
    )


def _limits(
    sheet: Sheet, dated: Sequence[Sheet], publication: Publication, front: TitleBlock, today: pd.Timestamp | None
) -> Limits:
    own = title_block(sheet) or front
    period = own.period or front.period
    if period is None and publication.monthly:
        period = next((month for found in dated if (month := _month_of(found))), None)
    return Limits(period, own.own_date or front.own_date, today.date() if today is not None else None)


def _month_of(sheet: Sheet) -> Period | None:
    """The calendar month of most dates in the sheet's head: a monthly workbook without a cover states none."""
    days = [found for row in sheet.rows[:20] for cell in row if isinstance(cell, date) and (found := day(cell))]
    if not days:
        return None
    middle = sorted(days)[len(days) // 2]
    return middle.replace(day=1), middle.replace(day=calendar.monthrange(middle.year, middle.month)[1])


def _stated(front: TitleBlock) -> str:
    """When the workbook says that it came out."""
    stated = [f"published {front.published:%Y-%m-%d}"] if front.published else []
    stated += [f"revised {front.revised:%Y-%m-%d}"] if front.revised else []
    return ", ".join(stated)
