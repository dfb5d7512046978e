import shutil

import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.placements.plan import PlacementPlan
from forecast.placements.scenarios import ready_made, scenario
from forecast.placements.worked_example import worked_example
from forecast.reference import Reference, reference

DAY = pd.Timestamp("2024-11-07")


@pytest.fixture(scope="module")
def found():
    return {one.key: one for one in ready_made(PlacementPlan(), DAY)}


def test_the_questions_people_ask_first_are_there_in_order(found):
    assert [one.name for one in found.values()] == [
        "As now",
        "44 flats from January",
        "100 more care-home beds",
        "A third of social workers off sick",
        "A week of strikes",
        "Providers take 10% more",
        "Winter peak two weeks earlier",
    ]
    assert found["as-now"].plan == PlacementPlan()
    assert all(one.sentence.endswith(".") for one in found.values())


def test_each_changes_one_thing_and_a_link_says_which(found):
    changed = {key: set(one.plan.to_query()) for key, one in found.items()}
    assert changed == {
        "as-now": set(),
        "flats-from-january": {"flats"},
        "more-care-home-beds": {"care-home-beds"},
        "social-workers-off-sick": {"absence"},
        "strikes": {"events"},
        "more-home-care": {"home-care-starts"},
        "peak-earlier": set(),
    }


def test_flats_open_on_the_next_first_of_january(found):
    plan = found["flats-from-january"].plan
    days = pd.DatetimeIndex(["2024-11-08", "2024-12-31", "2025-01-01", "2025-06-01"])
    assert plan.capacity("flat", days).tolist() == [23, 23, 44, 44]
    assert "1 January 2025" in found["flats-from-january"].sentence
    on_new_year = scenario("flats-from-january", PlacementPlan(), "2025-01-01").plan
    assert on_new_year.capacity("flat", pd.DatetimeIndex(["2025-12-31", "2026-01-01"])).tolist() == [23, 44]


def test_more_care_home_beds_are_beds_in_homes_that_may_be_used(found):
    one = found["more-care-home-beds"]
    assert one.plan.capacity("care_home_bed", pd.DatetimeIndex([DAY])).tolist() == [69]
    assert "of which 69 are" in one.sentence


def test_beds_come_on_top_of_those_a_schedule_has():
    base = PlacementPlan(care_home_beds={"2024-01-01": 10, "2025-01-01": 20})
    assert scenario("more-care-home-beds", base, DAY).plan.care_home_beds.counts == (110, 120)


def test_sick_social_workers_are_those_of_the_usual_number_who_are_there(found):
    # Two thirds at work in place of 96 %.
    at_work = found["social-workers-off-sick"].plan.social_work_capacity(pd.DatetimeIndex([DAY]))
    assert at_work == pytest.approx([0.6667 / 0.96])


def test_a_strike_begins_a_week_from_now_and_lasts_a_week(found):
    plan = found["strikes"].plan
    left = plan.share_on("assessments", pd.date_range("2024-11-13", "2024-11-21"))
    assert left.tolist() == [1] + [0.5] * 7 + [1]
    assert "14 November 2024 to 20 November 2024" in found["strikes"].sentence


def test_providers_take_a_tenth_more(found):
    usual = PlacementPlan().home_care_starts
    assert found["more-home-care"].plan.home_care_starts == pytest.approx(1.1 * usual)


def test_an_earlier_peak_says_why_it_cannot_be_shown(found):
    assert [key for key, one in found.items() if one.reason] == ["peak-earlier"]
    assert "at most 0.5%" in found["peak-earlier"].reason


def test_scenarios_keep_what_the_plan_they_start_from_has():
    base = PlacementPlan(residents_only=True, price_flat=120, events=[{"name": "Snow", "first": DAY, "last": DAY}])
    for one in ready_made(base, DAY):
        assert (one.plan.residents_only, one.plan.price_flat) == (True, 120)
        assert one.plan.events[0].name == "Snow"


def test_a_scenario_nobody_knows_is_refused_by_name():
    with pytest.raises(InputError, match="'plague' is no ready-made scenario; choose among as-now"):
        scenario("plague", PlacementPlan(), DAY)
    with pytest.raises(InputError, match="'soon' is no date"):
        ready_made(PlacementPlan(), "soon")


def test_a_county_with_one_number_of_flats_cannot_show_more_from_january(tmp_path):
    shutil.copytree(reference().folder, tmp_path, dirs_exist_ok=True)
    rows = (tmp_path / "place_schedule.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if "2023-01-01" not in row]
    (tmp_path / "place_schedule.csv").write_text("\n".join(kept), encoding="utf-8")
    tables = Reference(tmp_path)
    one = scenario("flats-from-january", PlacementPlan(tables=tables), DAY, tables=tables)
    assert "one number of flats only (23)" in one.reason
    assert one.plan == PlacementPlan(tables=tables)


def test_the_situation_the_toolkit_was_asked_about():
    example = worked_example()
    assert (example.fit_to_leave, example.waiting_for_social_care, example.people_helped) == (600, 150, 17)
    assert example.day == pd.Timestamp("2023-01-01")
    first = pd.DatetimeIndex([example.day])
    assert example.plan.capacity("flat", first).tolist() == [44]
    assert example.fewer_flats.capacity("flat", first).tolist() == [23]
    # 246, 127 and 138 patients in the winter mean.
    assert dict(example.hospitals) == pytest.approx({"RM1": 246 / 511, "RGP": 127 / 511, "RCX": 138 / 511})
