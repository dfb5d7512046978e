"""Workbooks of Excel 97 to 2003: read as the others, and refused before a damaged one takes the memory."""

from __future__ import annotations

import struct
from datetime import date, datetime
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.sources import read_file
from forecast.sources.spreadsheet.workbook import open_workbook
from tests import old_workbooks as old
from tests import workbooks as wb
from tests.malformed import KEY, Reader


def as_old(path: Path, more: bytes = b"") -> bytes:
    """The stream of a workbook with the sheets of an xlsx file, its dates as Excel's numbers."""
    sheets = {}
    for sheet in open_workbook(path).sheets:
        rows = [
            [wb.serial(c.date() if isinstance(c, datetime) else c) if isinstance(c, date) else c for c in row]
            for row in sheet.rows
        ]
        sheets[sheet.name] = old.sheet_records(rows)
    return old.stream(sheets, more)


@pytest.fixture
def monthly(tmp_path: Path) -> Path:
    return wb.discharge_monthly(tmp_path / "a.xlsx")


def test_an_old_workbook_is_read_as_a_new_one(monthly: Path) -> None:
    path = old.save(monthly.with_suffix(".xls"), as_old(monthly))
    pd.testing.assert_frame_equal(read_file(path).frame, read_file(monthly).frame)


def test_a_sheet_that_claims_every_cell_of_the_format(tmp_path: Path) -> None:
    sheet = old.sheet_records([[1.0]], claimed=(65_536, 256))
    path = old.save(tmp_path / "a.xls", old.stream({"One": sheet}))
    with pytest.raises(InputError, match="sheet 1: cells reach to row 65,536 and column 256; delete the stray cells"):
        read_file(path)


@pytest.mark.parametrize("kind", [0x0203, 0x0204, 0x00FD, 0x027E, 0x0006])
def test_a_stray_cell_of_any_type(tmp_path: Path, kind: int) -> None:
    stray = old.record(kind, struct.pack("<HH", 60_000, 60_000) + bytes(20))
    path = old.save(tmp_path / "a.xls", old.stream({"One": old.sheet_records([[1.0]])[:-4] + stray + old.record(10)}))
    with pytest.raises(InputError, match="cells reach to row 60,001 and column 60,001"):
        read_file(path)


def test_a_table_of_texts_that_claims_more_than_the_file(tmp_path: Path, monthly: Path) -> None:
    texts = old.record(0x00FC, struct.pack("<II", 0x7FFFFFFF, 0x7FFFFFFF))
    with pytest.raises(InputError, match=r"cut short or damaged .*claims more texts than it holds.*download it again"):
        read_file(old.save(tmp_path / "a.xls", as_old(monthly, texts)))


@pytest.mark.parametrize(("at", "name"), [(44, "tables"), (64, "small tables"), (72, "more tables")])
def test_a_header_that_claims_more_than_the_file(monthly: Path, at: int, name: str) -> None:
    path = old.save(monthly.with_suffix(".xls"), as_old(monthly))
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, at, 0x7FFFFFFF)
    path.write_bytes(content)
    with pytest.raises(InputError, match="claims more than the file holds"):
        read_file(path)


def test_damage_anywhere_is_refused_or_does_no_harm(tmp_path: Path, monthly: Path) -> None:
    whole = old.save(tmp_path / "whole.xls", as_old(monthly)).read_bytes()
    truth = read_file(monthly).frame.set_index(KEY)["value"]
    random = Random(1)
    with Reader() as reader:
        for turn in range(90):
            content = bytearray(whole)
            at = random.randrange(len(content))
            if turn % 3 == 0:
                content = content[:at]
            elif turn % 3 == 1:
                content[at : at + 200] = random.randbytes(200)[: len(content) - at]
            else:
                # The headers of the file, where numbers say how much there is.
                content[24 + random.randrange(500)] = random.randrange(256)
            path = tmp_path / "a.xls"
            path.write_bytes(content)
            answer = reader.read(path)
            assert answer["memory"] < 1_000
            if answer["result"] == "refused":
                assert "a.xls" in answer["said"]
                assert "report it" not in answer["said"]
            else:
                assert answer["result"] == "read", f"{turn}: {answer}"
                if turn % 3 != 1:  # numbers within the cells cannot be told from others
                    read = answer["frame"].set_index(KEY)["value"]
                    assert (read == truth.reindex(read.index)).all()
