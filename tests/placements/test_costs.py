"""What a plan costs and what waiting costs."""

import numpy as np
import pytest
from made_people import county

from forecast.errors import InputError
from forecast.placements.costs import bill, cost_curve
from forecast.placements.queues.people import people_as_now
from forecast.placements.simulation import simulate

DAYS = 42


def test_places_are_paid_for_used_or_not_and_waiting_by_the_day() -> None:
    people = county()
    prices = {"price_flat": 100, "price_care_home_bed": 200, "price_community_bed": 300, "price_hospital_bed": 400}
    plan = people.base.changed(flats=50, care_home_beds=10, community_beds=5, **prices)
    result = simulate(people, plan)
    paid = bill(result)
    assert (paid.places == DAYS * (50 * 100 + 10 * 200 + 5 * 300)).all()
    assert paid.waiting == pytest.approx(400 * result.paths("waiting").sum(axis=1))
    assert paid.total == pytest.approx(paid.places + paid.waiting + paid.care_at_home)
    assert (paid.care_at_home == 0).all()


def test_care_at_home_beyond_as_now_is_paid_by_the_start_and_less_is_a_saving() -> None:
    people = county()
    now = people.base.home_care_starts
    more = people.base.changed(home_care_starts=now + 2, price_home_care_start=1000)
    assert bill(simulate(people, more)).care_at_home == pytest.approx(2000 * DAYS)
    less = more.changed(home_care_starts=now - 1)
    assert bill(simulate(people, less)).care_at_home == pytest.approx(-1000 * DAYS)


def test_starts_that_a_strike_takes_away_are_not_paid_for_unless_it_takes_them_away_as_now_too() -> None:
    people = county()
    strike = {"name": "strike", "first": "2024-12-09", "last": "2024-12-15", "home_care_starts": 0.5}
    struck = people.base.changed(events=[strike], price_home_care_start=1000)
    saved = 0.5 * 7 * 1000 * people.base.home_care_starts
    assert bill(simulate(people, struck)).care_at_home == pytest.approx(-saved)
    usual = people_as_now(people.demand, struck)
    assert (bill(simulate(usual)).care_at_home == 0).all()
    assert bill(simulate(usual, struck.changed(events=[]))).care_at_home == pytest.approx(saved)


def test_numbers_are_tried_from_none_to_where_nobody_waits_and_the_plan_s_own_are_among_them() -> None:
    people = county()
    plan = people.base.changed(care_home_beds=[("2024-12-01", 37), ("2024-12-20", 41)])
    rows = cost_curve(people, plan, "care_home_bed").rows
    assert {0, 37, 41} <= set(rows["places"])
    # Only 69 in 100 beds may be used, so that more are tried than people are ever in one.
    assert rows["waiting"].iloc[-1] < 0.5
    assert rows["waiting"].iloc[0] > 20


def test_the_curve_prices_each_number_as_a_plan_of_its_own_would_be() -> None:
    people = county()
    curve = cost_curve(people, product="flat", counts=[20, 60])
    row = curve.rows.set_index("places").loc[60]
    result = simulate(people, people.base.changed(flats=60))
    waiting = result.paths("waiting", product="flat")
    assert row["plan_cost"] == DAYS * 60 * people.base.price_flat
    assert row["waiting_cost"] == pytest.approx(people.base.price_hospital_bed * waiting.sum(axis=1).mean())
    assert row["total"] == pytest.approx(row["plan_cost"] + row["waiting_cost"])
    long = result.paths("waiting_long", product="flat")
    assert row["chance_short"] == pytest.approx((long > 0).any(axis=1).mean())


def test_the_cheapest_number_leaves_some_waiting_and_being_sure_costs_more() -> None:
    curve = cost_curve(county(), product="flat")
    assert curve.zero_waiting is not None
    assert 44 < curve.cheapest < curve.zero_waiting
    assert curve.zero_is_dearer_by is not None
    assert curve.zero_is_dearer_by > 0
    assert (np.diff(curve.rows["waiting_cost"]) <= 0).all()


def test_the_cheapest_is_the_newsvendor_s_where_a_place_serves_one_person_at_a_time() -> None:
    """With stays beyond the forecast and all who need a flat there on the first day, a flat too many costs its price
    and a flat too few a hospital bed: the cheapest number is the (1 - price / hospital price) quantile of the need."""
    people = county(samples=200, days=42)
    plan = people.base.changed(stay_means={"home": 365}, stay_sigma=0.05, turnaround_days=0, price_flat=173)
    counts = range(60, 130, 2)
    curve = cost_curve(people, plan, "flat", counts=list(counts))
    demand = np.sort(
        np.concatenate([simulate(people, plan.changed(flats=500)).paths("needed", product="flat").ravel()])
    )
    quantile = demand[int(0.5 * len(demand))]
    assert curve.cheapest == pytest.approx(quantile, abs=4)


def test_dear_places_are_not_worth_having_and_cheap_ones_are() -> None:
    people = county()
    dear = cost_curve(people, people.base.changed(price_flat=5000), "flat")
    assert dear.cheapest == 0
    cheap = cost_curve(people, people.base.changed(price_flat=0.01), "flat")
    assert cheap.rows.set_index("places").loc[cheap.cheapest, "waiting"] < 0.01


def test_of_care_home_beds_those_that_nobody_may_use_are_paid_for_too() -> None:
    people = county()
    curve = cost_curve(people, product="care_home_bed", counts=[100])
    assert curve.rows["plan_cost"].iloc[0] == DAYS * 100 * people.base.price_care_home_bed
    usable = simulate(people, people.base.changed(care_home_beds=100)).capacity["care_home_bed"]
    assert (usable == 69).all()


def test_an_unknown_product_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"cost curve: 'tent' is no product"):
        cost_curve(county(), product="tent")
