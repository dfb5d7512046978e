"""Words of small multiples."""

import numpy as np
import pandas as pd
from made_fans import fan

from forecast.figures.multiple_frames import panels
from forecast.wording import multiple_captions as said

DAY = pd.Timestamp("2025-02-13")


def row(**changes):
    base = {"now": 510.4, "now_date": DAY, "date": DAY, "median": 505.0, "low": 431.0, "high": 575.0}
    chances = {"chance_up": 0.1, "chance_level": 0.19, "chance_down": 0.71, "word": "down"}
    return {**base, **chances, **changes}


def test_under_a_place_stand_its_figure_now_and_the_last_week_ahead_with_range_and_direction():
    assert said.lines([row(now=510.4), row()]) == [
        "510 a day now",
        "week to 13 Feb: 505 (431 to 575)",
        "down, 71% chance",
    ]
    unclear = row(word="uncertain", chance_up=0.4, chance_level=0.1, chance_down=0.5)
    assert said.lines([row(), unclear])[-1] == "no clear direction"
    assert len(said.lines([row(), row()], directed=False)) == 2


def test_what_is_not_known_is_said():
    assert said.lines([row(now=np.nan), row(word="cannot say")]) == ["no usable figure now", "no forecast"]


def test_the_finding_names_where_most_and_fewest_are_expected():
    rows = {"A": row(), "B": row(median=90.0, low=80.0, high=101.0), "C": row(median=np.nan)}
    assert said.finding(rows, "the week to 13 February 2025") == (
        "In the week to 13 February 2025 most are expected at A: about 505, likely range (9 in 10) 431 to 575; fewest "
        "at B: about 90, likely range (9 in 10) 80 to 101."
    )
    assert said.finding({"A": row()}, "a week") == ""


def test_the_text_alternative_holds_the_figures_and_tells_whether_the_scale_is_shared():
    (panel,) = panels({"RGP": fan()}, {}, chosen="", shared=True)
    assert said.alternative(panel) == (
        "James Paget: fit to leave, before the day's discharges (patients). Published: 1,510 on 5 January 2025. "
        "Forecast for 7 January 2025: middle 505, likely range (9 in 10) 431 to 575. Scale to 1,812, the same for all "
        "places."
    )
    (own,) = panels({"RGP": fan()}, {}, chosen="", shared=False)
    assert said.alternative(own).endswith("its own.")
