from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.sources import read_file
from forecast.sources.spreadsheet.titles import period_of, title_block
from forecast.sources.spreadsheet.workbook import Sheet
from tests import workbooks as wb


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("14 November 2022 - 02 April 2023", date(2022, 11, 14), date(2023, 4, 2)),
        ("25 November 2024 to 30 March 2025", date(2024, 11, 25), date(2025, 3, 30)),
        ("14 November – 20 November 2022", date(2022, 11, 14), date(2022, 11, 20)),
        ("14 to 20 November 2022", date(2022, 11, 14), date(2022, 11, 20)),
        ("27 December - 2 January 2023", date(2022, 12, 27), date(2023, 1, 2)),
        ("14-Nov-22 to 02-Apr-23", date(2022, 11, 14), date(2023, 4, 2)),
        ("2024-01-01 - 2024-01-31", date(2024, 1, 1), date(2024, 1, 31)),
        ("01/01/2024 - 31/01/2024", date(2024, 1, 1), date(2024, 1, 31)),
        ("February 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("April to June 2024", date(2024, 4, 1), date(2024, 6, 30)),
        ("1st April 2022 to 30th April 2022", date(2022, 4, 1), date(2022, 4, 30)),
    ],
)
def test_periods_as_people_write_them(text: str, first: date, last: date) -> None:
    assert period_of(text) == (first, last)


@pytest.mark.parametrize("text", ["Data as reported on 03-Oct-24", "winter", ""])
def test_a_period_that_cannot_be_told_is_none(text: str) -> None:
    assert period_of(text) is None


def test_the_later_of_revised_and_published_is_the_date_of_the_file() -> None:
    rows = [["Title:", "A report"], ["Published:", "Thursday 8th February 2024"], ["Revised:", date(2024, 3, 14)]]
    block = title_block(Sheet("Cover", rows))
    assert block is not None
    assert (block.title, block.published, block.own_date) == ("A report", date(2024, 2, 8), date(2024, 3, 14))


def test_never_revised() -> None:
    block = title_block(
        Sheet("Cover", [["", "Title:", "A"], ["", "Published:", date(2024, 2, 8)], ["", "Revised:", "-"]])
    )
    assert block is not None
    assert block.own_date == date(2024, 2, 8)


def test_a_date_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(InputError, match="sheet 'Cover', cell A2"):
        title_block(Sheet("Cover", [["Title:", "A"], ["Published:", "Friday 8 February 2024"]], "a.xlsx"))


def test_a_period_that_ends_before_it_begins_is_an_error() -> None:
    with pytest.raises(ValueError, match="ends on 2024-05-01, before it begins on 2024-05-03"):
        period_of("3 May 2024 to 1 May 2024")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("08/02/2024", "2024-02-08"),
        # 2 August would be half a year after the period; 8 February is a week after it.
        ("02/08/2024", "2024-02-08"),
        # Both fit, so the day comes first.
        ("02/03/2024", "2024-03-02"),
        ("11/12/2024", "2024-12-11"),
    ],
)
def test_a_numeric_date_of_publication_is_read_day_first_unless_only_the_other_way_fits_the_period(
    tmp_path: Path, written: str, meant: str
) -> None:
    assert read_file(wb.discharge_monthly(tmp_path / "a.xlsx", published=written)).published == pd.Timestamp(meant)


def test_a_cover_with_its_period_turned_round_is_refused(tmp_path: Path) -> None:
    def turn(sheets: wb.Sheets) -> None:
        row = next(row for row in sheets["Cover Sheet"] if row[1:2] == ["Period:"])
        row[2], row[4] = row[4], row[2]

    with pytest.raises(InputError, match="ends on 2024-01-01, before it begins on 2024-01-31"):
        read_file(wb.discharge_monthly(tmp_path / "a.xlsx", edit=turn))


def test_a_file_that_came_out_after_today_is_refused(tmp_path: Path) -> None:
    path = wb.discharge_monthly(tmp_path / "a.xlsx", published=date(2099, 2, 8))
    with pytest.raises(InputError, match="came out on 2099-02-08, after today, 2024-03-01"):
        read_file(path, today=pd.Timestamp("2024-03-01"))
