"""The monthly workbook of critical care and general and acute beds, in its two layouts."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.reference import reference
from forecast.sources import read_file
from tests import discharge_workbooks as dw
from tests import workbooks as wb

METRICS = (
    *("general_acute_beds_available", "general_acute_beds_occupied", "general_acute_beds_occupancy_rate"),
    *(f"adult_general_acute_beds_{what}" for what in ("available", "occupied", "occupancy_rate")),
    *(f"paediatric_general_acute_beds_{what}" for what in ("available", "occupied", "occupancy_rate")),
    *("adult_critical_care_beds_available", "adult_critical_care_beds_occupied", "adult_critical_care_occupancy_rate"),
    *(f"paediatric_intensive_cared_{what}" for what in ("beds_available", "beds_occupied", "occupancy_rate")),
    *(f"neonatal_intensive_care_{what}" for what in ("bed_available", "bed_occupied", "occupancy_rate")),
)


@pytest.mark.parametrize("newer", [False, True])
def test_every_cell_of_the_sheet_of_all_trusts_is_read(tmp_path: Path, newer: bool) -> None:
    reading = read_file(dw.beds_monthly(tmp_path / "a.xlsx", newer=newer))
    places = ["ENG", "Y61", *dw.TRUSTS, *(["QMM"] if newer else [])]
    got = reading.frame.set_index(["metric", "location"])["value"]
    assert len(got) == len(places) * 18
    for place in places:
        for i, metric in enumerate(METRICS):
            assert got[metric, place] == dw.beds(place, i), (metric, place)
    assert set(reading.frame["date"]) == {pd.Timestamp("2022-04-01")}
    assert all(reference().metric(metric) for metric in METRICS)
    assert reading.notes == ("sheets left out (another sheet holds what they do): Type 1 acute trusts",)


def test_without_a_title_that_is_known_the_headers_say_what_it_is(tmp_path: Path) -> None:
    assert len(read_file(dw.beds_monthly(tmp_path / "a.xlsx", title="UEC beds")).frame) == 5 * 18


def test_the_second_row_of_headers_may_lack_its_code(tmp_path: Path) -> None:
    def strip(sheets: wb.Sheets) -> None:
        again = [row for row in sheets["All acute trusts"] if row[1:2] == ["Region"]][1]
        again[3] = None

    assert len(read_file(dw.beds_monthly(tmp_path / "a.xlsx", edit=strip)).frame) == 5 * 18


def test_columns_of_core_and_void_beds_are_named_and_left_out(tmp_path: Path) -> None:
    heads = (*dw.BED_HEADS[:1], "G&A core beds available", "G&A covid void beds", *dw.BED_HEADS[1:])
    rates = [text.replace("rate", "rate (%)") for text in heads]
    reading = read_file(dw.beds_monthly(tmp_path / "a.xlsx", heads=heads))
    assert len(reading.frame) == 5 * 18
    note = next(note for note in reading.notes if "columns not read" in note)
    assert "G&A core beds available, G&A covid void beds" in note
    assert set(read_file(dw.beds_monthly(tmp_path / "b.xlsx", heads=rates)).frame["metric"]) < set(METRICS) | {*rates}


def test_a_kind_of_bed_that_is_absent_is_noted(tmp_path: Path) -> None:
    reading = read_file(dw.beds_monthly(tmp_path / "a.xlsx", heads=dw.BED_HEADS[:15]))
    assert len(reading.frame) == 5 * 15
    assert any("no column of neonatal_intensive_care_bed_available" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: rows[3].__setitem__(2, None), r"does not say which month it is about \(period none\)"),
        (lambda rows: rows[3].__setitem__(2, "1 April 2022 to 30 June 2022"), "does not say which month"),
        (lambda rows: rows[14].insert(4, None), r"cell E16: .* has no header above it"),
        (
            lambda rows: rows[14].__setitem__(7, "G&A beds available"),
            r"cell H15: 'G&A beds available' heads this column",
        ),
        (
            lambda rows: rows[14].__setitem__(slice(4, 6), rows[14][5:3:-1]),
            "general_acute_beds_occupied is larger than",
        ),
        (
            lambda rows: rows[14].__setitem__(4, "Number of beds"),
            "no row of headers names the columns of general_acute",
        ),
    ],
)
def test_faults(tmp_path: Path, change: object, message: str) -> None:
    def edit(sheets: wb.Sheets) -> None:
        rows = sheets["All acute trusts"]
        # The later row of headers repeats the first: without its texts the first alone counts.
        again = [row for row in rows if row[1:2] == ["Region"]][1]
        again[4:] = [None] * (len(again) - 4)
        change(rows)  # type: ignore[operator]
        sheets["Type 1 acute trusts"][3] = list(rows[3])

    with pytest.raises(InputError, match=message):
        read_file(dw.beds_monthly(tmp_path / "a.xlsx", edit=edit))
