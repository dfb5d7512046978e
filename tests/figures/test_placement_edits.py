"""What a person edits on a screen becomes the plan they mean, or a message by the setting."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.figures import placement_edits as edits
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.schedule import Schedule

DAY = pd.Timestamp("2025-01-13")
PLAN = PlacementPlan.of("NORFOLK")


def test_what_can_be_used_is_changed_and_the_rest_said_by_its_setting():
    plan, wrong = edits.applied(PLAN, {"flats": -5, "longest_wait": 10, "stay_sigma": 9.0})
    assert (plan.longest_wait, plan.flats, plan.stay_sigma) == (10, PLAN.flats, PLAN.stay_sigma)
    assert set(wrong) == {"flats", "stay_sigma"}
    assert "-5" in wrong["flats"]
    assert "0 to 2,000 places" in wrong["flats"]


def test_of_settings_that_exclude_each_other_one_is_left_as_it_was():
    plan, wrong = edits.applied(PLAN, {"social_worker_posts": 50})
    assert set(wrong) == {"social_worker_posts"}
    assert plan == PLAN


@pytest.mark.parametrize("bad", [10_000, 1.5, None, "many"])
def test_an_impossible_number_of_flats_leaves_the_last_good_plan(bad):
    plan, wrong = edits.applied(PLAN.changed(flats=60), {"flats": bad})
    assert plan.flats.counts == (60,)
    assert list(wrong) == ["flats"]


def test_a_number_shows_the_places_of_the_day_and_a_share_its_per_cent():
    two = Schedule.of({"2025-01-01": 23, "2025-02-01": 44})
    assert edits.shown("flats", two, DAY) == 23
    assert edits.shown("flats", two, pd.Timestamp("2025-02-01")) == 44
    assert edits.shown("social_worker_absence", 0.3333, DAY) == 33
    assert edits.meant("social_worker_absence", 40) == pytest.approx(0.4)
    assert edits.meant("longest_wait", 4) == 4


@given(
    st.lists(
        st.tuples(st.dates(pd.Timestamp("2020-01-01").date(), pd.Timestamp("2030-01-01").date()), st.integers(0, 99)),
        min_size=2,
        max_size=6,
        unique_by=lambda step: step[0],
    )
)
@settings(max_examples=25, deadline=None)
def test_dates_come_back_as_they_went_whatever_the_order_of_the_rows(steps):
    schedule = Schedule.of(sorted(steps))
    rows = edits.schedule_rows(schedule, DAY)
    assert Schedule.of(edits.schedule_from(rows.iloc[::-1])) == schedule


def test_a_number_that_never_changes_stands_at_the_first_day_and_a_later_row_adds_a_step():
    rows = edits.schedule_rows(Schedule.of(44), DAY)
    assert rows.to_numpy().tolist() == [[DAY, 44]]
    rows.loc[1] = [pd.Timestamp("2025-02-01"), 60]
    rows.loc[2] = [pd.NaT, pd.NA]
    plan = PLAN.changed(flats=edits.schedule_from(rows))
    dates = pd.DatetimeIndex(["2025-01-13", "2025-01-31", "2025-02-01"])
    assert plan.capacity("flat", dates).tolist() == [44, 44, 60]


def test_a_row_half_filled_is_told_and_not_guessed():
    rows = edits.schedule_rows(Schedule.of(44), DAY)
    rows.loc[1] = [pd.NaT, 60]
    plan, wrong = edits.applied(PLAN, {"flats": edits.schedule_from(rows)})
    assert plan == PLAN
    assert "no date" in wrong["flats"]
    rows.loc[1] = [pd.Timestamp("2025-02-01"), pd.NA]
    assert "not a whole number" in edits.applied(PLAN, {"flats": edits.schedule_from(rows)})[1]["flats"]


def test_events_come_back_as_they_went_and_an_empty_share_is_a_normal_day():
    strike = {"name": "Strike", "first": "2025-01-20", "last": "2025-01-24", "assessments": 0.5, "placements": 0.25}
    plan = PLAN.changed(events=[strike])
    rows = edits.event_rows(plan.events)
    assert rows[["assessments", "home_care_starts", "placements"]].to_numpy().tolist() == [[50, 100, 25]]
    assert PLAN.changed(events=edits.events_from(rows)) == plan
    rows["home_care_starts"] = np.nan
    assert PLAN.changed(events=edits.events_from(rows)) == plan
    assert edits.events_from(edits.event_rows(())) == []


def test_an_event_without_a_day_is_told():
    rows = edits.event_rows(PLAN.changed(events=[{"name": "Snow", "first": DAY, "last": DAY}]).events)
    rows["last"] = pd.NaT
    assert "no date" in edits.applied(PLAN, {"events": edits.events_from(rows)})[1]["events"]


def test_routes_come_back_as_they_went_and_too_much_of_a_pathway_is_told():
    rows = edits.route_rows(PLAN.routes)
    assert rows.loc["home", "flat"] == 100
    assert PLAN.changed(routes=edits.routes_from(rows)) == PLAN
    rows.loc["home", "community_bed"] = 20
    assert "home" in edits.applied(PLAN, {"routes": edits.routes_from(rows)})[1]["routes"]
