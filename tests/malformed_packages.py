"""Faults of whole files and of the zip that a workbook is: cut, damaged, hostile, or not what the name says."""

from __future__ import annotations

import gzip
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.malformed_kinds import KINDS, Kind, Made
from tests.malformed_workbook import Book, letters

# Sheets that nothing is read from: what stands there does no harm.
_FRONT_MATTER = frozenset({"cover sheet", "contents", "notes"})
_HTML = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Session expired</body></html>"
_LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "hahahahahahahahahahaha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]>"
)


def of_bytes(name: str, keeps: bool = False, ending: str = ".xlsx") -> Callable[..., None]:
    """Register a fault made to the bytes of a workbook."""

    def register(change: Callable[[bytes, Random], bytes]) -> None:
        def make(path: Path, random: Random) -> Made:
            return Made(path.stem + ending, change(path.read_bytes(), random))

        KINDS.append(Kind(name, make, "file", keeps))

    return register


def of_parts(name: str, keeps: bool = False) -> Callable[..., None]:
    """Register a fault made to the parts of a workbook."""

    def register(change: Callable[[Book, Random], bytes | None]) -> None:
        def make(path: Path, random: Random) -> Made | None:
            book = Book(path)
            content = change(book, random)
            return Made(path.name, book.save() if content is None else content) if content != b"" else None

        KINDS.append(Kind(name, make, "package", keeps))

    return register


of_bytes("cut at a random byte")(lambda data, random: data[: random.randrange(30, len(data) - 30)])
of_bytes("cut near the end, in the directory")(lambda data, random: data[: len(data) - random.randrange(1, 1500)])
of_bytes("cut to its first bytes")(lambda data, random: data[: random.randrange(1, 30)])
of_bytes("empty")(lambda data, random: b"")
of_bytes("a web page named as a workbook")(lambda data, random: _HTML)
of_bytes("a CSV file named as a workbook")(lambda data, random: b"date,location,metric,value\n2024-01-01,RM1,x,1\n")
of_bytes("random bytes")(lambda data, random: random.randbytes(5000))
of_bytes("random bytes after a zip mark")(lambda data, random: b"PK\x03\x04" + random.randbytes(5000))
of_bytes("random bytes after the mark of an old workbook", ending=".xls")(
    lambda data, random: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.randbytes(5000)
)
of_bytes("a protected workbook")(
    lambda data, random: (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + data[:9000]
    )
)
of_bytes("gzipped")(lambda data, random: gzip.compress(data, 1))
of_bytes("a workbook named .xls", keeps=True, ending=".xls")(lambda data, random: data)
of_bytes("a workbook named .csv", ending=".csv")(lambda data, random: data)
of_bytes("a workbook named .parquet", ending=".parquet")(lambda data, random: data)
of_bytes("its own name in capitals", keeps=True, ending=".XLSX")(lambda data, random: data)


@of_bytes("a stretch of zeros")
def _zeros(data: bytes, random: Random) -> bytes:
    at = random.randrange(100, len(data) - 600)
    return data[:at] + bytes(500) + data[at + 500 :]


@of_bytes("one bit flipped")
def _flipped(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]


@of_bytes("a stretch left out")
def _left_out(data: bytes, random: Random) -> bytes:
    at = random.randrange(100, len(data) - 600)
    return data[:at] + data[at + random.randrange(1, 500) :]


@of_bytes("a workbook in a zip file")
def _zipped(data: bytes, random: Random) -> bytes:
    return packed({"book.xlsx": data})


@of_parts("a zip bomb within the zip")
def _nested(book: Book, random: Random) -> bytes:
    inner = packed({f"{i}": bytes(20_000_000) for i in range(5)})
    return packed({**book.parts, "xl/media/a.zip": inner, **{f"xl/media/{i}.zip": inner for i in range(20)}})


@of_parts("a sheet that unpacks to a gigabyte")
def _huge(book: Book, random: Random) -> None:
    part = list(book.sheets.values())[-1]
    book.parts[part] = book.parts[part].replace(b"<sheetData>", b"<sheetData>" + b" " * 160_000_000, 1)


@of_parts("a part that lies about its size")
def _lies(book: Book, random: Random) -> bytes:
    part = random.choice([*book.sheets.values(), "xl/workbook.xml", "xl/styles.xml"])
    return lying(book.save(), part, random.randrange(10, 3000))


@of_parts("shared texts that unpack to far more than they claim, with the checksum of what they claim")
def _bomb(book: Book, random: Random) -> bytes:
    texts = book.parts.get("xl/sharedStrings.xml", b"<sst>")
    book.parts["xl/sharedStrings.xml"] = texts.replace(b"</sst>", b"") + b"<si><t>a</t></si>" * 12_000_000
    return lying(book.save(), "xl/sharedStrings.xml", len(texts))


@of_parts("100,000 parts")
def _many(book: Book, random: Random) -> bytes:
    return packed({**book.parts, **{f"xl/media/{i}": b"" for i in range(100_000)}}, zipfile.ZIP_STORED)


@of_parts("entities that expand without end, in the list of sheets")
def _laughs_book(book: Book, random: Random) -> None:
    laugh(book, "xl/workbook.xml", rb'name="[^"]*"', b'name="&j;"')


@of_parts("entities that expand without end, in the shared texts")
def _laughs_texts(book: Book, random: Random) -> bytes | None:
    return laugh(book, "xl/sharedStrings.xml", rb"<t>[^<]*</t>", b"<t>&j;</t>")


@of_parts("entities that expand without end, in a sheet")
def _laughs_sheet(book: Book, random: Random) -> None:
    laugh(book, next(iter(book.sheets.values())), rb"<v>[^<]*</v>|<t>[^<]*</t>", b"<v>&j;</v>")


@of_parts("eight million shared texts")
def _texts(book: Book, random: Random) -> bytes | None:
    if "xl/sharedStrings.xml" not in book.parts:
        return b""
    book.parts["xl/sharedStrings.xml"] = book.parts["xl/sharedStrings.xml"].replace(
        b"</sst>", b"<si><t>a</t></si>" * 8_000_000 + b"</sst>"
    )
    return None


@of_parts("a shared text of 1 MB in every cell of a sheet")
def _long_text(book: Book, random: Random) -> bytes | None:
    if not book.shared:
        return b""
    part = list(book.sheets.values())[-1]
    count = len(book.shared)
    book.parts["xl/sharedStrings.xml"] = book.parts["xl/sharedStrings.xml"].replace(
        b"</sst>", b"<si><t>" + b"a" * 1_000_000 + b"</t></si></sst>"
    )
    cells = b"".join(b'<c r="A%d" t="s"><v>%d</v></c>' % (i, count) for i in range(200, 9000))
    book.parts[part] = book.parts[part].replace(b"</sheetData>", b'<row r="200">' + cells + b"</row></sheetData>")
    return None


@of_parts("a stray cell in the last row and column")
def _stray(book: Book, random: Random) -> None:
    add_row(book, random, b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


@of_parts("a stray cell written in an unusual way")
def _stray_unusual(book: Book, random: Random) -> None:
    add_row(book, random, b"<row r='1048576'>\n<c  s='0' r = 'xfd1048576'><v>1</v></c></row>")


@of_parts("rows of cells that do not say where they stand")
def _unplaced(book: Book, random: Random) -> None:
    add_row(book, random, b"<row>" + b"<c/>" * 60_000 + b"</row>" + b"<row/>" * 90_000 + b"<row><c><v>1</v></c></row>")


@of_parts("stray cells in every sheet, each below the limit of one")
def _stray_everywhere(book: Book, random: Random) -> None:
    links, books = b"", b""
    for i in range(40):
        book.parts[f"xl/worksheets/more{i}.xml"] = (
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            b'<row r="290"><c r="LJZ290"><v>1</v></c></row></sheetData></worksheet>'
        )
        kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
        links += b'<Relationship Id="more%d" Type="%s" Target="worksheets/more%d.xml"/>' % (i, kind, i)
        books += b'<sheet name="More %d" sheetId="%d" r:id="more%d"/>' % (i, 900 + i, i)
    edit(book, "xl/_rels/workbook.xml.rels", b"</Relationships>", links + b"</Relationships>")
    edit(book, "xl/workbook.xml", b"</sheets>", books + b"</sheets>")


@of_parts("a sheet with two million cells", keeps=True)
def _cells(book: Book, random: Random) -> bytes | None:
    part = next((part for name, part in book.sheets.items() if name.strip().casefold() in _FRONT_MATTER), None)
    if part is None:
        return b""
    book.grids.clear()
    row = b"".join(b'<c r="%s%%d"><v>7</v></c>' % letters(i) for i in range(500))
    end = b"".join(b'<row r="%d">' % i + row.replace(b"%d", b"%d" % i) + b"</row>" for i in range(1000, 5000))
    edit(book, part, b"</sheetData>", end + b"</sheetData>")
    return None


@of_parts("without its shared texts")
def _no_texts(book: Book, random: Random) -> bytes | None:
    return None if book.parts.pop("xl/sharedStrings.xml", None) else b""


@of_parts("shared texts one place off")
def _texts_moved(book: Book, random: Random) -> bytes | None:
    if not book.shared:
        return b""
    edit(book, "xl/sharedStrings.xml", b"<si>", b"<si><t>x</t></si><si>")
    return None


@of_parts("a shared text that is not there")
def _no_text(book: Book, random: Random) -> bytes | None:
    if not book.shared:
        return b""
    part = random.choice(list(book.sheets.values()))
    book.parts[part] = re.sub(rb't="s"><v>\d+</v>', b't="s"><v>99999999</v>', book.parts[part], count=1)
    return None


@of_parts("without one of its sheets")
def _no_sheet(book: Book, random: Random) -> None:
    del book.parts[random.choice(list(book.sheets.values()))]


@of_parts("without its list of sheets")
def _no_book(book: Book, random: Random) -> None:
    del book.parts["xl/workbook.xml"]


@of_parts("days counted from 1904")
def _from_1904(book: Book, random: Random) -> None:
    edit(book, "xl/workbook.xml", b"<workbookPr ", b'<workbookPr date1904="1" ')
    edit(book, "xl/workbook.xml", b"<workbookPr/>", b'<workbookPr date1904="1"/>')


@of_parts("a sheet whose XML ends early")
def _early(book: Book, random: Random) -> None:
    table = book.table()
    part = book.sheets[table.sheet] if table else list(book.sheets.values())[-1]
    book.grids.clear()
    book.parts[part] = book.parts[part][: random.randrange(2000, len(book.parts[part]))]


@of_parts("a sheet in UTF-16")
def _wide(book: Book, random: Random) -> None:
    part = list(book.sheets.values())[-1]
    book.parts[part] = book.parts[part].decode().replace("UTF-8", "UTF-16").encode("utf-16")


def edit(book: Book, part: str, old: bytes, new: bytes) -> None:
    book.parts[part] = book.parts[part].replace(old, new, 1)


def add_row(book: Book, random: Random, row: bytes) -> None:
    part = random.choice(list(book.sheets.values()))
    edit(book, part, b"</sheetData>", row + b"</sheetData>")


def laugh(book: Book, part: str, what: bytes, instead: bytes) -> bytes | None:
    if part not in book.parts:
        return b""
    xml = re.sub(what, instead, book.parts[part], count=1)
    end = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    book.parts[part] = xml[:end] + _LAUGHS + xml[end:]
    return None


def packed(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def lying(data: bytes, part: str, claimed: int) -> bytes:
    """The file with one part claiming another size, and the checksum of as much of it."""
    content = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(part) as handle:
        checksum = zlib.crc32(handle.read(claimed))
        local = archive.getinfo(part).header_offset
    entry = content.rfind(part.encode()) - 46
    for at in (entry + 16, local + 14):
        struct.pack_into("<I", content, at, checksum)
    for at in (entry + 24, local + 22):
        struct.pack_into("<I", content, at, claimed)
    return bytes(content)
