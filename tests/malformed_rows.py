"""Faults of rows, codes, names and single cells of a table."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.malformed_table import of_table
from tests.malformed_workbook import Book, Table


def row_places(table: Table) -> dict[int, int]:
    return {row: row for row in table.grid.rows}


def trusts(book: Book, table: Table) -> list[int]:
    """Rows of trusts with different numbers on every side of them."""
    return [row for row in table.rows if not book.words(table.grid.rows[row][table.code]).startswith("Q")]


# Rows


@of_table("the last rows cut off", "rows")
def _last_rows(book: Book, table: Table, random: Random) -> None:
    keep = random.choice(table.rows[5:])
    table.grid.moved_rows({row: row for row in table.grid.rows if row < keep})


@of_table("rows cut out of the middle", "rows")
def _middle_rows(book: Book, table: Table, random: Random) -> None:
    gone = set(random.sample(table.rows, 20))
    table.grid.moved_rows({row: row - sum(g < row for g in gone) for row in table.grid.rows if row not in gone})


@of_table("rows of trusts in another order", "rows", keeps=True)
def _rows_moved(book: Book, table: Table, random: Random) -> None:
    rows = trusts(book, table)
    table.grid.moved_rows(row_places(table) | dict(zip(rows, random.sample(rows, len(rows)), strict=True)))


@of_table("blank rows among the trusts", "rows", keeps=True)
def _blank_rows(book: Book, table: Table, random: Random) -> None:
    after = random.sample(table.rows, 5)
    table.grid.moved_rows({row: row + sum(at < row for at in after) for row in table.grid.rows})


@of_table("merged rows of a heading above the table", "rows", keeps=True)
def _rows_above(book: Book, table: Table, random: Random) -> None:
    at = min(table.dates, table.rows[0]) - 1
    table.grid.moved_rows({row: row + 2 * (row >= at) for row in table.grid.rows})
    table.grid.text(at, 1, "Management information, not for onward release")
    end = table.grid.tail.index(b"</sheetData>") + 12
    merged = b'<mergeCells count="1"><mergeCell ref="B%d:Z%d"/></mergeCells>' % (at + 1, at + 2)
    if b"<mergeCells" not in table.grid.tail:
        table.grid.tail = table.grid.tail[:end] + merged + table.grid.tail[end:]


@of_table("a blank row between dates and values", "rows", keeps=True)
def _row_below_dates(book: Book, table: Table, random: Random) -> None:
    top = table.heads if table.heads is not None else table.dates
    table.grid.moved_rows({row: row + (row > top) for row in table.grid.rows})


@of_table("a row twice", "rows")
def _row_twice(book: Book, table: Table, random: Random) -> None:
    row = random.choice(table.rows)
    table.grid.rows[max(table.grid.rows) + 1] = dict(table.grid.rows[row])


@of_table("two rows under one row number", "rows")
def _row_number(book: Book, table: Table, random: Random) -> None:
    row = random.choice(table.rows[:-1])
    marker = b'<row r="%d">' % (row + 2)
    xml = table.grid.xml().replace(marker, b'<row r="%d">' % (row + 1), 1)
    start = xml.index(b'<row r="%d">' % (row + 1), xml.index(b'<row r="%d">' % (row + 1)) + 5)
    end = xml.index(b"</row>", start)
    xml = xml[:start] + xml[start:end].replace(b'%d"' % (row + 2), b'%d"' % (row + 1)) + xml[end:]
    book.grids.clear()
    book.parts[book.sheets[table.sheet]] = xml


def moved_row(table: Table, random: Random, by: int) -> None:
    row = random.choice(table.rows)
    cells = table.grid.rows[row]
    table.grid.rows[row] = {
        at + by * (at >= table.first): cell
        for at, cell in cells.items()
        if at < table.first or table.first <= at + by <= table.last
    }


of_table("one row a column to the right", "rows")(lambda book, table, random: moved_row(table, random, 1))
of_table("one row a column to the left", "rows")(lambda book, table, random: moved_row(table, random, -1))
of_table("one row a day to the right", "rows")(lambda book, table, random: moved_row(table, random, table.width))


@of_table("codes and names one row below their values", "rows")
def _labels_down(book: Book, table: Table, random: Random) -> bool:
    if not has_regions(book, table):
        return False
    rows = trusts(book, table)
    values = [{at: c for at, c in table.grid.rows[row].items() if at >= table.first} for row in rows]
    for row, cells in zip(rows, values[1:] + values[:1], strict=True):
        labels = {at: c for at, c in table.grid.rows[row].items() if at < table.first}
        table.grid.rows[row] = labels | cells
    return True


def has_regions(book: Book, table: Table) -> bool:
    """Whether a region has a row of its own, above the trusts."""
    cells = [
        (row, book.words(cell).casefold())
        for row in table.grid.rows
        for at, cell in table.grid.rows[row].items()
        if row not in table.rows and at < table.first and table.first in table.grid.rows[row]
    ]
    return any(text == "east of england" and book.number(table.grid.rows[row][table.first]) for row, text in cells)


def exchanged(book: Book, table: Table, random: Random, same_region: bool) -> bool:
    """Two trusts get each other's values."""
    rows = trusts(book, table)
    places: dict[str, list[int]] = {}
    for row in rows:
        cells = table.grid.rows[row]
        region = next((book.words(cells[at]) for at in sorted(cells) if at < table.code and book.words(cells[at])), "")
        places.setdefault(region, []).append(row)
    large = [found for found in places.values() if len(found) > 3]
    if len(large) < 2 or not has_regions(book, table):
        return False
    one, other = random.sample(large, 2)
    pair = random.sample(one, 2) if same_region else [random.choice(one), random.choice(other)]
    cells = [table.grid.rows[row] for row in pair]
    for row, labels, values in zip(pair, cells, reversed(cells), strict=True):
        table.grid.rows[row] = {at: c for at, c in labels.items() if at < table.first} | {
            at: c for at, c in values.items() if at >= table.first
        }
    return True


of_table("the values of two trusts of different regions in each other's place", "rows")(
    lambda book, table, random: exchanged(book, table, random, False)
)
of_table(
    "the values of two trusts of one region in each other's place",
    "rows",
    undetectable="the sums of the region hold, and nothing else in the file says which of the two rows is whose",
)(lambda book, table, random: exchanged(book, table, random, True))


@of_table("a footnote with numbers", "rows", keeps=True)
def _footnote(book: Book, table: Table, random: Random) -> None:
    last = max(table.grid.rows) + 3
    table.grid.text(last, 1, "Note 7: 12 trusts resubmitted 345 values on 6 July")


@of_table("England's row cut out", "rows")
def _no_england(book: Book, table: Table, random: Random) -> bool:
    found = [
        row
        for row, cells in table.grid.rows.items()
        if any(book.words(c).casefold().startswith("england") for at, c in cells.items() if at < table.first)
        and len(cells) > table.first + 5
    ]
    for row in found:
        del table.grid.rows[row]
    return bool(found)


# Codes and names


def with_codes(change: Callable[[str, Random], str], count: int) -> Callable[[Book, Table, Random], None]:
    def alter(book: Book, table: Table, random: Random) -> None:
        for row in random.sample(table.rows, min(count, len(table.rows))):
            code = book.words(table.grid.rows[row][table.code])
            table.grid.text(row, table.code, change(code, random))

    return alter


of_table("codes in lower case", "codes", keeps=True)(with_codes(lambda code, random: code.lower(), 500))
of_table("codes with spaces round them", "codes", keeps=True)(with_codes(lambda code, random: f" {code}\u00a0 ", 500))
of_table("codes with a footnote mark", "codes", keeps=True)(with_codes(lambda code, random: f"{code}*", 30))
of_table("a code of no known shape", "codes")(with_codes(lambda code, random: "XX99X", 1))
of_table("a number instead of a code", "codes")(with_codes(lambda code, random: "12345", 1))
of_table("a code that nobody has", "codes")(with_codes(lambda code, random: f"R9{random.choice('XYZ')}", 1))
of_table("a code left out", "codes")(with_codes(lambda code, random: "", 1))
of_table("two characters of a code exchanged", "codes")(with_codes(lambda code, random: code[0] + code[2] + code[1], 1))


def swapped(book: Book, table: Table, random: Random, column: int) -> None:
    one, other = random.sample(trusts(book, table), 2)
    rows = table.grid.rows
    rows[one][column], rows[other][column] = rows[other][column], rows[one][column]


of_table("two codes in each other's place", "codes")(
    lambda book, table, random: swapped(book, table, random, table.code)
)
of_table("two names in each other's place", "codes")(
    lambda book, table, random: swapped(book, table, random, table.first - 1)
)


@of_table("one code over another", "codes")
def _doubled(book: Book, table: Table, random: Random) -> None:
    one, other = random.sample(trusts(book, table), 2)
    table.grid.rows[one][table.code] = table.grid.rows[other][table.code]


@of_table("the codes one row below their names", "codes")
def _codes_down(book: Book, table: Table, random: Random) -> None:
    rows = trusts(book, table)
    codes = [table.grid.rows[row][table.code] for row in rows]
    for row, code in zip(rows, codes[1:] + codes[:1], strict=True):
        table.grid.rows[row][table.code] = code


# Cells


def with_cells(write: Callable[[Table, int, int, float], None], count: int) -> Callable[[Book, Table, Random], bool]:
    """Change cells of more than a thousand or, where there are none, any."""

    def alter(book: Book, table: Table, random: Random) -> bool:
        cells = [
            (row, at, number)
            for row in table.rows
            for at, cell in table.grid.rows[row].items()
            if table.first <= at <= table.last and (number := book.number(cell)) is not None
        ]
        large = [cell for cell in cells if cell[2] >= 1000]
        for row, at, number in random.sample(large or cells, min(count, len(large or cells))):
            write(table, row, at, number)
        return True

    return alter


def texts(form: Callable[[float], str]) -> Callable[[Table, int, int, float], None]:
    return lambda table, row, at, number: table.grid.text(row, at, form(number))


def raw(attributes: bytes, inner: bytes) -> Callable[[Table, int, int, float], None]:
    return lambda table, row, at, number: table.grid.raw(row, at, attributes, inner)


of_table("numbers as text", "cells", keeps=True)(with_cells(texts(lambda n: f"{n:.0f}"), 200))
of_table("numbers as text, with commas", "cells", keeps=True)(with_cells(texts(lambda n: f"{n:,.0f}"), 200))
of_table("numbers as text, with spaces round them", "cells", keeps=True)(with_cells(texts(lambda n: f"  {n:.0f} "), 50))
of_table("numbers as text, thousands parted by points", "cells")(
    with_cells(texts(lambda n: f"{max(n, 1000):,.0f}".replace(",", ".")), 3)
)
of_table("numbers as text, thousands parted by spaces", "cells")(
    with_cells(texts(lambda n: f"{max(n, 1000):,.0f}".replace(",", " ")), 3)
)
of_table("a number with a unit", "cells")(with_cells(texts(lambda n: f"{n:.0f} patients"), 1))
of_table("a number with a footnote mark", "cells")(with_cells(texts(lambda n: f"{n:.0f}\u00b2"), 1))
of_table("a number in scientific notation as text", "cells")(with_cells(texts(lambda n: f"{n:.0e}"), 1))
of_table("a number in full-width digits", "cells")(
    with_cells(texts(lambda n: "".join(chr(0xFF10 + int(d)) for d in f"{n:.0f}")), 1)
)
of_table("a word instead of a number", "cells")(with_cells(texts(lambda n: "pending"), 1))
of_table("a marker of a missing value", "cells")(with_cells(texts(lambda n: "[x]"), 5))
of_table("an Excel error instead of a number", "cells")(with_cells(raw(b' t="e"', b"<v>#N/A</v>"), 1))
of_table("a formula that was never calculated", "cells")(with_cells(raw(b"", b"<f>SUM(A1:A9)</f>"), 1))
of_table("a formula with an empty value", "cells")(with_cells(raw(b"", b"<f>SUM(A1:A9)</f><v></v>"), 1))
of_table("a truth value instead of a number", "cells")(with_cells(raw(b' t="b"', b"<v>1</v>"), 1))
of_table("a number too large to hold", "cells")(with_cells(raw(b"", b"<v>1e999</v>"), 1))
of_table("a number that is none", "cells")(with_cells(raw(b"", b"<v>NaN</v>"), 1))
of_table("a number with letters in the file", "cells")(with_cells(raw(b"", b"<v>12abc</v>"), 1))
of_table("an ISO date instead of a number", "cells")(with_cells(raw(b' t="d"', b"<v>2024-01-31</v>"), 1))
