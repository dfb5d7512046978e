"""Faults of the table in a sheet: its sheet's name, dates, columns, rows and codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from tests.malformed_kinds import KINDS, Kind, Made
from tests.malformed_workbook import Book, Table

_EPOCH = date(1899, 12, 30)
_SAME_WORDS = "every column keeps a date, a header and numbers of the size it had"


def of_table(name: str, family: str, keeps: bool = False, undetectable: str = "") -> Callable[..., None]:
    """Register a fault made to the largest table of a workbook; false from it: this table has no place for it."""

    def register(change: Callable[[Book, Table, Random], bool | None]) -> None:
        def make(path: Path, random: Random) -> Made | None:
            book = Book(path)
            table = book.table()
            if table is None or change(book, table, random) is False:
                return None
            return Made(path.name, book.save())

        KINDS.append(Kind(name, make, family, keeps, undetectable))

    return register


# Sheets


def rename(book: Book, old: str, new: str) -> None:
    """Change a sheet's name in the list of sheets."""
    xml = book.parts["xl/workbook.xml"]
    was = f'name="{old.replace("&", "&amp;")}"'.encode()
    book.parts["xl/workbook.xml"] = xml.replace(was, f'name="{new}"'.encode(), 1)


@of_table("the sheet renamed", "sheets")
def _renamed(book: Book, table: Table, random: Random) -> None:
    rename(book, table.sheet, "Sheet9")


@of_table("the sheet's name in capitals, with spaces", "sheets", keeps=True)
def _capitals(book: Book, table: Table, random: Random) -> None:
    rename(book, table.sheet, table.sheet.upper() + "  ")


@of_table("two sheets with each other's names", "sheets")
def _names_swapped(book: Book, table: Table, random: Random) -> bool:
    others = [name for name in book.sheets if name != table.sheet]
    if not others:
        return False
    other = random.choice(others)
    rename(book, table.sheet, "xyz")
    rename(book, other, table.sheet)
    rename(book, "xyz", other)
    return True


@of_table("the sheet twice under one name", "sheets")
def _same_name(book: Book, table: Table, random: Random) -> bool:
    return double(book, table, table.sheet)


@of_table("a copy of the sheet", "sheets")
def _copy(book: Book, table: Table, random: Random) -> bool:
    return double(book, table, f"{table.sheet} (2)")


def double(book: Book, table: Table, name: str) -> bool:
    """List the sheet a second time."""
    sheet = re.search(f'<sheet [^>]*name="{re.escape(table.sheet)}"[^>]*>'.encode(), book.parts["xl/workbook.xml"])
    if sheet is None:
        return False
    again = sheet[0].replace(table.sheet.encode(), name.encode()).replace(b'sheetId="', b'sheetId="99')
    book.parts["xl/workbook.xml"] = book.parts["xl/workbook.xml"].replace(sheet[0], sheet[0] + again)
    return True


@of_table("the sheet hidden", "sheets")
def _hidden(book: Book, table: Table, random: Random) -> None:
    xml = book.parts["xl/workbook.xml"].replace(b'state="visible"', b"")
    name = f'<sheet name="{table.sheet}"'.encode()
    book.parts["xl/workbook.xml"] = xml.replace(name, name + b' state="hidden"')


@of_table("the sheets in another order", "sheets", keeps=True)
def _order(book: Book, table: Table, random: Random) -> bool:
    xml = book.parts["xl/workbook.xml"]
    sheets = re.findall(rb"<sheet [^>]*>", xml)
    book.parts["xl/workbook.xml"] = xml.replace(b"".join(sheets), b"".join(reversed(sheets)))
    return len(sheets) > 1


@of_table("the sheet empty", "sheets")
def _empty(book: Book, table: Table, random: Random) -> None:
    table.grid.rows = {}


@of_table("the sheet of another month or season in its place", "sheets")
def _cover_gone(book: Book, table: Table, random: Random) -> bool:
    """The table's dates a year on, its cover as it was."""
    return shift_dates(book, table, 364)


# Dates


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


# Headers and columns


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
