"""The values of one table: every cell with its day, location and metric, or a reason why the table is not trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from forecast.errors import InputError
from forecast.reference import Reference
from forecast.sources.cells import listed
from forecast.sources.publications import Table
from forecast.sources.publications.cadence import DAYS
from forecast.sources.publications.measure import Measure
from forecast.sources.spreadsheet.workbook import Sheet
from forecast.sources.tables.across import values_across
from forecast.sources.tables.date_rows import Limits
from forecast.sources.tables.down import date_column, values_down
from forecast.sources.tables.grid import Layout, columns_by_day, columns_by_measure, label_row
from forecast.sources.tables.headings import header_row, measures_of
from forecast.sources.tables.ranges import Dated, one_date_a_column, only_stocks
from forecast.sources.tables.stacked import stacked_values
from forecast.sources.tables.totals import Value
from forecast.sources.tables.undated import columns_of_month


def sheet_values(sheet: Sheet, table: Table, limits: Limits, tables: Reference, notes: list[str]) -> list[Value]:
    """Values of the table that a sheet holds; what is left out is added to ``notes``.

    Raises
    ------
    InputError
        The table cannot be trusted: the message names the cell, row or column.
    """
    if table.stacked:
        return stacked_values(sheet, table, limits, tables, notes)
    measures: dict[int, Measure] = {}
    if table.one_metric:
        header = _labels(sheet)
    else:
        header = header_row(sheet, table, tables) or 0
        measures = measures_of(sheet, header, table, tables, notes)
        if not measures:
            return []
        column = date_column(sheet, header, min(measures))
        if column is not None:
            return values_down(sheet, table, header, column, measures, limits, notes)
    with _formulas_blamed(sheet, header):
        dated = one_date_a_column(sheet, header) if table.ranges else Dated(sheet, table.every or DAYS)
        layout = _layout(dated, header, table, measures, limits)
    if absent := {measure.metric for measure in table.measures} - {column.metric for column in layout.columns}:
        notes.append(f"sheet {sheet.name.strip()!r}: no column of {listed(sorted(absent))}")
    values = values_across(dated.sheet, table, layout, limits, tables, notes)
    return only_stocks(dated, values, tables, notes)


def _labels(sheet: Sheet) -> int:
    header = label_row(sheet)
    if header is None:
        raise InputError(
            f"{sheet.file}, sheet {sheet.name!r}: no header row with Code and Name was found; "
            "the header is missing or its words have changed, compare it with the publication"
        )
    return header


def _layout(dated: Dated, header: int, table: Table, measures: Mapping[int, Measure], limits: Limits) -> Layout:
    if table.one_metric:
        return columns_by_day(dated.sheet, header, table.measures[0].metric, limits.period, dated.cadence)
    if table.every is None:
        return columns_of_month(dated.sheet, header, measures, limits.period)
    return columns_by_measure(dated.sheet, header, table.measures, limits.period, dated.cadence)


@contextmanager
def _formulas_blamed(sheet: Sheet, header: int) -> Iterator[None]:
    """Blame a header that cannot be read on its formulas without a value, where it has such."""
    try:
        yield
    except InputError:
        sheet.refuse_unreadable(range(header + 1), range(4, sheet.width))
        raise
