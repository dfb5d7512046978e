"""Who comes to wait, and who is in a place when the forecast begins."""

import numpy as np
import pandas as pd
import pytest
from made_people import backlog, county

from forecast.placements.demand import Demand, demand
from forecast.placements.plan import PlacementPlan
from forecast.placements.queues.people import people_as_now, routed
from forecast.placements.queues.pools import ELSEWHERE, Line
from forecast.placements.simulation import simulate

TEN_DAYS = {"stay_means": {"home": 10, "rehabilitation": 10, "care_home": 10}, "stay_sigma": 0}


def _queue(samples: int = 200) -> Demand:
    return demand(backlog(samples, days=20))


def test_who_is_there_already_leaves_evenly_over_a_stay_that_is_equally_long_for_all() -> None:
    there = simulate(people_as_now(_queue(), PlacementPlan(**TEN_DAYS))).already["flat"]
    # A tenth leaves on each of the first ten days, the first of the forecast being the first of them.
    assert there.mean(axis=0)[:10] == pytest.approx(44 * (1 - np.arange(1, 11) / 10), abs=1)
    assert (there[:, 9] == 0).all()
    assert (there[:, 8] > 0).any()


def test_places_of_who_is_there_already_are_got_ready_for_the_next_too() -> None:
    plan = PlacementPlan(**TEN_DAYS, turnaround_days=10)
    result = simulate(people_as_now(_queue(), plan))
    inside = result.paths("occupied", product="flat") - result.already["flat"]
    assert (inside[:, :10] == 0).all()
    assert (inside[:, 10] > 0).any()


def test_who_is_there_already_is_on_a_pathway_as_often_as_it_sends_people_there() -> None:
    queue = _queue(400)
    stays = {"rehabilitation": 1, "care_home": 300, "home": 10}
    plan = PlacementPlan(
        stay_means=stays, stay_sigma=0, care_home_beds=100, usable_share=1, requires_improvement_share=0
    )
    first = queue.queue[..., 0].sum(axis=(0, 2))
    short, long = plan.routes["rehabilitation"]["care_home_bed"] * first[1], first[2]
    there = simulate(people_as_now(queue, plan)).already["care_home_bed"]
    # Stays of a day are over on the first; who is met in a bed is on a pathway as often as it takes up bed-days.
    after_a_day = 1 - (short + long) / (short + 300 * long)
    assert there[:, 0].mean() == pytest.approx(100 * after_a_day, abs=0.3)


def test_as_many_are_there_already_as_there_are_places_as_now_whatever_the_plan() -> None:
    people = county()
    for flats in (0, 23, 90):
        assert simulate(people, people.base.changed(flats=flats)).already["flat"][:, 0].mean() == pytest.approx(
            43, abs=1
        )


def test_people_are_divided_by_share_whole_and_one_more_person_is_one_more_in_one_line() -> None:
    queue = demand(backlog(samples=500, days=20))
    plan = PlacementPlan(
        routes={"home": {"flat": 0.3}, "rehabilitation": {"care_home_bed": 0.28, "community_bed": 0.5}}
    )
    counts = np.broadcast_to(np.arange(20, dtype=np.int32), queue.queue.shape).copy()
    lines = routed(queue, counts, plan, seed=1)
    for pathway, shares in (
        ("home", {"flat": 0.3, ELSEWHERE: 0.7}),
        ("rehabilitation", {"care_home_bed": 0.28, "community_bed": 0.5, ELSEWHERE: 0.22}),
    ):
        parts = [lines[Line("RM1", pathway, product)] for product in shares]
        assert (sum(parts) == counts[0, 0]).all()
        for part, share in zip(parts, shares.values(), strict=True):
            assert part.mean(axis=0) == pytest.approx(share * np.arange(20), abs=0.09)
            assert set(np.unique(np.diff(part, axis=1))) <= {0, 1}
    assert Line("RM1", "care_home", ELSEWHERE) not in lines


def test_a_hospital_s_people_are_the_same_whichever_other_hospitals_there_are() -> None:
    paths = backlog()
    alone, all_ = demand(paths.select(["RCX"])), demand(paths)
    plan = PlacementPlan()
    own, among = routed(alone, alone.queue, plan, 1), routed(all_, all_.queue, plan, 1)
    assert own
    assert all((among[line] == part).all() for line, part in own.items())


def test_people_come_on_average_as_often_as_the_queue_rises_and_places_are_filled() -> None:
    people = county()
    rises = simulate(people).paths("arrivals").mean(axis=1)
    assert people.arrivals_a_day == pytest.approx(rises)
    assert people.dates[0] == pd.Timestamp("2024-12-02")
