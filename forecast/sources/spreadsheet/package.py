"""The zip file that an xlsx workbook is, unpacked within bounds before the spreadsheet reader sees it.

The reader trusts a file: it takes memory for every cell up to the furthest one, for every text that cells share each
time one of them repeats it, and for whatever a part unpacks to, however large it claims to be.
"""

from __future__ import annotations

import copy
import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree  # nosec B405 # no part with a DOCTYPE is parsed

from forecast.errors import InputError
from forecast.sources.cells import shown
from forecast.sources.spreadsheet.sheet_xml import (
    extent,
    shared_text,
    shared_text_exactly,
    text_lengths,
    unreadable_cells,
)

# The largest published workbook known is of 4 MB, a full UEC season of about 9 MB, and has 60 parts. It unpacks to
# about 75 MB; its sheets reach over 1,200,000 cells in all and repeat at most 40 MB of shared text.
LARGEST_FILE = 50_000_000
LARGEST_UNPACKED = 150_000_000
MOST_PARTS = 2_000
LARGEST_SHEET = 3_000_000
LARGEST_SHEETS = 6_000_000
LARGEST_TEXT = 200_000_000
MOST_TEXTS = 1_000_000

_AGAIN = "it is damaged, download it again"
_ENTRY = b"PK\x01\x02"
_USUAL = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# The parts beside the sheets that the reader may open.
_READ = re.compile(r"xl/.*\.(?:xml|rels)")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
Unreadable = dict[tuple[int, int], str]


@dataclass(frozen=True)
class _SheetPart:
    name: str
    part: str
    hidden: bool


def unreadable_by_sheet(path: Path, data: bytes) -> dict[str, Unreadable]:
    """Cells without a value of each visible sheet, once the file is known to be whole and of a size that can be read.

    Raises
    ------
    InputError
        The file is damaged, protected, no workbook, or asks for more memory than any published workbook.
    """
    if (parts := data.count(_ENTRY)) > MOST_PARTS:
        raise InputError(f"{path}: the workbook is made of {parts:,} parts, more than {MOST_PARTS:,}; {_AGAIN}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
            if unpacked > LARGEST_UNPACKED:
                raise InputError(
                    f"{path}: the workbook unpacks to {unpacked / 1e6:,.0f} MB, more than "
                    f"{LARGEST_UNPACKED / 1e6:,.0f} MB; {_AGAIN}"
                )
            return _visible_sheets(archive, path)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, zlib.error) as error:
        raise InputError(f"{path}: the workbook is cut short or damaged ({error}); download it again") from error
    except (RuntimeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        if "password" not in str(error):
            raise InputError(f"{path}: the workbook is cut short or damaged ({error}); download it again") from error
        raise InputError(f"{path}: the workbook is protected by a password; save a copy without one") from error


def _visible_sheets(archive: zipfile.ZipFile, path: Path) -> dict[str, Unreadable]:
    sheets = _sheet_parts(archive, path)
    apart = {sheet.part for sheet in sheets}
    lengths: list[int] = []
    for name in archive.namelist():
        if name not in apart and _READ.fullmatch(name.replace("\\", "/").casefold()):
            content = _content(archive, name)
            if posixpath.basename(name).casefold() == "sharedstrings.xml":
                if (texts := content.count(b"<si") + content.count(b":si")) > MOST_TEXTS:
                    raise InputError(f"{path}: the workbook holds {texts:,} texts, more than {MOST_TEXTS:,}; {_AGAIN}")
                lengths = text_lengths(content)
    found: dict[str, Unreadable] = {}
    cells = text = 0
    for sheet in sheets:
        if sheet.hidden:
            continue
        if sheet.name in found:
            raise InputError(f"{path}: two sheets are named {shown(sheet.name)}; rename or remove one of them")
        xml = _content(archive, sheet.part)
        rows, columns = extent(xml)
        cells += rows * columns
        if rows * columns > LARGEST_SHEET or cells > LARGEST_SHEETS:
            raise InputError(
                f"{path}, sheet {sheet.name!r}: cells reach to row {rows:,} and column {columns:,}; "
                "delete the stray cells far from the table"
            )
        if text + shared_text(xml, lengths) > LARGEST_TEXT:
            text += shared_text_exactly(xml, lengths)
        if text > LARGEST_TEXT:
            raise InputError(
                f"{path}, sheet {sheet.name!r}: its cells repeat more than {LARGEST_TEXT / 1e6:,.0f} MB of text; "
                f"{_AGAIN}"
            )
        found[sheet.name] = unreadable_cells(xml)
    return found


def _content(archive: zipfile.ZipFile, part: str) -> bytes:
    """A part as it claims to be: it must not unpack to more than its stated size, and its checksum must hold."""
    stated = archive.getinfo(part)
    if stated.compress_type not in _USUAL:
        raise zipfile.BadZipFile(f"{part} is packed in a way that no spreadsheet program uses")
    asked = copy.copy(stated)
    asked.file_size += 1
    with archive.open(asked) as handle:
        content = handle.read(asked.file_size)
    if len(content) != stated.file_size:
        raise zipfile.BadZipFile(f"{part} is not of the size it claims to be")
    if content.startswith(_WIDE):
        raise zipfile.BadZipFile(f"{part} is not written in UTF-8")
    if b"<!DOCTYPE" in content:
        # Entities declared there can expand without end; no spreadsheet program writes any.
        raise zipfile.BadZipFile(f"{part} declares a document type")
    return content


def _sheet_parts(archive: zipfile.ZipFile, path: Path) -> list[_SheetPart]:
    """Name and part of each sheet."""
    try:
        # _content refuses a document type: nothing is declared that could expand or lead elsewhere.
        book = ElementTree.fromstring(_content(archive, "xl/workbook.xml"))  # nosec B314
        links = ElementTree.fromstring(_content(archive, "xl/_rels/workbook.xml.rels"))  # nosec B314
    except (KeyError, ElementTree.ParseError) as error:
        raise InputError(f"{path}: a zip file, but not an Excel workbook ({error}); download it again") from error
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    parts = {name.replace("\\", "/").casefold(): name for name in archive.namelist()}
    found = []
    for sheet in book.iter():
        tag = sheet.tag.rpartition("}")[2]
        if tag == "workbookPr" and sheet.get("date1904", "0") not in ("0", "false"):
            raise InputError(
                f"{path}: the workbook counts its days from 1904, which no published one does: all its dates may be "
                "four years off; open it in Excel, switch the 1904 date system off, correct the dates and save it"
            )
        if tag != "sheet":
            continue
        link = next((value for key, value in sheet.attrib.items() if key.rpartition("}")[2] == "id"), "")
        target = targets.get(link, "")
        part = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
        name = sheet.get("name", "")
        if part.casefold() not in parts:
            raise InputError(
                f"{path}: the workbook is damaged, it names sheet {shown(name)} and does not hold it; download it again"
            )
        found.append(_SheetPart(name, parts[part.casefold()], sheet.get("state", "visible") != "visible"))
    return found
