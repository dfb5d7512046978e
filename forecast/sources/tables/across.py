"""Tables with one row an organisation and days, weeks or counts across, their rows checked against each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from forecast.errors import InputError
from forecast.reference import Reference
from forecast.sources.cells import folded, listed
from forecast.sources.publications import Table
from forecast.sources.publications.cadence import DAYS
from forecast.sources.spreadsheet.workbook import Sheet
from forecast.sources.tables.date_rows import Limits, check_dates
from forecast.sources.tables.grid import Column, Layout
from forecast.sources.tables.organisations import Row, organisation_rows
from forecast.sources.tables.regional import apart, together
from forecast.sources.tables.row_values import refuse_empty_end, refuse_headless, row_values
from forecast.sources.tables.totals import UNREAD, Value, absent_areas, check_rows
from forecast.sources.tables.within_rows import refuse_broken

_RATE = re.compile(r"^(?:% )?occupancy(?: rate)?\b|\boccupancy rate\b")


def values_across(
    sheet: Sheet, table: Table, layout: Layout, limits: Limits, tables: Reference, notes: list[str]
) -> list[Value]:
    """Values of a table whose columns are those of the layout; what is left out is added to ``notes``.

    Raises
    ------
    InputError
        A date, a row or a cell cannot be trusted.
    """
    check_header(sheet, table, layout, limits, notes)
    last = layout.columns[-1].index
    rows = organisation_rows(sheet, layout.header, layout.first, last, tables, notes, table.any_provider)
    return values_of_rows(sheet, table, layout, rows, tables, notes)


def check_header(sheet: Sheet, table: Table, layout: Layout, limits: Limits, notes: list[str]) -> None:
    """Refuse a table whose dates cannot be trusted; note its columns that are not read.

    Raises
    ------
    InputError
        A date lies outside the limits, or a cell of the header holds no value.
    """
    first_cells = {column.day: (layout.dates, column.index, column.day) for column in reversed(layout.columns)}
    dates = [first_cells[when] for when in sorted(first_cells)]
    check_dates(sheet, dates, limits, table.every or DAYS)
    rates = [text for text in layout.skipped if _RATE.search(folded(text))]
    if rates:
        notes.append("occupancy rates are not read: they follow from the beds open and occupied")
    if others := [text for text in layout.skipped if text not in rates]:
        notes.append(f"sheet {sheet.name.strip()!r}: columns not read: {listed(others)}")
    heads, columns = range(layout.dates, layout.header + 1), range(layout.first, layout.columns[-1].index + 1)
    sheet.refuse_unreadable(heads, columns)


def values_of_rows(
    sheet: Sheet, table: Table, layout: Layout, rows: Sequence[Row], tables: Reference, notes: list[str]
) -> list[Value]:
    """Values of the rows of one table, checked against each other.

    Raises
    ------
    InputError
        There are no rows, or a row or a cell cannot be trusted.
    """
    if not rows:
        raise InputError(
            f"{sheet.file}, sheet {sheet.name!r}: no row below the header holds values of an organisation; "
            "download the file again"
        )
    last = layout.columns[-1].index
    rows, columns = apart(rows), _with_unread(layout.columns, table)
    values: list[Value] = []
    for row in rows:
        sheet.refuse_unreadable(range(row.index, row.index + 1), range(last + 1))
        refuse_headless(sheet, row.index, layout, "date" if table.every else "header")
        values += row_values(sheet, row.index, row.location, columns)
    if table.every:
        refuse_empty_end(sheet, rows, layout, table.unit)
    notes += absent_areas(sheet, rows, table.areas, tables)
    refuse_broken(sheet, table, values)
    summed = {column.metric for column in layout.columns if column.metric and table.adds_up(column.metric)}
    notes += check_rows(sheet, rows, values, summed, tables, table.unit)
    return together(rows, [value for value in values if not value[2].startswith(UNREAD)])


def _with_unread(columns: Sequence[Column], table: Table) -> list[Column]:
    """The columns, those not read named by their place in the day where every other adds up over its rows."""
    if not all(table.adds_up(column.metric) for column in columns if column.metric):
        return list(columns)
    place: Counter[date] = Counter()
    found = []
    for column in columns:
        place[column.day] += 1
        found.append(replace(column, metric=column.metric or f"{UNREAD}{place[column.day]}"))
    return found
