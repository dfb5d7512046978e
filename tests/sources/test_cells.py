from __future__ import annotations

from datetime import date, datetime, time

import pytest

from forecast.sources.cells import a1, day, folded, listed, number, shown


@pytest.mark.parametrize(
    "cell",
    [
        date(2025, 11, 24),
        datetime(2025, 11, 24),
        45985,
        45985.0,
        "Monday\n24-Nov-25",
        "24 November 2025",
        "Mon, 24th Nov 2025",
        "24/11/2025",
        "24.11.25",
        "2025-11-24",
        "24\u00a0Nov\u00a02025",
        "24–Nov–2025",
    ],
)
def test_a_day_in_every_form_that_is_published(cell: object) -> None:
    assert day(cell) == date(2025, 11, 24)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cell", ["", None, 12, 45985.5, 99999, "ENGLAND", "220701DIS002_TOTAL", "1. Number", "24 beds", True]
)
def test_what_is_no_day(cell: object) -> None:
    assert day(cell) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["Tuesday 24-Nov-25", "31 June 2024"])
def test_a_day_that_contradicts_itself(cell: str) -> None:
    with pytest.raises(ValueError, match=r"Monday|no day of the calendar"):
        day(cell)


@pytest.mark.parametrize(
    ("cell", "value"), [(0, 0), (1.5, 1.5), ("1,234", 1234), (" 12 ", 12), ("-3", -3), ("0.934", 0.934), (1.234, 1.234)]
)
def test_numbers(cell: object, value: float) -> None:
    assert number(cell) == value  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", [None, "", "-", "—", "*", ":", "[x]", "[Z]", "N/A", "\u00a0"])
def test_missing_markers_give_no_number(cell: object) -> None:
    assert number(cell) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cell",
    ["12*", "about 3", "1 2", "1,2", "\u0663", "\uff13", "98\u00b2", "1.234", True, date(2024, 1, 1), time(0)],
)
def test_what_is_no_number(cell: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        number(cell)  # type: ignore[arg-type]


def test_texts_compare_without_case_quotes_dashes_and_line_breaks() -> None:
    assert folded("King’s Lynn –\u00a0Norfolk\n") == "king's lynn - norfolk"


def test_cells_are_named_as_in_a_spreadsheet() -> None:
    assert [a1(0, 0), a1(15, 4), a1(2, 25), a1(2, 26), a1(9, 96), a1(0, 16383)] == [
        "A1",
        "E16",
        "Z3",
        "AA3",
        "CS10",
        "XFD1",
    ]


def test_messages_shorten_what_they_quote() -> None:
    assert shown("x" * 5_000_000) == repr("x" * 57 + "...")
    assert listed([str(i) for i in range(100)], most=3) == "0, 1, 2 and 97 more"
