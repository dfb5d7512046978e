"""The values of one table: every cell with its day, location and metric, or a reason why the table is not trusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from forecast.errors import InputError
from forecast.reference import Reference
from forecast.sources.cadence import DAYS
from forecast.sources.cells import Cell, folded, is_number, listed, number, shown, words
from forecast.sources.date_rows import check_dates
from forecast.sources.down import date_column, measures_down, rows_by_date, without_zeros_before_collection
from forecast.sources.grid import Column, Layout, Measure, columns_by_day, columns_by_measure, label_row
from forecast.sources.headings import header_row, measures_of
from forecast.sources.organisations import Row, organisation_rows
from forecast.sources.publications import Table
from forecast.sources.titles import Period
from forecast.sources.totals import Value, absent_areas, check_rows
from forecast.sources.undated import columns_of_month
from forecast.sources.within_rows import refuse_broken
from forecast.sources.workbook import Sheet


@dataclass(frozen=True)
class Limits:
    """What the file says of its dates: the period it covers and its own date; and the day it is read."""

    period: Period | None
    published: date | None
    today: date | None


def sheet_values(sheet: Sheet, table: Table, limits: Limits, tables: Reference, notes: list[str]) -> list[Value]:
    """Values of the table that a sheet holds; what is left out is added to ``notes``."""
    if table.one_metric:
        header = label_row(sheet)
        if header is None:
            raise InputError(
                f"{sheet.file}, sheet {sheet.name!r}: no header row with Code and Name was found; "
                "the header is missing or its words have changed, compare it with the publication"
            )
        with _formulas_blamed(sheet, header):
            layout = columns_by_day(sheet, header, table.measures[0].metric, limits.period)
        return _values_across(sheet, table, layout, limits, tables, notes)
    header = header_row(sheet, table, tables) or 0
    measures = measures_of(sheet, header, table, tables, notes)
    column = date_column(sheet, header, measures)
    if column is not None:
        return _values_down(sheet, table, header, column, measures, limits, notes)
    with _formulas_blamed(sheet, header):
        if table.every is None:
            layout = columns_of_month(sheet, header, measures, limits.period)
        else:
            layout = columns_by_measure(sheet, header, measures, limits.period, table.every)
    if absent := {measure.metric for measure in measures} - {column.metric for column in layout.columns}:
        notes.append(f"sheet {sheet.name.strip()!r}: no column of {listed(sorted(absent))}")
    return _values_across(sheet, table, layout, limits, tables, notes)


@contextmanager
def _formulas_blamed(sheet: Sheet, header: int) -> Iterator[None]:
    """Blame a header that cannot be read on its formulas without a value, where it has such."""
    try:
        yield
    except InputError:
        sheet.refuse_unreadable(range(header + 1), range(4, sheet.width))
        raise


def _values_across(
    sheet: Sheet, table: Table, layout: Layout, limits: Limits, tables: Reference, notes: list[str]
) -> list[Value]:
    first_cells = {column.day: (layout.dates, column.index, column.day) for column in reversed(layout.columns)}
    dates = [first_cells[when] for when in sorted(first_cells)]
    check_dates(sheet, dates, limits.period, limits.published, limits.today, table.every or DAYS)
    if layout.skipped:
        notes.append(f"sheet {sheet.name.strip()!r}: columns not read: {listed(layout.skipped)}")
    last = layout.columns[-1].index
    sheet.refuse_unreadable(range(layout.dates, layout.header + 1), range(layout.first, last + 1))
    rows = organisation_rows(sheet, layout.header, layout.first, last, tables, notes, table.any_provider)
    if not rows:
        raise InputError(
            f"{sheet.file}, sheet {sheet.name!r}: no row below the header holds values of an organisation; "
            "download the file again"
        )
    values: list[Value] = []
    for row in rows:
        sheet.refuse_unreadable(range(row.index, row.index + 1), range(last + 1))
        _refuse_headless(sheet, row.index, layout, "date" if table.every else "header")
        values += _row_values(sheet, row.index, row.location, layout.columns)
    if table.every:
        _refuse_empty_end(sheet, rows, layout, table.unit)
    notes += absent_areas(sheet, rows, table.areas, tables)
    refuse_broken(sheet, table, values)
    metrics = {column.metric for column in layout.columns if column.metric}
    summed = [name for name in metrics if any(fnmatchcase(name, pattern) for pattern in table.summed)]
    notes += check_rows(sheet, rows, values, summed, tables, table.unit)
    return values


def _values_down(
    sheet: Sheet,
    table: Table,
    header: int,
    column: int,
    measures: Sequence[Measure],
    limits: Limits,
    notes: list[str],
) -> list[Value]:
    found = measures_down(sheet, header, measures)
    cadence = table.every or DAYS
    rows = rows_by_date(sheet, header, column, range(min(found), max(found) + 1), cadence)
    check_dates(sheet, rows, limits.period, limits.published, limits.today, cadence)
    heads = sheet.rows[header]
    others = [words(cell) for i, cell in enumerate(heads) if folded(cell) and i not in found and i != column]
    if others:
        notes.append(f"sheet {sheet.name.strip()!r}: columns not read: {listed(others)}")
    values: list[Value] = []
    for row, _, when in rows:
        columns = [Column(i, when, measure.metric, measure.part) for i, measure in found.items()]
        values += _row_values(sheet, row, "ENG", columns)
    if table.begins_late:
        values = without_zeros_before_collection(sheet, values, table.nested, notes)
    refuse_broken(sheet, table, values)
    return values


def _row_values(sheet: Sheet, row: int, location: str, columns: Sequence[Column]) -> Iterator[Value]:
    """Published values of a row; a metric given in parts is their sum, missing where one is missing."""
    whole = {(column.day, column.metric) for column in columns if not column.part}
    parts: dict[tuple[date, str], list[float | None]] = {}
    for column in columns:
        if column.metric is None:
            continue
        value = _number(sheet, row, column.index)
        if column.part:
            parts.setdefault((column.day, column.metric), []).append(value)
        elif value is not None:
            yield column.day, location, column.metric, value
    for (when, metric), found in parts.items():
        known = [value for value in found if value is not None]
        if len(known) == len(found) and (when, metric) not in whole:
            yield when, location, metric, sum(known)


def _number(sheet: Sheet, row: int, column: int) -> float | None:
    cell: Cell = sheet.cell(row, column)
    try:
        return number(cell)
    except ValueError:
        raise InputError(
            f"{sheet.at(row, column)}: {shown(cell)} where a number belongs; correct the cell or leave it empty"
        ) from None


def _refuse_headless(sheet: Sheet, row: int, layout: Layout, needed: str) -> None:
    """Refuse a number beside the headed columns: the header or the row has slipped."""
    headed = {column.index for column in layout.columns}
    last = layout.columns[-1].index
    for column in range(max(layout.first - 1, 0), last + 2):
        if column not in headed and is_number(sheet.cell(row, column)):
            raise InputError(
                f"{sheet.at(row, column)}: {shown(sheet.cell(row, column))} has no {needed} above it; "
                "the header or the row looks shifted, correct the file or download it again"
            )


def _refuse_empty_end(sheet: Sheet, rows: Sequence[Row], layout: Layout, unit: str) -> None:
    """Refuse a last day or week whose cells are all empty, without even a mark that nothing was published."""
    last = layout.columns[-1]
    for column in [column for column in layout.columns if column.day == last.day and column.metric]:
        cells = [sheet.cell(row.index, column.index) for row in rows]
        if all(cell is None or cell == "" for cell in cells):
            raise InputError(
                f"{sheet.at(rows[0].index, column.index)}: no row has a value here, in the last {unit}, "
                f"{last.day:%Y-%m-%d}; the rows look shifted, correct the file; or delete the {unit} if nothing was "
                "published for it"
            )
