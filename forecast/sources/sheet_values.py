"""The values of one table: every cell with its day, location and metric, or a reason why the table is not trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from forecast.errors import InputError
from forecast.reference import Reference
from forecast.sources.cells import Cell, day, folded, is_number, number, shown
from forecast.sources.grid import (
    Column,
    Layout,
    check_days,
    classify,
    columns_by_day,
    columns_by_measure,
    label_row,
    measure_row,
)
from forecast.sources.organisations import Row, organisation_rows
from forecast.sources.publications import Table
from forecast.sources.titles import Period
from forecast.sources.totals import Value, absent_areas, check_rows
from forecast.sources.workbook import Sheet

# In published tables the sums hold without exception; a few slips of the pen are left as published.
BROKEN_SUMS = 0.1
_FEWEST_DAYS = 4


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
    header = measure_row(sheet, table.measures) or 0
    column = _date_column(sheet, header, table)
    if column is not None:
        values = _values_down(sheet, table, header, column, limits, notes)
        _refuse_broken_sums(sheet, table, values)
    else:
        with _formulas_blamed(sheet, header):
            layout = columns_by_measure(sheet, header, table.measures, limits.period)
        values = _values_across(sheet, table, layout, limits, tables, notes)
    return values


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
    days = [first_cells[when] for when in sorted(first_cells)]
    check_days(sheet, days, limits.period, limits.published, limits.today)
    if layout.skipped:
        notes.append(f"sheet {sheet.name.strip()!r}: columns not read: {', '.join(layout.skipped)}")
    last = layout.columns[-1].index
    sheet.refuse_unreadable(range(layout.dates, layout.header + 1), range(layout.first, last + 1))
    rows = organisation_rows(sheet, layout.header, layout.first, last, tables, notes)
    if not rows:
        raise InputError(
            f"{sheet.file}, sheet {sheet.name!r}: no row below the header holds values of an organisation; "
            "download the file again"
        )
    values: list[Value] = []
    for row in rows:
        sheet.refuse_unreadable(range(row.index, row.index + 1), range(last + 1))
        _refuse_headless(sheet, row.index, layout)
        values += _row_values(sheet, row.index, row.location, layout.columns)
    _refuse_empty_end(sheet, rows, layout)
    notes += absent_areas(sheet, rows, table.areas, tables)
    _refuse_broken_sums(sheet, table, values)
    notes += check_rows(sheet, rows, values, table.summed, tables)
    return values


def _row_values(sheet: Sheet, row: int, location: str, columns: Sequence[Column]) -> Iterator[Value]:
    """Published values of a row; a metric given in parts is their sum, missing where one is missing."""
    read = [column for column in columns if column.metric is not None]
    cells = _numbers(sheet, row, [column.index for column in read])
    parts: dict[tuple[date, str], list[float | None]] = {}
    for column, value in zip(read, cells, strict=True):
        if column.part:
            parts.setdefault((column.day, str(column.metric)), []).append(value)
        elif value is not None:
            yield column.day, location, str(column.metric), value
    whole = {(column.day, column.metric) for column in columns if not column.part} if parts else set()
    for (when, metric), found in parts.items():
        known = [value for value in found if value is not None]
        if len(known) == len(found) and (when, metric) not in whole:
            yield when, location, metric, sum(known)


def _numbers(sheet: Sheet, row: int, columns: Sequence[int]) -> list[float | None]:
    """Numbers of a row, None where nothing was published; most rows hold numbers alone and are taken whole."""
    line = sheet.rows[row]
    cells = [line[column] if column < len(line) else None for column in columns]
    if set(map(type, cells)) == {float}:
        return cells  # type: ignore[return-value]
    return [_number(sheet, row, column) for column in columns]


def _number(sheet: Sheet, row: int, column: int) -> float | None:
    cell: Cell = sheet.cell(row, column)
    try:
        return number(cell)
    except ValueError:
        raise InputError(
            f"{sheet.at(row, column)}: {shown(cell)} where a number belongs; correct the cell or leave it empty"
        ) from None


def _refuse_headless(sheet: Sheet, row: int, layout: Layout) -> None:
    """Refuse a number beside the dated columns: the header or the row has slipped."""
    headed = {column.index for column in layout.columns}
    last = layout.columns[-1].index
    for column in range(max(layout.first - 1, 0), last + 2):
        if column not in headed and is_number(sheet.cell(row, column)):
            raise InputError(
                f"{sheet.at(row, column)}: {shown(sheet.cell(row, column))} has no date above it; the header or the "
                "row looks shifted, correct the file or download it again"
            )


def _refuse_empty_end(sheet: Sheet, rows: Sequence[Row], layout: Layout) -> None:
    """Refuse a last day whose cells are all empty, without even a mark that nothing was published."""
    last = layout.columns[-1]
    for column in [column for column in layout.columns if column.day == last.day and column.metric]:
        cells = [sheet.cell(row.index, column.index) for row in rows]
        if all(cell is None or cell == "" for cell in cells):
            raise InputError(
                f"{sheet.at(rows[0].index, column.index)}: no row has a value here, in the last day, "
                f"{last.day:%Y-%m-%d}; the rows look shifted, correct the file; or delete the day if nothing was "
                "published for it"
            )


def _refuse_broken_sums(sheet: Sheet, table: Table, values: Sequence[Value]) -> None:
    """Refuse a table in which many sums do not hold: its columns are not what the headers say."""
    if not table.whole:
        return
    cells: dict[tuple[date, str], dict[str, float]] = {}
    for when, location, metric, value in values:
        cells.setdefault((when, location), {})[metric] = value
    complete = {key: cell for key, cell in cells.items() if {table.whole, *table.parts} <= cell.keys()}
    wrong = [key for key, cell in complete.items() if abs(cell[table.whole] - sum(cell[p] for p in table.parts)) > 0.5]
    days = Counter(location for _, location in complete)
    for location, count in Counter(location for _, location in wrong).items():
        if 2 * count > days[location] >= _FEWEST_DAYS:
            raise InputError(
                f"{sheet.file}, sheet {sheet.name!r}: on {count:,} of {days[location]:,} days {table.whole} of "
                f"{location} is not the sum of {' and '.join(table.parts)}; its row or the header looks shifted, "
                "correct the file or download it again"
            )
    rows = Counter(when for when, _ in complete)
    for when, count in Counter(when for when, _ in wrong).items():
        if 2 * count > rows[when] >= _FEWEST_DAYS:
            raise InputError(
                f"{sheet.file}, sheet {sheet.name!r}: on {when:%Y-%m-%d} {table.whole} is not the sum of "
                f"{' and '.join(table.parts)} in {count:,} of {rows[when]:,} rows; the columns of that day look "
                "shifted, correct the file or download it again"
            )
    if len(wrong) > BROKEN_SUMS * len(complete):
        raise InputError(
            f"{sheet.file}, sheet {sheet.name!r}: in {len(wrong):,} of {len(complete):,} cells {table.whole} is not "
            f"the sum of {' and '.join(table.parts)}; the header looks shifted, correct the file or download it again"
        )


def _date_column(sheet: Sheet, header: int, table: Table) -> int | None:
    """Column headed Date, in a table with one row a day for the whole of England."""
    heads = [folded(cell) for cell in sheet.rows[header]]
    first = next(i for i, text in enumerate(heads) if classify(text, table.measures))
    return next((i for i in range(first) if heads[i] in ("date", "day")), None)


def _values_down(sheet: Sheet, table: Table, header: int, column: int, limits: Limits, notes: list[str]) -> list[Value]:
    heads = [folded(cell) for cell in sheet.rows[header]]
    measures = {i: found for i, text in enumerate(heads) if (found := classify(text, table.measures))}
    whole = [measure.metric for measure in measures.values() if not measure.part]
    if len(whole) != len(set(whole)):
        raise InputError(
            f"{sheet.at(header, min(measures))}: one of the measures stands twice in the header; remove one"
        )
    first, last = min(measures), max(measures)
    rows: list[tuple[int, int, date]] = []
    for row in range(header + 1, len(sheet.rows)):
        sheet.refuse_unreadable(range(row, row + 1), range(column, last + 1))
        when = _day_of_row(sheet, row, column, range(first, last + 1))
        if when is None:
            continue
        if rows and (when - rows[-1][2]).days != 1:
            raise InputError(
                f"{sheet.at(row, column)}: {shown(sheet.cell(row, column))} follows {rows[-1][2]:%Y-%m-%d}; "
                "days must follow one another without a hole or a repeat: correct the dates or download the file again"
            )
        rows.append((row, column, when))
    if not rows:
        raise InputError(f"{sheet.at(header + 1, column)}: no dates below the header; download the file again")
    check_days(sheet, rows, limits.period, limits.published, limits.today)
    if others := [text for i, text in enumerate(heads) if text and i not in measures and i != column]:
        notes.append(f"sheet {sheet.name.strip()!r}: {len(others)} columns not read yet")
    values: list[Value] = []
    for row, _, when in rows:
        columns = [Column(i, when, measure.metric, measure.part) for i, measure in measures.items()]
        values += _row_values(sheet, row, "ENG", columns)
    return values


def _day_of_row(sheet: Sheet, row: int, column: int, values: range) -> date | None:
    try:
        when = day(sheet.cell(row, column))
    except ValueError as error:
        raise InputError(f"{sheet.at(row, column)}: {error}; correct the date") from None
    if when is None and any(is_number(sheet.cell(row, i)) for i in values):
        raise InputError(f"{sheet.at(row, column)}: {shown(sheet.cell(row, column))} where a date belongs; correct it")
    return when
