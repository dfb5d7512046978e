"""What a workbook's file asks for is known before memory is taken for it."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from forecast.errors import InputError
from forecast.sources import read_file
from forecast.sources.spreadsheet.sheet_xml import (
    extent,
    shared_text,
    shared_text_exactly,
    text_lengths,
    unreadable_cells,
)
from tests import workbooks as wb


@pytest.mark.parametrize(
    ("xml", "reach"),
    [
        (b'<row r="3"><c r="B3"/><c r="AA3"><v>1</v></c></row>', (3, 27)),
        (b'<row r="2"><c r="B7"/></row>', (7, 2)),
        (b"<row r='3'>\n<c s='1' r = 'aa3'/></row>", (3, 27)),
        (b'<x:row r="3"><x:c r="AA3"/></x:row>', (3, 27)),
        (b"<row><c/><c><v>1</v></c></row><row><c/></row>", (2, 2)),
        (b'<row r="5"><c r="C5"/><c/><c/></row><row/>', (6, 5)),
        (b'<cols><col min="1"/></cols>', (0, 0)),
    ],
)
def test_how_far_cells_reach_however_they_are_written(xml: bytes, reach: tuple[int, int]) -> None:
    assert extent(b"<sheetData>" + xml + b"</sheetData>") == reach


def test_a_cell_without_a_value_is_found_among_cells_with_one() -> None:
    xml = (
        b'<c r="A1"/><c r="B1"><f>A2</f><v>3</v></c><c r="C1"><f t="shared" si="0"/></c><c r="D1" t="e"><v>#N/A</v></c>'
        b'<c r="E1"><v>5</v></c></row></sheetData><cfRule><formula>A1="e"</formula></cfRule>'
    )
    found = {
        (0, 2): "the cell holds a formula that was never calculated",
        (0, 3): "the cell holds the Excel error #N/A",
    }
    assert unreadable_cells(xml) == found
    prefixed = re.sub(rb"<(/?)([cvf])\b", rb"<\1x:\2", xml)
    assert unreadable_cells(prefixed) == found


def test_text_that_cells_repeat() -> None:
    lengths = text_lengths(b"<sst><si><t>abc</t></si><si><t>" + b"x" * 1000 + b"</t></si></sst>")
    xml = b'<c r="A1" t="s"><v>1</v></c><c r="A2" t="s"><v>1</v></c><c r="A3" t="s"><v>0</v></c>'
    assert 2_000 < shared_text_exactly(xml, lengths) < 2_100
    assert 3_000 < shared_text(xml, lengths) < 3_100


TEXTS = "xl/sharedStrings.xml"


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """A workbook with one part changed, or with shared texts that its cells do not use."""
    with zipfile.ZipFile(wb.discharge_monthly(path.with_name("whole.xlsx"))) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content, zipfile.ZIP_DEFLATED)
        if part == TEXTS:
            new.writestr(part, change(b"<sst></sst>"), zipfile.ZIP_DEFLATED)
    return path


@pytest.mark.parametrize(
    ("part", "old", "new", "message"),
    [
        ("xl/workbook.xml", rb"<workbookPr", b'<workbookPr date1904="1"', "counts its days from 1904.* four years off"),
        ("xl/workbook.xml", rb"<workbook ", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook ', "declares a document type"),
        ("xl/worksheets/sheet2.xml", rb"<worksheet ", b"<!DOCTYPE x []><worksheet ", "declares a document type"),
        ("xl/workbook.xml", rb'name="Table 1"', b'name="Table 2"', "two sheets are named 'Table 2'; rename or remove"),
        (TEXTS, rb"</sst>", b"<si/>" * 1_000_001 + b"</sst>", "holds 1,000,0.. texts"),
    ],
)
def test_what_no_published_workbook_holds(tmp_path: Path, part: str, old: bytes, new: bytes, message: str) -> None:
    path = changed(tmp_path / "a.xlsx", part, lambda content: re.sub(old, new, content, count=1))
    with pytest.raises(InputError, match=rf"a\.xlsx.*{message}"):
        read_file(path)


def test_a_long_text_that_many_cells_repeat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = changed(tmp_path / "a.xlsx", TEXTS, lambda content: b"<sst><si><t>" + b"x" * 900 + b"</t></si></sst>")
    repeat = b"".join(b'<c r="A%d" t="s"><v>0</v></c>' % row for row in range(50, 150))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet2.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", repeat + b"</sheetData>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    read_file(path)
    monkeypatch.setattr("forecast.sources.spreadsheet.package.LARGEST_TEXT", 90_000)
    with pytest.raises(InputError, match="sheet 'Table 1': its cells repeat more than 0 MB of text"):
        read_file(path)


def test_sheets_that_together_reach_too_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx")
    monkeypatch.setattr("forecast.sources.spreadsheet.package.LARGEST_SHEETS", 400)
    with pytest.raises(InputError, match="sheet 'Table 2': cells reach to row"):
        read_file(path)


def test_a_file_of_many_parts(tmp_path: Path) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(2_001):
            archive.writestr(f"xl/media/{number}", b"")
    with pytest.raises(InputError, match=r"is made of 2,0\d\d parts, more than 2,000"):
        read_file(path)


def test_shared_texts_that_unpack_to_more_than_they_claim_with_a_checksum_of_what_they_claim(tmp_path: Path) -> None:
    path = changed(tmp_path / "a.xlsx", TEXTS, lambda content: content + b" " * 5_000_000)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        checksum = zlib.crc32(archive.read(TEXTS)[:500])
    entry = content.rfind(TEXTS.encode()) - 46
    struct.pack_into("<I", content, entry + 16, checksum)
    struct.pack_into("<I", content, entry + 24, 500)
    path.write_bytes(content)
    with pytest.raises(InputError, match="cut short or damaged"):
        read_file(path)


def test_a_file_larger_than_any_published_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx")
    monkeypatch.setattr("forecast.sources.spreadsheet.workbook.LARGEST_FILE", 1_000)
    with pytest.raises(InputError, match="no published workbook is, download it again"):
        read_file(path)
