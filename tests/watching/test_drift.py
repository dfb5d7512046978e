"""Which forecasts are no longer as good as they say, told from the record that there is."""

import numpy as np
import pandas as pd
import pytest
from made_diary import weekly_runs
from made_points import FIRST, points

from forecast.watching import drift, limits
from forecast.watching.drift import CANNOT_SAY, STEADY, TOO_HIGH, TOO_LOW, TOO_NARROW, TOO_WIDE, Watched, judged
from forecast.wording import drift_words

ONE = Watched("nctr_patients", "RGP", "runs")
SERIES = 36


def judge(shares, places=0.5, source="runs", every=7, later=0, middle=0.5):
    found = points(shares, places, every, middle)
    today = found["made"].iloc[-1] + pd.Timedelta(days=21 + later) if len(found) else FIRST
    return judged(Watched("nctr_patients", "RGP", source), found, SERIES, today)


def test_below_the_fewest_nothing_is_said():
    one = judge([0.0] * (limits.FEWEST - 1))
    assert (one.state, one.faults, one.chart) == (CANNOT_SAY, (), None)
    assert one.reason == "only 5 forecasts of past runs can be judged yet; it takes 6"
    assert np.isnan(one.share)
    assert judge([0.0] * limits.FEWEST).faults == (TOO_NARROW,)


def test_a_steady_record_is_in_control_and_its_share_is_that_of_the_last_thirteen_weeks():
    one = judge([0.0] * 13 + [0.9] * 13)
    assert one.state == STEADY
    assert one.share == pytest.approx(0.9)
    assert (one.points, one.weeks) == (13, 13)


def test_the_share_warns_just_below_its_limit_and_not_at_it():
    limit = limits.lowest_share(13, SERIES)
    assert judge([limit] * 13).state == STEADY
    assert judge([limit - 0.001] * 13).faults == (TOO_NARROW,)


def test_ranges_wider_than_they_need_be_are_told_from_chance():
    limit = limits.highest_middle(13, SERIES)
    assert judge([1.0] * 13, middle=limit - 0.001).state == STEADY
    one = judge([1.0] * 13, middle=0.92)
    assert one.faults == (TOO_WIDE,)
    (said,) = drift_words.warnings(one, "Fit to leave", "James Paget")
    assert "in the middle half of what was thought possible on 92% of days over the last 13 weeks; 50% would be" in said
    assert judge([1.0] * 13, middle=np.nan).state == STEADY


@pytest.mark.parametrize(("place", "fault"), [(0.78, TOO_LOW), (0.22, TOO_HIGH)])
def test_a_lean_to_one_side_is_told_from_one_to_the_other(place, fault):
    assert judge([0.9] * 13, place).faults == (fault,)
    assert judge([0.9] * 13, 0.5 + (place - 0.5) / 2).state == STEADY


def test_the_chart_begins_with_the_fewest_and_its_limits_narrow_as_weeks_come():
    chart = judge([0.9] * 20).chart
    assert len(chart) == 20 - limits.FEWEST + 1
    assert chart["made"].iloc[0] == FIRST + pd.Timedelta(weeks=limits.FEWEST - 1)
    assert chart["points"].tolist() == [*range(6, 14), *[13] * 7]
    assert chart["lowest"].is_monotonic_increasing
    assert chart["share"].to_numpy() == pytest.approx(0.9)


def test_weeks_without_a_run_are_no_weeks_that_held():
    found = points([0.4] * 26).iloc[::2]  # every other week
    one = judged(ONE, found, SERIES, found["made"].iloc[-1] + pd.Timedelta(days=21))
    assert one.points == 7
    assert one.chart["lowest"].iloc[-1] == limits.lowest_share(7, SERIES)
    assert one.faults == (TOO_NARROW,)


def test_forecasts_made_again_lie_four_weeks_apart_and_half_a_year_is_looked_at():
    one = judge([0.4] * 7, source="again", every=28)
    assert (one.points, one.weeks, one.faults) == (7, 26, (TOO_NARROW,))
    assert "From 7 forecasts made again from earlier dates, not past runs" in drift_words.warnings(one, "A", "B")[0]


def test_a_record_that_ended_long_ago_says_nothing_of_today():
    assert judge([0.4] * 13, later=60).faults == (TOO_NARROW,)
    one = judge([0.4] * 13, later=100)
    assert one.state == CANNOT_SAY
    assert "the newest forecast that can be judged is of 29 August 2024" in one.reason


def test_how_many_were_made_afterwards_is_kept():
    found = points([0.4] * 20).assign(afterwards=[True] * 12 + [False] * 8)
    one = judged(ONE, found, SERIES, found["made"].iloc[-1] + pd.Timedelta(days=21))
    assert (one.points, one.afterwards) == (13, 5)
    assert "8 weekly runs and 5 forecasts made afterwards" in drift_words.rests_on(one)


def test_the_warning_names_measure_place_share_weeks_and_what_to_do():
    one = judge([0.61] * 13)
    (said,) = drift_words.warnings(one, "Fit to leave", "James Paget")
    assert said == (
        "Fit to leave, James Paget: the likely ranges held on 61% of days over the last 13 weeks; 90% were meant to. "
        "Treat them as too narrow. (From 13 weekly runs.)"
    )
    low, high = (drift_words.warnings(judge([0.9] * 13, place), "A", "B")[0] for place in (0.79, 0.21))
    assert "too low over the last 13 weeks: what came was on average higher than 79%" in low
    assert "Expect more than they say." in low
    assert "too high over the last 13 weeks: what came was on average lower than 79%" in high
    assert "Expect less than they say." in high
    assert drift_words.warnings(judge([0.9] * 13), "A", "B") == []


def test_all_of_them_are_summed_up_in_a_sentence():
    out, steady, unsaid = judge([0.4] * 13), judge([0.9] * 13), judge([0.9] * 3)
    said = drift_words.overall([out, steady, unsaid])
    assert said == (
        "Of 2 forecasts (a measure at a place) that can be judged, one is worse than chance can explain; of 1 nothing "
        "can be said yet."
    )
    assert "none is worse than chance can explain" in drift_words.overall([steady])
    assert "enough past forecasts" in drift_words.overall([unsaid])
    assert drift_words.finding(unsaid, "A", "B")[0].startswith("A, B: cannot say yet. Only 3 forecasts")


def test_a_chart_is_described_with_its_figures():
    one = judge([0.4] * 13, 0.8)
    share, middle, place = (drift_words.alternative(one, "a", "B", what) for what in ("share", "middle", "place"))
    assert "now 50%, not above the limit of 80%; 50% would be right" in middle
    assert "now 40%, below the limit of 65%; 90% would be right" in share
    assert "now 80%, outside the limits of 23% and 77%" in place


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return weekly_runs(tmp_path_factory.mktemp("models"))


def test_every_place_of_a_run_is_judged_on_its_past_runs(folder):
    found = {one.location: one for one in drift.watched(folder)}
    assert set(found) == {"RM1", "RGP", "NORFOLK"}
    assert all(one.source == "runs" and one.points == 13 for one in found.values())
    # What came at RGP is the level itself, the middle of each forecast; at RM1 it is up to 31 above, out of the range.
    assert found["RGP"].faults == (TOO_WIDE,)
    assert found["RGP"].middle == 1.0
    assert found["RGP"].share == 1.0
    assert found["RGP"].place == pytest.approx(0.5)
    assert TOO_LOW in found["RM1"].faults
    assert found["RM1"].afterwards == 4


def test_one_more_run_is_seen_and_the_same_folder_is_judged_once(folder):
    assert drift.watched(folder) is drift.watched(folder)


@pytest.mark.parametrize(
    ("share", "place", "state", "said"),
    [
        (0.9, 0.5, "As good as they say", "That is as good as they say, as far as can be told."),
        (0.7, 0.5, "Worse, but may be chance", "can still be chance: only below 65% could it not."),
        (0.9, 0.7, "Worse, but may be chance", "Their middle lay rather low, which can still be chance"),
        (0.9, 0.3, "Worse, but may be chance", "Their middle lay rather high"),
    ],
)
def test_what_chance_can_explain_is_not_called_good(share, place, state, said):
    one = judge([share] * 13, place)
    assert one.state == STEADY
    assert drift_words.state(one) == state
    assert said in drift_words.finding(one, "A", "B")[0]
