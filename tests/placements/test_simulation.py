"""Plans run on the paths of a county's forecast."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from made_people import backlog, county

import forecast as fc
from forecast.errors import InputError
from forecast.placements.demand import demand
from forecast.placements.plan import PlacementPlan
from forecast.placements.queues.people import people_as_now
from forecast.placements.simulation import placements, simulate
from forecast.trajectories import Trajectories

plans = st.fixed_dictionaries(
    {},
    optional={
        "flats": st.integers(0, 120),
        "care_home_beds": st.integers(0, 120),
        "community_beds": st.integers(0, 40),
        "turnaround_days": st.integers(0, 5),
        "limit_kept": st.floats(0, 1),
        "home_care_starts": st.floats(15, 25),
        "social_worker_absence": st.floats(0, 0.5),
        "routes": st.sampled_from([{"home": {"flat": 0.5, "care_home_bed": 0.3}}, {"care_home": {"care_home_bed": 0}}]),
        "events": st.just(
            [
                {
                    "name": "strike",
                    "first": "2024-12-09",
                    "last": "2024-12-15",
                    "placements": 0.5,
                    "home_care_starts": 0.5,
                }
            ]
        ),
    },
)
quick = settings(max_examples=25, deadline=None)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_plan_as_now_gives_back_the_forecast_queue_at_every_hospital_and_pathway(seed: int) -> None:
    people = county(seed=seed)
    result = simulate(people)
    for row, hospital in enumerate(result.hospitals):
        for column, pathway in enumerate(people.demand.pathways):
            waiting = result.paths("waiting", hospital, pathway=pathway)
            assert (waiting == people.demand.queue[row, column]).all()
    assert (result.paths("waiting") == people.demand.queue.sum(axis=(0, 1))).all()


def test_as_now_may_be_a_plan_of_one_s_own_and_is_given_back_too() -> None:
    queue = demand(backlog())
    own = PlacementPlan(
        flats=23, care_home_beds=60, community_beds=9, routes={"home": {"flat": 0.7}}, turnaround_days=3
    )
    result = simulate(people_as_now(queue, own))
    assert (result.paths("placed", product="care_home_bed").sum(axis=1) > 0).all()
    for row, hospital in enumerate(queue.hospitals):
        for column, pathway in enumerate(queue.pathways):
            assert (result.paths("waiting", hospital, pathway=pathway) == queue.queue[row, column]).all()


@quick
@given(plans, st.sampled_from(["flats", "care_home_beds", "community_beds"]), st.integers(1, 60))
def test_more_places_never_mean_more_waiting_anywhere(chosen: dict, field: str, more: int) -> None:
    people = county()
    plan = people.base.changed(**chosen)
    greater = plan.changed(**{field: getattr(plan, field).plus(more)})
    assert (simulate(people, greater).waiting <= simulate(people, plan).waiting).all()


@quick
@given(plans)
def test_people_are_conserved_on_every_path_of_every_plan(chosen: dict) -> None:
    people = county()
    result = simulate(people, people.base.changed(**chosen))
    for hospital in result.hospitals:
        started = people.demand.queue[result.hospitals.index(hospital), :, :, 0].sum(axis=0)
        came = started[:, None] + result.paths("arrivals", hospital).cumsum(axis=1)
        gone = (result.paths("left", hospital) + result.paths("went_home", hospital)).cumsum(axis=1)
        ended = result.finished[[line.hospital == hospital for line in result.lines]].sum(axis=0).cumsum(axis=1)
        here = result.paths("waiting", hospital) + result.paths("occupied", hospital)
        assert (came == gone + ended + here).all()
        assert (result.paths("left", hospital) >= 0).all()
    for product in result.products:
        inside = sum(result.paths("occupied", hospital, product) for hospital in result.hospitals)
        assert (inside <= result.capacity[product]).all()
    assert (result.paths("needed") == result.paths("waiting") + result.paths("occupied")).all()


def test_without_any_place_everybody_waits_who_would_have_had_one() -> None:
    people = county()
    result = simulate(people, people.base.changed(flats=0))
    assert (result.placed == 0).all()
    assert (result.paths("waiting") >= people.demand.queue.sum(axis=(0, 1))).all()
    as_now = simulate(people)
    placed = as_now.paths("placed").cumsum(axis=1)
    # Nobody is placed, so that those who moved into a flat as now wait too, but for those who leave by their own way.
    assert ((result.paths("waiting") - as_now.paths("waiting"))[:, -1] <= placed[:, -1]).all()
    assert (result.paths("waiting") - as_now.paths("waiting"))[:, -1].mean() > 0.8 * placed[:, -1].mean()


def test_people_already_in_a_flat_stay_when_flats_are_closed() -> None:
    people = county()
    there = simulate(people, people.base.changed(flats=0)).paths("occupied", product="flat")
    assert (there[:, 0] > 30).all()
    assert (np.diff(there, axis=1) <= 0).all()


def test_as_many_are_in_a_flat_on_the_first_day_as_the_plan_says() -> None:
    people = people_as_now(demand(backlog()), PlacementPlan(already_placed={"flat": 17}))
    result = simulate(people)
    assert result.already["flat"][:, 0].max() <= 17
    # The 27 free flats fill on the first day; one that somebody leaves that day is not ready again.
    assert result.paths("occupied", product="flat")[:, 0].min() >= 41


def test_a_tenth_more_starts_of_care_at_home_send_home_two_people_a_day_if_that_lasts() -> None:
    people = county()
    base = people.base
    result = simulate(people, base.changed(home_care_starts=base.home_care_starts * 1.1, home_care_start_lasts=1000))
    sent = result.paths("went_home").sum(axis=1)
    expected = int(0.1 * base.home_care_starts * 42)
    assert (sent <= expected).all()
    assert sent.mean() > 0.9 * expected
    waited = result.paths("waiting", pathway="care_home")
    assert (waited == simulate(people).paths("waiting", pathway="care_home")).all()


def test_extra_starts_go_to_those_who_wait_for_care_at_home_in_whichever_place_in_their_proportions() -> None:
    shared = PlacementPlan(routes={"home": {"flat": 0.5, "care_home_bed": 0.25}}, care_home_beds=60)
    people = people_as_now(demand(backlog()), shared)
    starts = shared.home_care_starts + 4
    result = simulate(people, shared.changed(home_care_starts=starts, home_care_start_lasts=1000))
    assert result.paths("went_home", pathway="rehabilitation").max() == 0
    assert result.paths("went_home", pathway="care_home").max() == 0
    by_product = [
        result.paths("went_home", product=one)[:, :10].sum(axis=1).mean() for one in ("flat", "care_home_bed", "")
    ]
    # Four a day for ten days: half of those who wait for care at home may use a flat, a quarter a care-home bed.
    assert by_product == pytest.approx([20, 10, 10], abs=1.5)


def test_fewer_starts_make_people_wait_at_each_hospital_in_proportion_to_its_queue_for_care_at_home() -> None:
    people = county(samples=400)
    fewer = people.base.changed(home_care_starts=people.base.home_care_starts - 10, home_care_start_lasts=1000)
    result, usual = simulate(people, fewer), simulate(people)
    queue = people.demand.queue[:, 0].mean(axis=(1, 2))
    more = [
        (result.paths("waiting", one) - usual.paths("waiting", one))[:, 5].mean() for one in people.demand.hospitals
    ]
    assert np.array(more) / sum(more) == pytest.approx(queue / queue.sum(), abs=0.02)
    assert queue.max() > 1.5 * queue.min()


def test_starts_that_a_strike_takes_away_as_now_too_make_no_difference() -> None:
    strike = {"name": "strike", "first": "2024-12-09", "last": "2024-12-15", "home_care_starts": 0.5}
    base = PlacementPlan(events=[strike])
    people = people_as_now(demand(backlog()), base)
    assert (simulate(people).paths("waiting") == people.demand.queue.sum(axis=(0, 1))).all()
    quiet = simulate(people, base.changed(events=[]))
    assert (quiet.paths("went_home").sum(axis=1) > 0).all()


@pytest.mark.parametrize("lasts", [3, 6, 12])
def test_one_more_start_a_day_shortens_the_queue_by_as_many_people_as_the_days_it_lasts(lasts: int) -> None:
    people = county(days=90)
    base = people.base.changed(home_care_start_lasts=lasts)
    shorter = simulate(people).paths("waiting") - simulate(
        people, base.changed(home_care_starts=base.home_care_starts + 1)
    ).paths("waiting")
    # One today, 1 - 1 / lasts of yesterday's, and so on; fewer on paths whose queue would have become that much shorter
    # anyway.
    assert 0.7 * lasts < shorter[:, 60:].mean() <= lasts
    assert shorter[:, 0].mean() == pytest.approx(1, abs=0.2)


def test_fewer_starts_of_care_at_home_make_the_queue_for_it_longer() -> None:
    people = county()
    base = people.base
    fewer = base.changed(home_care_starts=base.home_care_starts - 1, home_care_start_lasts=1000)
    more = simulate(people, fewer).paths("waiting") - simulate(people).paths("waiting")
    assert more[:, 0].mean() == pytest.approx(1, abs=0.2)
    assert more[:, -1].mean() == pytest.approx(42, abs=4)


def test_a_strike_closes_the_door_and_the_queue_it_leaves_is_worked_off() -> None:
    people = county()
    strike = {"name": "strike", "first": "2024-12-09", "last": "2024-12-15", "placements": 0.0}
    result, usual = simulate(people, people.base.changed(events=[strike])), simulate(people)
    days = (result.dates >= "2024-12-09") & (result.dates <= "2024-12-15")
    assert (result.paths("placed")[:, days] == 0).all()
    more = (result.paths("waiting") - usual.paths("waiting")).mean(axis=0)
    assert more[days][-1] > 2
    assert more[-1] < 0.7 * more[days][-1]


def test_a_third_of_social_workers_away_makes_both_lists_longer() -> None:
    people = county()
    result = simulate(people, people.base.changed(flats=60, social_worker_absence=0.36))
    usual = simulate(people, people.base.changed(flats=60))
    assert result.assessed.waiting[:, -1].mean() > 10
    assert (usual.assessed.waiting == 0).all()
    assert result.assessed.community[:, -1].mean() > people.base.waiting_for_assessment + 10
    assert (usual.assessed.community == people.base.waiting_for_assessment).all()
    assert (result.waiting >= usual.waiting).all()
    assert result.waiting.sum() > usual.waiting.sum()


def test_staff_absent_move_social_workers_absence_in_proportion() -> None:
    people = county()
    dates = people.dates
    absent = np.concatenate([np.full(7, 400.0), np.full(len(dates) - 7, 4800.0)])
    coords = {"location": ["RM1"], "sample": np.arange(3), "date": dates}
    staff = Trajectories(
        xr.DataArray(np.tile(absent, (1, 3, 1)), dims=("location", "sample", "date"), coords=coords),
        "staff_absent_total",
        dates[0] - pd.Timedelta("1D"),
    )
    twelve_times = 12 * people.base.social_worker_absence
    result = simulate(people, people.base, staff)
    fixed = simulate(people, people.base.changed(social_worker_absence=twelve_times))
    assert (result.assessed.waiting[:, :7] == 0).all()
    late = result.assessed.waiting[:, -1].mean()
    assert 0 < late < fixed.assessed.waiting[:, -1].mean()


def test_another_routing_moves_people_to_the_other_queue_and_loses_nobody() -> None:
    people = county()
    moved = people.base.changed(routes={"home": {"flat": 0.0, "care_home_bed": 0.4}})
    result = simulate(people, moved)
    assert not any(line.product == "flat" for line in result.lines)
    arrived = sum(result.paths("arrivals", hospital).sum() for hospital in result.hospitals)
    assert arrived > 0
    assert (result.paths("waiting")[:, 0] >= people.demand.queue[..., 0].sum(axis=(0, 1))).all()


def test_the_same_seed_gives_the_same_result_and_another_one_other_stays() -> None:
    queue = demand(backlog())
    plan = PlacementPlan(flats=70)
    once, again = (simulate(people_as_now(queue, seed=3), plan).paths("waiting") for _ in range(2))
    assert (once == again).all()
    assert not (once == simulate(people_as_now(queue, seed=4), plan).paths("waiting")).all()


def test_the_library_runs_a_plan_on_a_forecast_in_one_call() -> None:
    paths = backlog()
    need = fc.placements(paths, fc.PlacementPlan(flats=60), seed=2)
    assert need.county == "NORFOLK"
    assert (need.waiting == placements(paths, PlacementPlan(flats=60), seed=2).waiting).all()
    residents = fc.placements(paths, fc.PlacementPlan(residents_only=True))
    assert residents.paths("waiting")[:, 0].mean() < 0.9 * fc.placements(paths).paths("waiting")[:, 0].mean()


def test_hospitals_of_no_county_and_plans_of_another_one_are_refused_by_name() -> None:
    queue = demand(backlog())
    stray = fc.Trajectories(
        xr.DataArray(
            np.full((1, 5, 10), 100.0),
            dims=("location", "sample", "date"),
            coords={"location": ["RXX"], "sample": range(5), "date": pd.date_range("2024-12-02", periods=10)},
        ),
        "nctr_remaining",
        pd.Timestamp("2024-12-01"),
    )
    with pytest.raises(InputError, match=r"RXX do not lie in one county .* parent in locations.csv"):
        placements(stray)
    other = object.__new__(PlacementPlan)
    for name, value in {**PlacementPlan().values(), "location": "SUFFOLK"}.items():
        object.__setattr__(other, name, value)
    with pytest.raises(InputError, match=r"plan is for 'SUFFOLK' and the forecast for 'NORFOLK'"):
        people_as_now(queue, other)
