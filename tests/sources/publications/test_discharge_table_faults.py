"""Faults of the tables of the discharge workbooks beyond the daily one: refused, with what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import InputError
from forecast.sources import read_file
from tests import discharge_workbooks as dw
from tests import workbooks as wb

# What is refused


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda rows: rows[3].__setitem__(7, "w/c 15/01/2024"),
            r"'Table 3', cell H4: .* follows 2024-01-01; weeks must",
        ),
        (lambda rows: rows[3].__setitem__(7, "w/c 01/01/2024"), r"cell K4: .* follows 2024-01-01"),
        (lambda rows: rows[3].__setitem__(13, "w/c 29/01/2023"), r"cell N4: .* follows 2024-01-15"),
        (lambda rows: rows[3].__setitem__(4, "w/c 31/02/2024"), r"cell E4: '31/02/2024' is no day of the calendar"),
        (lambda rows: rows[3].insert(4, None), r"no date above 'Number of additional bed days"),
        (lambda rows: rows[3].__delitem__(3), r"cell D4: the date .* stands over the names"),
        (lambda rows: rows[4].insert(4, "Beds"), r"cell E4: the date .* stands over the names"),
        (
            lambda rows: rows[4].__setitem__(slice(7, 9), rows[4][8:6:-1]),
            r"'Number of additional bed days, patients with length of stay of 14\+ days' on 2024-01-08 breaks the "
            "order of the columns of the first week",
        ),
        (lambda rows: dw.row_of(rows, "RGP").insert(4, None), r"cell Q\d+: .* has no date above it"),
        (
            lambda rows: dw.row_of(rows, "RGP").__delitem__(4),
            r"additional_bed_days_los21plus is larger than additional",
        ),
        (
            lambda rows: rows[3].__setitem__(slice(4, None), [None] * 12),
            r"no row of dates .* one date a week, such as w/c",
        ),
    ],
)
def test_faults_of_the_weeks(tmp_path: Path, change: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_file(dw.monthly(tmp_path / "a.xlsx", edit=dw.table(3, change)))


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ("2023-12-04", "2023-12-04 lies outside the period the file states, 2024-01-01 to 2024-01-31"),
        ("2024-01-22", "2024-02-12 lies after the day this file was published"),
        ("2024-01-15", "2024-02-05 lies outside the period"),
    ],
)
def test_weeks_of_another_month_are_refused(tmp_path: Path, first: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_file(dw.monthly(tmp_path / "a.xlsx", weeks=dw.weeks_from(first, 4)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda rows: rows[3].__setitem__(4, "February 2024 - Total number of patients"),
            r"cell E4: the columns below are said to be of February 2024, the file is about 2024-01-01",
        ),
        (lambda rows: rows[4].__setitem__(6, rows[4][5]), r"cell G5: 'P1 - Domestic.*discharged_dest_p1_home"),
        (lambda rows: rows[4].insert(4, None), r"cell E6: .* has no header above it"),
        (lambda rows: rows[4].__setitem__(6, None), r"cell G6: .* has no header above it"),
        (lambda rows: rows[4].__delitem__(4), r"cell J6: .* has no header above it"),
        (lambda rows: dw.row_of(rows, "RM1").insert(4, 3), r"cell K\d+: .* has no header above it"),
        (lambda rows: dw.row_of(rows, "RM1").__setitem__(5, "many"), r"'many' where a number belongs"),
        (
            lambda rows: dw.row_of(rows, "RGP").__setitem__(slice(4, None), [*dw.row_of(rows, "RGP")[5:], None]),
            "ENG is not the sum of its trusts .* RGP are moved a column later",
        ),
    ],
)
def test_faults_of_columns_without_a_date(tmp_path: Path, change: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_file(dw.monthly(tmp_path / "a.xlsx", edit=dw.table(4, change)))


def test_columns_without_a_date_need_a_month(tmp_path: Path) -> None:
    path = dw.monthly(tmp_path / "a.xlsx", month="", start="2024-01-01", count=14, weeks=dw.weeks_from("2024-01-01", 2))
    with pytest.raises(InputError, match=r"Table 4.*does not say which month.*2024-01-01 to 2024-01-14"):
        read_file(path)


def test_a_hole_in_the_days_of_table_1_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'Table 1', cell B9: 2024-01-08 follows 2024-01-06; days must follow"):
        read_file(dw.monthly(tmp_path / "a.xlsx", edit=dw.table(1, lambda rows: rows.__delitem__(8))))


def test_a_workbook_without_its_daily_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no table with values was found"):
        read_file(dw.monthly(tmp_path / "a.xlsx", edit=lambda sheets: sheets.pop("Table 2")))


def weekly(change: object) -> wb.Edit:
    return lambda sheets: change(sheets["Weekly Series"])  # type: ignore[operator]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: rows.pop(6), r"'Weekly Series', cell B7: 2022-05-27 follows 2022-05-13; weeks must follow"),
        (lambda rows: rows[6].__setitem__(1, "soon"), r"cell B7: 'soon' where a date belongs"),
        (lambda rows: rows[3].__setitem__(5, rows[3][6]), r"delay14plus_medicines stands twice in the header"),
        (
            lambda rows: rows[3].__setitem__(slice(2, 5), rows[3][4:1:-1]),
            r"additional_bed_days_los14plus of ENG is larger than additional_bed_days_los7plus",
        ),
    ],
)
def test_faults_of_the_weekly_series(tmp_path: Path, change: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_file(dw.england_series(tmp_path / "a.xlsx", edit=weekly(change)))
