"""The published workbooks against the independent tidy tables, cell for cell, and every file of the collection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from forecast.errors import NotObservations
from forecast.reference import reference
from forecast.sources import Reading, find_files, read_file

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
    ("staff_absences_winter_timeseries_2022-23.xlsx", "staff_absences_daily.csv.gz", "2022-23", 40_600, 0),
    # The tidy table takes 30 and 31 March 2024 from a later publication: 143 organisations, 2 metrics, 2 days.
    ("staff_absences_winter_timeseries_2023-24.xlsx", "staff_absences_daily.csv.gz", "2023-24", 37_466, 572),
    ("covid_acute_winter_timeseries_2024-25.xlsx", "staff_absences_daily.csv.gz", "2024-25", 36_036, 0),
    ("covid_acute_winter_timeseries_2024-25.xlsx", "covid_daily.csv.gz", "2024-25", 18_018, 0),
    ("uec_daily_sitrep_timeseries_2022-23_flu_tab_only.xlsx", "flu_beds_daily.csv.gz", "2022-23", 38_914, 0),
]

BED_DAYS_AND_MORE = "nctr_bed_days_destinations_reasons.csv.gz"
ENGLAND = "nctr_england_timeseries_2021_2024.csv.gz"
SERIES = "acute_discharge_sitrep_timeseries_2021-04_to_2024-01.xlsx"
APRIL_2022, DECEMBER_2022, JANUARY_2024 = (
    f"acute_discharge_sitrep_monthly_{edition}.xlsx"
    for edition in ("2022-04_revised-2023-12", "2022-12_revised-2023-08", "2024-01")
)
# Workbook, tidy table, first words of the metrics, cells in both, of these equal but for the six digits to which
# the tidy table rounds means of three weeks, cells of the workbook alone, cells of the tidy table alone.
TABLES_COMPARED = [
    (APRIL_2022, BED_DAYS_AND_MORE, "additional_bed_days_", 2_034, 0, 0, 0),
    (APRIL_2022, BED_DAYS_AND_MORE, "discharged_dest_", 1_889, 0, 0, 0),
    (APRIL_2022, BED_DAYS_AND_MORE, "delay14plus_avg_", 2_752, 36, 0, 0),
    (DECEMBER_2022, BED_DAYS_AND_MORE, "additional_bed_days_", 2_559, 0, 0, 0),
    (DECEMBER_2022, BED_DAYS_AND_MORE, "discharged_dest_", 1_889, 0, 0, 0),
    (DECEMBER_2022, BED_DAYS_AND_MORE, "delay14plus_avg_", 2_752, 0, 0, 0),
    (JANUARY_2024, BED_DAYS_AND_MORE, "additional_bed_days_", 2_019, 0, 0, 0),
    (JANUARY_2024, BED_DAYS_AND_MORE, "discharged_dest_", 1_867, 0, 0, 0),
    (JANUARY_2024, BED_DAYS_AND_MORE, "delay14plus_avg_", 2_720, 4, 0, 0),
    (SERIES, ENGLAND, "nctr_", 3_105, 0, 0, 0),
    # The workbook has 12 counts for 11 May 2021, a day before its note says that they were collected.
    (SERIES, ENGLAND, "discharged_dest_", 11_928, 0, 12, 0),
    # The tidy table keeps zeros of 46 weeks, to 4 February 2022, in which stays of 7 days were not collected.
    (SERIES, ENGLAND, "additional_bed_days_", 398, 0, 0, 46),
    (SERIES, ENGLAND, "delay14plus_", 2_664, 0, 0, 0),
]


@cache
def reading(path: Path) -> Reading:
    """What a file holds; the workbooks compared with several tables are read once."""
    return read_file(path)


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """Nothing of these millions of rows is kept for the tests that follow."""
    yield
    reading.cache_clear()


def tidy(name: str) -> pd.DataFrame:
    return reading(REAL / name).frame


def workbook_frame(name: str) -> pd.DataFrame:
    return reading(REAL / "raw" / name).frame


@pytest.mark.parametrize(("workbook", "table", "words", "both", "alone"), COMPARED)
def test_workbook_equals_the_tidy_table_cell_for_cell(
    workbook: str, table: str, words: str, both: int, alone: int
) -> None:
    parsed = workbook_frame(workbook)
    rows = tidy(table)
    rows = rows[rows["source"].str.contains(words, regex=False)] if words else rows
    rows = rows[rows["metric"].isin(parsed["metric"])]
    parsed = parsed[parsed["metric"].isin(rows["metric"])]
    rows = rows[rows["date"].between(parsed["date"].min(), parsed["date"].max())]
    joined = parsed.merge(rows, on=KEY, how="outer", suffixes=("", "_tidy"), indicator=True)
    common = joined[joined["_merge"] == "both"]
    assert len(common) == both
    assert (common["value"] == common["value_tidy"]).all()
    assert (joined["_merge"] == "left_only").sum() == alone
    assert (joined["_merge"] == "right_only").sum() == 0


@pytest.mark.parametrize(("workbook", "table", "metrics", "both", "rounded", "alone", "tidy_alone"), TABLES_COMPARED)
def test_every_table_of_the_discharge_workbooks_equals_the_tidy_one(
    workbook: str, table: str, metrics: str, both: int, rounded: int, alone: int, tidy_alone: int
) -> None:
    parsed = workbook_frame(workbook)
    parsed = parsed[parsed["metric"].str.startswith(metrics) & (parsed["metric"] != "nctr_providers_missing")]
    rows = tidy(table)
    rows = rows[rows["metric"].astype(str).str.startswith(metrics)]
    rows = rows[rows["date"].between(parsed["date"].min(), parsed["date"].max())]
    joined = parsed.merge(rows, on=KEY, how="outer", suffixes=("", "_tidy"), indicator=True)
    common = joined[joined["_merge"] == "both"]
    different = common[common["value"] != common["value_tidy"]]
    assert len(common) == both
    assert len(different) == rounded
    assert np.allclose(different["value"], different["value_tidy"], rtol=5e-6, atol=0)
    assert (joined["_merge"] == "left_only").sum() == alone
    assert (joined["_merge"] == "right_only").sum() == tidy_alone
    assert joined.loc[joined["_merge"] == "right_only", "value_tidy"].eq(0).all()


def test_the_community_workbook_adds_up_and_stands_apart() -> None:
    reading = read_file(REAL / "raw" / "community_discharge_sitrep_monthly_2024-01.xlsx")
    frame = reading.frame
    assert len(frame) == 20_357
    assert frame["metric"].str.startswith("community_").all()
    panel = frame.pivot_table(index=["metric", "date"], columns="location", values="value")
    left = panel.loc["community_nctr_patients"] - panel.loc["community_nctr_discharged"]
    assert (left == panel.loc["community_nctr_remaining"]).sum().sum() == 4_805
    # Norfolk and Waveney is two providers: Norfolk Community Health and Care, East Coast Community Healthcare.
    for name in ("nctr_patients", "additional_bed_days_los14plus", "discharged_dest_p1_home_rehab"):
        part = panel.loc[f"community_{name}"]
        assert (part[["RY3", "NAX"]].sum(axis=1) == part["QMM"]).all(), name
    assert [note.split()[:4] for note in reading.notes] == [["26", "unknown", "organisations", "kept:"]]


def test_destinations_of_a_month_are_the_discharges_of_its_days() -> None:
    """England's table of the month against its table of the days: two sheets filled in apart."""
    for workbook in (APRIL_2022, DECEMBER_2022, JANUARY_2024):
        frame = workbook_frame(workbook)
        england = frame[frame["location"] == "ENG"]
        month = england.loc[england["metric"].str.startswith("discharged_dest_"), "value"].sum()
        days = england.loc[england["metric"] == "nctr_discharged", "value"].sum()
        assert month == days, workbook


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
        "nctr_revisions_2022_2024.csv",
        "release_calendar.csv",
        "trust_ltla_mapping.csv",
    ]
    # 3,264,622 rows of tidy tables with a value (of the weekly flu table those of all ages) and the workbooks' cells:
    # daily tables 235,584; Tables 1 and 3 to 5 of three months 20,573; the England series beyond its three daily
    # counts 15,002; the community workbook 20,357; Table 1 of the weekly workbook 84; the Covid publications and the
    # winter of 2019-20 981,143.
    assert rows == 3_264_622 + 235_584 + 20_573 + 15_002 + 20_357 + 84 + 981_143
    # England and its regions add up wherever that is looked at, but for the bed days of three weeks of April 2022, of
    # which five trusts have no value and England has more than the others.
    (sums,) = [note for note in notes if "is not the sum" in note]
    assert re.findall(r"ENG|Y\d\d", sums) == ["ENG", "Y61", "Y56", "Y62", "Y59"]
    assert not [note for note in notes if "no row for" in note]
    unread = [note for note in notes if note.startswith("sheets not read")]
    assert not [note for note in unread if "Table" in note or "Series" in note]
    # Two trusts merged on the last day of a workbook; seven providers of the weekly Covid publication sent nothing on
    # the last of its first 28 days.
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
    panel = panel.drop("nctr_providers_missing")
    assert len(panel) == 6 * 14
    assert (panel[["RM1", "RGP", "RCX"]].sum(axis=1) == panel["QMM"]).all()
    assert (panel.loc["nctr_patients"] == panel.loc["nctr_discharged"] + panel.loc["nctr_remaining"]).all().all()


def test_type_1_trusts_are_part_of_england_in_the_flu_sheet() -> None:
    frame = workbook_frame("uec_daily_sitrep_timeseries_2022-23_flu_tab_only.xlsx")
    beds = frame[frame["metric"] == "flu_ga_beds_occupied"]
    panel = beds.pivot_table(index="date", columns="location", values="value")
    assert panel.loc["2023-01-02", "ENG"] == 5_779
    assert (panel["ENG_T1"] <= panel["ENG"]).all()


def test_every_reason_and_destination_of_the_compiled_tables_has_a_short_name() -> None:
    for name, metrics in (
        ("nctr_bed_days_destinations_reasons.csv.gz", 33),
        ("nctr_delay_reasons_monthly_2024.csv.gz", 37),
        ("nctr_england_timeseries_2021_2024.csv.gz", 36),
    ):
        found = set(tidy(name)["metric"].unique())
        assert len(found) == metrics
        assert max(map(len, found)) <= len("delay14plus_avg_") + 28
        known = {metric for category in reference().categories for metric in category.metrics}
        before = ("delay_reason_", "delay14plus_", "discharged_dest_")
        assert {metric for metric in found if metric.startswith(before)} <= known
