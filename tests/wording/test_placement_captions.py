"""Sentences on flats and beds."""

import math

import pandas as pd
import pytest

from forecast.figures.placement_frames import Shortage
from forecast.wording import placement_captions as said
from forecast.wording.placement_captions import Place

COUNTY = Place("Norfolk", "Norfolk", True)
HOSPITAL = Place("James Paget", "Norfolk", False)
WEEK, LAST = pd.Timestamp("2025-01-13"), pd.Timestamp("2025-02-27")


def week(low, middle, high, places=44):
    return Shortage(WEEK, places, low, middle, high)


@pytest.mark.parametrize(
    ("product", "shortage", "expected"),
    [
        (
            "flat",
            week(9, 20, 31),
            "With 44 flats Norfolk is likely 9 to 31 short in the week of 13 January 2025, the tightest ahead.",
        ),
        (
            "flat",
            week(0, 1, 4),
            "With 44 flats Norfolk is perhaps up to 4 short in the week of 13 January 2025, the tightest ahead.",
        ),
        ("flat", week(1, 1, 1, 1), "With 1 flat Norfolk is likely 1 short in the week of 13 January 2025, "),
        ("flat", week(0, 0, 0.3), "With 44 flats Norfolk is unlikely to be short of any up to 27 February 2025."),
        (
            "care_home_bed",
            week(9, 20, 31, 69),
            "With 69 usable care-home beds Norfolk is likely 9 to 31 short",
        ),
        ("community_bed", week(9, 20, 31, 0), "With no community beds Norfolk is likely 9 to 31 short"),
    ],
)
def test_the_answer_for_a_county(product, shortage, expected):
    assert said.answer(COUNTY, product, [week(0, 0, 0), shortage], LAST).startswith(expected)


def test_the_answer_for_a_hospital_is_of_people_and_names_whose_places_they_are():
    assert said.answer(HOSPITAL, "flat", [week(3, 5, 9)], LAST) == (
        "James Paget: 3 to 9 people are likely to wait for a flat in the week of 13 January 2025, the tightest ahead "
        "(44 flats in Norfolk)."
    )
    assert "up to 1 person may wait" in said.answer(HOSPITAL, "flat", [week(0, 0, 1)], LAST)


def test_how_many_would_do_is_said_with_how_sure_and_of_usable_beds_how_many_in_all():
    assert said.assured(COUNTY, "flat", 67.0, 0.9, 7, 44) == (
        "67 flats would make it 90% sure that nobody waits longer than 7 days."
    )
    assert said.assured(HOSPITAL, "flat", 67.0, 0.9, 1, 44).startswith("67 flats in Norfolk would make it 90% sure")
    assert said.assured(COUNTY, "flat", 44.0, 0.9, 7, 50).startswith("50 flats are enough to be 90% sure")
    assert said.assured(COUNTY, "flat", 0.0, 0.9, 7, 0).startswith("That is enough to be 90% sure")
    later = said.assured(COUNTY, "flat", 67.0, 0.9, 7, 44, dated=True)
    assert later.startswith("67 flats from the first day on would make it 90% sure")
    beds = said.assured(COUNTY, "care_home_bed", 36.0, 0.9, 7, 0, usable=0.69)
    assert beds.startswith("36 usable care-home beds, about 53 in all as 69% can be used, would")
    here = said.assured(HOSPITAL, "care_home_bed", 36.0, 0.9, 7, 0, usable=0.69)
    assert here.startswith("36 usable care-home beds in Norfolk, about 53 in all as 69% can be used, would")
    assert said.assured(COUNTY, "flat", math.nan, 0.9, 7, 44).startswith("No number of flats would make it 90% sure")


def test_every_degree_of_assurance_is_told():
    assert said.levels("flat", {0.8: 71.0, 0.95: math.nan}) == (
        "Flats for each degree of assurance: 80%: 71; 95%: no number is enough."
    )


def test_what_cannot_be_said_has_its_reason():
    assert said.cannot_say("Norfolk", {"James Paget": "no usable value since May."}) == (
        "Norfolk: how many flats and beds are needed cannot be said. Reason: James Paget: no usable value since May."
    )


def test_places_that_open_on_a_date_are_told_with_it():
    rows = pd.DataFrame({"date": pd.date_range(WEEK, periods=4), "places": [23, 23, 44, 44]})
    assert said.places_said("flat", rows) == "23 flats and 44 from 15 January 2025"


def test_chances_by_week_are_told_with_their_weeks():
    rows = pd.DataFrame({"week": [WEEK], "share": [0.004]})
    text = said.chance_alternative(COUNTY, "flat", rows, 7, True)
    assert "waits longer than 7 days for a flat" in text
    assert "week of 13 January 2025 less than 1%" in text


def test_many_weeks_are_told_by_their_ends_and_extremes():
    weeks = pd.date_range(WEEK, periods=12, freq="7D")
    rows = pd.DataFrame({"week": weeks, "share": [0.5, 0.9, *[0.6] * 8, 0.2, 0.4]})
    text = said.chance_alternative(COUNTY, "flat", rows, 7, False)
    assert "first week of 13 January 2025 50%, last week of 31 March 2025 40%" in text
    assert "highest week of 20 January 2025 90%, lowest week of 24 March 2025 20%" in text


def test_bed_days_freed_are_given_at_the_most_and_at_the_least():
    waiting, most, least = ({"low": one, "middle": one, "high": one + 10} for one in (4000, 900, 200))
    assert said.bed_days(COUNTY, 42, waiting, most, least) == [
        "Over the 42 days of the forecast people who wait use about 4,000 hospital bed-days in Norfolk (likely 4,000 "
        "to 4,010).",
        "Moves into flats and beds free 900 to 910 hospital bed-days at the most, and 200 to 210 at the least, if "
        "those who move would have left as soon as most who wait. Nobody has measured how much one more place "
        "relieves.",
    ]
    season = said.bed_days(COUNTY, 207, waiting, most, least, far=True)[1]
    assert "at the least" in season
    assert season.endswith("How many at the most cannot be said so far ahead.")


def test_with_no_places_nothing_is_freed():
    waiting, none = {"low": 4000, "middle": 4000, "high": 4000}, {"low": 0, "middle": 0, "high": 0}
    assert said.bed_days(COUNTY, 42, waiting, none, none)[1] == (
        "Nobody moves into a flat or bed, so no hospital bed-days are freed."
    )


def test_places_on_top_of_an_unknown_number_are_called_extra():
    assert said.answer(COUNTY, "care_home_bed", [week(9, 20, 31, 0)], LAST, extra=True).startswith(
        "With no extra care-home beds Norfolk is likely 9 to 31 short"
    )
    assert said.answer(COUNTY, "care_home_bed", [week(9, 20, 31, 41)], LAST, extra=True).startswith(
        "With 41 usable extra care-home beds Norfolk is"
    )


def test_who_waits_for_a_social_worker_is_told_only_where_somebody_does():
    nobody, some = {"low": 0, "middle": 0, "high": 0.4}, {"low": 2, "middle": 5, "high": 9}
    assert said.unassessed(LAST, nobody, {"middle": 1700}) == ""
    text = said.unassessed(LAST, some, {"middle": 1850})
    assert text.startswith("On 27 February 2025 about 5 of those who wait in the county's hospitals")
    assert text.endswith("in the community about 1,850 people wait for an assessment.")
