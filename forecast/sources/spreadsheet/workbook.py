"""A spreadsheet file as sheets of cells: opened safely, refused with a reason, nothing lost in silence."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from forecast.errors import InputError
from forecast.sources.cells import Cell, a1, folded, shortened
from forecast.sources.spreadsheet.old_workbook import OLE_MARK, check_old_workbook
from forecast.sources.spreadsheet.package import LARGEST_FILE, unreadable_by_sheet


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
    data = _bytes(path)
    unreadable = unreadable_by_sheet(path, data) if data.startswith(b"PK") else {}
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheets, hidden = [], []
            for about in book.sheets_metadata:
                if about.typ != SheetTypeEnum.WorkSheet:
                    continue
                if about.visible != SheetVisibleEnum.Visible:
                    hidden.append(about.name.strip())
                    continue
                rows = book.get_sheet_by_name(about.name).to_python(skip_empty_area=False)
                sheets.append(Sheet(about.name, rows, path.name, unreadable.get(about.name, {})))
    except BaseException as error:
        # The reader, which is written in Rust, panics over some damage: a PanicException is no Exception.
        if not isinstance(error, CalamineError | OSError | ValueError) and type(error).__name__ != "PanicException":
            raise
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


def _bytes(path: Path) -> bytes:
    """The file, once its first bytes say that it is a workbook and its size that it is a published one."""
    if (size := path.stat().st_size) > LARGEST_FILE:
        raise InputError(
            f"{path}: the file is of {size / 1e6:,.0f} MB, more than {LARGEST_FILE / 1e6:,.0f} MB; "
            "no published workbook is, download it again"
        )
    data = path.read_bytes()
    if not data:
        raise InputError(f"{path}: the file is empty; download it again")
    if data.startswith(b"PK"):
        return data
    if data.startswith(OLE_MARK):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise InputError(f"{path}: the workbook is protected by a password; save a copy without one")
        check_old_workbook(path, data)
        return data
    if looks_like_html(data[:4096]):
        raise InputError(
            f"{path}: this is a web page, not a workbook (the download got an error or a login page); "
            "download the file itself"
        )
    raise InputError(f"{path}: this is not an Excel workbook whatever its name says; download it again")
