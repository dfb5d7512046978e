"""Tables whose columns have no date: they are about the month of their file."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date

from forecast.errors import InputError
from forecast.sources.cells import folded, is_number, words
from forecast.sources.publications.measure import Measure
from forecast.sources.spreadsheet.titles import Period, period_of
from forecast.sources.spreadsheet.workbook import Sheet
from forecast.sources.tables.grid import Column, Layout


def columns_of_month(sheet: Sheet, header: int, found: Mapping[int, Measure], period: Period | None) -> Layout:
    """Layout of a table with one column a measure, all dated by the first of the month.

    Raises
    ------
    InputError
        The file does not say which month it is about, the words above the columns say another, or two columns have
        the same header.
    """
    heads = [folded(cell) for cell in sheet.rows[header]]
    first, last = _span(sheet, header, min(found), max(found))
    month = _month(sheet, header, first, period)
    columns, seen = [], dict[str, int]()
    for column in range(first, last + 1):
        measure = found.get(column)
        if measure is None and not heads[column]:
            continue
        if measure and measure.metric in seen:
            raise InputError(
                f"{sheet.at(header, column)}: {words(sheet.cell(header, column))!r} heads this column and that of "
                f"{words(sheet.cell(header, seen[measure.metric]))!r} ({measure.metric}); correct one of the headers"
            )
        if measure:
            seen[measure.metric] = column
        columns.append(Column(column, month, measure.metric if measure else None))
    skipped = dict.fromkeys(words(sheet.cell(header, c.index)) for c in columns if c.metric is None)
    return Layout(header, header, first, tuple(columns), tuple(skipped))


def _span(sheet: Sheet, header: int, first: int, last: int) -> tuple[int, int]:
    """First and last column of values: those of the measures, and others that are headed and touch them."""
    while first and _holds_numbers(sheet, header, first - 1):
        first -= 1
    while _holds_numbers(sheet, header, last + 1):
        last += 1
    return first, last


def _holds_numbers(sheet: Sheet, header: int, column: int) -> bool:
    """Whether numbers stand in a column under a header that is no label of organisations."""
    text = folded(sheet.cell(header, column))
    if not text or re.search(r"\b(?:code|name|region)\b", text):
        return False
    return any(is_number(sheet.cell(row, column)) for row in range(header + 1, len(sheet.rows)))


def _month(sheet: Sheet, header: int, first: int, period: Period | None) -> date:
    """First of the month that the file and the words above the columns are about."""
    stated = None
    for row in range(header):
        for column in range(first, len(sheet.rows[row])):
            named = period_of(words(sheet.cell(row, column)).split(" - ")[0])
            if named is None:
                continue
            if stated not in (None, named) or (period is not None and named != period):
                other = stated or period
                raise InputError(
                    f"{sheet.at(row, column)}: the columns below are said to be of {named[0]:%B %Y}, the file is about "
                    f"{_shown(other)}; correct the one that is wrong or download the file again"
                )
            stated = named
    month = stated or period
    if month is None or not _is_month(month):
        raise InputError(
            f"{sheet.file}, sheet {sheet.name!r}: its columns have no dates and the file does not say which month it "
            f"is about (period {_shown(month)}); give the month in the line Period of the title block"
        )
    return month[0]


def _is_month(period: Period) -> bool:
    first, last = period
    return (first.year, first.month, 1) == (last.year, last.month, first.day) and (
        last.day == calendar.monthrange(last.year, last.month)[1]
    )


def _shown(period: Period | None) -> str:
    return f"{period[0]:%Y-%m-%d} to {period[1]:%Y-%m-%d}" if period else "none"
