"""Columns that stand for several days: to 2015-16 a weekend, or a run of bank holidays, was one column of its own.

``11-13-Dec-15`` heads one number for Friday to Sunday. A stock (beds) is the position on the last of these days, as
the notes of the publication say; a flow (attendances) is their sum, three times that of a day, and no day's value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import holidays

from forecast.errors import InputError
from forecast.reference import Reference
from forecast.sources.cells import Cell, day, folded, listed, text_day, words
from forecast.sources.publications.cadence import DAYS, Cadence
from forecast.sources.spreadsheet.workbook import Sheet
from forecast.sources.tables.totals import Value

# The longest stretch published as one column is Christmas: 21 to 26 December 2012.
_LONGEST = timedelta(days=6)
_ONE_DAY = timedelta(days=1)
_SAME_MONTH = re.compile(r"^(\d{1,2}) ?- ?(\d{1,2})([-/. ]\D{3,}.*|[-/. ]\d{1,2}[-/. ]\d{2,4})$", re.ASCII)
_BETWEEN = re.compile(r" ?(?:\bto\b|-|&) ?")


@dataclass(frozen=True)
class Dated:
    """A sheet whose every column has one date, and what was changed for that.

    Attributes
    ----------
    sheet
        The sheet, each range of days replaced by the last of them.
    cadence
        How its dates follow one another: without the days inside the ranges, and without weekends and bank holidays
        where the table leaves them out altogether.
    ranges
        Texts of the ranges by their last day.
    """

    sheet: Sheet
    cadence: Cadence
    ranges: dict[date, str] = field(default_factory=dict)


def one_date_a_column(sheet: Sheet, header: int) -> Dated:
    """Replace ranges of days above and in row ``header`` by their last days.

    Raises
    ------
    InputError
        A range ends before it begins, or a day of the calendar does not exist.
    """
    first = _first_value(sheet.rows[header])
    rows = list(sheet.rows)
    ranges: dict[date, str] = {}
    covered: set[date] = set()
    single: set[date] = set()
    for row in range(header + 1):
        dated = {column: found for column in range(first, len(rows[row])) if (found := _days(sheet, row, column))}
        if len(dated) < 2:
            continue
        cells = list(rows[row])
        for column, (start, end) in dated.items():
            if start == end:
                single.add(start)
                continue
            ranges[end] = words(cells[column])
            covered |= set(_each(start, end - _ONE_DAY))
            cells[column] = end
        rows[row] = cells
    closed = frozenset() if any(when.weekday() >= 5 for when in single) else _closed(single)
    return Dated(replace(sheet, rows=rows), replace(DAYS, without=closed | covered), ranges)


def only_stocks(dated: Dated, values: list[Value], tables: Reference, notes: list[str]) -> list[Value]:
    """The values without flows that were summed over several days."""
    if not dated.ranges:
        return values
    flows = {metric for metric in {value[2] for value in values} if _is_flow(metric, tables)}
    about = f"sheet {dated.sheet.name.strip()!r}: columns of several days ({listed(dated.ranges.values(), 3)})"
    what = "are sums and no day's value; not read" if flows else "are taken as the position on the last of them"
    notes.append(f"{about} {what}")
    return [value for value in values if value[2] not in flows or value[0] not in dated.ranges]


def range_of(text: str) -> tuple[date, date] | None:
    """First and last day that a text such as ``11-13-dec-15`` or ``9 nov 12 to 11 nov 12`` covers; None for any other.

    Raises
    ------
    ValueError
        The range names a day that does not exist.
    """
    text = re.sub(r" ?/ ?", "/", text)
    if text_day(text):
        return None
    if found := _SAME_MONTH.match(text):
        last = text_day(f"{found[2]}{_plain_month(found[3])}")
        if last is None:
            return None
        first = _before(int(found[1]), last)
        return (first, last) if last - first <= _LONGEST else None
    for dash in _BETWEEN.finditer(text):
        first_day, last_day = text_day(text[: dash.start()]), text_day(text[dash.end() :])
        if first_day and last_day and timedelta() < last_day - first_day <= _LONGEST:
            return first_day, last_day
    return None


def _plain_month(text: str) -> str:
    """Month and year behind a day, dashes between numbers as slashes."""
    return re.sub(r"[-/. ]", "/", text) if re.fullmatch(r"[\d\-/. ]+", text) else text


def _before(number: int, last: date) -> date:
    """The last day before ``last`` with that number in its month."""
    found = last
    while found.day != number and last - found <= _LONGEST:
        found -= _ONE_DAY
    return found


def _days(sheet: Sheet, row: int, column: int) -> tuple[date, date] | None:
    cell: Cell = sheet.cell(row, column)
    if isinstance(cell, bool | int | float) or cell is None:
        return _serial(cell)
    try:
        single = day(cell)
        return (single, single) if single else range_of(folded(cell))
    except ValueError as error:
        raise InputError(f"{sheet.at(row, column)}: {error}; correct the date") from None


def _serial(cell: Cell) -> tuple[date, date] | None:
    found = day(cell)
    return (found, found) if found else None


def _first_value(header: Sequence[Cell]) -> int:
    """First column right of those that name organisations."""
    labels = [i for i, cell in enumerate(header) if re.fullmatch(r"(?:org(?:anisation)? )?(?:code|name)", folded(cell))]
    return max(labels, default=-1) + 1


def _each(first: date, last: date) -> Iterable[date]:
    return (first + i * _ONE_DAY for i in range((last - first).days + 1))


def _closed(days: set[date]) -> frozenset[date]:
    """Weekends and bank holidays among working days."""
    if not days:
        return frozenset()
    free = holidays.country_holidays("GB", subdiv="ENG", years=range(min(days).year, max(days).year + 1))
    return frozenset(when for when in _each(min(days), max(days)) if when.weekday() >= 5 or when in free)


def _is_flow(metric: str, tables: Reference) -> bool:
    known = tables.metric(metric)
    return known is not None and known.kind == "flow"
