"""The tables of the discharge workbooks beyond the daily one: what is read of them, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.reference import reference
from forecast.sources import read_file
from tests import discharge_workbooks as dw
from tests import workbooks as wb

PLACES = ("ENG", "Y61", "QMM", *dw.TRUSTS)


def values(frame: pd.DataFrame) -> pd.Series:
    return frame.set_index(["metric", "date", "location"])["value"].sort_index()


# What is read


def test_every_table_of_the_monthly_workbook_is_read(tmp_path: Path) -> None:
    reading = read_file(dw.monthly(tmp_path / "a.xlsx"))
    got = values(reading.frame)
    for place in PLACES:
        for week, monday in enumerate(dw.weeks_from("2024-01-01", 4)):
            for stay in (7, 14, 21):
                key = (f"additional_bed_days_los{stay}plus", pd.Timestamp(monday), place)
                assert got[key] == dw.bed_days(place, week, stay)
        for i, code in enumerate(dw.DESTINATIONS.values()):
            assert got[f"discharged_dest_{code}", pd.Timestamp("2024-01-01"), place] == dw.cell(place, i)
        for i, code in enumerate(dw.REASONS.values()):
            assert got[f"delay14plus_avg_{code}", pd.Timestamp("2024-01-01"), place] == dw.cell(place, i, 0.25)
    assert got["nctr_providers_missing"].index.tolist() == [
        (day, "ENG") for day in pd.date_range("2024-01-01", "2024-01-31")
    ]
    daily, weekly, monthly = 7 * 31 * 3, 7 * 4 * 3, 7 * (len(dw.DESTINATIONS) + len(dw.REASONS))
    assert len(got) == daily + weekly + monthly + 31
    assert not [note for note in reading.notes if "no row for" not in note and "Table 2" not in note]


def test_released_by_the_rule_of_each_table(tmp_path: Path) -> None:
    frame = read_file(dw.monthly(tmp_path / "a.xlsx")).frame
    monthly = frame[frame["metric"].str.startswith("discharged_dest_")]
    assert set(monthly["released"]) == {pd.Timestamp("2024-02-08")}


def test_weeks_of_the_change_from_friday_to_monday_follow_one_another(tmp_path: Path) -> None:
    weeks = [date(2022, 6, 3), date(2022, 6, 10), date(2022, 6, 17), date(2022, 6, 27)]
    path = dw.monthly(
        tmp_path / "a.xlsx",
        weeks=weeks,
        start="2022-06-01",
        count=30,
        published=date(2022, 7, 14),
        month="June 2022 - ",
    )
    frame = read_file(path).frame
    got = frame[frame["metric"] == "additional_bed_days_los7plus"]["date"].unique()
    assert [day.date() for day in got] == weeks


@pytest.mark.parametrize("write", [lambda week: week, lambda week: f"week commencing {week:%d %B %Y}"])
def test_weeks_may_be_dates_or_other_words(tmp_path: Path, write: object) -> None:
    def rewrite(rows: wb.Rows) -> None:
        for week, column in zip(dw.weeks_from("2024-01-01", 4), range(4, 16, 3), strict=True):
            rows[3][column] = write(week)  # type: ignore[operator]

    frame = read_file(dw.monthly(tmp_path / "a.xlsx", edit=dw.table(3, rewrite))).frame
    assert frame["metric"].eq("additional_bed_days_los21plus").sum() == 7 * 4


def test_the_first_week_of_a_month_may_begin_before_it(tmp_path: Path) -> None:
    path = dw.monthly(
        tmp_path / "a.xlsx",
        start="2022-12-01",
        weeks=dw.weeks_from("2022-11-28", 5),
        month="December 2022 - ",
        published=date(2023, 1, 12),
    )
    frame = read_file(path).frame
    assert frame.loc[frame["metric"] == "additional_bed_days_los7plus", "date"].min() == pd.Timestamp("2022-11-28")


def test_a_mark_is_missing_and_never_zero(tmp_path: Path) -> None:
    def suppress(rows: wb.Rows) -> None:
        for code in dw.TRUSTS:
            dw.row_of(rows, code)[8] = "-"

    reading = read_file(dw.monthly(tmp_path / "a.xlsx", edit=dw.table(4, suppress)))
    hospice = reading.frame[reading.frame["metric"] == "discharged_dest_p2_hospice"]
    assert set(hospice["location"]) == {"ENG", "Y61", "Y56", "QMM"}
    assert not any("is not the sum" in note for note in reading.notes if "Table 4" in note)


def test_reasons_of_the_2024_specification_have_names_of_their_own(tmp_path: Path) -> None:
    frame = read_file(dw.monthly(tmp_path / "a.xlsx", reasons=tuple(dw.REASONS_2024))).frame
    assert {f"delay_reason_{code}" for code in dw.REASONS_2024.values()} <= set(frame["metric"])
    assert not frame["metric"].str.startswith("delay14plus").any()


def test_reasons_of_two_lengths_of_stay_are_told_apart_by_the_words_above_them(tmp_path: Path) -> None:
    def repeat(sheets: wb.Sheets) -> None:
        sheets["Table 6"] = [list(row) for row in sheets["Table 5"]]
        sheets["Table 5"][0][1] = "Table 5: patients with a length of stay of 14 days or over"
        sheets["Table 6"][0][1] = "Table 6: patients with a length of stay of 7 days or over"

    got = values(read_file(dw.monthly(tmp_path / "a.xlsx", reasons=tuple(dw.REASONS_2024), edit=repeat)).frame)
    for name in ("delay_reason_care_home_capacity", "delay7plus_reason_care_home_capacity"):
        assert got[name, pd.Timestamp("2024-01-01"), "RM1"] == dw.cell("RM1", 2, 0.25)


def side_by_side(first: str, second: str, title: str = "Table 5: delays by reason") -> wb.Edit:
    """Table 5 with its reasons a second time to the right, all values doubled; words above the first of each."""

    def edit(rows: wb.Rows) -> None:
        rows[0][1] = title
        width = 4 + len(dw.REASONS_2024)
        for i, row in enumerate(rows[3:], 3):
            values = row[4:width]
            doubled = [2 * value if isinstance(value, float) else value for value in values]
            row[4:] = [first, *[None] * (len(dw.REASONS_2024) - 1), second] if i == 3 else [*values, *doubled]

    return dw.table(5, edit)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Patients with a length of stay of 14 days or over", "Patients with a length of stay of 7 days or over"),
        ("Delay reason LOS 14+", "Delay reason LOS 7+"),
        ("Length of stay (LOS) of 14+ days", "Length of stay (LOS) of 7+ days"),
    ],
)
def test_reasons_of_two_lengths_of_stay_side_by_side_are_told_apart(tmp_path: Path, first: str, second: str) -> None:
    path = dw.monthly(tmp_path / "a.xlsx", reasons=tuple(dw.REASONS_2024), edit=side_by_side(first, second))
    got = values(read_file(path).frame)
    for i, code in enumerate(dw.REASONS_2024.values()):
        assert got[f"delay_reason_{code}", pd.Timestamp("2024-01-01"), "RM1"] == dw.cell("RM1", i, 0.25)
        assert got[f"delay7plus_reason_{code}", pd.Timestamp("2024-01-01"), "RM1"] == 2 * dw.cell("RM1", i, 0.25)


def test_reasons_side_by_side_that_nothing_tells_apart_are_refused(tmp_path: Path) -> None:
    path = dw.monthly(tmp_path / "a.xlsx", reasons=tuple(dw.REASONS_2024), edit=side_by_side("Delays", "Delays"))
    with pytest.raises(InputError, match=r"sheet 'Table 5', cell H5: .* heads this column and that of"):
        read_file(path)


def test_reasons_under_a_title_that_names_several_lengths_of_stay_are_left_out_and_said(tmp_path: Path) -> None:
    edit = side_by_side("Delays", "Delays", "Table 5: patients with a length of stay of 7+ days and of 14+ days")
    reading = read_file(dw.monthly(tmp_path / "a.xlsx", reasons=tuple(dw.REASONS_2024), edit=edit))
    assert not reading.frame["metric"].str.contains("delay").any()
    assert any("'Table 5': 6 columns of a reason not read, as the words above" in note for note in reading.notes)


def test_a_reason_nobody_knows_is_counted_with_its_neighbours(tmp_path: Path) -> None:
    reasons = [*dw.REASONS_2024, "Capacity - Waiting for the moon"]
    frame = read_file(dw.monthly(tmp_path / "a.xlsx", reasons=reasons)).frame
    assert "delay_reason_capacity_waiting_for_the_moon" in set(frame["metric"])


def test_stays_of_the_bed_days_are_read_in_both_spellings(tmp_path: Path) -> None:
    def reword(rows: wb.Rows) -> None:
        for row in rows:
            row[:] = [text.replace("+ days", " days or over") if isinstance(text, str) else text for text in row]

    plain = read_file(dw.monthly(tmp_path / "a.xlsx")).frame
    reworded = read_file(dw.monthly(tmp_path / "b.xlsx", edit=dw.table(3, reword))).frame
    pd.testing.assert_frame_equal(plain, reworded)


def test_without_a_cover_the_month_stands_above_the_columns(tmp_path: Path) -> None:
    frame = read_file(dw.monthly(tmp_path / "a.xlsx", with_cover=False)).frame
    assert set(frame.loc[frame["metric"] == "discharged_dest_p1_home", "date"]) == {pd.Timestamp("2024-01-01")}


# A category that was reworded


@pytest.mark.parametrize("column", [4, 6, 9])
def test_a_destination_nobody_knows_is_kept_under_its_words_and_named(tmp_path: Path, column: int) -> None:
    reading = read_file(
        dw.monthly(
            tmp_path / "a.xlsx", edit=dw.table(4, lambda rows: rows[4].__setitem__(column, "P2 - Step-down flat"))
        )
    )
    kept = reading.frame[reading.frame["metric"] == "discharged_dest_pathway_2_step_down_flat"]
    assert kept.set_index("location")["value"]["RM1"] == dw.cell("RM1", column - 4)
    note = next(note for note in reading.notes if "P2 - Step-down flat" in note)
    assert "add its text to data/reference/discharge_categories.csv" in note
    of_the_month = reading.frame["metric"].str.startswith("discharged_dest_")
    assert of_the_month.sum() == 7 * len(dw.DESTINATIONS)


@pytest.mark.parametrize("at", [0, 3, 6])
def test_a_total_among_the_destinations_is_no_destination(tmp_path: Path, at: int) -> None:
    heads = [*dw.DESTINATIONS]
    heads.insert(at, "Total discharged")
    reading = read_file(dw.monthly(tmp_path / "a.xlsx", destinations=heads))
    assert reading.frame["metric"].str.startswith("discharged_dest_").sum() == 7 * len(dw.DESTINATIONS)
    assert any("Total discharged" in note and "not read" in note for note in reading.notes)


def test_a_table_of_destinations_that_are_all_new_is_left_out_by_name_and_the_rest_is_read(tmp_path: Path) -> None:
    reading = read_file(dw.monthly(tmp_path / "a.xlsx", destinations=("North", "South", "East")))
    assert any(note.startswith("sheets not read, although their names are known: Table 4;") for note in reading.notes)
    assert "nctr_patients" in set(reading.frame["metric"])


# The community report


def test_the_community_report_never_mixes_with_the_acute_one(tmp_path: Path) -> None:
    reading = read_file(dw.community(tmp_path / "a.xlsx"))
    got = values(reading.frame)
    metrics = set(reading.frame["metric"])
    assert metrics == {
        *(f"community_nctr_{what}" for what in ("patients", "discharged", "remaining", "providers_missing")),
        *(f"community_additional_bed_days_los{stay}plus" for stay in (14, 21)),
        *(f"community_discharged_dest_{code}" for code in dw.COMMUNITY_DESTINATIONS.values()),
        *(f"community_delay14plus_avg_{code}" for code in dw.COMMUNITY_REASONS.values()),
    }
    assert got["community_nctr_patients", pd.Timestamp("2024-01-03"), "RM1"] == wb.expected("RM1", 3)["nctr_patients"]
    assert got["community_additional_bed_days_los14plus", pd.Timestamp("2024-01-08"), "RGP"] == dw.bed_days(
        "RGP", 1, 14
    )
    assert all(reference().metric(metric) for metric in metrics)
    acute = set(read_file(dw.monthly(tmp_path / "b.xlsx")).frame["metric"])
    assert not metrics & acute


def test_providers_nobody_knows_are_kept_in_the_community_report_with_one_note(tmp_path: Path) -> None:
    extra = [
        ("VNZZZ", "Care home"),
        ("ZQX", "Hospice"),
        (509.0, "A council"),
        ("NAX", "East Coast Community Healthcare"),
    ]
    reading = read_file(dw.community(tmp_path / "a.xlsx", extra=extra))
    assert {"VNZZZ", "ZQX", "509", "NAX"} <= set(reading.frame["location"])
    kept = [note for note in reading.notes if "unknown organisation kept" in note]
    assert [note.split()[3] for note in kept] == ["VNZZZ", "ZQX", "509"]
    many = read_file(dw.community(tmp_path / "b.xlsx", extra=[(f"VZ{i:03}", "Home") for i in range(20)]))
    assert len([note for note in many.notes if "unknown organisations kept" in note]) == 1


def test_the_acute_report_has_trusts_only(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown location 'VNZZZ'"):
        read_file(dw.monthly(tmp_path / "a.xlsx", extra=[("VNZZZ", "Care home")]))


# The series of England


def test_zeros_before_a_column_was_collected_are_missing(tmp_path: Path) -> None:
    reading = read_file(dw.england_series(tmp_path / "a.xlsx"))
    first = reading.frame.groupby("metric")["date"].min()
    assert first["nctr_patients"] == pd.Timestamp("2022-05-06")
    for code in dw.DESTINATIONS.values():
        assert first[f"discharged_dest_{code}_daily"] == pd.Timestamp("2022-06-15")
    assert first["additional_bed_days_los7plus"] == pd.Timestamp("2022-06-10")
    assert first["additional_bed_days_los14plus"] == pd.Timestamp("2022-05-06")
    assert not reading.frame["value"].eq(0).any()
    notes = [note for note in reading.notes if "not collected" in note]
    assert len(notes) == 2
    assert "before 2022-06-15 left out" in notes[0]


def test_a_few_zeros_are_counts(tmp_path: Path) -> None:
    reading = read_file(dw.england_series(tmp_path / "a.xlsx", zero_days=27, zero_weeks=0))
    home = reading.frame[reading.frame["metric"] == "discharged_dest_p0_home_daily"]
    assert (home["value"] == 0).sum() == 27
    assert not any("not collected" in note for note in reading.notes)


def test_one_zero_is_too_many_where_a_part_of_it_was_counted(tmp_path: Path) -> None:
    frame = read_file(dw.england_series(tmp_path / "a.xlsx", zero_weeks=1)).frame
    first = frame[frame["metric"].str.startswith("additional")].groupby("metric")["date"].min()
    assert first.dt.strftime("%m-%d").tolist() == ["05-06", "05-06", "05-13"]


def test_a_column_of_nothing_but_zeros_is_not_collected_at_all(tmp_path: Path) -> None:
    reading = read_file(dw.england_series(tmp_path / "a.xlsx", zero_days=60))
    assert not reading.frame["metric"].str.startswith("discharged_dest").any()
    assert any("zeros throughout left out" in note for note in reading.notes)


def test_the_weekly_series_is_read_down_the_rows(tmp_path: Path) -> None:
    frame = read_file(dw.england_series(tmp_path / "a.xlsx")).frame
    got = values(frame)
    assert got["delay14plus_transport", pd.Timestamp("2022-06-20"), "ENG"] == 63
    assert got["additional_bed_days_los21plus", pd.Timestamp("2022-06-27"), "ENG"] == 700
    assert len(got["delay14plus_no_plan"]) == 8
