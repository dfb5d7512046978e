"""Rows that slipped by a day or a column, shown by sums that hold once the row is moved back."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import InputError
from forecast.sources import read_file
from tests import workbooks as wb

AREAS = ("england", "east of england")


def organisation(rows: wb.Rows, code: str) -> list[object]:
    return next(row for row in rows if code in row[:5])


def adding_up(rows: wb.Rows, first: int) -> None:
    """Trusts with values that no shift repeats; England and East of England as their sums."""
    trusts = [organisation(rows, code) for code in wb.TRUSTS]
    for n, row in enumerate(trusts):
        row[first:] = [(i * i * (n + 3) + 7 * i) % 97 for i in range(len(row) - first)]
    for name in AREAS:
        if found := [row for row in rows if len(row) > first and str(row[first - 1]).casefold().startswith(name)]:
            found[0][first:] = [sum(cells) for cells in zip(*(row[first:] for row in trusts), strict=True)]


def earlier(row: list[object], first: int, columns: int) -> None:
    row[first:] = [*row[first + columns :], *[None] * columns]


def absences(path: Path, edit: object = lambda rows: None) -> Path:
    def both(sheets: wb.Sheets) -> None:
        adding_up(sheets["Total Absences "], 4)
        edit(sheets["Total Absences "])  # type: ignore[operator]

    return wb.winter_absences(path, edit=both)


def test_sums_that_hold_say_nothing(tmp_path: Path) -> None:
    notes = read_file(absences(tmp_path / "a.xlsx")).notes
    assert not any("Total Absences" in note and "sum" in note for note in notes)


def test_a_row_a_day_early_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"'Total Absences ', row \d+: .* once the values of RGP are moved a day later"
    ):
        read_file(absences(tmp_path / "a.xlsx", lambda rows: earlier(organisation(rows, "RGP"), 4, 1)))


def test_the_row_of_england_itself_may_be_the_one_that_slipped(tmp_path: Path) -> None:
    def slip(rows: wb.Rows) -> None:
        earlier(next(row for row in rows if row[3:4] == ["ENGLAND"]), 4, 1)

    with pytest.raises(InputError, match="once the values of ENG are moved a day later"):
        read_file(absences(tmp_path / "a.xlsx", slip))


@pytest.mark.parametrize(("columns", "move"), [(1, "a column later"), (2, "a day later")])
def test_a_flu_row_may_slip_by_a_column_or_a_day(tmp_path: Path, columns: int, move: str) -> None:
    def slip(sheets: wb.Sheets) -> None:
        adding_up(sheets["Flu"], 5)
        earlier(organisation(sheets["Flu"], "RCX"), 5, columns)

    with pytest.raises(InputError, match=f"once the values of RCX are moved {move}"):
        read_file(wb.uec_flu(tmp_path / "a.xlsx", type_1=False, edit=slip))


def test_a_discharge_row_a_whole_day_early_keeps_its_own_sums_and_breaks_those_of_england(tmp_path: Path) -> None:
    def slip(sheets: wb.Sheets) -> None:
        rows = sheets["Table 2"]
        adding_up(rows, 4)
        for row in (*(organisation(rows, code) for code in wb.TRUSTS), *rows):
            if len(row) > 6 and isinstance(row[4], int):
                row[4::3] = [left + still for left, still in zip(row[5::3], row[6::3], strict=True)]
        earlier(organisation(rows, "RM1"), 4, 3)

    with pytest.raises(InputError, match=r"ENG is not the sum of its trusts .* RM1 are moved a day later"):
        read_file(wb.discharge_monthly(tmp_path / "a.xlsx", edit=slip))


def test_a_discharge_row_a_column_early_breaks_its_own_sums(tmp_path: Path) -> None:
    def slip(sheets: wb.Sheets) -> None:
        earlier(organisation(sheets["Table 2"], "RGP"), 4, 1)

    with pytest.raises(InputError, match="nctr_patients of RGP is not the sum of nctr_discharged and nctr_remaining"):
        read_file(wb.discharge_monthly(tmp_path / "a.xlsx", edit=slip))


def test_a_row_of_few_counts_a_day_early_is_found_though_few_sums_fail(tmp_path: Path) -> None:
    def slip(rows: wb.Rows) -> None:
        sums = [row for row in rows if len(row) > 4 and str(row[3]).casefold() in AREAS]
        trust = organisation(rows, "RGP")
        for row in sums:
            row[4:] = [total - part for total, part in zip(row[4:], trust[4:], strict=True)]  # type: ignore[operator]
        trust[4:] = [0] * len(trust[4:])
        trust[10] = 50
        for row in sums:
            row[10] += 50  # type: ignore[operator]
        earlier(trust, 4, 1)

    with pytest.raises(InputError, match=r"in 1\d% of its values, and is once the values of RGP are moved a day later"):
        read_file(absences(tmp_path / "a.xlsx", slip))


def test_a_sum_that_no_shift_mends_is_a_note(tmp_path: Path) -> None:
    def scale(rows: wb.Rows) -> None:
        row = organisation(rows, "RGP")
        row[4:] = [1000 * value for value in row[4:]]  # type: ignore[operator]

    notes = " ".join(read_file(absences(tmp_path / "a.xlsx", scale)).notes)
    assert "ENG is not the sum of its trusts" in notes


def test_rows_that_all_end_a_day_early_are_refused_and_a_mark_is_no_empty_cell(tmp_path: Path) -> None:
    def slip(last: object) -> wb.Edit:
        def edit(sheets: wb.Sheets) -> None:
            for row in sheets["Covid Total Patients"]:
                if len(row) > 4 and isinstance(row[4], int) and row[3]:
                    row[4:] = [*row[5:], last]

        return edit

    with pytest.raises(InputError, match=r"no row has a value here, in the last day, 2024-12-08"):
        read_file(wb.winter_absences(tmp_path / "a.xlsx", edit=slip(None)))
    frame = read_file(wb.winter_absences(tmp_path / "b.xlsx", edit=slip("-"))).frame
    assert frame.loc[frame["metric"] == "covid_beds_occupied", "date"].max().day == 7


def test_one_row_without_the_last_day_alone_is_a_note(tmp_path: Path) -> None:
    def cut(sheets: wb.Sheets) -> None:
        organisation(sheets["COVID Absences"], "RGP")[-1] = None

    notes = read_file(wb.winter_absences(tmp_path / "a.xlsx", edit=cut)).notes
    assert any("no value on the last day, 2024-12-08, and on every other day: RGP" in note for note in notes)


def test_england_and_regions_that_are_absent_are_a_note(tmp_path: Path) -> None:
    def drop(sheets: wb.Sheets) -> None:
        rows = sheets["Total Absences "]
        rows[:] = [row for row in rows if row[3:4] not in (["ENGLAND"], ["East of England"])]

    notes = read_file(wb.winter_absences(tmp_path / "a.xlsx", edit=drop)).notes
    missing = next(note for note in notes if "'Total Absences': no row for" in note)
    assert "England" in missing
    assert "East of England" in missing


def test_trusts_that_add_up_to_england_and_not_to_their_regions_stand_in_each_others_rows(tmp_path: Path) -> None:
    def exchange(sheets: wb.Sheets) -> None:
        rows = sheets["Total Absences "]
        adding_up(rows, 4)
        trust = {code: organisation(rows, code) for code in wb.TRUSTS}
        regions = {row[3]: row for row in rows if row[3:4] in (["East of England"], ["London"])}
        trust["RCX"][1] = "London"
        regions["London"][4:] = trust["RCX"][4:]
        regions["East of England"][4:] = [a + b for a, b in zip(trust["RM1"][4:], trust["RGP"][4:], strict=True)]
        if exchanged:
            trust["RGP"][4:], trust["RCX"][4:] = trust["RCX"][4:], trust["RGP"][4:]

    exchanged = False
    assert len(read_file(wb.winter_absences(tmp_path / "a.xlsx", edit=exchange)).frame) == 3 * 6 * 14
    exchanged = True
    with pytest.raises(InputError, match="'Total Absences ': the trusts add up to England and not to Y56 and Y61"):
        read_file(wb.winter_absences(tmp_path / "a.xlsx", edit=exchange))


def test_columns_of_one_day_that_changed_places(tmp_path: Path) -> None:
    def turn(sheets: wb.Sheets) -> None:
        for row in sheets["Table 2"]:
            if len(row) > 20 and isinstance(row[10], int):
                row[10], row[11], row[12] = row[12], row[10], row[11]

    with pytest.raises(InputError, match=r"on 2024-01-03 nctr_patients is not the sum of .* in 7 of 7 rows"):
        read_file(wb.discharge_monthly(tmp_path / "a.xlsx", edit=turn))
