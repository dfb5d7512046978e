from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from forecast.errors import InputError
from forecast.sources import read_file
from forecast.sources.spreadsheet.workbook import open_workbook
from tests import workbooks as wb


@pytest.mark.parametrize("kept", [0.2, 0.9, 0.999])
def test_a_truncated_workbook(tmp_path: Path, kept: float) -> None:
    whole = wb.discharge_monthly(tmp_path / "whole.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(InputError, match=r"a\.xlsx: the workbook is cut short or damaged .*download it again"):
        read_file(tmp_path / "a.xlsx")


def test_damage_in_the_middle_of_a_workbook(tmp_path: Path) -> None:
    whole = bytearray(wb.discharge_monthly(tmp_path / "whole.xlsx").read_bytes())
    middle = len(whole) // 2
    whole[middle : middle + 400] = bytes(400)
    (tmp_path / "a.xlsx").write_bytes(whole)
    with pytest.raises(InputError, match="download it again"):
        read_file(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "this is a web page"),
        (b"\n  <html lang='en'>", "this is a web page"),
        (b"date,location\n", "not an Excel workbook whatever its name says"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cut short or damaged"),
    ],
)
@pytest.mark.parametrize("name", ["a.xlsx", "a.xls"])
def test_what_only_its_name_calls_a_workbook(tmp_path: Path, content: bytes, message: str, name: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_file(tmp_path / name)


def test_a_zip_file_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("a.txt", "text")
    with pytest.raises(InputError, match="not an Excel workbook"):
        read_file(tmp_path / "a.xlsx")


def test_a_workbook_that_unpacks_to_an_absurd_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx")
    monkeypatch.setattr("forecast.sources.spreadsheet.package.LARGEST_UNPACKED", 10_000)
    with pytest.raises(InputError, match="unpacks to"):
        read_file(path)


def test_a_stray_cell_far_away_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx")
    book = load_workbook(path)
    book["Table 2"].cell(1_048_576, 16_384, "x")
    book.save(path)
    with pytest.raises(InputError, match="sheet 'Table 2': cells reach to row 1,048,576 and column 16,384"):
        read_file(path)


def test_cells_keep_their_places_and_hidden_sheets_are_left_out(tmp_path: Path) -> None:
    book = Workbook()
    book.active["B3"] = 7  # type: ignore[index]
    book.create_sheet("Old").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    opened = open_workbook(tmp_path / "a.xlsx")
    assert opened.sheets[0].cell(2, 1) == 7
    assert opened.sheets[0].cell(2, 0) in ("", None)
    assert opened.sheets[0].cell(99, 99) is None
    assert opened.hidden == ("Old",)


def test_a_formula_is_unreadable_only_where_it_has_no_value(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["=1+1", 2, "=A1", "x", "#N/A", "=NOW()"])  # type: ignore[union-attr]
    book.save(tmp_path / "raw.xlsx")
    with zipfile.ZipFile(tmp_path / "raw.xlsx") as source, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                # As Excel saves them: a formula with its result, and one whose result is the empty text.
                data = data.replace(b"<v></v>", b"<v />")  # openpyxl writes either, by what is installed
                data = data.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")
                data = data.replace(b'<c r="C1"><f>A1</f><v />', b'<c r="C1" t="str"><f>A1</f><v></v>')
            target.writestr(name, data)
    unreadable = open_workbook(tmp_path / "a.xlsx").sheets[0].unreadable
    assert unreadable == {
        (0, 4): "the cell holds the Excel error #N/A",
        (0, 5): "the cell holds a formula that was never calculated",
    }


@pytest.mark.parametrize(
    "cell",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        b'<row r = "1048576"><c s="1" r = "XFD1048576"><v>1</v></c></row>',
        b'<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
        b'<row r="1048576"><c><v>1</v></c></row>',
        b'<row r="9999999"><c r="A9999999"><v>1</v></c></row>',
    ],
)
def test_a_far_cell_however_it_is_written_does_not_take_the_memory(tmp_path: Path, cell: bytes) -> None:
    path = rewritten(
        wb.discharge_monthly(tmp_path / "whole.xlsx"),
        lambda name, data: (
            data.replace(b"</sheetData>", cell + b"</sheetData>") if name.endswith("sheet3.xml") else data
        ),
    )
    with pytest.raises(InputError, match="'Table 2': cells reach to row"):
        read_file(path)


def test_an_excel_error_in_single_quotes_is_an_error_too(tmp_path: Path) -> None:
    path = rewritten(
        wb.discharge_monthly(tmp_path / "whole.xlsx"),
        lambda name, data: re.sub(rb'<c r="E14"[^>]*><v>[^<]*</v></c>', b"<c r='E14' t='e'><v>#REF!</v></c>", data),
    )
    with pytest.raises(InputError, match="cell E14: the cell holds the Excel error #REF!"):
        read_file(path)


def test_a_sheet_that_is_named_and_not_there_is_damage(tmp_path: Path) -> None:
    path = rewritten(
        wb.discharge_monthly(tmp_path / "whole.xlsx"),
        lambda name, data: None if name.endswith("sheet3.xml") else data,
    )
    with pytest.raises(InputError, match="damaged, it names sheet 'Table 2' and does not hold it"):
        read_file(path)


def test_a_part_that_lies_about_its_size_is_damage(tmp_path: Path) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx")
    content = bytearray(path.read_bytes())
    entry = content.rfind(b"xl/worksheets/sheet3.xml") - 46
    struct.pack_into("<I", content, entry + 24, 1000)
    path.write_bytes(content)
    with pytest.raises(InputError, match="cut short or damaged"):
        read_file(path)


def rewritten(source: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a workbook with its parts changed; None leaves a part out."""
    path = source.with_name("a.xlsx")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            if (data := change(name, old.read(name))) is not None:
                new.writestr(name, data)
    return path
