"""What changed since last week, as a director reads it."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from made_changes import COUNTY, NAMES, WEEK, forecasts, made_changes

from forecast.runs.changes_ahead import OLD_RUN, PLACE_COLUMNS
from forecast.wording import change_words as said

PATIENTS = "nctr_patients"


def moved(**parts):
    changes = made_changes(forecasts=forecasts({name.replace("_", " "): value for name, value in parts.items()}))
    return said.moved(changes, PATIENTS, "NORFOLK", WEEK, "Norfolk")


def test_a_change_is_told_with_its_causes_the_largest_first_and_the_figures_add_up():
    assert said.moved(made_changes(), PATIENTS, "NORFOLK", WEEK, "Norfolk") == (
        "In the week to Thursday 30 January 2025 the forecast for Norfolk rose by 14 a day, from about 560 to about "
        "574: 11 more from the new figures, 3 more from revised figures and nothing from changes to the model."
    )


def test_a_headline_names_the_run_it_is_compared_with():
    assert said.headline(made_changes(), PATIENTS, "RCX", "King's Lynn") == (
        "Since the run of 9 January 2025: in the week to Thursday 30 January 2025 the forecast for King's Lynn fell by "
        "4 a day, from about 98 to about 94, all from the new figures."
    )
    assert said.headline(made_changes(reason=OLD_RUN, as_of=None), PATIENTS, "RCX", "King's Lynn") == ""
    again = said.headline(made_changes(run=""), PATIENTS, "RCX", "King's Lynn")
    assert again.startswith("Since 9 January 2025, made again: in the week")


def test_a_change_of_one_cause_is_all_from_it():
    told = moved(before=400.0, model=0.0, revision=0.0, new_data=-7.0, now=393.0)
    assert told.endswith("fell by 7 a day, from about 400 to about 393, all from the new figures.")


def test_a_forecast_that_hardly_changed_still_tells_of_causes_that_cancel():
    still = moved(before=400.0, model=0.0, revision=0.0, new_data=0.3, now=400.3)
    assert still.endswith("hardly changed, at about 400 a day.")
    cancelled = moved(before=400.0, model=-8.0, revision=0.0, new_data=8.0, now=400.0)
    assert (
        "hardly changed, at about 400 a day: 8 more from the new figures, 8 fewer from changes to the model"
        in cancelled
    )


def test_causes_that_were_not_told_apart_are_told_as_one():
    told = moved(before=20.0, model_or_revision=5.0, new_data=-1.0, now=24.0)
    assert "5 more from changes to the model or revised figures (not told apart) and 1 fewer from the new" in told


def test_made_again_by_todays_model_nothing_is_said_of_changes_to_it():
    changes = made_changes(run="")
    assert "model" not in said.moved(changes, PATIENTS, "NORFOLK", WEEK, "Norfolk")
    assert "made again with today's model from what was published by Thursday 9 January 2025" in said.opening(changes)


def test_where_nothing_is_compared_nothing_is_said():
    assert said.moved(made_changes(), PATIENTS, "RGP", WEEK, "James Paget") == ""
    assert said.sentences(made_changes(), "covid_beds_occupied", "NORFOLK", NAMES, "Covid") == []
    assert said.opening(made_changes(reason=OLD_RUN)) == (
        "What changed cannot be said: this run was made before runs were compared; run 'forecast refit' to make a new "
        "one."
    )


def test_the_opening_names_the_run_and_what_of_the_model_differs():
    assert said.opening(made_changes()) == (
        "Compared with the run of Thursday 9 January 2025, week for week. The model is the same."
    )
    assert said.opening(made_changes(model=("code", "settings"))).endswith(
        "The model has changed since (code and settings)."
    )


@pytest.mark.parametrize(("as_of", "words"), [("2025-01-16", "since last week"), ("2025-01-30", "since the last run")])
def test_the_heading_says_last_week_of_a_run_of_last_week_only(as_of, words):
    assert words in said.heading(made_changes(), pd.Timestamp(as_of))


def test_revised_figures_are_counted_with_the_largest_correction():
    told = said.revised(made_changes(elsewhere={PATIENTS: 1}), PATIENTS, NAMES)
    assert told == (
        "Of the days known then, 2 figures were corrected and 1 figure came late (the largest correction: King's Lynn "
        "on 2 January 2025, from 98 to 112). At other hospitals, which the model learns from too, 1 figure was revised."
    )
    nothing = replace(made_changes(), revised=made_changes().revised.iloc[:0])
    assert said.revised(nothing, PATIENTS, NAMES) == (
        "No figure of these hospitals that was known then has been changed."
    )


def test_what_came_stands_against_what_was_forecast_and_who_was_outside():
    told = said.came(
        made_changes(), PATIENTS, "NORFOLK", {"RM1": "Norfolk and Norwich", "RCX": "King's Lynn"}, "Norfolk"
    )
    assert told == (
        "The earlier forecast for the week to 12 January 2025 gave Norfolk the likely range (9 in 10) 510 to 580 a "
        "day; 566 came, inside it. Outside its range: King's Lynn (121 came, above its range of 90 to 110)."
    )


def test_the_chance_that_a_peak_has_passed_is_told_before_and_now():
    assert said.peak(made_changes(), "flu_beds", "NORFOLK") == (
        "The chance that this season's peak has passed went from 12% to 48%."
    )
    assert said.peak(made_changes(), "flu_beds", "RM1") == ""


def test_places_needed_are_told_with_the_change_and_its_causes_together():
    labels = {"flat": "flats", "care_home_bed": "care-home beds", "community_bed": "community beds"}
    assert said.places(made_changes(), "NORFOLK", 0.9, labels) == (
        "Places needed to be 90% sure that nobody waits too long: 74 flats (4 more than then) and 38 care-home beds "
        "(as many as then); together 4 more: 3 more from the new figures, 1 more from revised figures and nothing from "
        "changes to the model."
    )
    assert said.places(made_changes(), "NORFOLK", 0.8, labels) == ""


def test_a_table_cell_leaves_out_causes_that_added_nothing():
    assert said.causes({"before": 5, "model": 0, "revision": -2, "new data": 3, "now": 6}) == (
        "revised figures \u22122, new figures +3"
    )
    assert said.causes({"before": 5, "model": 0, "now": 5}) == "no change"


def test_the_chart_is_told_in_words_with_its_figures():
    told = said.alternative(made_changes(), PATIENTS, NAMES, WEEK, "Fit to leave")
    assert told.startswith("Step chart of fit to leave: how the forecast for the week to Thursday 30 January 2025")
    assert "Norfolk rose by 14 a day, from about 560 to about 574" in told
    assert "King's Lynn fell by 4 a day" in told


def test_what_is_left_out_is_named_with_the_reason():
    told = said.left_out(made_changes(remarks=("a run was passed over",)), {"RGP": "James Paget"}, {PATIENTS: "Fit"})
    assert told == ["Fit, James Paget: not compared. There was no forecast then.", "A run was passed over."]
    assert sum(COUNTY[part] for part in ("before", "model", "revision", "new data")) == pytest.approx(COUNTY["now"])


def test_places_of_which_causes_are_told_apart_differently_still_add_up():
    parts = {
        "flat": {"before": 70.0, "model or revision": 5.0, "new data": 1.0, "now": 76.0},
        "care_home_bed": {"before": 30.0, "model": 2.0, "revision": 1.0, "new data": 1.0, "now": 34.0},
    }
    rows = [("NORFOLK", 0.9, product, part, value) for product, found in parts.items() for part, value in found.items()]
    changes = made_changes(places=pd.DataFrame(rows, columns=list(PLACE_COLUMNS)))
    told = said.places(changes, "NORFOLK", 0.9, {"flat": "flats", "care_home_bed": "care-home beds"})
    assert "together 10 more" in told
    assert "5 more from changes to the model or revised figures (not told apart)" in told
    assert [int(n) for n in re.findall(r"(\d+) more from", told)] == [5, 2, 2, 1]
