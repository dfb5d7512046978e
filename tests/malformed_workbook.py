"""A published workbook taken apart, so that one fault can be planted in it: parts of the zip, sheets, cells.

Cells are kept as the bytes of the file, since a library that writes workbooks would mend on saving what should be
broken. Rows and columns count from zero.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

_ROW = re.compile(rb'<row r="(\d+)"([^>]*?)(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL = re.compile(rb'<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_SHEET = re.compile(rb'<sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"[^>]*?/>')
_LINK = re.compile(rb"<Relationship [^>]*?/>")
_CODE = re.compile(r"[RTQ][A-Z0-9]{2}")
_DATE = re.compile(r"\d{1,2}[- ][A-Z][a-z]{2}[a-z]*[- ]\d{2,4}$")

Cell = tuple[bytes, bytes]
Rows = dict[int, dict[int, Cell]]


@dataclass
class Grid:
    """The cells of one sheet and the XML round them."""

    head: bytes
    rows: Rows
    tail: bytes

    def moved(self, where: dict[int, int]) -> None:
        """Put the columns of every row elsewhere; a column that is not named is dropped."""
        self.rows = {
            row: {where[column]: cell for column, cell in cells.items() if column in where}
            for row, cells in self.rows.items()
        }

    def moved_rows(self, where: dict[int, int]) -> None:
        """Put rows elsewhere; a row that is not named is dropped."""
        self.rows = {where[row]: cells for row, cells in self.rows.items() if row in where}

    def style(self, row: int, column: int) -> bytes:
        found = re.search(rb's="\d+"', self.rows.get(row, {}).get(column, (b"", b""))[0])
        return b" " + found[0] if found else b""

    def text(self, row: int, column: int, text: str) -> None:
        plain = text.replace("&", "&amp;").replace("<", "&lt;").encode()
        inner = b'<is><t xml:space="preserve">' + plain + b"</t></is>"
        self.raw(row, column, b' t="inlineStr"', inner)

    def raw(self, row: int, column: int, attributes: bytes, inner: bytes) -> None:
        """A cell as the file writes it; its style stays."""
        self.rows.setdefault(row, {})[column] = (self.style(row, column) + attributes, inner)

    def xml(self) -> bytes:
        lines = [self.head]
        for row in sorted(self.rows):
            number = str(row + 1).encode()
            lines.append(b'<row r="' + number + b'">')
            for column in sorted(self.rows[row]):
                attributes, inner = self.rows[row][column]
                lines.append(b'<c r="' + letters(column) + number + b'"' + attributes + b">" + inner + b"</c>")
            lines.append(b"</row>")
        return b"".join([*lines, self.tail])


@dataclass
class Table:
    """Where the values of a sheet are: found by its codes, numbers and dates, not by the readers under test."""

    sheet: str
    grid: Grid
    code: int
    rows: list[int]
    first: int
    last: int
    dates: int
    heads: int | None
    names: dict[int, int] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Columns a day."""
        found = sorted(c for c in self.grid.rows[self.dates] if c >= self.first and self.grid.rows[self.dates][c][1])
        return found[1] - found[0] if len(found) > 1 else 1

    @property
    def days(self) -> list[int]:
        """First column of each day."""
        return list(range(self.first, self.last + 1, self.width))


class Book:
    """A workbook in parts."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        links = {}
        for link in _LINK.findall(self.parts["xl/_rels/workbook.xml.rels"]):
            target = re.search(rb'Target="/?(?:xl/)?([^"]*)"', link)
            name = re.search(rb'Id="([^"]*)"', link)
            if target and name:
                links[name[1]] = f"xl/{target[1].decode()}"
        self.sheets = {
            name.decode().replace("&amp;", "&"): links[link]
            for name, link in _SHEET.findall(self.parts["xl/workbook.xml"])
        }
        shared = self.parts.get("xl/sharedStrings.xml", b"")
        items = re.findall(rb"<si>(.*?)</si>", shared, re.DOTALL)
        self.shared = [b"".join(re.findall(rb"<t[^>]*>([^<]*)</t>", item)).decode() for item in items]
        self.grids: dict[str, Grid] = {}

    def grid(self, sheet: str) -> Grid:
        """The cells of a sheet; what is done to them is saved."""
        if sheet not in self.grids:
            xml = self.parts[self.sheets[sheet]]
            start, end = xml.index(b"<sheetData>") + 11, xml.index(b"</sheetData>")
            rows: Rows = {
                int(number) - 1: {column(name): (a.rstrip(b" "), i) for name, a, i in _CELL.findall(inside)}
                for number, _, inside in _ROW.findall(xml[start:end])
            }
            self.grids[sheet] = Grid(xml[:start], rows, xml[end:])
        return self.grids[sheet]

    def words(self, cell: Cell) -> str:
        """Text of a cell; empty for numbers."""
        attributes, inner = cell
        value = re.search(rb"<v>([^<]*)</v>", inner)
        if b't="s"' in attributes and value:
            return self.shared[int(value[1])]
        if b't="inlineStr"' in attributes:
            return b"".join(re.findall(rb"<t[^>]*>([^<]*)</t>", inner)).decode()
        return value[1].decode() if value and b't="str"' in attributes else ""

    def number(self, cell: Cell) -> float | None:
        value = re.search(rb"<v>([^<]*)</v>", cell[1])
        plain = b't="' not in cell[0] or b't="n"' in cell[0]
        return float(value[1]) if value and plain else None

    def table(self) -> Table | None:
        """The sheet with the most numbers beside codes of organisations."""
        found = [table for name in self.sheets if (table := self._table(name))]
        return max(found, key=lambda table: len(table.rows) * (table.last - table.first), default=None)

    def _table(self, sheet: str) -> Table | None:
        if b"<sheetData>" not in self.parts[self.sheets[sheet]]:
            return None
        grid = self.grid(sheet)
        columns: dict[int, list[int]] = {}
        for row, cells in grid.rows.items():
            for at, cell in cells.items():
                if at < 6 and _CODE.fullmatch(self.words(cell)):
                    columns.setdefault(at, []).append(row)
        if not columns:
            return None
        code = max(columns, key=lambda at: len(columns[at]))
        rows = [row for row in sorted(columns[code]) if self._numbers(grid, row, code)]
        if len(rows) < 50:
            return None
        numbers = self._numbers(grid, rows[-1], code)
        first, last = min(numbers), max(numbers)
        above = [row for row in grid.rows if row < rows[0] and row < 40]
        dates = max(above, key=lambda row: (self._dates(grid, row, first), row))
        if self._dates(grid, dates, first) < 5:
            return None
        texts = {row: sum(bool(self.words(c)) for at, c in grid.rows[row].items() if at >= first) for row in above}
        heads = max((row for row in above if row > dates and texts[row] > 5), default=None)
        return Table(sheet, grid, code, rows, first, last, dates, heads)

    def _numbers(self, grid: Grid, row: int, code: int) -> list[int]:
        return [at for at, cell in grid.rows[row].items() if at > code and self.number(cell) is not None]

    def _dates(self, grid: Grid, row: int, first: int) -> int:
        cells = [cell for at, cell in grid.rows[row].items() if at >= first]
        serials = [n for cell in cells if (n := self.number(cell)) is not None and 36526 <= n <= 73050]
        # England's counts can lie in the range of dates; dates follow one another.
        follow = sum(after - before == 1 for before, after in pairwise(serials))
        return follow + sum(bool(_DATE.search(self.words(cell))) for cell in cells)

    def save(self, level: int = 1) -> bytes:
        """The workbook as a file."""
        for name, grid in self.grids.items():
            if name in self.sheets:
                self.parts[self.sheets[name]] = grid.xml()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
            for name, content in self.parts.items():
                archive.writestr(name, content)
        return packed.getvalue()


def letters(column: int) -> bytes:
    name = b""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = bytes([65 + rest]) + name
    return name


def column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number - 1
