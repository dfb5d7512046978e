"""Faults of the dates in the table of a sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from tests.malformed_table import of_table
from tests.malformed_workbook import Book, Table

_EPOCH = date(1899, 12, 30)


def shift_dates(book: Book, table: Table, days: int, write: Callable[[date], str] | None = None) -> bool:
    """Move the table's dates, all those in the sheet's rows of dates, or write them otherwise."""
    rows = [table.dates] if table.heads else [r for r in (table.dates - 1, table.dates) if r in table.grid.rows]
    done = 0
    for row in rows:
        for at, cell in list(table.grid.rows[row].items()):
            number = book.number(cell)
            if at < table.first or number is None or not 36526 <= number <= 73050:
                continue
            done += 1
            when = _EPOCH + timedelta(days=int(number) + days)
            if write:
                table.grid.text(row, at, write(when))
            else:
                table.grid.raw(row, at, b"", b"<v>%d</v>" % (int(number) + days))
    return done > 0


def dated(table: Table) -> list[int]:
    return [at for at, cell in sorted(table.grid.rows[table.dates].items()) if at >= table.first and cell[1]]


for _words, _form in (("as 2024-01-31", "%Y-%m-%d"), ("as 31/01/2024", "%d/%m/%Y"), ("as 31 January 2024", "%d %B %Y")):
    of_table(f"dates as text, {_words}", "dates", keeps=True)(
        lambda book, table, random, form=_form: shift_dates(book, table, 0, lambda day: day.strftime(form))
    )
of_table("dates as text, as 01/31/2024", "dates")(
    lambda book, table, random: shift_dates(book, table, 0, lambda day: day.strftime("%m/%d/%Y"))
)
of_table("dates with day and month exchanged where that is a date", "dates")(
    lambda book, table, random: shift_dates(
        book, table, 0, lambda day: day.strftime("%d/%m/%Y" if day.day > 12 else "%m/%d/%Y")
    )
)
of_table("dates a day late", "dates")(lambda book, table, random: shift_dates(book, table, 1))
of_table("dates a day early", "dates")(lambda book, table, random: shift_dates(book, table, -1))
of_table("dates a week late", "dates")(lambda book, table, random: shift_dates(book, table, 7))
of_table("dates as if counted from 1904", "dates")(lambda book, table, random: shift_dates(book, table, 1462))


@of_table("one date wrong by a day", "dates")
def _one_date(book: Book, table: Table, random: Random) -> bool:
    at = random.choice(dated(table))
    number = book.number(table.grid.rows[table.dates][at])
    if number is None:
        return False
    table.grid.raw(table.dates, at, b"", b"<v>%d</v>" % (number + 1))
    return True


@of_table("two dates in each other's place", "dates")
def _dates_swapped(book: Book, table: Table, random: Random) -> None:
    one, other = random.sample(dated(table), 2)
    row = table.grid.rows[table.dates]
    row[one], row[other] = row[other], row[one]


@of_table("one date missing", "dates")
def _date_missing(book: Book, table: Table, random: Random) -> None:
    del table.grid.rows[table.dates][random.choice(dated(table))]


@of_table("a word instead of a date", "dates")
def _word_for_date(book: Book, table: Table, random: Random) -> None:
    table.grid.text(table.dates, random.choice(dated(table)), "Total")


@of_table("an Excel error instead of a date", "dates")
def _error_for_date(book: Book, table: Table, random: Random) -> None:
    table.grid.raw(table.dates, random.choice(dated(table)), b' t="e"', b"<v>#REF!</v>")


@of_table("the dates one column to the right", "dates")
def _dates_moved(book: Book, table: Table, random: Random) -> None:
    row = table.grid.rows[table.dates]
    table.grid.rows[table.dates] = {at + (at >= table.first): cell for at, cell in row.items()}


@of_table("no row of dates", "dates")
def _no_dates(book: Book, table: Table, random: Random) -> None:
    for row in (table.dates, table.dates - 1) if table.heads is None else (table.dates,):
        table.grid.rows.pop(row, None)
