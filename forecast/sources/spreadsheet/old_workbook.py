"""A workbook of Excel 97 to 2003 (.xls), looked through before the spreadsheet reader takes memory for it.

The file is a small file system (MS-CFB) with a stream of records (MS-XLS). The reader takes memory for what the
header, the table of texts and the sheets claim to hold; in a damaged file these are any numbers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from forecast.errors import InputError

OLE_MARK = b"\xd0\xcf\x11\xe0"
LARGEST_SHEET = 3_000_000

_FREE = 0xFFFFFFFA
_SMALL = 4096
_ROOT, _STREAM = 5, 2
_FORMULA, _MANY_NUMBERS, _TEXTS, _DIMENSIONS, _BEGIN = 0x0006, 0x00BD, 0x00FC, 0x0200, 0x0809
# Records that put a value into a cell: formulas, numbers, texts, truth values and errors of every version.
_CELLS = frozenset({_FORMULA, _MANY_NUMBERS, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x0206, 0x0406, 0x027E})


def check_old_workbook(path: Path, data: bytes) -> None:
    """Refuse an .xls file that is damaged or asks for more memory than any published workbook.

    Raises
    ------
    InputError
        The file is cut short or damaged, or the cells of a sheet reach too far.
    """
    try:
        _check_records(path, _workbook_stream(data))
    except (struct.error, IndexError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: the workbook is cut short or damaged ({error}); download it again") from error


def _check_records(path: Path, stream: bytes) -> None:
    sheet, rows, columns = 0, 0, 0
    for kind, body in _records(stream):
        if kind == _BEGIN:
            sheet, rows, columns = sheet + 1, 0, 0
        elif kind == _TEXTS:
            if struct.unpack_from("<I", body, 4)[0] > len(stream):
                raise ValueError("it claims more texts than it holds")
        elif kind == _DIMENSIONS:
            last_row, last_column = _claimed(body)
            rows, columns = max(rows, last_row), max(columns, last_column)
        elif kind in _CELLS:
            row, column = struct.unpack_from("<HH", body)
            if kind == _MANY_NUMBERS:
                column = struct.unpack_from("<H", body, len(body) - 2)[0]
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        if rows * columns > LARGEST_SHEET:
            # The first stretch of records is that of the workbook as a whole.
            raise InputError(
                f"{path}, sheet {sheet - 1}: cells reach to row {rows:,} and column {columns:,}; "
                "delete the stray cells far from the table or save the file as .xlsx"
            )


def _claimed(body: bytes) -> tuple[int, int]:
    """Rows and columns that a sheet says it has: four bytes a row from Excel 97 on, two before."""
    if len(body) >= 14:
        _, row, _, column = struct.unpack_from("<IIHH", body)
    else:
        _, row, _, column = struct.unpack_from("<HHHH", body)
    return row, column


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if at + 4 + length > len(stream):
            raise ValueError(f"record {kind:#06x} ends after the file does")
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook_stream(data: bytes) -> bytes:
    """The stream named Workbook, or Book before Excel 97."""
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError("its header is no header of such a file")
    size = 1 << shift
    sectors = len(data) // size + 1
    tables, directory, cutoff = struct.unpack_from("<II4xI", data, 44)
    first_small, small_tables, first_more, more = struct.unpack_from("<4I", data, 60)
    if max(tables, small_tables, more) > sectors:
        raise ValueError("its header claims more than the file holds")
    places = list(struct.unpack_from("<109I", data, 76))
    for _ in range(more):
        block = _sector(data, first_more, size)
        *further, first_more = struct.unpack(f"<{size // 4}I", block)
        places += further
    following: list[int] = []
    for place in places[:tables]:
        following += struct.unpack(f"<{size // 4}I", _sector(data, place, size))
    entries = b"".join(_sector(data, place, size) for place in _chain(following, directory))
    small_stream = b""
    for at in range(0, len(entries) - 127, 128):
        name = entries[at : at + 64].decode("utf-16-le", "replace")[: max(entries[at + 64] // 2 - 1, 0)]
        kind = entries[at + 66]
        first, length = struct.unpack_from("<II", entries, at + 116)
        if kind not in (_ROOT, _STREAM):
            continue
        if length > len(data):
            raise ValueError(f"stream {name!r} claims more than the file holds")
        if kind == _ROOT:
            small_stream = b"".join(_sector(data, place, size) for place in _chain(following, first))
        elif name.casefold() in ("workbook", "book"):
            if length >= (cutoff or _SMALL):
                return b"".join(_sector(data, place, size) for place in _chain(following, first))[:length]
            small = b"".join(_sector(data, place, size) for place in _chain(following, first_small))
            links = struct.unpack(f"<{len(small) // 4}I", small)
            return b"".join(small_stream[64 * place :][:64] for place in _chain(list(links), first))[:length]
    raise ValueError("it holds no stream of the name Workbook")


def _sector(data: bytes, number: int, size: int) -> bytes:
    found = data[(number + 1) * size : (number + 2) * size]
    if not found:
        raise ValueError("a part of it is missing")
    return found.ljust(size, b"\0")


def _chain(following: list[int], first: int) -> Iterator[int]:
    place, steps = first, 0
    while place < _FREE:
        if place >= len(following) or steps > len(following):
            raise ValueError("its parts do not follow one another")
        yield place
        place, steps = following[place], steps + 1
