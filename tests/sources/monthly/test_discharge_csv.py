from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from forecast.errors import InputError, NotObservations
from forecast.sources import read_file
from tests.published_csv import DESTINATION, HEADER, MEASURES, REASONS, discharge_rows, row, write
from tests.workbooks import FIT, LEFT, LEFT_AFTER_17, LEFT_BY_17, STILL, discharge_monthly, expected

PERIOD, LEVEL, CODE, NAME, METRIC, TYPE, GROUP, VALUE = 0, 1, 4, 5, 6, 7, 8, 9


def frame_of(path: Path) -> pd.DataFrame:
    return read_file(path).frame


def cells(frame: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    keys = zip(frame["date"].dt.strftime("%Y-%m-%d"), frame["location"], frame["metric"], strict=True)
    return dict(zip(keys, frame["value"], strict=True))


def test_the_csv_gives_what_the_workbook_of_the_month_gives(tmp_path: Path) -> None:
    book = discharge_monthly(tmp_path / "a.xlsx", start="2024-06-01", count=30, published=pd.Timestamp("2024-07-11"))
    from_book = cells(frame_of(book))
    from_csv = cells(frame_of(write(tmp_path / "a.csv", discharge_rows())))
    common = {key for key in from_book if key[1] != "Y56" and key[2] in MEASURES}
    assert {key for key in from_csv if key[2] in MEASURES} == common
    assert all(from_csv[key] == from_book[key] for key in common)


def test_reasons_and_destinations_are_dated_on_the_first_and_kept_apart_by_length_of_stay(tmp_path: Path) -> None:
    found = cells(frame_of(write(tmp_path / "a.csv", discharge_rows())))
    assert found["2024-06-01", "RCX", "delay_reason_home_rehab_capacity"] == 11
    assert found["2024-06-01", "RCX", "delay7plus_reason_home_rehab_capacity"] == 21
    assert found["2024-06-01", "RCX", "delay_reason_readiness_concerns"] == 12
    assert found["2024-06-01", "ENG", "discharged_dest_p1_home_with_support"] == 300
    assert len({metric for _, _, metric in found}) == 3 + 4 + 1


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-8", "utf-8-sig"])
def test_spellings_dates_markers_and_thousands_make_no_difference(tmp_path: Path, encoding: str) -> None:
    plain = cells(frame_of(write(tmp_path / "a.csv", discharge_rows(), encoding=encoding)))

    def edit(rows: list[list[object]]) -> None:
        for cell in rows:
            cell[METRIC] = " " + str(cell[METRIC]).replace("–", "-").replace(" of ", "\xa0of  ")
            cell[PERIOD] = f"{cell[PERIOD]} 00:00"
            cell[LEVEL] = str(cell[LEVEL]).upper()
            cell[VALUE] = f"{1000 * int(str(cell[VALUE])):,}"

    changed = cells(frame_of(write(tmp_path / "b.csv", discharge_rows(), encoding=encoding, edit=edit)))
    assert changed == {key: 1000 * value for key, value in plain.items()}


def test_without_a_group_the_texts_say_what_is_counted(tmp_path: Path) -> None:
    rows = [cell for cell in discharge_rows() if "LOS 7+" not in cell[GROUP]]
    header = [name for name in HEADER if name not in ("Metric Group", "ICB")]
    short = [[cell for i, cell in enumerate(cells_) if i not in (GROUP, 3)] for cells_ in rows]
    assert cells(frame_of(write(tmp_path / "a.csv", short, header))) == cells(frame_of(write(tmp_path / "b.csv", rows)))


def test_empty_cells_and_marks_are_missing_not_zero(tmp_path: Path) -> None:
    marks = ["", "-", "*", "[x]", "[z]", ":"]

    def edit(rows: list[list[object]]) -> None:
        for i, mark in enumerate(marks):
            rows[3 * i][VALUE] = mark
        rows.append([""] * len(HEADER))

    found = cells(frame_of(write(tmp_path / "a.csv", discharge_rows(), edit=edit)))
    days = [f"2024-06-{day:02d}" for day in range(1, 8)]
    assert [("ENG" if (day, "ENG", "nctr_patients") in found else "missing") for day in days] == ["missing"] * 6 + [
        "ENG"
    ]


def test_discharges_before_and_after_17_are_one_count(tmp_path: Path) -> None:
    def split(rows: list[list[object]]) -> None:
        for cell in [cell for cell in rows if cell[METRIC] == LEFT]:
            cell[METRIC] = LEFT_BY_17
            cell[VALUE] = int(str(cell[VALUE])) - 1
            rows.append([*cell[:METRIC], LEFT_AFTER_17, *cell[TYPE:VALUE], 1])

    def split_and_lose_one(rows: list[list[object]]) -> None:
        split(rows)
        rows[-1][VALUE] = "-"

    whole = cells(frame_of(write(tmp_path / "a.csv", discharge_rows())))
    assert cells(frame_of(write(tmp_path / "b.csv", discharge_rows(), edit=split))) == whole
    lost = cells(frame_of(write(tmp_path / "c.csv", discharge_rows(), edit=split_and_lose_one)))
    assert whole.keys() - lost.keys() == {("2024-06-30", "RCX", "nctr_discharged")}


def test_monthly_averages_and_costs_are_left_out_and_said(tmp_path: Path) -> None:
    reason = next(iter(REASONS.values()))

    def edit(rows: list[list[object]]) -> None:
        rows += [
            row("01/06/2024", "RM1", f"Daily Average - {STILL}", 99, "Monthly metric", "NCTR"),
            row("01/06/2024", "RM1", STILL, 98, "Daily average", "NCTR"),
            row("01/06/2024", "RM1", reason, 5_000, "Weekly snapshot", "Delay reason cost LOS 7+"),
            row("01/06/2024", "RM1", "Total delayed", 7, "Weekly snapshot", "Delay reason LOS 7+"),
            row("01/06/2024", "RM1", reason, 6, "Weekly snapshot", "Delay reason LOS 7-13 days"),
        ]

    path = write(tmp_path / "a.csv", discharge_rows(), edit=edit)
    reading = read_file(path)
    assert cells(reading.frame) == cells(frame_of(write(tmp_path / "b.csv", discharge_rows())))
    said = "\n".join(reading.notes)
    assert "2 rows are of metrics that are not read: 'Daily Average - Number of patients" in said
    assert "'Total delayed'" in said
    assert "1 rows give a reason or destination at dates or for stays that no metric is known for" in said
    assert "1 rows give the counts of patients other than by the day" in said
    assert "1 rows give what delays cost, not how many patients" in said


@pytest.mark.parametrize(
    ("group", "metric"),
    [
        ("Delay reason LOS 7+", "delay7plus_reason_capacity_waiting_for_the_moon"),
        ("Delay reason", "delay_reason_capacity_waiting_for_the_moon"),
        ("Discharge destination", "discharged_dest_capacity_waiting_for_the_moon"),
    ],
)
def test_a_category_nobody_knows_is_kept_under_its_words_and_named(tmp_path: Path, group: str, metric: str) -> None:
    def edit(rows: list[list[object]]) -> None:
        rows.append(row("01/06/2024", "RM1", "Capacity – Waiting for the moon", 3, "Weekly snapshot", group))

    reading = read_file(write(tmp_path / "a.csv", discharge_rows(), edit=edit))
    assert cells(reading.frame)["2024-06-01", "RM1", metric] == 3
    note = next(note for note in reading.notes if "Waiting for the moon" in note)
    assert f"is not known; kept as {metric}; add its text to data/reference/discharge_categories.csv" in note


@pytest.mark.parametrize("stay", ["{} days or over", "{}+ days"])
def test_additional_bed_days_are_weekly_and_their_first_week_may_begin_in_the_month_before(
    tmp_path: Path, stay: str
) -> None:
    text = f"Number of additional bed days, patients with length of stay of {stay}"

    def edit(rows: list[list[object]]) -> None:
        for day in ("27/05/2024", "03/06/2024", "10/06/2024"):
            rows += [row(day, "RM1", text.format(los), los, "Weekly snapshot", "Additional") for los in (7, 14, 21)]

    found = cells(frame_of(write(tmp_path / "a.csv", discharge_rows(), edit=edit)))
    assert {key: value for key, value in found.items() if key[2].startswith("additional")} == {
        (day, "RM1", f"additional_bed_days_los{los}plus"): los
        for day in ("2024-05-27", "2024-06-03", "2024-06-10")
        for los in (7, 14, 21)
    }


def test_destinations_by_the_day_are_kept_apart_from_those_of_the_month(tmp_path: Path) -> None:
    def edit(rows: list[list[object]]) -> None:
        rows[:] = [cell for cell in rows if cell[METRIC] != DESTINATION]
        rows += [row(f"{day:02d}/06/2024", "ENG", DESTINATION, day, group="Destination") for day in range(1, 31)]

    frame = frame_of(write(tmp_path / "a.csv", discharge_rows(), edit=edit))
    found = frame[frame["metric"].str.startswith("discharged_dest")]
    assert set(found["metric"]) == {"discharged_dest_p1_home_with_support_daily"}
    assert found["value"].tolist() == list(range(1, 31))


def test_the_date_of_publication_comes_from_outside_or_from_the_rule(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", discharge_rows())
    by_rule = read_file(path)
    # The second Thursday of July 2024.
    assert set(by_rule.frame["released"]) == {pd.Timestamp("2024-07-11")}
    assert by_rule.published is None
    assert "no date of publication" in by_rule.notes[0]
    early = read_file(path, published=pd.Timestamp("2024-07-09"))
    assert set(early.frame["released"]) == {pd.Timestamp("2024-07-09")}
    late = read_file(path, published=pd.Timestamp("2024-10-10"))
    assert set(late.frame["released"]) == {pd.Timestamp("2024-07-11")}
    source = "NHS England acute discharge situation report, monthly CSV, published 2024-10-10"
    assert late.frame.attrs["published"] == {source: "2024-10-10"}
    assert set(late.frame["source"]) == {source}
    with pytest.raises(InputError, match="published 2024-06-20, before 2024-06-30 that it holds"):
        read_file(path, published=pd.Timestamp("2024-06-20"))


def put(number: int, column: int, value: object):  # type: ignore[no-untyped-def]
    def edit(rows: list[list[object]]) -> None:
        rows[number][column] = value

    return edit


def swap_columns(rows: list[list[object]]) -> None:
    for cell in rows:
        cell[METRIC] = {FIT: LEFT, LEFT: FIT}.get(str(cell[METRIC]), cell[METRIC])


def swap_at_one_place(rows: list[list[object]]) -> None:
    swap_columns([cell for cell in rows if cell[CODE] == "RGP"])


def again(rows: list[list[object]]) -> None:
    rows.append([*rows[0][:VALUE], 7])


# Line 2 is England on 1 June, patients; places follow one another, each with 30 days of three counts.
@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (put(1, VALUE, "many"), "line 3, column 'value': 'many' is not a number"),
        (put(1, PERIOD, "31/06/2024"), "line 3, column 'period': '31/06/2024' is no date"),
        (put(1, PERIOD, "June"), "line 3, column 'period': 'June' is no date; write it as 01/06/2024"),
        (put(1, PERIOD, ""), "line 3, column 'period': the cell is empty"),
        (
            put(1, PERIOD, "01/05/2024"),
            r"line 3, column 'period': 2024-05-01 \(nctr_discharged of ENG\) lies outside the",
        ),
        (put(0, METRIC, ""), "line 2, column 'metric': the cell is empty"),
        (put(0, LEVEL, "Planet"), "line 2, column 'level': 'Planet' is unknown"),
        (put(0, CODE, "RM1"), "line 2, column 'org code': level National beside 'RM1', which is RM1"),
        (put(90, LEVEL, "Provider"), "line 92, column 'level': 'Provider' beside Y61, which is East of England"),
        (put(270, CODE, "Norwich"), r"line 272, column 'org code': unknown location 'NORWICH' \(NORFOLK AND"),
        (put(270, CODE, "RGP"), "line 272, column 'org code': code RGP stands beside the name 'NORFOLK AND NORWICH"),
        (again, r"nctr_patients of ENG on 2024-06-01 stands in lines 2 \(101\) and 572 \(7\); keep the right one"),
        (
            swap_columns,
            "line 3, column 'value': 14 patients of ENG on 2024-06-01 are not 101 discharged and 87 remaining",
        ),
        (swap_at_one_place, "line 363, column 'value': 64 patients of RGP on 2024-06-01 are not 601 discharged"),
    ],
)
def test_what_cannot_be_right_is_named_by_line_and_value(tmp_path: Path, edit, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError, match=message):
        read_file(write(tmp_path / "a.csv", discharge_rows(), edit=edit))


def test_reasons_dated_in_another_month_are_left_out_and_said(tmp_path: Path) -> None:
    def edit(rows: list[list[object]]) -> None:
        for cell in rows:
            if cell[GROUP] == "Delay reason LOS 7+":
                cell[PERIOD] = "01/10/2024"

    reading = read_file(write(tmp_path / "a.csv", discharge_rows(), edit=edit))
    assert not reading.frame["metric"].str.startswith("delay7plus").any()
    assert "12 rows with a date outside June 2024 left out" in "\n".join(reading.notes)


def test_a_file_cut_short_is_noticed(tmp_path: Path) -> None:
    def edit(rows: list[list[object]]) -> None:
        rows[:] = rows[: 5 * 90 + 30]

    reading = read_file(write(tmp_path / "a.csv", discharge_rows(), edit=edit))
    assert "rows for fewer days than other places: RCX; the file may be cut short" in reading.notes
    week = read_file(write(tmp_path / "b.csv", discharge_rows(count=7)))
    assert "no rows for 08 June, 09 June, 10 June, 11 June, 12 June and 18 more of 2024; the file may be cut short" in (
        week.notes
    )


def test_a_missing_column_and_columns_parted_by_semicolons_are_named(tmp_path: Path) -> None:
    rows = [cell[:-1] for cell in discharge_rows()]
    with pytest.raises(InputError, match="column 'value' is missing"):
        read_file(write(tmp_path / "a.csv", rows, HEADER[:-1]))
    path = tmp_path / "b.csv"
    path.write_text(";".join(HEADER) + "\n" + ";".join(map(str, discharge_rows()[0])) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="parted by semicolons"):
        read_file(path)


def test_a_row_with_a_cell_too_many_is_named_by_its_line_in_any_encoding(tmp_path: Path) -> None:
    def edit(rows: list[list[object]]) -> None:
        rows[400].append("more")

    for encoding in ("windows-1252", "utf-8"):
        path = write(tmp_path / "a.csv", discharge_rows(), encoding=encoding, edit=edit)
        with pytest.raises(InputError, match="line 402: Expected 10 columns, got 11; correct the row"):
            read_file(path)


def test_other_collections_of_the_same_shape_are_left_alone(tmp_path: Path) -> None:
    with pytest.raises(NotObservations, match="community discharge situation report"):
        read_file(write(tmp_path / "Community-discharge-sitrep-CSV.csv", discharge_rows()))
    waiting = row("01/06/2024", "RM1", "Awaiting readmission to an acute trust", 1, "Weekly", "Delay reason")
    path = write(tmp_path / "a.csv", [*discharge_rows(), waiting])
    with pytest.raises(NotObservations, match="community discharge situation report"):
        read_file(path)
    beds = [row("01/06/2024", "RM1", "G&A beds available", 900)]
    with pytest.raises(NotObservations, match=r"another collection .*G&A beds available"):
        read_file(write(tmp_path / "b.csv", beds))


def test_dates_after_today_are_refused_and_new_trusts_kept_with_a_note(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", discharge_rows())
    with pytest.raises(InputError, match="holds 2024-06-30, after today, 2024-06-15"):
        read_file(path, today=pd.Timestamp("2024-06-15"))

    def rename(rows: list[list[object]]) -> None:
        for cell in rows:
            if cell[CODE] == "RCX":
                cell[CODE], cell[NAME] = "R99", "A NEW TRUST"

    reading = read_file(write(tmp_path / "b.csv", discharge_rows(), edit=rename))
    assert "R99" in set(reading.frame["location"])
    assert any("unknown organisation kept: R99 (A NEW TRUST)" in note for note in reading.notes)
    assert cells(reading.frame)["2024-06-02", "R99", "nctr_patients"] == expected("RCX", 2)["nctr_patients"]
