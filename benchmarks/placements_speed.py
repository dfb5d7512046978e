"""How long plans take, and the same system in plain SimPy: the same people waiting on every day, how many times slower.

    python -m pip install simpy
    python benchmarks/placements_speed.py

A made-up county: three hospitals' paths of people fit to leave, 1,000 of 180 days, three products with places. Timed on
one core, each the median of the repeats with the best and the worst: reading off who comes (once a run), one plan, the
search for assurance, a plan on the six weeks of a weekly run. SimPy runs a process a person on the first few paths; its
waiting counts must be equal on every day, and its time is per path.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from forecast.placements.assurance import places_needed
from forecast.placements.demand import demand
from forecast.placements.plan import PlacementPlan
from forecast.placements.queues.lines import Lines, Rules
from forecast.placements.queues.people import People, people_as_now
from forecast.placements.queues.service import serve
from forecast.placements.simulation import Inputs, simulate
from forecast.trajectories import Trajectories

LEVELS = {"RM1": 240, "RGP": 110, "RCX": 140}
PLANS = {
    "44 flats": {},
    "65 flats, 60 care-home beds, 20 community beds": {"flats": 65, "care_home_beds": 60, "community_beds": 20},
    "100 flats, 120 care-home beds, 60 community beds: hardly anybody waits": {
        "flats": 100,
        "care_home_beds": 120,
        "community_beds": 60,
    },
    "a third of social workers off sick": {"flats": 65, "social_worker_absence": 0.36},
}
MORNING, LEAVE, JOIN, MOVE, NIGHT = 0.1, 0.2, 0.3, 0.5, 0.9
"""Parts of a day in which things happen, in the order in which the simulation does them."""


def backlog(samples: int, days: int) -> Trajectories:
    """Paths that wander by a few per cent a day around each hospital's level."""
    random = np.random.default_rng(1)
    dates = pd.date_range("2024-12-02", periods=days)
    moves = random.normal(0, 0.015, (3, samples, days)).cumsum(axis=2) + random.normal(0, 0.03, (3, samples, days))
    values = np.rint(np.array(list(LEVELS.values()))[:, None, None] * np.exp(moves))
    coords = {"location": list(LEVELS), "sample": np.arange(samples), "date": dates}
    array = xr.DataArray(values, dims=("location", "sample", "date"), coords=coords)
    return Trajectories(array, "nctr_patients", dates[0] - pd.Timedelta("1D"))


def people_of(lines: Lines, pool: int, turnaround: int) -> Iterator[tuple[float, float, int]]:
    """Each person of a pool: when he comes, when he would leave by a way of his own, and his stay with turnaround."""
    count, _, days = lines.height.shape
    for line in range(count):
        if lines.kinds[line, pool] < 0:
            continue
        here: list[float] = []
        first = int(lines.first[line, pool])
        for place in range(first):
            here.append(-1 + (int(4096 * (place + 0.5) / first) / 4096) + line * 1e-9)
        for day in range(days):
            height = int(lines.height[line, pool, day])
            while len(here) > height:
                yield here.pop(), day + LEAVE, _stay(lines, line, pool, len(here)) + turnaround
            while len(here) < height:
                here.append(day + JOIN + ((line + day) % count) * 1e-3 + len(here) * 1e-7)
        while here:
            yield here.pop(), np.inf, _stay(lines, line, pool, len(here)) + turnaround


def _stay(lines: Lines, line: int, pool: int, position: int) -> int:
    level = lines.levels[line, pool, position % lines.levels.shape[2]]
    return int(lines.stays[lines.kinds[line, pool], level])


def in_simpy(lines: Lines, rules: Rules, pool: int) -> list[int]:
    """People waiting at the end of each day in one pool, by SimPy."""
    import simpy

    days, places = lines.height.shape[2], int(rules.capacity[pool, 0])
    env = simpy.Environment(initial_time=-3)
    beds = simpy.PriorityResource(env, capacity=max(places, 1))
    waiting = [0]
    told: list[int] = []

    def at(when: float) -> Any:
        return env.timeout(max(when - env.now, 0))

    def there_already(until: int) -> Any:
        with beds.request(priority=-9) as held:
            yield held
            yield at(until + rules.turnaround + MORNING)

    def person(comes: float, leaves: float, stay: int) -> Any:
        yield at(max(comes, -2))
        waiting[0] += 1
        yield at(int(np.floor(max(comes, 0))) + MOVE)
        with beds.request(priority=comes) as wish:
            found = yield wish | at(leaves) if np.isfinite(leaves) else wish
            waiting[0] -= 1
            if wish in found if np.isfinite(leaves) else True:
                yield at(min(np.floor(env.now) + stay + MORNING, leaves))

    def watch() -> Any:
        for day in range(days):
            yield at(day + NIGHT)
            told.append(waiting[0])

    for until in rules.already[pool]:
        if until >= 0:
            env.process(there_already(int(until)))
    for one in people_of(lines, pool, rules.turnaround):
        if places or np.isfinite(one[1]):
            env.process(person(*one))
    env.process(watch())
    env.run(until=days)
    return told


def timed(action: Callable[[], object], repeats: int) -> str:
    """Median, best and worst seconds."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - start)
    return f"{statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"


def beside_simpy(people: People, plan: PlacementPlan, paths: int, whole: float, repeats: int) -> None:
    """Run the first paths in SimPy, compare who waits, and print how many times longer it takes.

    SimPy gets the people routed and their stays drawn, as the core does (``serve``); a whole plan (``simulate``) routes
    them, shares out assessments and draws stays too.
    """
    inputs = Inputs.of(people, plan)
    lines, rules = inputs.lines(), inputs.rules()
    served = serve(lines, rules)
    core = float(timed(lambda: serve(lines, rules), repeats).split()[0])
    waiting = (lines.height - served.entered).sum(axis=0)
    samples, products = people.demand.samples, len(lines.height[0]) // people.demand.samples
    start = time.perf_counter()
    equal = total = 0
    for path in range(paths):
        for product in range(products):
            pool = product * samples + path
            if rules.capacity[pool, 0] and (lines.kinds[:, pool] >= 0).any():
                told = np.array(in_simpy(lines, rules, pool))
                equal, total = equal + int((told == waiting[pool]).sum()), total + len(told)
    each = (time.perf_counter() - start) / paths
    print(f"\nSimPy, {paths} paths: equal on {equal:,} of {total:,} days; {each:.2f} s a path, ", end="")
    print(f"{each * samples:,.0f} s for {samples:,} paths: ", end="")
    print(f"{each * samples / core:,.0f} times as long as the core, {each * samples / whole:,.0f} times a whole plan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--paths", type=int, default=20, help="paths run in SimPy")
    given = parser.parse_args()
    print("| what | 1,000 paths x 180 days | 1,000 paths x 42 days |\n|---|---|---|")
    queues = [demand(backlog(1000, days)) for days in (180, 42)]
    made = [people_as_now(queue) for queue in queues]
    cells = [timed(lambda queue=queue: people_as_now(queue), given.repeats) for queue in queues]  # type: ignore[misc]
    print(f"| who comes, once | {' | '.join(cells)} |")
    best = []
    for name, changes in PLANS.items():
        cells = []
        for people in made:
            plan = people.base.changed(**changes)
            cells.append(timed(lambda people=people, plan=plan: simulate(people, plan), given.repeats))  # type: ignore[misc]
            best.append(float(cells[-1].split()[0]))
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    cells = [timed(lambda people=people: places_needed(people), given.repeats) for people in made]  # type: ignore[misc]
    print(f"| assurance search | {' | '.join(cells)} |")
    print(f"\nPeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MB")
    beside_simpy(made[0], made[0].base.changed(**list(PLANS.values())[1]), given.paths, best[2], given.repeats)


if __name__ == "__main__":
    main()
