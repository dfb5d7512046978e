"""How a fault of the table in a sheet is registered among the kinds of faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.malformed_kinds import KINDS, Kind, Made
from tests.malformed_workbook import Book, Table


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
