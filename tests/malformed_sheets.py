"""Faults of a sheet: its name, its copies, its place among the others."""

from __future__ import annotations

import re
from random import Random

from tests.malformed_dates import shift_dates
from tests.malformed_table import of_table
from tests.malformed_workbook import Book, Table


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
