"""The UEC daily situation report of every season, and the winter situation report before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.reference import reference
from forecast.sources import read_file
from tests import winter_workbooks as ww
from tests import workbooks as wb
from tests.winter_seasons import LONG_STAY, OLD, WINTER_2019, WINTER_2021, WINTER_2022, WINTER_2024, Season

# Metric of each count of the sheets above that is read; None: not read.
READ: dict[str, tuple[str | None, ...]] = {
    "a&e closures": ("ae_closures",),
    "a&e diverts": ("ae_diverts",),
    "g&a beds": ("ga_core_beds_open", "ga_escalation_beds_open", "ga_beds_open", "ga_beds_occupied", None),
    LONG_STAY.casefold(): ("los_7plus_beds", "los_14plus_beds", "los_21plus_beds"),
    "d&v, norovirus": ("beds_closed_dv_norovirus", "beds_closed_unoccupied_dv_norovirus"),
    "adult critical care": ("cc_adult_beds_open", "cc_adult_beds_occupied", None),
    "paediatric intensive care": ("cc_paediatric_beds_open", "cc_paediatric_beds_occupied", None),
    "neonatal intensive care": ("cc_neonatal_beds_open", "cc_neonatal_beds_occupied", None),
    "ambulance arrivals and delays": ("ambulance_arrivals", "ambulance_delays_30_60min", "ambulance_delays_over_60min"),
    "flu": ("flu_ga_beds_occupied", "flu_cc_beds_occupied"),
    "rsv": ("rsv_paediatric_beds_closed", "rsv_paediatric_beds_closed_unoccupied"),
    "adult d&v, norovirus": ("beds_closed_adult_dv_norovirus", "beds_closed_unoccupied_adult_dv_norovirus"),
    "paediatric d&v, norovirus": (
        "beds_closed_paediatric_dv_norovirus",
        "beds_closed_unoccupied_paediatric_dv_norovirus",
    ),
}
AGES = {
    3: ("ga_{}_beds_open", "ga_{}_beds_occupied", None),
    4: ("ga_{}_beds_open", "ga_{}_beds_void", "ga_{}_beds_occupied", None),
    6: (
        "ga_{}_core_beds_open",
        "ga_{}_escalation_beds_open",
        "ga_{}_beds_open",
        "ga_{}_beds_void",
        "ga_{}_beds_occupied",
        None,
    ),
}
PLACES = ("ENG", *(code for code, _, _ in ww.TRUSTS))


def metrics_of(name: str, heads: Sequence[str]) -> tuple[str | None, ...]:
    """Metrics of the counts of a sheet."""
    name = name.strip().casefold()
    for age, start in (("adult", "adult g&a"), ("paediatric", "paediatric g&a")):
        if name.startswith(start):
            return tuple(metric.format(age) if metric else None for metric in AGES[len(heads)])
    return READ[name]


def assert_season(frame: pd.DataFrame, season: Season, days: Sequence[date]) -> set[str]:
    """Every cell of every sheet is there with its value; return the metrics."""
    got = frame.set_index(["date", "location", "metric"])["value"]
    assert got.index.is_unique
    metrics = set()
    for name, heads in season.items():
        for kind, metric in enumerate(metrics_of(name, heads), ww.offset_of(season, name)):
            for i, day in enumerate(days if metric else [], 1):
                assert metric is not None
                metrics.add(metric)
                for place in PLACES:
                    assert got[pd.Timestamp(day), place, metric] == ww.total(place, i, kind)
    return metrics


def eight_days(start: str) -> tuple[list[date], str]:
    days = wb.days_from(start, 8)
    return days, f"{days[0]:%d %B %Y} - {days[-1]:%d %B %Y}"


@pytest.mark.parametrize(
    ("season", "start", "label"),
    [
        (OLD, "2016-12-01", "NHS England Region"),
        (WINTER_2019, "2019-12-02", "NHS England Region"),
        (WINTER_2021, "2021-11-29", "NHS England Region"),
        (WINTER_2022, "2022-11-14", "NHS England Region"),
        (WINTER_2024, "2024-11-25", "NHS England Region"),
    ],
    ids=["2016-17", "2019-20", "2021-22", "2022-23", "2024-25"],
)
def test_every_sheet_of_a_season_is_read(tmp_path: Path, season: Season, start: str, label: str) -> None:
    days, period = eight_days(start)
    path = ww.uec(
        tmp_path / "a.xlsx",
        season,
        days=days,
        period=period,
        published=days[-1] + timedelta(days=4),
        first_label=label,
    )
    reading = read_file(path)
    read = assert_season(reading.frame, season, days)
    whole = {metric for metric, _ in TOTALS} if "Adult G&A beds" in season else set()
    assert read <= set(reading.frame["metric"]) <= read | whole
    assert not [note for note in reading.notes if "not read yet" in note or "no row for" in note]
    assert len([note for note in reading.notes if "occupancy rates are not read" in note]) == 1
    assert all(reference().metric(metric) for metric in read)


TOTALS = (
    ("ga_beds_open", ("ga_adult_beds_open", "ga_paediatric_beds_open")),
    ("ga_beds_occupied", ("ga_adult_beds_occupied", "ga_paediatric_beds_occupied")),
    ("ga_beds_void", ("ga_adult_beds_void", "ga_paediatric_beds_void")),
    ("beds_closed_dv_norovirus", ("beds_closed_adult_dv_norovirus", "beds_closed_paediatric_dv_norovirus")),
    (
        "beds_closed_unoccupied_dv_norovirus",
        ("beds_closed_unoccupied_adult_dv_norovirus", "beds_closed_unoccupied_paediatric_dv_norovirus"),
    ),
)


def test_beds_split_by_age_are_added_up(tmp_path: Path) -> None:
    frame = read_file(ww.uec(tmp_path / "a.xlsx", WINTER_2022)).frame
    panel = frame.pivot_table(index=["date", "location"], columns="metric", values="value")
    for whole, parts in TOTALS:
        assert panel[whole].notna().all()
        assert (panel[whole] == panel[list(parts)].sum(axis=1)).all()


def test_a_total_is_missing_where_one_age_group_is(tmp_path: Path) -> None:
    def leave_out(rows: wb.Rows) -> None:
        ww.row_with(rows, "RGP")[5:9] = ["-"] * 4

    path = ww.uec(tmp_path / "a.xlsx", WINTER_2022, edit=ww.on("Paediatric G&A beds", leave_out))
    reading = read_file(path)
    beds = reading.frame[(reading.frame["location"] == "RGP") & (reading.frame["metric"] == "ga_beds_open")]
    assert beds["date"].min() == pd.Timestamp("2022-11-15")
    assert any(note.startswith("ga_beds_open is missing where") and note.endswith("RGP") for note in reading.notes)


def test_two_england_rows_are_all_acute_and_type_1_trusts(tmp_path: Path) -> None:
    rows = ("ENGLAND (All Acute Trusts)", "ENGLAND (Type 1 Acute Trusts)")
    frame = read_file(ww.uec(tmp_path / "a.xlsx", WINTER_2022, england=rows)).frame
    panel = frame.pivot_table(index=["date", "metric"], columns="location", values="value")
    closed = panel.xs("flu_ga_beds_occupied", level="metric")
    assert (closed["ENG"] - closed["ENG_T1"] == 1).all()
    assert panel["ENG_T1"].notna().all()


def test_a_sheet_may_start_later_than_the_others(tmp_path: Path) -> None:
    path = ww.uec(tmp_path / "a.xlsx", WINTER_2021, starts={LONG_STAY: 3})
    frame = read_file(path).frame
    stays = frame[frame["metric"] == "los_21plus_beds"]
    assert stays["date"].min() == pd.Timestamp("2022-11-17")
    first = stays[(stays["date"] == "2022-11-17") & (stays["location"] == "RM1")]["value"].iloc[0]
    assert first == ww.total("RM1", 4, ww.offset_of(WINTER_2021, LONG_STAY) + 2)


def test_ambulances_in_a_workbook_of_their_own(tmp_path: Path) -> None:
    heads = WINTER_2019["Ambulance Arrivals and Delays"]
    reading = read_file(ww.uec(tmp_path / "a.xlsx", {"Ambulance Arrivals and Delays": heads}))
    assert reading.publication == "UEC daily situation report, ambulances"
    assert set(reading.frame["metric"]) == set(READ["ambulance arrivals and delays"])


# Columns of several days, to 2015-16

WEEKENDS: list[object] = [
    date(2015, 12, 17),
    "18-20-Dec-15",
    date(2015, 12, 21),
    date(2015, 12, 22),
    date(2015, 12, 23),
    "24-28-Dec-15",
    date(2015, 12, 29),
    date(2015, 12, 30),
    "31-Dec-15-3-Jan-16",
    date(2016, 1, 4),
]
LAST_DAYS = {2: "2015-12-20", 6: "2015-12-28", 9: "2016-01-03"}


def of_2015(path: Path, days: Sequence[object] = WEEKENDS, edit: wb.Edit | None = None) -> Path:
    season: Season = {**OLD, "A&E attendances": ()}
    period = "17 December 2015 - 4 January 2016"
    published = date(2016, 1, 7)
    return ww.uec(path, season, days=days, period=period, published=published, first_label="Regional Team", edit=edit)


def test_beds_of_a_weekend_are_those_of_its_last_day(tmp_path: Path) -> None:
    reading = read_file(of_2015(tmp_path / "a.xlsx"))
    frame = reading.frame[(reading.frame["location"] == "RM1") & (reading.frame["metric"] == "ga_beds_occupied")]
    beds = frame.set_index("date")["value"]
    assert len(beds) == 10
    for i, day in LAST_DAYS.items():
        assert beds[day] == ww.total("RM1", i, ww.offset_of(OLD, "G&A beds") + 3)
    assert any("G&A beds" in note and "18-20-Dec-15" in note and "last of them" in note for note in reading.notes)


def test_attendances_summed_over_a_weekend_are_no_days_value(tmp_path: Path) -> None:
    reading = read_file(of_2015(tmp_path / "a.xlsx"))
    for metric in ("ae_attendances", "ae_diverts", "ae_closures"):
        days = reading.frame[reading.frame["metric"] == metric]["date"]
        assert days.nunique() == 7
        assert not set(days) & {pd.Timestamp(day) for day in LAST_DAYS.values()}
    assert any("A&E attendances" in note and "no day's value" in note for note in reading.notes)


def test_working_days_alone_may_leave_weekends_and_bank_holidays_out(tmp_path: Path) -> None:
    days = [day for day in wb.days_from("2015-12-17", 19) if day.weekday() < 5]
    days = [day for day in days if day not in (date(2015, 12, 25), date(2015, 12, 28), date(2016, 1, 1))]
    frame = read_file(of_2015(tmp_path / "a.xlsx", days)).frame
    assert sorted(frame["date"].dt.date.unique()) == days


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ([day for day in WEEKENDS if day != date(2015, 12, 22)], "2015-12-23 follows 2015-12-21"),
        ([day for day in WEEKENDS if day != "18-20-Dec-15"], "2015-12-21 follows 2015-12-17"),
        (["17-22-Dec-15", *WEEKENDS[1:]], "2015-12-20 follows 2015-12-22"),
        ([*WEEKENDS[:1], "18-31-Feb-15", *WEEKENDS[2:]], "no day of the calendar"),
        ([*WEEKENDS[:1], "over Christmas", *WEEKENDS[2:]], "where a date belongs"),
    ],
)
def test_a_range_that_does_not_follow_is_refused(tmp_path: Path, days: list[object], message: str) -> None:
    season: Season = {"A&E diverts": ()}
    path = ww.uec(
        tmp_path / "a.xlsx",
        season,
        days=days,
        period="17 December 2015 - 4 January 2016",
        published=date(2016, 1, 7),
    )
    with pytest.raises(InputError, match=message):
        read_file(path)


def test_from_2016_17_a_weekend_that_is_left_out_is_refused(tmp_path: Path) -> None:
    days = [day for day in wb.days_from("2016-12-01", 12) if day not in (date(2016, 12, 10), date(2016, 12, 11))]
    path = ww.uec(tmp_path / "a.xlsx", OLD, days=days, period="1 December 2016 - 12 December 2016", published=None)
    with pytest.raises(InputError, match="2016-12-12 follows 2016-12-09"):
        read_file(path)
