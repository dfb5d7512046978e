"""Titles that state a finding, and the lines that say where figures come from."""

import math

import pandas as pd

from forecast.wording import takeaway_words as said
from forecast.wording.words import SIMULATED

FACTS = {"Data to": "Sunday 5 January 2025", "Run": "r-1", "Code version": "1.2", "Sign-off": "Not signed off"}
DAY = pd.Timestamp("2025-01-09")


def row(word="up", chance=0.72, weeks=4):
    chances = {f"chance_{one}": (chance if one == word else (1 - chance) / 2) for one in ("up", "level", "down")}
    return {"word": word, "weeks_ahead": weeks, "median": 508.0, "low": 446.2, "high": 587.0, "now": 505.0, **chances}


def test_a_source_says_dates_sign_off_run_code_and_simulation_first():
    assert said.source_lines(FACTS, DAY, simulated=True) == (
        f"{SIMULATED}. As of 9 January 2025. Data to Sunday 5 January 2025. Not signed off.",
        "Hospital discharge forecast, run r-1, code version 1.2.",
    )
    assert SIMULATED not in " ".join(said.source_lines(FACTS, DAY, simulated=False))


def test_a_long_sign_off_is_cut_between_words_and_shows_it():
    long = {**FACTS, "Sign-off": "Signed off by A. Person: " + "every range looked at " * 30}
    first, _ = said.source_lines(long, DAY, simulated=False)
    assert "Signed off by A. Person" in first
    assert "…" in first
    assert len(first) < 200


def test_titles_state_direction_with_chance_and_range():
    assert said.backlog_finding([row()], "Norfolk") == (
        "Norfolk, in four weeks: up, 72% chance; likely range (9 in 10) 446 to 587 a day"
    )
    assert "cannot be said" in said.backlog_finding([row("cannot say")], "Norfolk")
    found = said.hospitals_finding({"A": row(), "B": row("down"), "C": row()})
    assert found == "In four weeks: up at A and C; down at B"


def test_places_name_the_number_and_what_is_there():
    needs = [("Flats", 73.2, 44, False), ("Care-home beds", 37.0, 0, True), ("Community beds", math.nan, 0, True)]
    assert said.places_finding(needs, 0.9) == (
        "To be 90% sure: 74 flats (44 now) and 37 care-home beds on top of those in use"
    )
    assert said.places_finding([("Flats", math.nan, 44, False)], 0.9) == "No number of flats or beds would be enough"
    assert said.enough(math.nan) == "no number"


def test_peaks_that_are_over_are_told_as_over():
    week = pd.Timestamp("2025-01-06")
    assert said.waves_finding({"flu": (week, 0.57), "Covid": (week, 0.2)}, ["flu"]) == (
        "Flu peaked in the week of 6 January 2025; Covid: most likely peak in the week of 6 January 2025 (20% chance)"
    )
    assert said.waves_finding({}) == "When Covid and flu peak cannot be said this week"
