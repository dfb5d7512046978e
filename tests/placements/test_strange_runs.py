"""Plans, absences and forecasts that nobody has in mind: the right answer, or one message."""

import shutil

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from made_people import backlog, county

from forecast.errors import InputError
from forecast.placements.assurance import places_needed
from forecast.placements.compare import compare
from forecast.placements.costs import cost_curve
from forecast.placements.demand import demand
from forecast.placements.plan import PlacementPlan
from forecast.placements.queues.people import people_as_now
from forecast.placements.simulation import placements, simulate
from forecast.reference import Reference, reference
from forecast.trajectories import DIMS, Trajectories

SHORT_STAYS = {"home": 1, "rehabilitation": 1, "care_home": 1}


def _staff(values, metric="staff_absent_total", days=42, step=1, first="2024-12-02") -> Trajectories:
    dates = pd.date_range(first, periods=days, freq=f"{step}D")
    paths = np.broadcast_to(np.array(list(values.values()), dtype=float)[:, None, None], (len(values), 3, days))
    coords = {"location": list(values), "sample": np.arange(3), "date": dates}
    origin = dates[0] - pd.Timedelta(days=step)
    return Trajectories(xr.DataArray(paths, dims=DIMS, coords=coords), metric, origin, step_days=step)


@pytest.mark.parametrize("starts", [21, 30, 1000])
def test_with_more_starts_of_care_at_home_too_each_path_s_number_of_flats_is_the_fewest(starts) -> None:
    people = county(20)
    plan = people.base.changed(home_care_starts=starts)
    fewest = places_needed(people, plan).paths["flat"]
    for places in {*fewest.tolist(), *(fewest - 1).clip(0).tolist()}:
        late = simulate(people, plan.changed(flats=places)).paths("waiting_long", product="flat")
        assert ((late == 0).all(axis=1) == (fewest <= places)).all()


def test_no_flat_is_needed_where_everybody_goes_home_at_once() -> None:
    people = county(20)
    assert (places_needed(people, people.base.changed(home_care_starts=1000)).paths["flat"] == 0).all()


def test_far_more_starts_than_people_send_home_everybody_and_nobody_else() -> None:
    people = county(20)
    plan = people.base.changed(home_care_starts=1000, home_care_start_lasts=1000)
    result = simulate(people, plan)
    assert (result.paths("waiting", pathway="home") == 0).all()
    others = simulate(people).paths("waiting", pathway="care_home")
    assert (result.paths("waiting", pathway="care_home") == others).all()


def test_counts_beyond_sixteen_bits_are_counted() -> None:
    dates = pd.date_range("2024-12-02", periods=30)
    values = np.full((1, 2, 30), 4.0 * 900)
    coords = {"location": ["RM1"], "sample": [0, 1], "date": dates}
    paths = Trajectories(xr.DataArray(values, dims=DIMS, coords=coords), "nctr_patients", dates[0] - pd.Timedelta("1D"))
    base = PlacementPlan(flats=2000, community_beds=2000, stay_means=SHORT_STAYS, stay_sigma=0, turnaround_days=0)
    people = people_as_now(demand(paths), base.changed(routes={"rehabilitation": {"flat": 1.0}}))
    assert max(height.max() for height in people.heights.values()) > np.iinfo(np.int16).max
    result = simulate(people)
    assert (result.paths("waiting") == people.demand.queue.sum(axis=(0, 1))).all()
    assert result.height.max() > np.iinfo(np.int16).max


@pytest.mark.parametrize("what", ["placements", "assessments"])
def test_a_plan_as_now_that_stops_work_is_refused_since_the_forecast_would_not_come_out(what) -> None:
    queue = county(20).demand
    event = {"name": "strike", "first": queue.dates[3], "last": queue.dates[5], what: 0.5}
    with pytest.raises(InputError, match=rf"less than all {what}.*take them out of base"):
        people_as_now(queue, PlacementPlan(events=[event]))
    over = {**event, "first": "2001-01-01", "last": "2001-01-02"}
    assert people_as_now(queue, PlacementPlan(events=[over])).heights


def test_a_plan_as_now_with_a_number_of_assessments_is_refused() -> None:
    with pytest.raises(InputError, match=r"assessments_per_day 3.*keep pace"):
        people_as_now(county(20).demand, PlacementPlan(assessments_per_day=3))


def test_more_people_than_fit_in_memory_are_refused_before_it_is_full() -> None:
    queue = demand(backlog(samples=300, days=200))
    base = PlacementPlan(flats=2000, care_home_beds=2000, stay_means=SHORT_STAYS, turnaround_days=0)
    with pytest.raises(InputError, match=r"more than fit in memory.*fewer sample paths"):
        people_as_now(queue, base)


def test_a_plan_of_another_county_is_refused(two_counties) -> None:
    people = people_as_now(demand(backlog(5), tables=two_counties), PlacementPlan.of("NORFOLK", tables=two_counties))
    other = PlacementPlan.of("SUFFOLK", tables=two_counties)
    for run in (simulate, places_needed, cost_curve):
        with pytest.raises(InputError, match="the plan is for 'SUFFOLK' and the forecast for 'NORFOLK'"):
            run(people, other)


@pytest.fixture
def two_counties(tmp_path):
    folder = tmp_path / "reference"
    shutil.copytree(reference().folder, folder)
    for name in ("locations", "assumptions"):
        file = folder / f"{name}.csv"
        lines = file.read_text(encoding="utf-8").splitlines()
        begins = "NORFOLK," if name == "locations" else ""
        more = [line for line in lines if (line.startswith(begins) if begins else ",NORFOLK," in line)]
        file.write_text(
            "\n".join([*lines, *(line.replace("NORFOLK", "SUFFOLK").replace("|Norfolk", "") for line in more)]) + "\n",
            encoding="utf-8",
        )
    return Reference(folder)


def test_staff_absent_is_read_of_the_queue_s_own_hospitals_only() -> None:
    people = county(20)
    plan = people.base.changed(social_worker_absence=0.3)
    own = simulate(people, plan, _staff({"RM1": 100}))
    with_nation = simulate(people, plan, _staff({"RM1": 100, "ENG": 60_000, "RGT": 5}))
    assert (own.assessed.waiting == with_nation.assessed.waiting).all()


@pytest.mark.parametrize(
    ("staff", "message"),
    [
        (_staff({"RM1": 0}), "nobody is absent in the first week"),
        (_staff({"RM1": np.nan}), "none has a forecast on every day"),
        (_staff({"RGT": 5}), "of RM1, RGP, RCX none has a forecast"),
        (_staff({"RM1": 5}, metric="nctr_patients"), "a forecast of 'nctr_patients'"),
        (_staff({"RM1": 5}, first="2026-01-01"), "from 01 January 2026 to 11 February 2026, the queue from"),
        (_staff({"RM1": 5}, step=2), "forecast every 2 days"),
        (0.3, "0.3 is no Trajectories"),
    ],
)
def test_a_forecast_of_absences_that_tells_nothing_is_refused(staff, message) -> None:
    with pytest.raises(InputError, match=message) as error:
        simulate(county(20), None, staff)
    assert "give" in str(error.value) or "leave staff_absent out" in str(error.value)


@pytest.mark.parametrize(
    "staff", [_staff({"RM1": 5}, days=10), _staff({"RM1": 5}, first="2024-12-20"), _staff({"RM1": 5}, days=8, step=7)]
)
def test_a_level_forecast_of_absences_of_whatever_days_is_the_plan_s_own_absence(staff) -> None:
    people = county(20)
    plan = people.base.changed(social_worker_absence=0.3)
    assert simulate(people, plan, staff).assessed.waiting == pytest.approx(simulate(people, plan).assessed.waiting)


def test_the_cost_curve_tries_no_more_places_than_a_plan_may_have() -> None:
    people = county(20)
    rows = cost_curve(people, people.base.changed(usable_share=0.01), "care_home_bed").rows
    assert rows["places"].max() <= 2000


@pytest.mark.parametrize(
    "call",
    [
        lambda people: simulate(None),
        lambda people: simulate(people.demand),
        lambda people: simulate(people, {"flats": 3}),
        lambda people: people_as_now(backlog(5)),
        lambda people: people_as_now(people.demand, "NORFOLK"),
        lambda people: people_as_now(people.demand, seed=-1),
        lambda people: placements(None),
        lambda people: placements(backlog(5), {"flats": 3}),
        lambda people: places_needed(people, levels=["a"]),
        lambda people: places_needed(people, levels=None),
        lambda people: cost_curve(people, counts=[]),
        lambda people: cost_curve(people, counts=[1.5]),
        lambda people: cost_curve(people, counts=[float("nan")]),
        lambda people: compare(people, {"a": 3}),
        lambda people: compare(people, [people.base]),
        lambda people: compare(people, {"a": people.base}, levels=[2]),
        lambda people: simulate(people).quantiles("waiting", [2]),
        lambda people: simulate(people).quantiles("waiting", None),
        lambda people: simulate(people).waits("2024-12-05"),
        lambda people: simulate(people).waits([None]),
        lambda people: simulate(people).waits(["2020-01-01"]),
        lambda people: simulate(people).bed_days_freed(lasts=0),
        lambda people: simulate(people).bed_days_freed(lasts=float("nan")),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_message(call) -> None:
    with pytest.raises(InputError) as error:
        call(county(20))
    assert len(str(error.value)) < 400
    assert "\n" not in str(error.value)


def test_the_waits_of_no_day_are_none() -> None:
    assert simulate(county(20)).waits([]).empty
