"""Situation reports that have slipped, and other collections that look like them."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecast.errors import InputError, NotObservations
from forecast.sources import read_file
from tests import winter_workbooks as ww
from tests import workbooks as wb
from tests.winter_seasons import WINTER_2019, WINTER_2022


def header(rows: wb.Rows) -> list[object]:
    return ww.row_with(rows, "NHS England Region")


def rename_one_day(rows: wb.Rows) -> None:
    header(rows)[9] = "Adult G&A beds"


def swap_counts(rows: wb.Rows) -> None:
    row = header(rows)
    row[9], row[11] = row[11], row[9]


def dates_right(rows: wb.Rows) -> None:
    rows[rows.index(header(rows)) - 1].insert(5, None)


def row_by_a_day(rows: wb.Rows) -> None:
    row = ww.row_with(rows, "RCX")
    del row[5:9]


def row_by_a_column(rows: wb.Rows) -> None:
    del ww.row_with(rows, "RCX")[5]


def nameless(rows: wb.Rows) -> None:
    row = ww.row_with(rows, "RCX")
    row[1] = row[3] = row[4] = None


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (rename_one_day, r"cell J\d+: 'Adult G&A beds' on 2022-11-15 breaks the order"),
        (swap_counts, r"cell J\d+.*breaks the order"),
        (dates_right, "no date above"),
        (row_by_a_day, "once the values of RCX are moved a day later"),
        (row_by_a_column, "once the values of RCX are moved a column later"),
        (nameless, "neither code nor name"),
    ],
)
def test_a_sheet_that_has_slipped_is_refused(tmp_path: Path, fault: object, message: str) -> None:
    path = ww.uec(tmp_path / "a.xlsx", WINTER_2022, edit=ww.on("Adult G&A beds", fault))  # type: ignore[arg-type]
    with pytest.raises(InputError, match=rf"sheet 'Adult G&A beds'.*(?:{message})"):
        read_file(path)


def test_headers_of_children_on_the_sheet_of_adults_are_not_read_as_adults(tmp_path: Path) -> None:
    season = {**WINTER_2022, "Adult G&A beds": WINTER_2022["Paediatric G&A beds"]}
    reading = read_file(ww.uec(tmp_path / "a.xlsx", season))
    assert not {metric for metric in reading.frame["metric"] if metric.startswith(("ga_adult", "ga_beds"))}
    assert any("names are known: Adult G&A beds" in note for note in reading.notes)


def test_another_collection_with_a_title_like_it_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(NotObservations, match="none of its tables in the sheets Cover Sheet, Table 2"):
        read_file(wb.titled(tmp_path / "a.xlsx", "UEC Daily SitRep - Cancelled operations"))
    with pytest.raises(InputError, match="no table with values"):
        read_file(wb.titled(tmp_path / "b.xlsx", "UEC Daily SitRep", "Flu"))


def test_closures_of_another_sheet_are_not_read_as_diverts(tmp_path: Path) -> None:
    def swap(sheets: wb.Sheets) -> None:
        sheets["A&E Closures"], sheets["A&E Diverts"] = sheets["A&E Diverts"], sheets["A&E Closures"]

    with pytest.raises(InputError, match="the name says ae_closures, the words above the table say ae_diverts"):
        read_file(ww.uec(tmp_path / "a.xlsx", WINTER_2019, edit=swap))
