"""Figures behind the page Flats & beds, checked by hand on a few paths."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from forecast.figures import placement_frames as frames
from forecast.placements.costs import Bill

FIRST = pd.Timestamp("2025-01-06")
DATES = pd.date_range(FIRST, periods=18, freq="D")
AS_OF = pd.Timestamp("2025-01-08")


class Result:
    """A plan that was run on two paths: who waits and who needs a place is what the test says."""

    county, hospitals, products = "COUNTY", ("A", "B"), ("flat", "community_bed")
    dates, plan = DATES, SimpleNamespace(longest_wait=7)
    people = SimpleNamespace(demand=SimpleNamespace(pathways=("home", "care_home")))

    def __init__(self, waiting, needed=None, long=None, capacity=None):
        self._paths = {"waiting": waiting, "needed": needed, "waiting_long": long, "occupied": needed}
        self.capacity = {"flat": capacity, "community_bed": np.zeros(18, dtype=int)}

    def paths(self, what="waiting", location="", product="all", pathway="all"):
        share = {"": 1, "COUNTY": 1, "A": 0.5, "B": 0.5}[location] * {"all": 1, "home": 1, "care_home": 0}[pathway]
        return share * self._paths[what] * (product != "community_bed")


def flat_line(*levels):
    return np.repeat(np.array(levels, dtype=float)[:, None], 18, axis=1)


def test_weeks_begin_on_mondays_from_that_of_the_as_of_day_and_have_four_days_at_least():
    assert frames.mondays(DATES, AS_OF) == [FIRST, FIRST + pd.Timedelta(days=7), FIRST + pd.Timedelta(days=14)]
    assert frames.mondays(DATES[:17], AS_OF)[-1] == FIRST + pd.Timedelta(days=7)
    assert frames.mondays(DATES, AS_OF + pd.Timedelta(days=7))[0] == FIRST + pd.Timedelta(days=7)


def test_a_week_is_short_of_those_who_wait_on_average_a_day():
    waiting = flat_line(10, 20)
    waiting[:, 7:14] += [0, 7, 0, 0, 0, 0, 7]
    capacity = np.array([23] * 10 + [44] * 8)
    first, second, third = frames.shortages(Result(waiting, capacity=capacity), "flat", "COUNTY", AS_OF)
    assert (first.places, second.places, third.places) == (23, 44, 44)
    assert (first.middle, second.middle) == (15, 17)
    assert first.low == pytest.approx(10.5)
    assert first.high == pytest.approx(19.5)
    assert frames.tightest([first, second, third]) == second


def test_need_is_who_needs_a_place_in_a_county_and_who_waits_at_a_hospital():
    result = Result(flat_line(4, 4), needed=flat_line(50, 50))
    assert set(frames.need_bands(result, "flat", "COUNTY")["median"]) == {50}
    assert set(frames.need_bands(result, "flat", "A")["median"]) == {2}


def test_the_chance_of_a_week_is_of_any_day_of_it_and_unknown_before_anybody_can_be_late():
    waiting, long = flat_line(0, 0), flat_line(0, 0)
    waiting[0, 8] = 1
    long[1, 16] = 3
    rows = frames.chance_rows(Result(waiting, long=long), "flat", "COUNTY", AS_OF)
    assert rows["waits"].tolist() == [0, 0.5, 0]
    assert np.isnan(rows["long"][0])
    assert rows["long"].tolist()[1:] == [0, 0.5]


def test_weeks_ahead_count_from_the_as_of_day_and_end_with_the_forecast():
    assert frames.ahead(DATES, AS_OF) == {0: AS_OF, 2: AS_OF + pd.Timedelta(days=14)}
    assert frames.ahead(DATES, FIRST - pd.Timedelta(days=3))[0] == FIRST


def test_who_waits_is_told_by_place_and_pathway_and_sums():
    rows = frames.who_waits(Result(flat_line(8, 8)), ["COUNTY", "A"], AS_OF)
    middle = rows.set_index(["location", "pathway", "weeks_ahead"])["middle"]
    assert middle["COUNTY", "all", 0] == 8
    assert middle["A", "home", 2] == 4
    assert middle["A", "care_home", 2] == 0


def test_a_kind_of_place_is_in_question_where_there_are_places_or_people_wait():
    none = np.zeros(18, dtype=int)
    assert frames.in_question(Result(flat_line(3, 3), capacity=none)) == ["flat"]
    assert frames.in_question(Result(flat_line(0, 0), capacity=none + 1)) == ["flat"]
    assert frames.in_question(Result(flat_line(0, 0), capacity=none)) == []


def test_a_bill_has_its_parts_and_their_sum():
    bill = Bill(places=np.array([100.0, 100]), care_at_home=np.array([0.0, 0]), waiting=np.array([50.0, 150]))
    rows = frames.bill_rows(bill).set_index("part")
    assert rows["middle"].to_dict() == {"places": 100, "care_at_home": 0, "waiting": 100, "total": 200}


def test_a_file_has_every_day_of_every_place_and_counts_places_taken_in_the_county_only():
    rows = frames.day_rows(Result(flat_line(4, 6), needed=flat_line(9, 9)), ["COUNTY", "A"])
    assert set(rows.loc[rows["location"] == "A", "count"]) == {"waiting"}
    assert set(rows.loc[rows["location"] == "COUNTY", "count"]) == {"waiting", "occupied", "needed"}
    assert len(rows) == 18 * 3 * (3 + 1)


def test_a_season_is_looked_at_in_months():
    season = pd.date_range(FIRST, periods=200, freq="D")
    assert list(frames.ahead(season, AS_OF)) == [0, 4, 12, 24]


def test_a_file_has_names_beside_codes_and_says_its_unit():
    table = pd.DataFrame({"location": ["A"], "pathway": ["home"], "product": ["all"], "low": [1.0], "p90": [4.0]})
    row = frames.for_file(table, {"A": "Hospital A"}, "people").iloc[0].to_dict()
    assert row == {
        "place": "Hospital A",
        "place_code": "A",
        "care_waited_for": "home care or reablement",
        "kind_of_place": "any of these",
        "likely_low": 1.0,
        "nine_in_ten_within_days": 4.0,
        "unit": "people",
    }
