"""Faults of the headers and columns in the table of a sheet."""

from __future__ import annotations

from random import Random

from tests.malformed_table import of_table
from tests.malformed_workbook import Book, Table

_SAME_WORDS = "every column keeps a date, a header and numbers of the size it had"


def headed(table: Table) -> int:
    return table.heads if table.heads is not None else table.dates


@of_table("one header misspelt", "columns")
def _misspelt(book: Book, table: Table, random: Random) -> bool:
    row = table.grid.rows[headed(table)]
    texts = [at for at, cell in row.items() if len(book.words(cell)) > 3 and at >= table.code]
    if not texts:
        return False
    at = random.choice(texts)
    words = book.words(row[at])
    cut = random.randrange(1, len(words) - 1)
    table.grid.text(headed(table), at, words[:cut] + "x" + words[cut + 1 :][::-1])
    return True


@of_table("no row of headers", "columns")
def _no_heads(book: Book, table: Table, random: Random) -> bool:
    table.grid.rows.pop(table.heads, None)
    return table.heads is not None


@of_table("the last days cut off", "columns")
def _last_days(book: Book, table: Table, random: Random) -> None:
    keep = random.choice(table.days[3:-1])
    table.grid.moved({at: at for at in range(keep)})


@of_table("days cut out of the middle", "columns")
def _middle_days(book: Book, table: Table, random: Random) -> None:
    first, last = sorted(random.sample(table.days[1:], 2))
    table.grid.moved(
        {at: at if at < first else at - (last - first) for at in range(table.last + 1) if not first <= at < last}
    )


@of_table("days in another order, dates and headers with them", "columns")
def _days_moved(book: Book, table: Table, random: Random) -> None:
    order = random.sample(table.days, len(table.days))
    table.grid.moved(across(table, dict(zip(table.days, order, strict=True))))


def across(table: Table, days: dict[int, int]) -> dict[int, int]:
    """Places of all columns when whole days move."""
    left = {at: at for at in range(table.first)}
    return left | {old + i: new + i for old, new in days.items() for i in range(table.width)}


@of_table("measures of each day in another order, headers with them", "columns", keeps=True)
def _measures_moved(book: Book, table: Table, random: Random) -> bool:
    if table.width < 2:
        return False
    dates = dict(table.grid.rows[table.dates])
    table.grid.moved(turned(table, table.days))
    table.grid.rows[table.dates] = dates
    return True


def turned(table: Table, days: list[int]) -> dict[int, int]:
    """Places of all columns when the measures of some days move round by one."""
    places = {at: at for at in range(table.last + 1)}
    for day in days:
        places |= {day + i: day + (i + 1) % table.width for i in range(table.width)}
    return places


@of_table("measures of one day in another order, headers as they were", "columns")
def _measures_of_a_day(book: Book, table: Table, random: Random) -> bool:
    return table.width == 3 and under_headers(table, turned(table, [random.choice(table.days)]))


@of_table("measures of every day in another order, headers as they were", "columns")
def _measures_of_all(book: Book, table: Table, random: Random) -> bool:
    return table.width == 3 and under_headers(table, turned(table, table.days))


@of_table(
    "the two measures of a table in each other's place, headers as they were",
    "columns",
    undetectable=f"{_SAME_WORDS}, and two measures that are no parts of each other carry no sum to check",
)
def _two_measures(book: Book, table: Table, random: Random) -> bool:
    return table.width == 2 and under_headers(table, turned(table, table.days))


@of_table(
    "two parts of a total in each other's place throughout",
    "columns",
    undetectable=f"{_SAME_WORDS}, and the whole is the sum of its two parts whichever is called which",
)
def _two_parts(book: Book, table: Table, random: Random) -> bool:
    places = {at: at for at in range(table.last + 1)}
    for day in table.days:
        places |= {day + 1: day + 2, day + 2: day + 1}
    return table.width == 3 and under_headers(table, places)


@of_table(
    "two days in each other's place, dates as they were",
    "columns",
    undetectable=f"{_SAME_WORDS}; the sums of a day hold on whichever day they stand",
)
def _days_under_dates(book: Book, table: Table, random: Random) -> None:
    one, other = random.sample(table.days, 2)
    under_headers(table, across(table, {at: at for at in table.days} | {one: other, other: one}))


def under_headers(table: Table, places: dict[int, int]) -> bool:
    """Move the columns of all rows below the headers."""
    top = headed(table)
    for row, cells in table.grid.rows.items():
        if row > top:
            table.grid.rows[row] = {places[at]: cell for at, cell in cells.items() if at in places}
    return True


@of_table("the values one column to the right", "columns")
def _values_right(book: Book, table: Table, random: Random) -> None:
    under_headers(table, {at: at + (at >= table.first) for at in range(table.last + 1)})


@of_table("the values a day to the left", "columns")
def _values_left(book: Book, table: Table, random: Random) -> None:
    gone = range(table.first, table.first + table.width)
    under_headers(
        table,
        {at: at - table.width * (at >= table.first) for at in range(table.last + 1) if at not in gone},
    )


@of_table("empty columns at the end", "columns", keeps=True)
def _more_columns(book: Book, table: Table, random: Random) -> None:
    table.grid.raw(headed(table), table.last + 9, b"", b"")


@of_table("an empty column on the left", "columns", keeps=True)
def _left_column(book: Book, table: Table, random: Random) -> None:
    table.grid.moved({at: at + 1 for at in range(table.last + 1)})


@of_table("an empty column between the days", "columns")
def _between(book: Book, table: Table, random: Random) -> None:
    at = random.choice(table.days[1:])
    table.grid.moved({old: old + (old >= at) for old in range(table.last + 1)})


@of_table("the column of codes cut out", "columns")
def _no_codes(book: Book, table: Table, random: Random) -> None:
    table.grid.moved({at: at - (at > table.code) for at in range(table.last + 1) if at != table.code})
