"""Rows of a published table: whose they are, and rows whose name was lost or contradicts its code."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import InputError
from forecast.sources import read_file
from tests import workbooks as wb

UNEVEN = [(7 * i * i) % 31 for i in range(14)]


def row_of(rows: wb.Rows, text: str) -> list[object]:
    return next(row for row in rows if text in row[:5])


def absences(path: Path, edit: object) -> Path:
    return wb.winter_absences(path, edit=lambda sheets: edit(sheets["Total Absences "]))  # type: ignore[operator]


@pytest.mark.parametrize("who", ["ENGLAND", "East of England", "RGP"])
@pytest.mark.parametrize("form", [int, "{:,}".format])
def test_a_row_full_of_numbers_without_a_name_is_refused(tmp_path: Path, who: str, form: object) -> None:
    def lose(rows: wb.Rows) -> None:
        row = row_of(rows[14:], who)
        row[:] = [None] * 4 + [form(1000 * number) for number in UNEVEN]  # type: ignore[operator]

    with pytest.raises(
        InputError, match=r"'Total Absences ', cell E\d+: row \d+ holds 14 numbers and neither code nor"
    ):
        read_file(absences(tmp_path / "a.xlsx", lose))


def test_without_the_column_of_names_england_does_not_vanish(tmp_path: Path) -> None:
    def lose(rows: wb.Rows) -> None:
        row_of(rows, "ENGLAND")[4:] = UNEVEN
        for row in rows:
            if len(row) > 3 and row[1:2] != ["NHS England Region"]:
                row[3] = None

    with pytest.raises(InputError, match="neither code nor name"):
        read_file(absences(tmp_path / "a.xlsx", lose))


@pytest.mark.parametrize("helper", [[7], list(range(-14, 0)), [0] * 14])
def test_a_helper_row_of_numbers_is_left_out_with_a_note(tmp_path: Path, helper: list[int]) -> None:
    reading = read_file(absences(tmp_path / "a.xlsx", lambda rows: rows.append([None] * 4 + helper)))
    assert len(reading.frame) == 3 * 6 * 14
    assert any("has numbers and neither code nor name; not read" in note for note in reading.notes)


def test_numbers_written_as_text_are_read_in_every_row(tmp_path: Path) -> None:
    def write(rows: wb.Rows) -> None:
        for row in rows[14:]:
            row[4:] = [f"{1000 * cell:,}" if isinstance(cell, int) else cell for cell in row[4:]]

    frame = read_file(absences(tmp_path / "a.xlsx", write)).frame
    total = frame[(frame["metric"] == "staff_absent_total") & (frame["date"] == "2024-11-25")]
    assert total.set_index("location")["value"]["ENG"] == 1000 * wb.single("ENG", 1)
    assert len(total) == 6


@pytest.mark.parametrize(
    ("code", "name", "message"),
    [
        ("RM1", wb.TRUSTS["RGP"], "code RM1 stands beside the name 'JAMES PAGET .*, which is RGP"),
        ("ENG", wb.TRUSTS["RGP"], "code ENG stands beside the name 'JAMES PAGET .*, which is RGP"),
        ("Y61", wb.TRUSTS["RGP"], "code Y61 stands beside"),
    ],
)
def test_a_code_beside_the_name_of_another_is_refused(tmp_path: Path, code: str, name: str, message: str) -> None:
    def edit(rows: wb.Rows) -> None:
        row_of(rows, "RGP")[2:4] = [code, name]

    with pytest.raises(InputError, match=message):
        read_file(absences(tmp_path / "a.xlsx", edit))


def test_a_name_that_nobody_knows_says_nothing_against_its_code(tmp_path: Path) -> None:
    frame = read_file(absences(tmp_path / "a.xlsx", lambda rows: row_of(rows, "RGP").__setitem__(3, "Our Trust"))).frame
    assert "RGP" in set(frame["location"])


def test_an_unknown_code_with_a_known_name_is_kept_with_a_note_that_says_so(tmp_path: Path) -> None:
    reading = read_file(absences(tmp_path / "a.xlsx", lambda rows: row_of(rows, "RGP").__setitem__(2, "R9Z")))
    assert "R9Z" in set(reading.frame["location"])
    assert any("R9Z" in note and "whose name is that of RGP" in note for note in reading.notes)
