"""Tables with one row a day or a week and one column a metric, for the whole of England: England's time series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from forecast.errors import InputError
from forecast.sources.cells import folded, is_number, listed, shown, words
from forecast.sources.publications import Table
from forecast.sources.publications.cadence import DAYS, Cadence
from forecast.sources.publications.measure import Measure
from forecast.sources.spreadsheet.workbook import Sheet
from forecast.sources.tables.date_rows import Limits, check_dates, not_next
from forecast.sources.tables.grid import Column
from forecast.sources.tables.row_values import row_values
from forecast.sources.tables.totals import Value
from forecast.sources.tables.within_rows import refuse_broken

_DATE_HEADS = ("date", "day", "week commencing", "w/c", "week")
# Zero in the whole of England on each of so many days from the first on is no count: it was not collected yet.
_NOT_COLLECTED_DAYS = 28


def date_column(sheet: Sheet, header: int, first: int) -> int | None:
    """Column headed Date or Week commencing left of the first measure; None in a table with dates across."""
    return next((i for i in range(first) if folded(sheet.cell(header, i)) in _DATE_HEADS), None)


def values_down(
    sheet: Sheet,
    table: Table,
    header: int,
    column: int,
    found: Mapping[int, Measure],
    limits: Limits,
    notes: list[str],
) -> list[Value]:
    """Values of a table whose dates stand in ``column`` and its measures in those of ``found``.

    What is left out is added to ``notes``.

    Raises
    ------
    InputError
        A date, a header or a cell cannot be trusted.
    """
    _refuse_twice(sheet, header, found)
    cadence = table.every or DAYS
    rows = _rows_by_date(sheet, header, column, range(min(found), max(found) + 1), cadence)
    check_dates(sheet, rows, limits, cadence)
    heads = sheet.rows[header]
    others = [words(cell) for i, cell in enumerate(heads) if folded(cell) and i not in found and i != column]
    if others:
        notes.append(f"sheet {sheet.name.strip()!r}: columns not read: {listed(others)}")
    values: list[Value] = []
    for row, _, when in rows:
        columns = [Column(i, when, measure.metric, measure.part) for i, measure in found.items()]
        values += row_values(sheet, row, "ENG", columns)
    if table.begins_late:
        values = _without_zeros_before_collection(sheet, values, table.nested, notes)
    refuse_broken(sheet, table, values)
    return values


def _refuse_twice(sheet: Sheet, header: int, found: Mapping[int, Measure]) -> None:
    """Refuse a measure that heads two columns."""
    seen: dict[str, int] = {}
    for column, measure in found.items():
        if not measure.part and measure.metric in seen:
            raise InputError(
                f"{sheet.at(header, column)}: {measure.metric} stands twice in the header, here and in "
                f"{sheet.at(header, seen[measure.metric]).rpartition(' ')[2]}; remove one of them"
            )
        if not measure.part:
            seen[measure.metric] = column


def _rows_by_date(
    sheet: Sheet, header: int, column: int, values: range, cadence: Cadence
) -> list[tuple[int, int, date]]:
    """Rows below the header with their dates, each with the column of its date."""
    rows: list[tuple[int, int, date]] = []
    for row in range(header + 1, len(sheet.rows)):
        sheet.refuse_unreadable(range(row, row + 1), range(column, values.stop))
        when = _date_of_row(sheet, row, column, values, cadence)
        if when is None:
            continue
        if rows and not cadence.follows(rows[-1][2], when):
            raise not_next(sheet, row, column, rows[-1][2], cadence, "dates")
        rows.append((row, column, when))
    if not rows:
        raise InputError(f"{sheet.at(header + 1, column)}: no dates below the header; download the file again")
    return rows


def _without_zeros_before_collection(
    sheet: Sheet, values: list[Value], nested: Sequence[str], notes: list[str]
) -> list[Value]:
    """Values less the zeros with which a column begins, where it begins with 28 days and more of them.

    A series that starts in April 2021 writes 0 for what was collected from a later day on only. Of ``nested`` metrics
    the larger cannot be zero while a part of it is counted: one such zero is enough.
    """
    first: dict[str, date] = {}
    begun: dict[str, date] = {}
    for when, _, metric, value in values:
        first.setdefault(metric, when)
        if value != 0:
            begun.setdefault(metric, when)
    late = {}
    for metric, day in first.items():
        since = begun.get(metric, date.max)
        part_before = any(begun.get(part, date.max) < since for part in nested[_place(metric, nested) + 1 :])
        if (since - day).days >= _NOT_COLLECTED_DAYS or part_before:
            late[metric] = since
    for day, metrics in _by_day(late).items():
        until = "throughout" if day == date.max else f"before {day:%Y-%m-%d}"
        notes.append(
            f"sheet {sheet.name.strip()!r}: zeros {until} left out, as not collected then: {', '.join(metrics)}"
        )
    return [value for value in values if value[0] >= late.get(value[2], value[0])]


def _place(metric: str, nested: Sequence[str]) -> int:
    return nested.index(metric) if metric in nested else len(nested)


def _by_day(late: dict[str, date]) -> dict[date, list[str]]:
    return {day: [metric for metric, begun in late.items() if begun == day] for day in dict.fromkeys(late.values())}


def _date_of_row(sheet: Sheet, row: int, column: int, values: range, cadence: Cadence) -> date | None:
    try:
        when = cadence.read(sheet.cell(row, column))
    except ValueError as error:
        raise InputError(f"{sheet.at(row, column)}: {error}; correct the date") from None
    if when is None and any(is_number(sheet.cell(row, i)) for i in values):
        raise InputError(f"{sheet.at(row, column)}: {shown(sheet.cell(row, column))} where a date belongs; correct it")
    return when
