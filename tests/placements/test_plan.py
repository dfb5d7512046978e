import pickle

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.errors import SettingError

NEW_YEAR = pd.date_range("2022-12-30", "2023-01-02")


def test_a_plan_without_settings_is_norfolk_as_the_reference_says():
    plan = PlacementPlan()
    assert plan == PlacementPlan.of("NORFOLK")
    assert plan.flats.counts == (23, 44)
    assert dict(plan.stay_means) == {"home": 38.5, "rehabilitation": 38.5, "care_home": 45.5}
    assert plan.routes["rehabilitation"] == {"care_home_bed": 0.28, "community_bed": 0.72}
    assert (plan.stay_limit, plan.usable_share, plan.waiting_for_assessment) == (28, 0.69, 1700)
    assert (plan.price_hospital_bed, plan.price_care_home_bed) == (346, 164)
    assert plan.already_placed is None
    assert plan.assessments_per_day is None


def test_flats_open_on_the_day_of_the_step_and_the_first_number_holds_before():
    plan = PlacementPlan(flats=[("2023-01-01", 44), ("2023-01-02", 60)])
    assert plan.capacity("flat", NEW_YEAR).tolist() == [44, 44, 44, 60]
    assert PlacementPlan().capacity("flat", NEW_YEAR).tolist() == [23, 23, 44, 44]


def test_only_beds_in_homes_that_may_be_used_are_counted_in_whole_beds():
    plan = PlacementPlan(care_home_beds=100)
    assert plan.capacity("care_home_bed", NEW_YEAR).tolist() == [69] * 4
    # 0.69 + a third of 0.27 = 0.78
    checked = plan.changed(requires_improvement_accepted=1 / 3)
    assert checked.capacity("care_home_bed", NEW_YEAR).tolist() == [78] * 4
    assert plan.changed(care_home_beds=10).capacity("care_home_bed", NEW_YEAR)[0] == 6
    assert plan.changed(community_beds=10).capacity("community_bed", NEW_YEAR)[0] == 10


def test_events_that_overlap_leave_a_share_of_a_share():
    events = [
        {"name": "strike", "first": "2022-12-31", "last": "2023-01-01", "assessments": 0.5},
        {"name": "snow", "first": "2023-01-01", "last": "2023-01-02", "assessments": 0.8, "placements": 0},
    ]
    plan = PlacementPlan(events=events)
    assert plan.share_on("assessments", NEW_YEAR) == pytest.approx([1, 0.5, 0.4, 0.8])
    assert plan.share_on("placements", NEW_YEAR).tolist() == [1, 1, 0, 0]
    assert plan.share_on("home_care_starts", NEW_YEAR).tolist() == [1, 1, 1, 1]


def test_an_event_counts_on_its_days_at_any_hour():
    plan = PlacementPlan(events=[{"name": "a", "first": "2023-01-01", "last": "2023-01-01", "placements": 0.5}])
    hours = pd.DatetimeIndex(["2022-12-31 23:00", "2023-01-01 00:00", "2023-01-01 23:00", "2023-01-02 00:00"])
    assert plan.share_on("placements", hours).tolist() == [1, 0.5, 0.5, 1]


def test_social_work_is_counted_against_what_it_is_now():
    now = PlacementPlan(social_worker_posts=200, social_worker_vacancies=100, social_worker_absence=0.2)
    plan = now.changed(
        social_worker_vacancies=50,
        social_worker_absence=0.5,
        events=[{"name": "strike", "first": "2023-01-01", "last": "2023-01-01", "assessments": 0.4}],
    )
    # 150 x 0.5 = 75 at work against 100 x 0.8 = 80.
    assert plan.social_work_capacity(NEW_YEAR, now=now) == pytest.approx([0.9375, 0.9375, 0.375, 0.9375])
    assert PlacementPlan().social_work_capacity(NEW_YEAR).tolist() == [1, 1, 1, 1]


def test_published_absence_takes_the_place_of_the_usual_where_there_is_a_value():
    now = PlacementPlan(social_worker_absence=0.2)
    absence = pd.Series({pd.Timestamp("2022-12-31"): 0.6, pd.Timestamp("2023-01-01"): np.nan})
    assert now.social_work_capacity(NEW_YEAR, now=now, absence=absence) == pytest.approx([1, 0.5, 1, 1])
    with pytest.raises(InputError, match="outside 0 to 1"):
        now.social_work_capacity(NEW_YEAR, absence=absence * 100)


def test_a_county_where_nobody_is_at_work_is_nothing_to_compare_with():
    with pytest.raises(InputError, match="no social worker is at work"):
        PlacementPlan().social_work_capacity(NEW_YEAR, now=PlacementPlan(social_worker_absence=1))


def test_a_plan_is_a_value():
    plan = PlacementPlan(flats=40, stay_means={"home": 20})
    again = PlacementPlan(stay_means={"home": 20.0}, flats={"2030-05-05": 40})
    assert plan == again
    assert len({plan, again, pickle.loads(pickle.dumps(plan))}) == 1
    assert plan != PlacementPlan(flats=41)
    with pytest.raises(AttributeError):
        plan.flats = 3
    with pytest.raises(TypeError):
        plan.stay_means["home"] = 3


def test_what_a_change_does_not_name_stays():
    plan = PlacementPlan(flats=40, already_placed={"flat": 12})
    changed = plan.changed(stay_means={"home": 20}, routes={"home": {"flat": 0.5}}, already_placed={"care_home_bed": 3})
    assert dict(changed.stay_means) == {"home": 20, "rehabilitation": 38.5, "care_home": 45.5}
    assert changed.routes["home"] == {"flat": 0.5}
    assert changed.routes["care_home"] == {"care_home_bed": 1}
    assert dict(changed.already_placed) == {"flat": 12, "care_home_bed": 3}
    assert changed.flats == plan.flats
    assert changed.changed(already_placed=None).already_placed is None
    assert plan.changed() == plan


def test_a_change_of_county_is_another_plan():
    with pytest.raises(InputError, match=r"PlacementPlan\.of"):
        PlacementPlan().changed(location="KENT")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("flats", -3, "Housing-with-care flats (flats) is -3"),
        ("flats", 10_000, "0 to 2,000 places"),
        ("flats", "44", "'44'"),
        ("flats", True, "True"),
        ("flats", [], "0 steps"),
        ("flats", [("2023-01-01", 44), ("2022-12-01", 23)], "1 December 2022 stands after 1 January 2023"),
        ("flats", [("2023-01-01", 44), ("2023-01-01", 23)], "each once"),
        ("flats", [("2023-02-30", 44)], "'2023-02-30' is no date"),
        ("flats", [("1066-10-14", 44)], "between 2000 and 2100"),
        ("care_home_beds", {"2023-01-01": 1.5}, "1.5 is not a whole number"),
        ("community_beds", [("2023-01-01", 4), ("2023-02-01", -4)], "from 2023-02-01 is -4"),
        ("routes", {"home": {"flat": 1.2}}, "home to flat is 1.2"),
        ("routes", {"home": {"flat": 0.6, "care_home_bed": 0.6}}, "sends 120% of pathway home"),
        ("routes", {"home": {"castle": 0.6}}, "'castle'"),
        ("routes", {"abroad": {"flat": 0.6}}, "'abroad'"),
        ("routes", {"home": {"flat": 0}, "rehabilitation": {}, "care_home": {}}, "sends nobody"),
        ("stay_means", {"home": 0}, "for home is 0"),
        ("stay_means", {"care_home": 400}, "1 to 365 days"),
        ("stay_means", 20, "for each pathway"),
        ("stay_sigma", 3, "0 to 2 log days"),
        ("stay_limit", 0, "1 to 365 days"),
        ("stay_limit", 27.5, "not a whole number"),
        ("limit_kept", 1.01, "a share between 0 and 1 (0% to 100%)"),
        ("turnaround_days", -1, "0 to 60 days"),
        ("usable_share", 0, "between 0.01 and 1"),
        ("requires_improvement_share", 0.5, "more than all homes"),
        ("requires_improvement_accepted", float("nan"), "nan"),
        ("already_placed", {"flat": -1}, "for flat is -1"),
        ("already_placed", 17, "for each product"),
        ("home_care_starts", -0.1, "0 to 1,000 people a day"),
        ("assessments_per_day", "many", "or none (as many as now are needed)"),
        ("hospital_share_of_assessments", 0, "between 0.01 and 1"),
        ("waiting_for_assessment", None, "None"),
        ("social_worker_posts", 0, "1 to 10,000 posts"),
        ("social_worker_vacancies", 351, "more than the 350 posts"),
        ("social_worker_absence", 1.5, "between 0 and 1"),
        ("events", "strike", "list of events"),
        ("events", [{"name": "strike", "first": "2023-01-01"}], "no last"),
        ("events", [{"name": "strike", "first": "2023-01-02", "last": "2023-01-01"}], "before it begins"),
        ("events", [{"name": "", "first": "2023-01-02", "last": "2023-01-02"}], "give it a name"),
        (
            "events",
            [{"name": "a", "first": "2023-01-02", "last": "2024-01-03"}],
            "367 days; an event may last 366",
        ),
        ("events", [{"name": "a", "first": "2023-01-02", "last": "2023-01-02"}] * 51, "has more than 50 events"),
        ("events", [{"name": "a", "first": "2023-01-02", "last": "2023-01-02", "placements": 2}], "2 of placements"),
        ("events", [{"name": "a", "first": "2023-01-02", "last": "2023-01-02", "ferries": 1}], "'ferries'"),
        ("longest_wait", 91, "0 to 90 days"),
        ("price_flat", -1, "pounds a day"),
        ("price_care_home_bed", float("inf"), "inf"),
        ("price_community_bed", 5001, "0 to 5,000"),
        ("price_hospital_bed", None, "None"),
        ("price_home_care_start", 1e6, "pounds a start"),
        ("residents_only", "yes", "yes or no"),
        ("location", "KENT", "NORFOLK"),
        ("location", 3, "not a code"),
    ],
)
def test_an_impossible_value_is_refused_by_the_field(field, value, said):
    with pytest.raises(SettingError) as error:
        PlacementPlan(**{field: value})
    assert error.value.field == field
    assert f"({field})" in str(error.value)
    assert said in str(error.value)
    assert "Allowed" in str(error.value)


def test_an_unknown_setting_is_refused_by_name():
    for make in (PlacementPlan, PlacementPlan().changed):
        with pytest.raises(SettingError, match="'flat' is no setting of a placement plan; choose among location,"):
            make(flat=3)


def test_products_and_effects_that_nobody_knows_are_refused():
    with pytest.raises(InputError, match="'tent' is no product; choose among flat"):
        PlacementPlan().capacity("tent", NEW_YEAR)
    with pytest.raises(InputError, match="'ferries' is nothing an event affects"):
        PlacementPlan().share_on("ferries", NEW_YEAR)
