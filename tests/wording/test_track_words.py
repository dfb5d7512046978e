from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from forecast.figures.track_frames import Held
from forecast.wording import track_words

HELD = Held(0.88, 160, 12, pd.Timestamp("2024-07-12"), pd.Timestamp("2025-01-09"))


def test_the_share_of_days_on_which_the_range_held_is_said_with_its_dates_and_what_is_right():
    said = track_words.held(HELD, real=True)
    assert (
        "the likely range (9 in 10) held on 88% of days in the last 26 weeks (12 July 2024 to 9 January 2025)" in said
    )
    assert "about 90% would be right" in said
    assert "12 weekly runs" in said


def test_a_replay_is_never_called_a_past_run():
    said = track_words.held(HELD, real=False)
    assert "12 forecasts made again from earlier dates with today's data up to each" in said
    assert "not on past runs" in said


def test_of_few_forecasts_it_is_said_how_much_one_can_move_the_share():
    few = replace(HELD, forecasts=6)
    assert "one of them alone can move the share of days by up to 17 percentage points" in track_words.basis(few, False)
    assert "That is few" not in track_words.basis(HELD, True)


def test_a_short_record_says_nothing_and_the_page_says_so():
    assert track_words.held(None, real=True) == ""
    assert "Too little is known" in track_words.lead(None, [])[0]


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (0.79, "21% closer to what came than 'no change'"),
        (1.21, "21% further from what came than 'no change'"),
        (1.01, "about as close to what came as 'no change'"),
        (3.58, "3.6 times as far from what came as 'no change'"),
    ],
)
def test_a_score_is_told_against_no_change(ratio, said):
    assert track_words.against(ratio) == said


def test_the_lead_says_how_often_it_held_how_close_it_was_and_to_which_side():
    rows = [
        {"model": "forecast", "relative_wis": 0.79, "bias": 12.4},
        {"model": "Persistence", "relative_wis": 1.0, "bias": 0.0},
    ]
    first, second = track_words.lead(HELD, rows)
    assert first.startswith("The likely range (9 in 10) held on 88%")
    assert second == "The forecast was 21% closer to what came than 'no change'. On average its middle was 12 too high."


@pytest.mark.parametrize(
    ("share", "said"), [(0.997, "more than 99%"), (0.003, "less than 1%"), (1.0, "100%"), (0, "0%")]
)
def test_a_share_is_never_all_or_nothing_unless_it_is(share, said):
    assert track_words.share(share) == said


def test_one_forecast_is_described_with_figures():
    days = pd.date_range("2024-11-04", periods=3)
    rows = pd.DataFrame(
        {
            "date": days,
            "low": [80.0, 78, 76],
            "median": [100.0, 101, 102],
            "high": [120.0, 122, 124],
            "observed": [100.0, 125, None],
            "held": pd.Series([True, False, None], dtype=object),
        }
    )
    said = track_words.one(rows, "James Paget", "fit to leave", pd.Timestamp("2024-11-03"), real=False)
    assert "forecast made again from 3 November 2024" in said
    assert "from 100 on 4 November 2024 to 102 on 6 November 2024" in said
    assert "on 1 of 2 days known" in said
    assert "On 5 November 2024 it was 125; the likely range (9 in 10) was 78 to 122." in said


def test_ranges_too_narrow_and_forecasts_too_high_are_named():
    parts = pd.DataFrame({"share": [0.2, 0.3, 0.2, 0.1, 0.1, 0.1], "should": [0.05, 0.2, 0.25, 0.25, 0.2, 0.05]})
    said = track_words.read_parts(parts)
    assert "too narrow" in said
    assert "too high" in said
    right = track_words.read_parts(parts.assign(share=parts["should"]))
    assert right == "Here neither the width nor the height is far out."


def test_a_model_that_nobody_has_named_keeps_its_own_name():
    assert track_words.model("NewModel") == "NewModel"
    assert track_words.model("Persistence") == "No change"
