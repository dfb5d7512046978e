"""A spreadsheet file as sheets of cells: opened safely, refused with a reason, nothing lost in silence."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from forecast.errors import InputError
from forecast.sources.cells import Cell, a1, folded, shortened, shown

# A season's UEC workbook unpacks to about 75 MB and its sheets reach over some 70,000 cells; a file that asks for
# more than this is damaged or hostile. The spreadsheet reader takes memory for every cell up to the furthest one.
LARGEST_UNPACKED = 150_000_000
LARGEST_SHEET = 3_000_000

_CELL = re.compile(rb"<(?:\w+:)?c\b((?:[^>/]|/(?!>))*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_NO_VALUE = re.compile(rb"<(?:\w+:)?v\s*/>|<(?:\w+:)?v\s*></(?:\w+:)?v>")
# Either quote, either case, spaces round the equals sign: the spreadsheet reader takes them all.
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]{1,3})(\d{1,7})""")
_LAST_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["']\s*(\d{1,8})""")
_IS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_IS_TEXT = re.compile(rb"""\bt\s*=\s*["']str["']""")
_ERROR_VALUE = re.compile(rb"<(?:\w+:)?v\s*>([^<]*)<")


@dataclass(frozen=True)
class Sheet:
    """One sheet: rows of cells from A1, and the cells whose value the file does not hold.

    ``unreadable`` maps (row, column) to the reason: a formula that was never calculated, or an Excel error.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    file: str = ""
    unreadable: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """The cell; None outside the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    def at(self, row: int, column: int) -> str:
        """Where a cell is, for a message."""
        return f"{self.file}, sheet {self.name!r}, cell {a1(row, column)}"

    def refuse_unreadable(self, rows: range, columns: range) -> None:
        """Raise for the first cell in the rectangle whose value the file does not hold."""
        for (row, column), reason in self.unreadable.items():
            if row in rows and column in columns:
                raise InputError(f"{self.at(row, column)}: {reason}; open the file in Excel, save it and try again")


@dataclass(frozen=True)
class Workbook:
    """The visible sheets of a file."""

    path: Path
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()

    @property
    def sheet_names(self) -> list[str]:
        """Names as a person sees them."""
        return [sheet.name.strip() for sheet in self.sheets]

    def named(self, pattern: str) -> list[Sheet]:
        """Sheets whose name, stripped and without case, matches the pattern."""
        return [sheet for sheet in self.sheets if re.search(pattern, folded(sheet.name))]


def open_workbook(path: Path) -> Workbook:
    """Read every visible sheet of an xlsx, xlsm or xls file.

    Raises
    ------
    InputError
        The file is empty, truncated, a web page, encrypted, absurdly large or no workbook at all.
    """
    kind = _kind(path)
    parts = _parts(path) if kind == "zip" else {}
    try:
        with path.open("rb") as handle, CalamineWorkbook.from_filelike(handle) as book:
            sheets, hidden = [], []
            for about in book.sheets_metadata:
                if about.typ != SheetTypeEnum.WorkSheet:
                    continue
                if about.visible != SheetVisibleEnum.Visible:
                    hidden.append(about.name.strip())
                    continue
                rows = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
                sheets.append(Sheet(about.name, rows, path.name, parts.get(about.name, {})))
    except (CalamineError, OSError, ValueError) as error:
        if "password" in str(error).casefold() or type(error).__name__ == "PasswordError":
            raise InputError(f"{path}: the workbook is protected by a password; save a copy without one") from error
        raise InputError(
            f"{path}: the workbook cannot be read ({shortened(str(error), 200)}); download it again"
        ) from error
    return Workbook(path, tuple(sheets), tuple(hidden))


def looks_like_html(start: bytes) -> bool:
    """Whether the first bytes of a file are those of a web page."""
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return text.startswith((b"<!doctype html", b"<html", b"<head", b"<!--"))


def _kind(path: Path) -> str:
    with path.open("rb") as handle:
        start = handle.read(4096)
    if not start:
        raise InputError(f"{path}: the file is empty; download it again")
    if start.startswith(b"PK"):
        return "zip"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise InputError(f"{path}: the workbook is protected by a password; save a copy without one")
        return "ole"
    if looks_like_html(start):
        raise InputError(
            f"{path}: this is a web page, not a workbook (the download got an error or a login page); "
            "download the file itself"
        )
    raise InputError(f"{path}: this is not an Excel workbook whatever its name says; download it again")


def _parts(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Cells without a value by sheet name, read from the file's own XML: the spreadsheet reader calls them empty."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
            if unpacked > LARGEST_UNPACKED:
                raise InputError(
                    f"{path}: the workbook unpacks to {unpacked / 1e6:,.0f} MB, more than "
                    f"{LARGEST_UNPACKED / 1e6:,.0f} MB; it is damaged, download it again"
                )
            return {name: _scan(_content(archive, part), path, name) for name, part in _sheet_parts(archive, path)}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, zlib.error) as error:
        raise InputError(f"{path}: the workbook is cut short or damaged ({error}); download it again") from error
    except RuntimeError as error:
        raise InputError(f"{path}: the workbook is protected by a password; save a copy without one") from error


def _content(archive: zipfile.ZipFile, part: str) -> bytes:
    """A part as it claims to be: no more is unpacked than its stated size, and its checksum must hold."""
    with archive.open(part) as handle:
        return handle.read(archive.getinfo(part).file_size)


def _sheet_parts(archive: zipfile.ZipFile, path: Path) -> list[tuple[str, str]]:
    """Name and part of each sheet."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError) as error:
        raise InputError(f"{path}: a zip file, but not an Excel workbook ({error}); download it again") from error
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    parts = {name.replace("\\", "/").casefold(): name for name in archive.namelist()}
    found = []
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        link = next((value for key, value in sheet.attrib.items() if key.rpartition("}")[2] == "id"), "")
        target = targets.get(link, "")
        part = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
        name = sheet.get("name", "")
        if part.casefold() not in parts:
            raise InputError(
                f"{path}: the workbook is damaged, it names sheet {shown(name)} and does not hold it; download it again"
            )
        found.append((name, parts[part.casefold()]))
    return found


def _scan(xml: bytes, path: Path, name: str) -> dict[tuple[int, int], str]:
    rows = max(map(int, _LAST_ROW.findall(xml)), default=0)
    letters = set()
    for place in _REFERENCE.finditer(xml):
        letters.add(place[1])
        rows = max(rows, int(place[2]))
    columns = max(map(_column, letters), default=-1) + 1
    if rows * columns > LARGEST_SHEET:
        raise InputError(
            f"{path}, sheet {name!r}: cells reach to row {rows:,} and column {columns:,}; "
            "delete the stray cells far from the table"
        )
    if b"<f" not in xml and b":f" not in xml and not _IS_ERROR.search(xml):
        return {}
    found = {}
    for cell in _CELL.finditer(xml):
        attributes, inside = cell.groups()
        reference = _REFERENCE.search(attributes)
        if reference is None:
            continue
        where = (int(reference[2]) - 1, _column(reference[1]))
        if _IS_ERROR.search(attributes):
            value = _ERROR_VALUE.search(inside)
            found[where] = f"the cell holds the Excel error {value[1].decode() if value else '#N/A'}"
        elif b"<f" in inside or b":f" in inside:
            # A text formula whose result is the empty text has an empty value too, and that one is a result.
            text_result = _IS_TEXT.search(attributes) is not None
            if (b"<v" not in inside and b":v" not in inside) or (_NO_VALUE.search(inside) and not text_result):
                found[where] = "the cell holds a formula that was never calculated"
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1
