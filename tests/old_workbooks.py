"""Small workbooks of Excel 97 to 2003, written by hand for tests: MS-CFB round a stream of MS-XLS records."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

SECTOR = 512
_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def sheet_records(rows: Sequence[Sequence[str | float | None]], claimed: tuple[int, int] | None = None) -> bytes:
    """Records of a sheet; ``claimed``: the rows and columns it says it has."""
    height, width = claimed or (len(rows), max(map(len, rows), default=0))
    out = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    out += record(0x0200, struct.pack("<IIHHH", 0, height, 0, width, 0))
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if isinstance(cell, str):
                text = cell.encode("utf-16-le")
                out += record(0x0204, struct.pack("<HHHHB", i, j, 0, len(text) // 2, 1) + text)
            elif cell is not None:
                out += record(0x0203, struct.pack("<HHHd", i, j, 0, cell))
    return out + record(0x000A)


def stream(sheets: dict[str, bytes], more: bytes = b"") -> bytes:
    """The stream of a workbook; ``more``: records of the workbook itself."""
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)) + more
    names = {name: name.encode("utf-16-le") for name in sheets}
    at = len(begin) + sum(12 + len(name) for name in names.values()) + 4
    listed, bodies = b"", b""
    for name, body in sheets.items():
        listed += record(0x0085, struct.pack("<IBBBB", at + len(bodies), 0, 0, len(names[name]) // 2, 1) + names[name])
        bodies += body
    return begin + listed + record(0x000A) + bodies


def save(path: Path, content: bytes) -> Path:
    """Write a file whose only stream is ``content``, in sectors of 512 bytes."""
    content = content.ljust(4096, b"\0")
    sectors = -(-len(content) // SECTOR)
    tables = 1
    while tables * (SECTOR // 4) < sectors + tables + 1:
        tables += 1
    links = [_TABLE] * tables + [_END] + [*range(tables + 2, tables + 1 + sectors), _END]
    table = struct.pack(f"<{len(links)}I", *links).ljust(tables * SECTOR, b"\xff")
    head = struct.pack("<8s16xHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 62, 3, 0xFFFE, 9, 6, 0, tables,
                       tables, 0, 4096, _END, 0, _END, 0)  # fmt: skip
    places = list(range(tables)) + [_FREE] * (109 - tables)
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, tables + 1, len(content))
    body = content.ljust(sectors * SECTOR, b"\0")
    path.write_bytes(head + struct.pack("<109I", *places) + table + directory.ljust(SECTOR, b"\0") + body)
    return path


def _entry(name: str, kind: int, first: int, length: int, child: int = _FREE) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", text, len(text) + 2, kind, 1, _FREE, _FREE, child, first, length)
