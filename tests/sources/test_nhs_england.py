from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

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
