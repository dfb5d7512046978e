from __future__ import annotations

import pandas as pd

from forecast.wording import track_words


def record(held: int, missed: int, origins: int = 4, ahead: int = 20) -> pd.DataFrame:
    """So many outcomes inside and outside their range, spread over origins a fortnight apart."""
    rows = held + missed
    origin = pd.DatetimeIndex(["2024-01-07"]).repeat(rows) + pd.to_timedelta(
        [14 * (k % origins) for k in range(rows)], "D"
    )
    return pd.DataFrame(
        {
            "origin": origin,
            "date": origin + pd.Timedelta(days=ahead),
            "low": 10.0,
            "high": 20.0,
            "observed": [15.0] * held + [25.0] * missed,
        }
    )


def test_the_share_of_days_on_which_the_range_held_is_said_with_its_dates():
    said = track_words.held(record(88, 12))
    assert "held on 88% of days" in said
    assert "4 earlier dates (7 January 2024 to 18 February 2024)" in said
    assert "with the data up to each" in said


def test_the_ends_of_a_range_belong_to_it():
    frame = record(100, 0)
    frame["observed"] = [10.0, 20.0] * 50
    assert "held on 100% of days" in track_words.held(frame)


def test_days_beyond_four_weeks_do_not_count():
    both = pd.concat([record(80, 20), record(0, 100, ahead=29)])
    assert "held on 80% of days" in track_words.held(both)


def test_a_short_record_says_nothing():
    assert track_words.held(record(59, 0)) == ""
    assert track_words.held(record(0, 0).iloc[:0]) == ""
