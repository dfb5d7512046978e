"""Which past runs are of their week and which were made afterwards, and which of two counts."""

import pandas as pd
import pytest
from small_runs import METRIC, course, small_run

from forecast.figures import track_frames
from forecast.runs.diary import diary_of, made_at_the_time, past_runs
from forecast.wording import track_words

NEWEST = "2024-11-07"
DAY = "2024-10-03"


@pytest.mark.parametrize(
    ("told", "simulated", "expected"),
    [
        ({}, False, True),  # unknown: made before that was kept
        ({"made_at": "2024-10-04T06:00:00Z"}, False, True),
        ({"made_at": "2024-10-13T23:59:00Z"}, False, True),  # ten days after, the last that counts
        ({"made_at": "2024-10-14T00:01:00Z"}, False, False),
        ({"made_at": "2025-03-01T06:00:00+00:00", "made": "weekly"}, False, False),
        ({"made_at": "2025-03-01T06:00:00Z"}, True, True),  # simulated: no clock
        ({"made_at": "2024-10-03T06:00:00Z", "made": "backfill"}, False, False),
        ({"made_at": "2024-10-03T06:00:00Z", "made": "backfill"}, True, False),
        ({"made_at": None, "made": "weekly"}, False, True),
    ],
)
def test_a_run_is_of_its_week_where_it_was_made_then(tmp_path, told, simulated, expected):
    run = small_run(tmp_path, DAY, simulated=simulated, **told)
    assert made_at_the_time(run, late_days=10) is expected


@pytest.mark.parametrize("kept", ["diary", "gate"])
def test_a_weekly_run_counts_before_one_made_afterwards_whichever_was_written_last(tmp_path, kept):
    weekly = small_run(tmp_path, DAY, mark="bbbb", written=1_000)
    small_run(tmp_path, DAY, mark="aaaa", written=9_000, made="backfill")
    newest = small_run(tmp_path, NEWEST)
    if kept == "diary":
        rows = diary_of(newest, METRIC).rows
        assert set(rows["run"]) == {weekly.id}
        assert rows["at_the_time"].all()
    else:
        assert [run.id for run in past_runs(tmp_path, pd.Timestamp(NEWEST), simulated=False)] == [weekly.id]


def test_of_two_made_afterwards_the_one_written_last_counts(tmp_path):
    later = small_run(tmp_path, DAY, mark="aaaa", written=9_000, made="backfill")
    small_run(tmp_path, DAY, mark="bbbb", written=1_000, made="backfill")
    assert set(diary_of(small_run(tmp_path, NEWEST), METRIC).rows["run"]) == {later.id}


def test_the_record_says_how_many_are_of_each_kind(tmp_path):
    for week, day in enumerate(pd.date_range("2024-09-05", periods=9, freq="7D")):
        small_run(tmp_path, f"{day:%Y-%m-%d}", made="backfill" if week < 6 else "weekly")
    known = course("2024-12-01").combine_first(course("2024-11-01")).combine_first(course("2024-10-02"))
    rows = diary_of(small_run(tmp_path, "2024-12-05", history=known), METRIC).rows
    own = track_frames.ranges_of(rows[rows["location"] == "RM1"])
    found = track_frames.held(own)
    assert found is not None
    assert (found.forecasts, found.afterwards) == (9, 6)
    said = track_words.held(found, real=True)
    assert "3 weekly runs and 6 forecasts made afterwards with only what was published by each day" in said
    assert track_words.KINDLY in track_words.basis(found, real=True)


def test_only_what_there_is_is_named():
    assert track_words.past_runs(1, 0) == "1 weekly run"
    assert track_words.past_runs(0, 26) == "26 forecasts made afterwards with only what was published by each day"
