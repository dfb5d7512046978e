"""The published workbooks against the independent tidy tables, cell for cell, and every file of the collection."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from forecast.errors import NotObservations
from forecast.sources import find_files, read_file

REAL = Path(__file__).parents[2].parent / "shared" / "real"
KEY = ["date", "location", "metric"]

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason=f"NO REAL DATA: the published files are not at {REAL}"),
]

# Workbook, tidy table, words of the tidy rows' source (empty: all), cells in both, cells of the workbook alone.
COMPARED = [
    ("acute_discharge_sitrep_monthly_2022-04_revised-2023-12.xlsx", "nctr_daily.csv.gz", "", 15_246, 0),
    ("acute_discharge_sitrep_monthly_2022-12_revised-2023-08.xlsx", "nctr_daily.csv.gz", "", 15_861, 0),
    ("acute_discharge_sitrep_monthly_2024-01.xlsx", "nctr_daily.csv.gz", "", 15_654, 0),
    (
        "acute_discharge_sitrep_timeseries_2021-04_to_2024-01.xlsx",
        "nctr_england_timeseries_2021_2024.csv.gz",
        "",
        3_105,
        0,
    ),
    ("staff_absences_winter_timeseries_2022-23.xlsx", "staff_absences_daily.csv.gz", "2022-23", 40_600, 0),
    # The tidy table takes 30 and 31 March 2024 from a later publication: 143 organisations, 2 metrics, 2 days.
    ("staff_absences_winter_timeseries_2023-24.xlsx", "staff_absences_daily.csv.gz", "2023-24", 37_466, 572),
    ("covid_acute_winter_timeseries_2024-25.xlsx", "staff_absences_daily.csv.gz", "2024-25", 36_036, 0),
    ("covid_acute_winter_timeseries_2024-25.xlsx", "covid_daily.csv.gz", "2024-25", 18_018, 0),
    ("uec_daily_sitrep_timeseries_2022-23_flu_tab_only.xlsx", "flu_beds_daily.csv.gz", "2022-23", 38_914, 0),
]


@cache
def tidy(name: str) -> pd.DataFrame:
    return read_file(REAL / name).frame


@pytest.mark.parametrize(("workbook", "table", "words", "both", "alone"), COMPARED)
def test_workbook_equals_the_tidy_table_cell_for_cell(
    workbook: str, table: str, words: str, both: int, alone: int
) -> None:
    parsed = read_file(REAL / "raw" / workbook).frame
    rows = tidy(table)
    rows = rows[rows["source"].str.contains(words, regex=False)] if words else rows
    rows = rows[
        rows["metric"].isin(parsed["metric"]) & rows["date"].between(parsed["date"].min(), parsed["date"].max())
    ]
    parsed = parsed[parsed["metric"].isin(rows["metric"])]
    joined = parsed.merge(rows, on=KEY, how="outer", suffixes=("", "_tidy"), indicator=True)
    common = joined[joined["_merge"] == "both"]
    assert len(common) == both
    assert (common["value"] == common["value_tidy"]).all()
    assert (joined["_merge"] == "left_only").sum() == alone
    assert (joined["_merge"] == "right_only").sum() == 0


def test_every_file_is_read_or_known_to_hold_no_observations() -> None:
    rows, left, notes = 0, [], []
    for file in find_files([REAL]):
        try:
            reading = read_file(file)
        except NotObservations:
            left.append(file.name)
        else:
            rows += len(reading.frame)
            notes += reading.notes
    assert sorted(left) == [
        "README.md",
        "README.md",
        "community_discharge_sitrep_monthly_2024-01.xlsx",
        "nctr_revisions_2022_2024.csv",
        "release_calendar.csv",
        "trust_ltla_mapping.csv",
    ]
    # 3,264,622 rows of tidy tables with a value (of the weekly flu table those of all ages) and the workbooks' cells,
    # the last those of the Covid publications and of the winter of 2019-20.
    assert rows == 3_264_622 + 235_584 + 981_143
    # England and its regions add up wherever that is looked at; two trusts merged on the last day of a workbook;
    # seven providers of the weekly Covid publication sent nothing on the last of its first 28 days.
    assert not [note for note in notes if "is not the sum" in note or "no row for" in note]
    assert [note.split(": ")[2][:3] for note in notes if "no value on the last day" in note] == [
        "ACP",
        "NL3",
        "NL3",
        "RWD",
        "RA4",
    ]


def test_weekly_workbook_adds_up_for_norfolk() -> None:
    frame = read_file(REAL / "raw" / "discharge_delays_acute_weekly_timeseries_2025-26_first14days.xlsx").frame
    panel = frame.pivot_table(index=["metric", "date"], columns="location", values="value")
    assert len(panel) == 6 * 14
    assert (panel[["RM1", "RGP", "RCX"]].sum(axis=1) == panel["QMM"]).all()
    assert (panel.loc["nctr_patients"] == panel.loc["nctr_discharged"] + panel.loc["nctr_remaining"]).all().all()


def test_type_1_trusts_are_part_of_england_in_the_flu_sheet() -> None:
    frame = read_file(REAL / "raw" / "uec_daily_sitrep_timeseries_2022-23_flu_tab_only.xlsx").frame
    beds = frame[frame["metric"] == "flu_ga_beds_occupied"]
    panel = beds.pivot_table(index="date", columns="location", values="value")
    assert panel.loc["2023-01-02", "ENG"] == 5_779
    assert (panel["ENG_T1"] <= panel["ENG"]).all()
