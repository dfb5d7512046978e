from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from forecast.errors import InputError, NotObservations
from forecast.observations.table import COLUMNS
from forecast.sources import read_file
from tests import workbooks as wb


def value(frame: pd.DataFrame, day: str, location: str, metric: str) -> float:
    found = frame[(frame["date"] == day) & (frame["location"] == location) & (frame["metric"] == metric)]
    assert len(found) == 1
    return float(found["value"].iloc[0])


def assert_discharge(frame: pd.DataFrame, start: str, count: int) -> None:
    """Every cell of a generated discharge workbook is there with its value, and nothing else but Table 1."""
    frame = frame[frame["metric"] != "nctr_providers_missing"]
    assert len(frame) == len(wb.PLACES) * count * 3
    got = frame.set_index(["date", "location", "metric"])["value"]
    for location in wb.PLACES:
        for i, day in enumerate(wb.days_from(start, count), 1):
            for metric, number in wb.expected(location, i).items():
                assert got[pd.Timestamp(day), location, metric] == number


# What is read


def test_monthly_workbook_gives_every_cell_of_every_section(tmp_path: Path) -> None:
    reading = read_file(wb.discharge_monthly(tmp_path / "a.xlsx"))
    assert_discharge(reading.frame, "2024-01-01", 31)
    assert tuple(reading.frame.columns) == COLUMNS
    assert reading.published == pd.Timestamp("2024-02-08")
    assert not any("not read" in note for note in reading.notes)


def test_four_columns_a_day_add_up_and_helper_rows_are_not_data(tmp_path: Path) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx", start="2022-07-01", published=date(2022, 8, 11), split=True)
    assert_discharge(read_file(path).frame, "2022-07-01", 31)


def test_discharges_split_at_17_are_missing_where_one_part_is(tmp_path: Path) -> None:
    def suppress(sheets: wb.Sheets) -> None:
        row = next(row for row in sheets["Table 2"] if row[2:3] == ["RM1"])
        row[6] = "*"

    path = wb.discharge_monthly(tmp_path / "a.xlsx", split=True, edit=suppress)
    frame = read_file(path).frame
    first = frame[(frame["date"] == "2024-01-01") & (frame["location"] == "RM1")]
    assert set(first["metric"]) == {"nctr_patients", "nctr_remaining"}


@pytest.mark.parametrize(
    "write_day", [wb.serial, wb.typed, lambda day: f"{day:%d/%m/%Y}", lambda day: f"{day:%d-%b-%Y}"]
)
def test_dates_may_be_serial_numbers_or_texts(tmp_path: Path, write_day: object) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx", write_day=write_day)
    assert_discharge(read_file(path).frame, "2024-01-01", 31)


def test_without_a_cover_sheet_a_monthly_workbook_is_still_acute_and_has_no_date_of_its_own(tmp_path: Path) -> None:
    reading = read_file(wb.discharge_monthly(tmp_path / "a.xlsx", start="2024-10-01", with_cover=False))
    assert_discharge(reading.frame, "2024-10-01", 31)
    assert reading.published is None
    assert reading.frame.attrs["published"] == {}
    assert reading.frame["released"].notna().all()


def test_without_a_cover_sheet_dates_that_straddle_two_months_are_refused(tmp_path: Path) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx", start="2024-10-02", with_cover=False)
    with pytest.raises(InputError, match="outside the period"):
        read_file(path)


def test_weekly_workbook_keeps_long_stays_apart(tmp_path: Path) -> None:
    frame = read_file(wb.discharge_weekly(tmp_path / "a.xlsx")).frame
    long = frame["metric"].str.endswith("_los21plus")
    assert_discharge(frame[~long], "2025-11-24", 14)
    assert_discharge(frame[long].assign(metric=frame["metric"].str.removesuffix("_los21plus")), "2025-11-24", 14)


def test_england_series_is_read_down_the_rows(tmp_path: Path) -> None:
    reading = read_file(wb.discharge_series(tmp_path / "a.xlsx"))
    assert set(reading.frame["location"]) == {"ENG"}
    assert len(reading.frame) == 30
    assert value(reading.frame, "2024-01-03", "ENG", "nctr_remaining") == wb.expected("ENG", 3)["nctr_remaining"]


def test_a_blank_day_in_the_series_is_missing_not_a_hole(tmp_path: Path) -> None:
    def blank(sheets: wb.Sheets) -> None:
        sheets["Daily Series"][7][2:5] = [None, None, None]

    frame = read_file(wb.discharge_series(tmp_path / "a.xlsx", edit=blank)).frame
    assert pd.Timestamp("2024-01-03") not in set(frame["date"])
    assert len(frame) == 27


def test_flu_sheet_has_two_england_rows(tmp_path: Path) -> None:
    reading = read_file(wb.uec_flu(tmp_path / "a.xlsx"))
    assert value(reading.frame, "2022-11-15", "ENG", "flu_ga_beds_occupied") == wb.single("ENG", 2)
    assert value(reading.frame, "2022-11-15", "ENG_T1", "flu_ga_beds_occupied") == wb.single("ENG", 2) - 1
    assert value(reading.frame, "2022-11-16", "RCX", "flu_cc_beds_occupied") == 3
    assert len(reading.frame) == 5 * 14 * 2
    assert "sheets not read yet: Cancelled operations" in reading.notes


def test_a_lone_england_row_is_england_whatever_its_words(tmp_path: Path) -> None:
    def rename(sheets: wb.Sheets) -> None:
        next(row for row in sheets["Flu"] if len(row) > 4 and "ENGLAND" in str(row[4]))[4] = "ENGLAND (Type 1 Trusts)*"

    frame = read_file(wb.uec_flu(tmp_path / "a.xlsx", type_1=False, edit=rename)).frame
    assert "ENG_T1" not in set(frame["location"])
    assert value(frame, "2022-11-14", "ENG", "flu_ga_beds_occupied") == wb.single("ENG", 1)


@pytest.mark.parametrize("late", [1, -1, 0, None])
def test_of_two_rows_of_dates_the_one_that_agrees_with_the_period_is_taken(tmp_path: Path, late: int | None) -> None:
    frame = read_file(wb.winter_absences(tmp_path / "a.xlsx", upper_row_late=late)).frame
    assert len(frame) == 3 * 6 * 14
    for metric in ("covid_beds_occupied", "staff_absent_total", "staff_absent_covid"):
        assert value(frame, "2024-11-26", "RGP", metric) == wb.single("RGP", 2)
        assert value(frame, "2024-11-25", "Y61", metric) == wb.single("Y61", 1)


def test_the_wrong_row_of_dates_may_be_the_one_beside_the_names(tmp_path: Path) -> None:
    def swap(sheets: wb.Sheets) -> None:
        for rows in sheets.values():
            at = next(i for i, row in enumerate(rows) if row[1:2] == ["NHS England Region"])
            rows[at - 1][4:], rows[at][4:] = rows[at][4:], rows[at - 1][4:]

    frame = read_file(wb.winter_absences(tmp_path / "a.xlsx", edit=swap)).frame
    assert value(frame, "2024-11-25", "RM1", "staff_absent_total") == wb.single("RM1", 1)


def test_released_is_the_rule_or_the_date_of_the_file_where_that_is_earlier(tmp_path: Path) -> None:
    revised = read_file(
        wb.discharge_monthly(
            tmp_path / "a.xlsx", start="2024-06-01", count=30, published=date(2024, 7, 10), revised=date(2024, 9, 12)
        )
    )
    # The rule: the second Thursday of the next month.
    assert set(revised.frame["released"]) == {pd.Timestamp("2024-07-11")}
    assert revised.published == pd.Timestamp("2024-09-12")
    source = revised.frame["source"].iloc[0]
    assert source.endswith("published 2024-07-10, revised 2024-09-12")
    assert revised.frame.attrs["published"] == {source: "2024-09-12"}
    early = read_file(wb.discharge_monthly(tmp_path / "b.xlsx", start="2024-06-01", count=30, published="10 July 2024"))
    assert set(early.frame["released"]) == {pd.Timestamp("2024-07-10")}


def test_missing_markers_are_missing_and_zero_is_zero(tmp_path: Path) -> None:
    marks = ["-", "*", ":", "[x]", "[z]", "n/a", None, " ", "–", 0]

    def mark(sheets: wb.Sheets) -> None:
        row = next(row for row in sheets["Covid Total Patients"] if row[2:3] == ["RM1"])
        row[4 : 4 + len(marks)] = marks

    frame = read_file(wb.winter_absences(tmp_path / "a.xlsx", edit=mark)).frame
    rows = frame[(frame["location"] == "RM1") & (frame["metric"] == "covid_beds_occupied")].sort_values("date")
    assert len(rows) == 14 - 9
    assert rows["value"].iloc[0] == 0
    assert rows["date"].iloc[0] == pd.Timestamp("2024-12-04")


def test_footnote_marks_on_codes_and_unknown_trusts(tmp_path: Path) -> None:
    def edit(sheets: wb.Sheets) -> None:
        rows = sheets["Flu"]
        at = next(i for i, row in enumerate(rows) if row[3:4] == ["RCX"])
        rows[at][3] = "RCX*"
        rows.insert(at + 1, [None, "London", None, "R9Z", "A new trust", *[7] * 28])

    reading = read_file(wb.uec_flu(tmp_path / "a.xlsx", edit=edit))
    assert value(reading.frame, "2022-11-14", "RCX", "flu_ga_beds_occupied") == wb.single("RCX", 1)
    assert value(reading.frame, "2022-11-14", "R9Z", "flu_ga_beds_occupied") == 7
    assert any("R9Z" in note and "data/reference/locations.csv" in note for note in reading.notes)


def test_sheet_named_otherwise_is_found_by_the_words_above_its_table(tmp_path: Path) -> None:
    def rename(sheets: wb.Sheets) -> None:
        del sheets["COVID Absences"], sheets["Covid Total Patients"]
        sheets["Sheet1"] = sheets.pop("Total Absences ")

    frame = read_file(wb.winter_absences(tmp_path / "a.xlsx", edit=rename)).frame
    assert set(frame["metric"]) == {"staff_absent_total"}


# What is left alone


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Community Services Statistics", "community"),
        ("Discharge Ready Date", "discharge ready date"),
        ("COVID-19 daily situation report", "COVID-19 hospital activity"),
        ("Ambulance Quality Indicators", "ambulance collection"),
        ("Critical Care and General & Acute Beds", "general and acute beds"),
    ],
)
def test_other_collections_are_recognised_and_left_alone(tmp_path: Path, title: str, words: str) -> None:
    with pytest.raises(NotObservations, match=words):
        read_file(wb.titled(tmp_path / "a.xlsx", title))


def test_a_community_workbook_is_never_read_as_acute(tmp_path: Path) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx", title="Community Discharge Situation Report")
    assert {metric.partition("_")[0] for metric in read_file(path).frame["metric"]} == {"community"}

    def strip(sheets: wb.Sheets) -> None:
        sheets["Table 1"] = [[None, "Date", "Missing organisations"]]
        for row in sheets["Table 2"]:
            row[:] = ["ENGLAND" if cell == "ENGLAND (Type 1 Trusts)" else cell for cell in row]

    with pytest.raises(InputError, match="not a publication this program knows"):
        read_file(wb.discharge_monthly(tmp_path / "b.xlsx", with_cover=False, edit=strip))


def test_an_unknown_workbook_lists_its_sheets(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"sheets 'Budget', 'Staff'"):
        read_file(wb.save(tmp_path / "a.xlsx", {"Budget": [["x", 1]], "Staff": [["y", 2]]}))


# What is refused: a table that has slipped must never read as plausible numbers


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
