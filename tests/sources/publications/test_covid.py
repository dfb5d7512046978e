"""COVID-19 hospital activity: monthly, weekly and daily publications."""

from __future__ import annotations

import re
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from forecast.errors import InputError, NotObservations
from forecast.sources import Reading, read_file
from tests import winter_workbooks as ww
from tests import workbooks as wb

EVERYONE = ww.TRUSTS + ww.PROVIDERS
SHEETS_2020 = {
    "Total Beds Occ": "Total beds - occupied (as at 08:00)",
    "Total Beds OccCov": "Total beds - occupied by confirmed COVID-19 patients (as at 08:00)",
    "MV Beds Occupied": "Mechanical Ventilation beds - occupied (as at 08:00)",
    "MV Beds OccupiedCov": "Mechanical Ventilation beds - occupied by confirmed COVID-19 patients (as at 08:00)",
    "Total Discharges": "Discharges - Total confirmed COVID cases discharged from hospital (Last 24hrs)",
    "Discharges 65-84": "Discharges - Total confirmed COVID cases discharged from hospital - Aged 65-84 years",
    "Discharges 85+": "Discharges - Total confirmed COVID cases discharged from hospital - Aged 85+ years",
    "Admissions": "Admissions - Number of patients admitted with COVID-19 (Last 24hrs)",
    "Total Diagnoses": "Diagnoses - Total number of inpatients diagnosed with COVID (Last 24hrs)",
    "All Absences": "Staffing Data - Total number of staff absent from work through sickness or self isolation",
    "Covid Absences": "Staffing Data - The number of COVID-19 related absences of staff",
}
SHEETS_2024 = {
    "Total Beds Occupied Covid": SHEETS_2020["Total Beds OccCov"],
    "HDU Beds Occupied Covid": "Total HDU beds - occupied by confirmed COVID-19 patients (as at 08:00)",
    "GA Beds Occupied Covid": "Total GA beds - occupied by confirmed COVID-19 patients (as at 08:00)",
    "Admissions Total": SHEETS_2020["Admissions"],
    "Diagnoses Total": SHEETS_2020["Total Diagnoses"],
    "Reported Admissions & Diagnoses": "Total reported admissions to hospital and diagnoses in hospital",
    "All Absences": SHEETS_2020["All Absences"],
    "Covid Absences": SHEETS_2020["Covid Absences"],
}
METRICS_2020 = {
    "beds_occupied_all": 0,
    "covid_beds_occupied": 1,
    "mv_beds_occupied_all": 2,
    "covid_mv_beds_occupied": 3,
    "covid_discharges": 4,
    "covid_admissions_known": 7,
    "covid_inpatient_diagnoses": 8,
    "staff_absent_total": 9,
    "staff_absent_covid": 10,
}
METRICS_2024 = {
    "covid_beds_occupied": 0,
    "covid_hdu_beds_occupied": 1,
    "covid_ga_beds_occupied": 2,
    "covid_admissions_known": 3,
    "covid_inpatient_diagnoses": 4,
    "covid_admissions_and_diagnoses": 5,
    "staff_absent_total": 6,
    "staff_absent_covid": 7,
}
WEEKLY = {
    "Hosp ads & diag": (ww.BLOCKS[0], "2020-11-10", 14),
    "New hosp cases": (ww.BLOCKS[1], "2020-11-10", 14),
    "Hosp ads from comm": (ww.BLOCKS[2], "2020-11-10", 14),
    "Hosp ads from comm with lag": (ww.BLOCKS[3], "2020-11-10", 14),
    "Care home ads and diags": (ww.BLOCKS[4], "2020-11-10", 14),
    "All beds COVID": (ww.BLOCKS[5], "2020-11-10", 14),
    "MV beds COVID": (ww.BLOCKS[6], "2020-11-10", 14),
    "Adult G&A Beds Occupied COVID": ("Adult G&A beds - occupied by confirmed COVID-19 patients", "2020-11-17", 7),
    "Adult CC Beds Occupied COVID": ("Adult critical care beds occupied", "2020-11-17", 7),
    "Adult G&A Bed Occupied NonCOVID": ("Adult G&A beds - occupied by others", "2020-11-17", 7),
    "Adult G&A Beds Unoccupied": ("Adult G&A beds - unoccupied", "2020-11-17", 7),
}
WEEKLY_METRICS = (
    "covid_admissions_and_diagnoses",
    "covid_new_hospital_cases",
    "covid_admissions_community",
    "covid_admissions_community_3_7day_lag",
    "covid_admissions_diagnoses_care_home",
    "covid_beds_occupied",
    "covid_mv_beds_occupied",
    "covid_ga_adult_beds_occupied",
    "covid_cc_adult_beds_occupied",
)


def value(frame: pd.DataFrame, day: str, location: str, metric: str) -> float:
    found = frame[(frame["date"] == day) & (frame["location"] == location) & (frame["metric"] == metric)]
    assert len(found) == 1
    return float(found["value"].iloc[0])


def assert_everyone(reading: Reading, metrics: dict[str, int], start: str, count: int) -> None:
    """Every cell of every organisation and area is there with its value, and nothing else."""
    locations = {code for code, _, _ in EVERYONE} | set(ww.AREAS)
    got = reading.frame.set_index(["date", "location", "metric"])["value"]
    assert len(got) == len(locations) * count * len(metrics)
    first = date.fromisoformat(start)
    for metric, kind in metrics.items():
        for location in locations:
            for i in range(1, count + 1):
                when = pd.Timestamp(first + timedelta(days=i - 1))
                assert got[when, location, metric] == ww.total(location, i, kind, EVERYONE)


# Monthly


def test_monthly_workbook_of_2024_gives_every_sheet_and_every_provider(tmp_path: Path) -> None:
    reading = read_file(ww.covid_monthly(tmp_path / "a.xlsx", SHEETS_2024))
    assert reading.publication == "COVID-19 hospital activity, monthly"
    assert_everyone(reading, METRICS_2024, "2024-09-01", 10)
    assert not [note for note in reading.notes if "not read yet" in note]


def test_monthly_workbook_of_2020_leaves_age_bands_out_by_one_note_and_the_numbered_row_by_another(
    tmp_path: Path,
) -> None:
    path = ww.covid_monthly(tmp_path / "a.xlsx", SHEETS_2020, start="2020-07-31", blank_column=True)
    reading = read_file(path)
    assert_everyone(reading, METRICS_2020, "2020-07-31", 10)
    assert [note for note in reading.notes if "age band" in note] == [
        "sheets left out (by age band, which this project does not use): Discharges 65-84, Discharges 85+"
    ]
    assert len([note for note in reading.notes if "neither code nor name" in note]) == 1


def test_a_chain_of_hospitals_is_the_sum_of_its_rows_and_missing_where_one_is(tmp_path: Path) -> None:
    def suppress(rows: wb.Rows) -> None:
        row = next(row for row in rows if "DE8" in row and ww.LONDON in row)
        row[5] = "*"

    name = "Total Beds Occupied Covid"
    frame = read_file(
        ww.covid_monthly(tmp_path / "a.xlsx", {name: SHEETS_2024[name]}, edit=ww.on(name, suppress))
    ).frame
    chain = frame[frame["location"] == "DE8"].set_index("date")["value"]
    assert pd.Timestamp("2024-09-02") not in chain.index
    east, london = ww.count_of("DE8", ww.EAST, 1), ww.count_of("DE8", ww.LONDON, 1)
    assert chain[pd.Timestamp("2024-09-01")] == east + london


def test_organisations_nobody_knows_are_kept_with_one_note(tmp_path: Path) -> None:
    reading = read_file(ww.covid_monthly(tmp_path / "a.xlsx", SHEETS_2024))
    about = [note for note in reading.notes if "9ZZ99" in note]
    assert about == ["unknown organisation kept: 9ZZ99 (A new clinic); add a row to data/reference/locations.csv"]


def test_a_trust_that_stands_twice_is_refused_even_in_another_region(tmp_path: Path) -> None:
    def copy(rows: wb.Rows) -> None:
        row = list(ww.row_with(rows, "RM1"))
        row[1] = ww.LONDON
        rows.insert(len(rows) - 2, row)

    path = ww.covid_monthly(tmp_path / "a.xlsx", SHEETS_2024, edit=ww.on("Admissions Total", copy))
    with pytest.raises(InputError, match=r"sheet 'Admissions Total'.*location RM1 stands twice"):
        read_file(path)


def test_a_provider_that_stands_twice_in_one_region_is_refused(tmp_path: Path) -> None:
    def copy(rows: wb.Rows) -> None:
        rows.insert(len(rows) - 2, list(ww.row_with(rows, "NMJ11")))

    path = ww.covid_monthly(tmp_path / "a.xlsx", SHEETS_2024, edit=ww.on("Admissions Total", copy))
    with pytest.raises(InputError, match="location NMJ11 stands twice"):
        read_file(path)


@pytest.mark.parametrize("code", ["RM1", "NMJ11"])
def test_a_row_a_day_off_the_others_is_refused(tmp_path: Path, code: str) -> None:
    def slip(rows: wb.Rows) -> None:
        row = ww.row_with(rows, code)
        del row[4]

    path = ww.covid_monthly(tmp_path / "a.xlsx", SHEETS_2024, edit=ww.on("Admissions Total", slip))
    with pytest.raises(InputError, match=f"once the values of {code} are moved a day later"):
        read_file(path)


def test_a_sheet_whose_heading_is_that_of_another_is_refused(tmp_path: Path) -> None:
    sheets = {**SHEETS_2024, "HDU Beds Occupied Covid": SHEETS_2024["GA Beds Occupied Covid"]}
    with pytest.raises(
        InputError, match="the name says covid_hdu_beds_occupied, the words above the table say covid_ga"
    ):
        read_file(ww.covid_monthly(tmp_path / "a.xlsx", sheets))


def test_beds_occupied_primarily_for_covid_are_not_taken_for_all_beds(tmp_path: Path) -> None:
    heading = "Total beds - occupied by confirmed COVID-19 patients (as at 08:00) - of which primarily for COVID-19"
    kept = "Admissions Total"
    path = ww.covid_monthly(tmp_path / "a.xlsx", {"Primarily Covid": heading, kept: SHEETS_2024[kept]})
    reading = read_file(path)
    assert set(reading.frame["metric"]) == {"covid_admissions_known"}
    assert any("Primarily Covid" in note for note in reading.notes)


def test_the_supplement_on_primary_diagnoses_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(NotObservations, match="primary diagnosis supplement"):
        read_file(wb.titled(tmp_path / "a.xlsx", "COVID-19 Primary Diagnosis Supplement"))


def test_values_dated_after_the_publication_are_refused(tmp_path: Path) -> None:
    def late(rows: wb.Rows) -> None:
        header = ww.row_with(rows, "NHS England Region")
        header[4:] = [day + timedelta(days=1) for day in header[4:]]

    path = ww.covid_monthly(tmp_path / "a.xlsx", SHEETS_2024, edit=ww.on("Admissions Total", late))
    with pytest.raises(InputError, match="lies after the day this file was published"):
        read_file(path)


# Weekly


def test_weekly_workbook_reads_each_sheet_by_its_own_dates(tmp_path: Path) -> None:
    reading = read_file(ww.covid_weekly(tmp_path / "a.xlsx", WEEKLY))
    assert reading.publication == "COVID-19 hospital activity, weekly"
    first = reading.frame.groupby("metric")["date"].agg(["min", "max"])
    assert set(first.index) == set(WEEKLY_METRICS)
    assert first.loc["covid_beds_occupied", "min"] == pd.Timestamp("2020-11-10")
    assert first.loc["covid_cc_adult_beds_occupied", "min"] == pd.Timestamp("2020-11-17")
    assert (first["max"] == pd.Timestamp("2020-11-23")).all()
    for kind, metric in enumerate(WEEKLY_METRICS):
        day = 7 if kind >= 7 else 14
        assert value(reading.frame, "2020-11-23", "Y61", metric) == ww.total("Y61", day, kind, EVERYONE)
        assert value(reading.frame, "2020-11-23", "RCX", metric) == ww.count_of("RCX", ww.EAST, day, kind)
    assert not [note for note in reading.notes if "not read yet" in note]
    assert any("NonCOVID, Adult G&A Beds Unoccupied" in note for note in reading.notes)


def with_formulas(path: Path, calculated: bool) -> Path:
    """The workbook with a formula in each date and each cell of England of its first sheet."""
    other = path.with_name("formulas.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for item in old.namelist():
            content = old.read(item)
            if item.endswith("sheet1.xml"):
                value = rb"\3" if calculated else b""
                cell = rb'(<c r="[E-R](?:14|15|16)"[^>]*>)(<v>|<v />)([^<]*</v>)'
                content, changed = re.subn(
                    cell, rb"\1<f>SUM(A1)</f>" + (rb"<v>" + value if calculated else b""), content
                )
                assert changed >= 14
            new.writestr(item, content)
    return other


def test_formulas_in_dates_and_totals_count_by_their_stored_values(tmp_path: Path) -> None:
    path = ww.covid_weekly(tmp_path / "a.xlsx", WEEKLY)
    plain, formulas = read_file(path), read_file(with_formulas(path, calculated=True))
    pd.testing.assert_frame_equal(plain.frame, formulas.frame)


def test_formulas_that_were_never_calculated_are_refused(tmp_path: Path) -> None:
    path = with_formulas(ww.covid_weekly(tmp_path / "a.xlsx", WEEKLY), calculated=False)
    with pytest.raises(InputError, match=r"'Hosp ads & diag', cell E1[456]: the cell holds a formula that was never"):
        read_file(path)


# Daily


def test_daily_publication_is_read_block_by_block(tmp_path: Path) -> None:
    reading = read_file(ww.covid_daily(tmp_path / "a.xlsx"))
    assert reading.publication == "COVID-19 hospital activity, daily"
    assert len(reading.frame) == 3 * (5 * 10 + 2 * 11)
    for kind, metric in enumerate(WEEKLY_METRICS[:7]):
        for location in ww.AREAS:
            for day in range(1, 11):
                when = f"2020-08-{day:02}"
                assert value(reading.frame, when, location, metric) == ww.total(location, day, kind)
    assert value(reading.frame, "2020-08-11", "Y61", "covid_beds_occupied") == ww.total("Y61", 11, 5)
    assert not [note for note in reading.notes if "not read" in note]


def test_a_block_nobody_knows_is_left_out_with_a_note(tmp_path: Path) -> None:
    blocks = [*ww.BLOCKS[:2], "Vaccinations given in hospital", ww.BLOCKS[6]]
    reading = read_file(ww.covid_daily(tmp_path / "a.xlsx", blocks=blocks, notes_first=False))
    assert set(reading.frame["metric"]) == {WEEKLY_METRICS[0], WEEKLY_METRICS[1], WEEKLY_METRICS[6]}
    assert any("Vaccinations given in hospital" in note for note in reading.notes)


def move_dates(rows: wb.Rows) -> None:
    row = [row for row in rows if row[1:2] == ["Name"]][1]
    row.insert(2, None)


def swap_days(rows: wb.Rows) -> None:
    row = [row for row in rows if row[1:2] == ["Name"]][1]
    row[3], row[4] = row[4], row[3]


def rename(rows: wb.Rows) -> None:
    ww.row_with(rows, ww.LONDON)[1] = "Londinium"


def nameless(rows: wb.Rows) -> None:
    ww.row_with(rows, ww.LONDON)[1] = None


def region_twice(rows: wb.Rows) -> None:
    ww.row_with(rows, ww.LONDON)[1] = ww.EAST


def words_in_a_cell(rows: wb.Rows) -> None:
    ww.row_with(rows, ww.LONDON)[4] = "about 30"


def two_titles(rows: wb.Rows) -> None:
    rows[next(i for i, row in enumerate(rows) if ww.BLOCKS[1] in row) + 1][1] = ww.BLOCKS[2]


def same_title(rows: wb.Rows) -> None:
    ww.row_with(rows, ww.BLOCKS[1])[1] = ww.BLOCKS[0]


def region_slips(rows: wb.Rows) -> None:
    del ww.row_with(rows, ww.LONDON)[2]


def row_too_long(rows: wb.Rows) -> None:
    ww.row_with(rows, ww.LONDON).append(9)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (move_dates, r"cell C\d+: '' where a date belongs"),
        (swap_days, "days must follow one another"),
        (rename, "'Londinium' where England or a region belongs"),
        (nameless, "'' where England or a region belongs"),
        (region_twice, "Y61 stands twice in the block"),
        (words_in_a_cell, "'about 30' where a number belongs"),
        (two_titles, "name covid_admissions_community and covid_new_hospital_cases"),
        (same_title, "a second block of covid_admissions_and_diagnoses"),
        (region_slips, "once the values of Y56 are moved a day later"),
        (row_too_long, "has no date above it"),
    ],
)
def test_a_block_that_cannot_be_trusted_is_refused(tmp_path: Path, fault: object, message: str) -> None:
    path = ww.covid_daily(tmp_path / "a.xlsx", edit=ww.on("Daily publication", fault))  # type: ignore[arg-type]
    with pytest.raises(InputError, match=message):
        read_file(path)
