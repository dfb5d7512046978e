"""Words of the page Pressures."""

import pandas as pd

from forecast.wording import pressure_words as said

ROW = {"weeks_ahead": 4, "date": pd.Timestamp("2025-02-13"), "median": 90.0, "low": 80.0, "high": 101.0}


def row(word):
    return {**ROW, "word": word, "chance_up": 0.8, "chance_level": 0.1, "chance_down": 0.1}


def test_the_headline_gathers_measures_by_where_they_go():
    rows = {
        "Staff absent": row("up"),
        "General and acute beds": row("level"),
        "Long stays": row("up"),
        "A&E": row("cannot say"),
    }
    assert said.headline("Norfolk", rows) == [
        "Norfolk, in four weeks",
        "Going up: staff absent and long stays.",
        "About level: general and acute beds.",
        "No forecast: A&E.",
    ]
    assert said.headline("Norfolk", {}) == []


def test_a_week_ahead_has_date_figure_range_and_chance():
    assert said.ahead(row("up")) == ("Week to 13 February 2025", "90", "80 to 101", "Up, 80% chance")
    assert said.ahead(row("cannot say")) == ("Week to 13 February 2025", "No forecast", "", "")


def test_a_reason_ends_in_one_full_stop():
    assert said.why("its newest figure is of 02 April 2023.") == (
        "No forecast. Reason: its newest figure is of 2 April 2023."
    )
