"""The XML of a worksheet, looked at before the spreadsheet reader takes memory for it.

How far its cells reach, how much text they repeat, and which of them hold no value: a formula that was never
calculated and an Excel error are empty cells to the reader. Searches for plain bytes come first, since a season's
sheet has 50,000 cells and is written in one style; whatever is written in another way takes the slower path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Either quote, either case, spaces round the equals sign: the spreadsheet reader takes them all.
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{1,3})(\d{1,7})""")
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_PLAIN_ROW = re.compile(rb'<row r="(\d{1,8})"')
_LAST_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["']\s*(\d{1,8})""")
_ROW_TAG = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CELL_TAG = re.compile(rb"<(?:\w+:)?c[\s/>]")
_CELL = re.compile(rb"<(?:\w+:)?c\b((?:[^>/]|/(?!>))*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_NO_VALUE = re.compile(rb"<(?:\w+:)?v\s*/>|<(?:\w+:)?v\s*></(?:\w+:)?v>")
_IS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_IS_TEXT = re.compile(rb"""\bt\s*=\s*["']str["']""")
_ERROR_VALUE = re.compile(rb"<(?:\w+:)?v\s*>([^<]*)<")
_SHARED_TEXT = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v\s*>\s*(\d{1,9})""")
_TEXT_END = re.compile(rb"</(?:\w+:)?si\s*>|<(?:\w+:)?si\s*/>")


def extent(xml: bytes) -> tuple[int, int]:
    """Rows and columns up to the furthest cell; cells that do not say where they stand are counted on from there."""
    cells, rows = _PLAIN_CELL.findall(xml), _PLAIN_ROW.findall(xml)
    plain = len(cells) == sum(map(xml.count, _tags(b"c"))) and len(rows) == sum(map(xml.count, _tags(b"row")))
    if not plain or b":c" in xml or b":row" in xml:
        return _extent_of_any(xml)
    return _furthest(cells, rows)


def _furthest(cells: list[tuple[bytes, bytes]], rows: list[bytes]) -> tuple[int, int]:
    row = max(map(int, {*rows, *(row for _, row in cells)}), default=0)
    return row, max(map(column_number, {letters for letters, _ in cells}), default=-1) + 1


def _extent_of_any(xml: bytes) -> tuple[int, int]:
    """The same however the sheet is written; cells and rows that do not say where they stand come after the others."""
    lines = _ROW_TAG.split(xml)
    stated = _LAST_ROW.findall(xml)
    rows, columns = _furthest(_REFERENCE.findall(xml), stated)
    unplaced = max(len(_CELL_TAG.findall(line)) - len(_REFERENCE.findall(line)) for line in lines)
    return rows + len(lines) - 1 - len(stated), columns + max(unplaced, 0)


def _tags(name: bytes) -> list[bytes]:
    return [b"<" + name + end for end in (b" ", b">", b"/", b"\n", b"\r", b"\t")]


def unreadable_cells(xml: bytes) -> dict[tuple[int, int], str]:
    """Cells whose value the file does not hold, by row and column from zero, with the reason."""
    found = {}
    for piece in _suspects(xml):
        for cell in _CELL.finditer(piece):
            attributes, inside = cell.groups()
            reference = _REFERENCE.search(attributes)
            if reference is not None and (reason := _reason(attributes, inside)):
                found[int(reference[2]) - 1, column_number(reference[1])] = reason
    return found


def _suspects(xml: bytes) -> Iterator[bytes]:
    """The cells with a formula or an error, found by plain search where cells are written without a prefix."""
    marks = [mark for mark in (b"<f", b":f", b'"e"', b"'e'") if mark in xml]
    if marks and b":c>" in xml:
        yield xml
        return
    for mark in marks:
        at = xml.find(mark)
        while at >= 0:
            end = xml.find(b"</c>", at)
            if end < 0:
                break
            yield xml[xml.rfind(b"<c", 0, at) : end + 4]
            at = xml.find(mark, at + 1)


def shared_text(xml: bytes, lengths: list[int]) -> int:
    """Bytes of text that the cells of a sheet take from the shared texts, whose lengths are given, at most."""
    cells = xml.count(b'"s"') + xml.count(b"'s'")
    return cells * max(lengths, default=0)


def shared_text_exactly(xml: bytes, lengths: list[int]) -> int:
    """The same, added up cell by cell."""
    numbers = map(int, _SHARED_TEXT.findall(xml))
    return sum(lengths[number] for number in numbers if number < len(lengths))


def text_lengths(xml: bytes) -> list[int]:
    """Length of each shared text, with its markup."""
    pieces = xml.split(b"</si>") if b":si" not in xml and b"<si/" not in xml else _TEXT_END.split(xml)
    return list(map(len, pieces))


def column_number(letters: bytes) -> int:
    """Number of a column from zero: ``AA`` is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def _reason(attributes: bytes, inside: bytes) -> str:
    if _IS_ERROR.search(attributes):
        value = _ERROR_VALUE.search(inside)
        return f"the cell holds the Excel error {value[1].decode() if value else '#N/A'}"
    if b"<f" in inside or b":f" in inside:
        # A text formula whose result is the empty text has an empty value too, and that one is a result.
        text_result = _IS_TEXT.search(attributes) is not None
        if (b"<v" not in inside and b":v" not in inside) or (_NO_VALUE.search(inside) and not text_result):
            return "the cell holds a formula that was never calculated"
    return ""
