"""The numbers of one row of a table, and rows and columns whose cells show that something has slipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from forecast.errors import InputError
from forecast.sources.cells import is_number, number, reads_as_number, shown
from forecast.sources.spreadsheet.workbook import Sheet
from forecast.sources.tables.grid import Column, Layout
from forecast.sources.tables.organisations import Row
from forecast.sources.tables.totals import UNREAD, Value


def row_values(sheet: Sheet, row: int, location: str, columns: Sequence[Column]) -> Iterator[Value]:
    """Published values of a row; a metric given in parts is their sum, missing where one is missing.

    Raises
    ------
    InputError
        A cell holds something else than a number or a mark that nothing was published.
    """
    named = [column for column in columns if column.metric is not None]
    parts: dict[tuple[date, str], list[float | None]] = {}
    for column, value in zip(named, _numbers(sheet, row, named), strict=True):
        if column.part:
            parts.setdefault((column.day, str(column.metric)), []).append(value)
        elif value is not None:
            yield column.day, location, str(column.metric), value
    whole = {(column.day, column.metric) for column in columns if not column.part} if parts else set()
    for (when, metric), found in parts.items():
        known = [value for value in found if value is not None]
        if len(known) == len(found) and (when, metric) not in whole:
            yield when, location, metric, sum(known)


def refuse_headless(sheet: Sheet, row: int, layout: Layout, needed: str) -> None:
    """Refuse a number beside the headed columns: the header or the row has slipped."""
    headed = {column.index for column in layout.columns}
    last = layout.columns[-1].index
    for column in range(max(layout.first - 1, 0), last + 2):
        if column not in headed and is_number(sheet.cell(row, column)):
            raise InputError(
                f"{sheet.at(row, column)}: {shown(sheet.cell(row, column))} has no {needed} above it; "
                "the header or the row looks shifted, correct the file or download it again"
            )


def refuse_empty_end(sheet: Sheet, rows: Sequence[Row], layout: Layout, unit: str) -> None:
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


def _numbers(sheet: Sheet, row: int, columns: Sequence[Column]) -> list[float | None]:
    """Numbers of a row, None where nothing was published; most rows hold numbers alone and are taken whole."""
    line = sheet.rows[row]
    cells = [line[column.index] if column.index < len(line) else None for column in columns]
    if set(map(type, cells)) == {float}:
        return cells  # type: ignore[return-value]
    return [_number(sheet, row, column) for column in columns]


def _number(sheet: Sheet, row: int, column: Column) -> float | None:
    unread = str(column.metric).startswith(UNREAD) and not reads_as_number(sheet.cell(row, column.index))
    return None if unread else number_at(sheet, row, column.index)


def number_at(sheet: Sheet, row: int, column: int) -> float | None:
    """Number in a cell, None where nothing was published.

    Raises
    ------
    InputError
        The cell holds something else.
    """
    cell = sheet.cell(row, column)
    try:
        return number(cell)
    except ValueError:
        raise InputError(
            f"{sheet.at(row, column)}: {shown(cell)} where a number belongs; correct the cell or leave it empty"
        ) from None
