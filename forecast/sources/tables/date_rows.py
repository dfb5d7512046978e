"""The row of dates above the values of a table, and whether its dates are those the file is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from forecast.errors import InputError
from forecast.sources.cells import is_number, shown
from forecast.sources.publications.cadence import Cadence
from forecast.sources.spreadsheet.titles import Period
from forecast.sources.spreadsheet.workbook import Sheet


@dataclass(frozen=True)
class Limits:
    """What the file says of its dates: the period it covers and its own date; and the day it is read."""

    period: Period | None
    published: date | None
    today: date | None


def date_row(sheet: Sheet, lowest: int, first: int, period: Period | None, cadence: Cadence, header_wins: bool) -> int:
    """Row of dates: the one that agrees with the period; else the one nearest to the header.

    Winter workbooks of 2024-25 have a second row of dates, a day late, above the right one.
    """
    every = {row: dates_in(sheet, row, first, cadence) for row in range(lowest + 1)}
    rows = {row: found for row, found in every.items() if found and _is_date_row(found, cadence)}
    if not rows:
        raise InputError(
            f"{sheet.at(lowest, first)}: no row of dates above the values; "
            f"expected one date a {cadence.unit}, such as {cadence.example}"
        )
    most = max(len(set(found.values())) for found in rows.values())
    rows = {row: found for row, found in rows.items() if 2 * len(set(found.values())) >= most}
    agreeing = {row: _agreement(found, period, cadence) for row, found in rows.items()}
    best = max(rows, key=lambda row: (agreeing[row], row))
    rivals = [row for row in rows if row != best and agreeing[row] == agreeing[best]]
    for row in rivals:
        if _conflict(rows[row], rows[best]) and not (header_wins and best == lowest):
            raise InputError(
                f"{sheet.at(row, first)}: rows {row + 1} and {best + 1} give different dates and the period of the "
                "file does not say which is right; correct one of them"
            )
    return best


def dates_in(sheet: Sheet, row: int, first: int, cadence: Cadence) -> dict[int, date]:
    """Dates of a row by their column, from column ``first`` on."""
    found = {}
    serials = [cell for cell in sheet.rows[row][first:] if is_number(cell)]
    use_serials = all(cadence.read(cell) for cell in serials)
    for column in range(first, len(sheet.rows[row])):
        try:
            value = cadence.read(sheet.cell(row, column), serials=use_serials)
        except ValueError as error:
            raise InputError(f"{sheet.at(row, column)}: {error}; correct the date") from None
        if value:
            found[column] = value
    return found


def check_dates(sheet: Sheet, cells: Sequence[tuple[int, int, date]], limits: Limits, cadence: Cadence) -> None:
    """Refuse dates outside the period the file states, after its own date or after ``today``.

    ``cells`` are the dates of the table in order, each with its row and column.
    """
    first, last = cells[0], cells[-1]
    for limit, what in ((limits.published, "the day this file was published"), (limits.today, "today")):
        if limit and last[2] > limit:
            row, column, late = next(cell for cell in cells if cell[2] > limit)
            raise InputError(
                f"{sheet.at(row, column)}: {late:%Y-%m-%d} lies after {what}, {limit:%Y-%m-%d}; "
                "correct the dates or download the file again"
            )
    period = limits.period
    if period is None:
        return
    for row, column, found in (first, last):
        if not cadence.within(found, period):
            raise InputError(
                f"{sheet.at(row, column)}: {found:%Y-%m-%d} lies outside the period the file states, "
                f"{period[0]:%Y-%m-%d} to {period[1]:%Y-%m-%d}; correct the dates or the period"
            )
    if not cadence.begins(first[2], period) and not cadence.ends(last[2], period):
        raise InputError(
            f"{sheet.at(*first[:2])}: the dates run from {first[2]:%Y-%m-%d} to {last[2]:%Y-%m-%d}, the file states "
            f"{period[0]:%Y-%m-%d} to {period[1]:%Y-%m-%d} and neither end agrees; correct the dates or the period"
        )


def not_next(sheet: Sheet, row: int, column: int, before: date, cadence: Cadence, where: str = "header") -> InputError:
    """The error for a date that does not follow the one ``before`` it."""
    return InputError(
        f"{sheet.at(row, column)}: {shown(sheet.cell(row, column))} follows {before:%Y-%m-%d}; {cadence.unit}s must "
        f"follow one another without a hole or a repeat: correct the {where} or download the file again"
    )


def _is_date_row(found: dict[int, date], cadence: Cadence) -> bool:
    """Whether most neighbours are the same or the next step: a row of counts can read as Excel serial numbers."""
    days = list(found.values())
    steps = [before == after or cadence.follows(before, after) for before, after in pairwise(days)]
    return sum(steps) >= 0.5 * len(steps)


def _agreement(found: dict[int, date], period: Period | None, cadence: Cadence) -> int:
    days = list(found.values())
    return cadence.begins(days[0], period) + cadence.ends(days[-1], period) if period else 0


def _conflict(one: dict[int, date], other: dict[int, date]) -> bool:
    return any(one[column] != other[column] for column in one.keys() & other.keys())
