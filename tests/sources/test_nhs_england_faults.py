"""Discharge workbooks that have slipped or cannot be read with certainty: refused, with the cell and the remedy."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from forecast.errors import InputError
from forecast.sources import read_file
from tests import workbooks as wb


def table_2(edit: object) -> wb.Edit:
    return lambda sheets: edit(sheets["Table 2"])  # type: ignore[operator]


def dates_right(rows: wb.Rows) -> None:
    rows[2].insert(4, None)


def dates_left(rows: wb.Rows) -> None:
    del rows[2][3]


def dates_a_day_right(rows: wb.Rows) -> None:
    rows[2][4:4] = [None, None, None]


def measures_right(rows: wb.Rows) -> None:
    rows[3].insert(4, None)


def headers_right(rows: wb.Rows) -> None:
    rows[2].insert(4, None)
    rows[3].insert(4, None)


def headers_left(rows: wb.Rows) -> None:
    del rows[2][3], rows[3][3]


def measures_turned(rows: wb.Rows) -> None:
    rows[3][4:] = [wb.LEFT, wb.STILL, wb.FIT] * 31


def one_measure_garbled(rows: wb.Rows) -> None:
    rows[3][11] = "Patients"


def day_repeated(rows: wb.Rows) -> None:
    rows[2][7] = rows[2][4]


def day_left_out(rows: wb.Rows) -> None:
    rows[2][7] = None


def day_jumps(rows: wb.Rows) -> None:
    rows[2][7] = date(2024, 1, 5)


def a_day_late(rows: wb.Rows) -> None:
    rows[2][4:] = [cell + timedelta(days=1) if cell else cell for cell in rows[2][4:]]


def a_day_early(rows: wb.Rows) -> None:
    rows[2][4:] = [cell - timedelta(days=1) if cell else cell for cell in rows[2][4:]]


def row_slips(rows: wb.Rows) -> None:
    rows[-3].insert(4, 1)


SLIPS = [
    (dates_right, "E3"),
    (dates_left, "D3"),
    (dates_a_day_right, "CT3"),
    (measures_right, "E3"),
    (headers_right, "E5"),
    (headers_left, "D5: 'ENGLAND .Type 1 Trusts.' where a number belongs"),
    (measures_turned, "is not the sum"),
    (one_measure_garbled, "L4"),
    (day_repeated, "K3.*2024-01-03 follows 2024-01-01"),
    (day_left_out, "K3.*2024-01-03 follows 2024-01-01"),
    (day_jumps, "H3.*2024-01-05"),
    (a_day_late, "2024-02-01 lies outside the period"),
    (a_day_early, "2023-12-31 lies outside the period"),
    (row_slips, "has no date above it"),
]


@pytest.mark.parametrize(("slip", "message"), SLIPS, ids=lambda item: getattr(item, "__name__", ""))
def test_a_header_that_slipped_is_an_error_that_names_the_cell(tmp_path: Path, slip: object, message: str) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx", edit=table_2(slip))
    with pytest.raises(InputError, match=message) as caught:
        read_file(path)
    assert "a.xlsx, sheet 'Table 2'" in str(caught.value)


@pytest.mark.parametrize("days", [1, -1])
def test_dates_one_day_off_are_refused_where_a_metric_has_one_column_a_day(tmp_path: Path, days: int) -> None:
    def shift(sheets: wb.Sheets) -> None:
        for rows in sheets.values():
            header = next(row for row in rows if row[1:2] == ["NHS England Region"])
            header[4:] = [day + timedelta(days=days) for day in header[4:]]

    with pytest.raises(InputError, match="outside the period"):
        read_file(wb.winter_absences(tmp_path / "a.xlsx", upper_row_late=None, edit=shift))


def test_a_weekday_that_is_not_that_of_its_date_is_refused(tmp_path: Path) -> None:
    def edit(sheets: wb.Sheets) -> None:
        sheets["Table 2"][1][4] = "Tuesday\n24-Nov-25"

    with pytest.raises(InputError, match=r"E2.*24 November 2025 is a Monday"):
        read_file(wb.discharge_weekly(tmp_path / "a.xlsx", edit=edit))


def test_two_rows_of_dates_that_no_period_can_judge_are_refused(tmp_path: Path) -> None:
    def edit(sheets: wb.Sheets) -> None:
        rows = sheets["Flu"]
        at = next(i for i, row in enumerate(rows) if row[1:2] == ["NHS England Region"])
        rows.insert(at - 1, [cell + timedelta(days=1) if isinstance(cell, date) else cell for cell in rows[at - 1]])
        for sheet in sheets.values():
            next(row for row in sheet if row[1:2] == ["Period:"])[2] = "winter"

    with pytest.raises(InputError, match="give different dates"):
        read_file(wb.uec_flu(tmp_path / "a.xlsx", edit=edit))


def test_dates_after_the_publication_or_after_today_are_refused(tmp_path: Path) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx", published=date(2024, 1, 20))
    with pytest.raises(InputError, match="2024-01-21 lies after the day this file was published, 2024-01-20"):
        read_file(path)
    with pytest.raises(InputError, match="2024-01-16 lies after today, 2024-01-15"):
        read_file(wb.discharge_monthly(tmp_path / "b.xlsx"), today=pd.Timestamp("2024-01-15"))


def test_text_in_a_number_cell_names_sheet_cell_and_value(tmp_path: Path) -> None:
    def edit(sheets: wb.Sheets) -> None:
        next(row for row in sheets["Table 2"] if row[2:3] == ["RGP"])[5] = "about 30"

    with pytest.raises(InputError, match=r"a\.xlsx, sheet 'Table 2', cell F14: 'about 30' where a number belongs"):
        read_file(wb.discharge_monthly(tmp_path / "a.xlsx", edit=edit))


@pytest.mark.parametrize(("code", "name"), [("ZZ9", "A HOSPITAL"), (None, "ATLANTIS"), (None, wb.TRUSTS["RM1"])])
def test_a_row_nobody_can_place_is_refused(tmp_path: Path, code: str | None, name: str) -> None:
    def edit(sheets: wb.Sheets) -> None:
        row = next(row for row in sheets["Table 2"] if row[2:3] == ["RM1"])
        row[2:4] = [code, name]

    with pytest.raises(InputError, match=rf"unknown location .*{code or name}|has no code in its row"):
        read_file(wb.discharge_monthly(tmp_path / "a.xlsx", edit=edit))


def test_an_organisation_that_stands_twice_is_refused(tmp_path: Path) -> None:
    def edit(sheets: wb.Sheets) -> None:
        sheets["Table 2"].insert(13, list(sheets["Table 2"][12]))

    with pytest.raises(InputError, match="RM1 stands twice, in rows 13 and 14"):
        read_file(wb.discharge_monthly(tmp_path / "a.xlsx", edit=edit))


def test_a_formula_that_was_never_calculated_is_an_error_not_missing(tmp_path: Path) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx")
    book = load_workbook(path)
    book["Table 2"]["E14"] = "=SUM(E15:E17)"
    book.save(path)
    with pytest.raises(
        InputError, match=r"sheet 'Table 2', cell E14: the cell holds a formula that was never calculated"
    ):
        read_file(path)


def test_a_title_that_was_never_calculated_matters_only_where_the_sheet_is_read(tmp_path: Path) -> None:
    def edit(name: str) -> wb.Edit:
        return lambda sheets: next(row for row in sheets[name] if row[1:2] == ["Period:"]).__setitem__(2, "=B9")

    assert len(read_file(wb.uec_flu(tmp_path / "a.xlsx", edit=edit("Cancelled operations"))).frame) == 5 * 14 * 2
    with pytest.raises(InputError, match=r"sheet 'Flu', cell C5: the cell holds a formula that was never calculated"):
        read_file(wb.uec_flu(tmp_path / "b.xlsx", edit=edit("Flu")))


def test_an_excel_error_is_an_error_not_missing(tmp_path: Path) -> None:
    def edit(sheets: wb.Sheets) -> None:
        next(row for row in sheets["Flu"] if row[3:4] == ["RM1"])[6] = "#REF!"

    with pytest.raises(InputError, match=r"cell G18: the cell holds the Excel error #REF!"):
        read_file(wb.uec_flu(tmp_path / "a.xlsx", edit=edit))


def test_a_table_without_its_headers_is_an_error(tmp_path: Path) -> None:
    def edit(sheets: wb.Sheets) -> None:
        sheets["Table 2"][3][4:] = [str(cell).replace("discharged", "sent home") for cell in sheets["Table 2"][3][4:]]

    with pytest.raises(InputError, match="no row of headers names the columns of"):
        read_file(wb.discharge_monthly(tmp_path / "a.xlsx", edit=edit))


def series(edit: object) -> wb.Edit:
    return lambda sheets: edit(sheets["Daily Series"])  # type: ignore[operator]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda rows: rows.pop(8), r"cell B9: 2024-01-05 follows 2024-01-03"),
        (lambda rows: rows[8].__setitem__(1, "late"), r"cell B9: 'late' where a date belongs"),
        (lambda rows: rows[8].__setitem__(1, "Friday 4 January 2024"), r"cell B9.*is a Thursday"),
        (lambda rows: rows[8].__setitem__(3, "few"), r"cell D9: 'few' where a number belongs"),
        (lambda rows: rows[4].append(wb.FIT), r"stands twice in the header"),
        (lambda rows: rows.__delitem__(slice(5, None)), r"no dates below the header"),
    ],
)
def test_faults_of_the_england_series(tmp_path: Path, edit: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_file(wb.discharge_series(tmp_path / "a.xlsx", edit=series(edit)))


@pytest.mark.parametrize(
    ("at", "cell", "message"),
    [
        (6, None, r"cell G14: .* where a date belongs"),
        (6, date(2024, 11, 29), r"cell G14: 2024-11-29 follows 2024-11-26"),
        (3, date(2024, 11, 24), r"cell D14: 2024-11-24 lies outside the period"),
    ],
)
def test_faults_of_a_header_with_one_column_a_day(tmp_path: Path, at: int, cell: object, message: str) -> None:
    def edit(sheets: wb.Sheets) -> None:
        next(row for row in sheets["Covid Total Patients"] if row[1:2] == ["NHS England Region"])[at] = cell

    with pytest.raises(InputError, match=message):
        read_file(wb.winter_absences(tmp_path / "a.xlsx", upper_row_late=None, edit=edit))


def test_a_sheet_without_its_header_row_is_an_error(tmp_path: Path) -> None:
    def edit(sheets: wb.Sheets) -> None:
        rows = sheets["Covid Total Patients"]
        rows[:] = [row for row in rows if row[1:2] != ["NHS England Region"]]

    with pytest.raises(InputError, match="no header row with Code and Name was found"):
        read_file(wb.winter_absences(tmp_path / "a.xlsx", edit=edit))


@pytest.mark.parametrize(
    ("one", "other"), [("Total Absences ", "COVID Absences"), ("COVID Absences", "Covid Total Patients")]
)
def test_a_sheet_whose_name_and_heading_disagree_is_refused(tmp_path: Path, one: str, other: str) -> None:
    def swap(sheets: wb.Sheets) -> None:
        sheets[one], sheets[other] = sheets[other], sheets[one]

    with pytest.raises(InputError, match=r"the name says \w+, the words above the table say \w+"):
        read_file(wb.winter_absences(tmp_path / "a.xlsx", edit=swap))


def test_a_sheet_whose_heading_says_nothing_is_read_by_its_name(tmp_path: Path) -> None:
    def silent(sheets: wb.Sheets) -> None:
        next(row for row in sheets["COVID Absences"] if "related absences" in str(row[1:2]))[1] = "Provider Level Data"

    frame = read_file(wb.winter_absences(tmp_path / "a.xlsx", edit=silent)).frame
    assert "staff_absent_covid" in set(frame["metric"])


def test_dates_that_are_formulas_without_a_value_are_named_as_such(tmp_path: Path) -> None:
    def edit(sheets: wb.Sheets) -> None:
        sheets["Table 2"][2][7:] = [f"=E3+{i}" if cell else cell for i, cell in enumerate(sheets["Table 2"][2][7:])]

    with pytest.raises(InputError, match="cell H3: the cell holds a formula that was never calculated"):
        read_file(wb.discharge_monthly(tmp_path / "a.xlsx", edit=edit))


def test_a_table_on_a_hidden_sheet_is_named(tmp_path: Path) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx")
    book = load_workbook(path)
    book["Table 2"].sheet_state = "hidden"
    book.save(path)
    with pytest.raises(InputError, match="sheet 'Table 2' is hidden: unhide it"):
        read_file(path)
