"""The discharges of the days against those of the month: rows beside the code of another, and rows that slipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import InputError
from forecast.sources import read_file
from tests import discharge_workbooks as dw
from tests import workbooks as wb

CODES = ("ENGLAND (Type 1 Trusts)", "EAST OF ENGLAND", "LONDON", "QMM", *dw.TRUSTS)


def row_of(rows: wb.Rows, name: str) -> list[object]:
    return next(row for row in rows if name in row[2:4] and len(row) > 6)


def agreeing(sheets: wb.Sheets) -> None:
    """Table 4 with destinations that add up to the discharges of the days in Table 2, the second column of each day."""
    for name in CODES:
        days, month = row_of(sheets["Table 2"], name), row_of(sheets["Table 4"], name)
        month[4] = sum(number for number in days[5::3] if isinstance(number, int)) - sum(month[5:])  # type: ignore[arg-type]


def notes_of(path: Path, change: object = lambda sheets: None) -> tuple[str, ...]:
    def edit(sheets: wb.Sheets) -> None:
        agreeing(sheets)
        change(sheets)  # type: ignore[operator]

    return read_file(dw.monthly(path, edit=edit)).notes


def test_tables_that_agree_say_nothing(tmp_path: Path) -> None:
    assert not any("add up to the month" in note for note in notes_of(tmp_path / "a.xlsx"))


@pytest.mark.parametrize("table", ["Table 2", "Table 4"])
def test_two_trusts_of_one_region_in_each_others_place_are_refused(tmp_path: Path, table: str) -> None:
    def exchange(sheets: wb.Sheets) -> None:
        one, other = (row_of(sheets[table], code) for code in ("RGP", "RCX"))
        one[4:], other[4:] = other[4:], one[4:]

    with pytest.raises(InputError, match="nctr_discharged of RGP, RCX by the day does not add up to the month"):
        notes_of(tmp_path / "a.xlsx", exchange)


def test_codes_one_row_below_their_values_are_refused(tmp_path: Path) -> None:
    def slip(sheets: wb.Sheets) -> None:
        rows = [row_of(sheets["Table 4"], code) for code in dw.TRUSTS]
        for row, values in zip(rows, [row[4:] for row in rows[1:] + rows[:1]], strict=True):
            row[4:] = values

    with pytest.raises(InputError, match="nctr_discharged of RM1, RGP, RCX by the day"):
        notes_of(tmp_path / "a.xlsx", slip)


def test_one_row_that_lacks_the_first_day_alone_has_slipped(tmp_path: Path) -> None:
    def slip(sheets: wb.Sheets) -> None:
        row = row_of(sheets["Table 2"], "QMM")
        row[4:] = [None, None, None, *row[4:-3]]

    with pytest.raises(InputError, match="nctr_discharged of QMM by the day"):
        notes_of(tmp_path / "a.xlsx", slip)


def test_another_number_in_one_row_is_a_note(tmp_path: Path) -> None:
    def mistype(sheets: wb.Sheets) -> None:
        row_of(sheets["Table 4"], "QMM")[4] += 1  # type: ignore[operator]

    note = next(note for note in notes_of(tmp_path / "a.xlsx", mistype) if "add up to the month" in note)
    assert note.startswith("nctr_discharged of QMM by the day")


def test_where_england_does_not_agree_the_tables_count_different_things(tmp_path: Path) -> None:
    def other(sheets: wb.Sheets) -> None:
        for name in CODES:
            row_of(sheets["Table 4"], name)[4] += 100  # type: ignore[operator]

    assert not any("add up to the month" in note for note in notes_of(tmp_path / "a.xlsx", other))
