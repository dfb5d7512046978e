"""The Covid workbooks and the UEC situation reports against the independent tidy tables, cell for cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from forecast.sources import Reading, read_file

REAL = Path(__file__).parents[2].parent / "shared" / "real"
KEY = ["date", "location", "metric"]

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason=f"NO REAL DATA: the published files are not at {REAL}"),
]

MONTHLY_2024 = "Covid-Publication-10-10-2024-v2.0.xlsx"
MONTHLY_2020 = "Covid-Publication-13-08-2020.xlsx"
WEEKLY = "Weekly-covid-admissions-and-beds-publication_first28days.xlsx"
WINTER_2019 = "winter_sitrep_acute_timeseries_2019-20.xlsx"
FLU_2022 = "uec_daily_sitrep_timeseries_2022-23_flu_tab_only.xlsx"
WINTER_COVID = "covid_acute_winter_timeseries_2024-25.xlsx"


@dataclass(frozen=True)
class Comparison:
    """A workbook, a tidy table, the words of its source; cells in both, those that differ, cells of one alone."""

    workbook: str
    table: str
    source: str
    both: int
    different: int = 0
    workbook_only: int = 0
    tidy_only: int = 0


COMPARED = (
    Comparison(MONTHLY_2024, "covid_daily", "2024-10-10", 243_830),
    Comparison(MONTHLY_2024, "staff_absences_daily", "2024-10-10", 95_460),
    # From 1 August 2020 the tidy table takes beds from the weekly publication: 277 providers, 2 metrics, 9 days.
    Comparison(MONTHLY_2020, "covid_daily", "2020-08-13_xlsx", 261_488, workbook_only=4_986),
    # North Bristol was published with fractions of a person on four days; the tidy table has six figures of them.
    Comparison(MONTHLY_2020, "staff_absences_daily", "2020-08-13_xlsx", 79_222, different=12),
    Comparison(WEEKLY, "covid_daily", "2021-03-25", 54_097),
    # Trusts without any bed of a kind: zeros in the workbook, no row in the tidy table.
    Comparison(WINTER_2019, "uec_winter_sitrep_daily", "2019-20", 193_184, workbook_only=464),
    Comparison(FLU_2022, "flu_beds_daily", "2022-23", 38_914),
    Comparison(WINTER_COVID, "covid_daily", "2024-25", 18_018),
    Comparison(WINTER_COVID, "staff_absences_daily", "2024-25", 36_036),
)


@cache
def tidy(name: str) -> pd.DataFrame:
    return read_file(REAL / f"{name}.csv.gz").frame


@cache
def workbook(name: str) -> Reading:
    return read_file(REAL / "raw" / name)


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """Nothing of these millions of rows is kept for the tests that follow."""
    yield
    for kept in (tidy, workbook, joined):
        kept.cache_clear()


@cache
def joined(about: Comparison) -> pd.DataFrame:
    """Cells of the workbook and of the table, of the metrics that both have, on the days of the workbook."""
    rows, parsed = tidy(about.table), workbook(about.workbook).frame
    rows = rows[rows["source"].str.contains(about.source, regex=False) & rows["metric"].isin(parsed["metric"])]
    rows = rows[rows["date"].between(parsed["date"].min(), parsed["date"].max())]
    parsed = parsed[parsed["metric"].isin(rows["metric"])]
    return parsed.merge(rows, on=KEY, how="outer", suffixes=("", "_tidy"), indicator=True)


@pytest.mark.parametrize("about", COMPARED, ids=lambda about: f"{about.workbook[:24]}-{about.table}")
def test_workbook_equals_the_tidy_table_cell_for_cell(about: Comparison) -> None:
    cells = joined(about)
    common = cells[cells["_merge"] == "both"]
    assert len(common) == about.both
    assert (common["value"] != common["value_tidy"]).sum() == about.different
    assert (cells["_merge"] == "left_only").sum() == about.workbook_only
    assert (cells["_merge"] == "right_only").sum() == about.tidy_only


def test_cells_that_differ_are_fractions_the_tidy_table_rounds() -> None:
    about = next(about for about in COMPARED if about.different)
    cells = joined(about)
    different = cells[(cells["_merge"] == "both") & (cells["value"] != cells["value_tidy"])]
    assert set(different["location"]) == {"ENG", "Y58", "RVJ"}
    assert ((different["value"] / different["value_tidy"] - 1).abs() < 5e-6).all()
    assert (different["value"] % 1 != 0).all()


def test_cells_of_the_workbook_alone_are_zeros_or_days_of_another_publication() -> None:
    for about in COMPARED:
        alone = joined(about).query("_merge == 'left_only'")
        if about.workbook == MONTHLY_2020 and len(alone):
            assert set(alone["metric"]) == {"covid_beds_occupied", "covid_mv_beds_occupied"}
            assert alone["date"].min() == pd.Timestamp("2020-08-01")
        else:
            assert (alone["value"] == 0).all()


def test_two_publications_of_the_same_days_agree() -> None:
    """Beds of 1 to 9 August 2020 stand in the monthly and, by hospital instead of by chain, in the weekly workbook."""
    frames = [workbook(name).frame for name in (MONTHLY_2020, WEEKLY)]
    one, other = (frame[frame["metric"].isin(["covid_beds_occupied", "covid_mv_beds_occupied"])] for frame in frames)
    both = one.merge(other, on=KEY, suffixes=("", "_weekly"))
    acute = both[both["location"].str.match(r"^(?:R..|ENG|Y..)$")]
    assert len(acute) > 3_500
    differ = acute[acute["value"] != acute["value_weekly"]]
    # Every trust agrees on every day; a provider of the Midlands that is no trust was added by March 2021.
    assert set(differ["location"]) == {"ENG", "Y60"}
    assert set(differ["metric"]) == {"covid_beds_occupied"}


def test_no_sheet_with_a_known_measure_is_left() -> None:
    for name in {about.workbook for about in COMPARED}:
        notes = workbook(name).notes
        assert not [note for note in notes if "not read yet" in note or "names are known" in note]
        assert not [note for note in notes if "is not the sum" in note or "no row for" in note]
        assert not [note for note in notes if "unknown organisation" in note]


def test_general_and_acute_beds_are_the_core_and_escalation_beds() -> None:
    frame = workbook(WINTER_2019).frame
    panel = frame.pivot_table(index=["date", "location"], columns="metric", values="value")
    open_beds = panel["ga_core_beds_open"] + panel["ga_escalation_beds_open"]
    assert (panel["ga_beds_open"] == open_beds).mean() > 0.999
    assert (panel["beds_closed_unoccupied_dv_norovirus"] <= panel["beds_closed_dv_norovirus"]).mean() > 0.99


def test_a_season_in_which_weekends_were_columns_of_their_own_is_threefold_on_fridays_in_the_tidy_table() -> None:
    """Why sums over several days are not read: the tidy table dates those of 2015-16 on their first day."""
    rows = tidy("uec_winter_sitrep_daily")
    rows = rows[(rows["metric"] == "ae_attendances") & (rows["location"] == "ENG")]
    by_weekday = rows.groupby(rows["date"].dt.day_name())["value"].median()
    assert 2.7 < by_weekday["Friday"] / by_weekday["Wednesday"] < 3.2
