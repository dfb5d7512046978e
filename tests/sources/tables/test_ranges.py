from __future__ import annotations

from datetime import date

import pytest

from forecast.sources.tables.ranges import range_of


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("11-13-dec-15", "2015-12-11", "2015-12-13"),
        ("14-16-dec 12", "2012-12-14", "2012-12-16"),
        ("18-20 jan-13", "2013-01-18", "2013-01-20"),
        ("22-24 feb 13", "2013-02-22", "2013-02-24"),
        ("21-26/12/2012", "2012-12-21", "2012-12-26"),
        ("04-06/01/2013", "2013-01-04", "2013-01-06"),
        ("1-3/2/13", "2013-02-01", "2013-02-03"),
        ("15-17-02-13", "2013-02-15", "2013-02-17"),
        ("9 nov 12 to 11 nov 12", "2012-11-09", "2012-11-11"),
        ("16 nov 12 to 18-nov-2012", "2012-11-16", "2012-11-18"),
        ("31/12/2012 -01 /1/13", "2012-12-31", "2013-01-01"),
        ("31-dec-15-3-jan-16", "2015-12-31", "2016-01-03"),
        ("30-02-dec-12", "2012-11-30", "2012-12-02"),
    ],
)
def test_ranges_as_the_situation_reports_type_them(text: str, first: str, last: str) -> None:
    assert range_of(text) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "11-dec-15",
        "21-12-2012",
        "2012-12-21",
        "delay 30-60 mins",
        "0-5 years",
        "6 november 2012 - 28 february 2013",
        "01-28-feb-13",
        "13 dec 12 to 11 dec 12",
        "11-13",
    ],
)
def test_no_range(text: str) -> None:
    assert range_of(text) is None
