"""Who comes to wait, whatever the plan: read off the forecast queue and what the places of today do to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.placements.demand import Demand
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.names import PRODUCTS
from forecast.placements.plans.wanted import wanted, wanted_seed
from forecast.placements.queues import stays
from forecast.placements.queues.lines import Counts, Lines, Rules
from forecast.placements.queues.pools import ELSEWHERE, KINDS, Line, Pools
from forecast.placements.queues.service import heights_as_now

HOME = "home"
NO_LINE, NOBODY = -1, -1
POSITIONS = 512
"""People of a line for whom a stay is drawn on each path; the next ones take the stays of the first again."""
MOST_KEPT = 50_000_000
"""Most people of all lines and paths together: at eight bytes each, and twice that while the array grows."""


@dataclass(frozen=True, eq=False)
class People:
    """Who comes, as the forecast and the plan as now tell; the same for every plan compared.

    demand: the forecast queue. base: the plan as now, whose work the forecast already holds. seed: of stays and of how
    people are routed. heights: line to (sample, date), people who have come and not left by a way of their own. first:
    line to (sample,), those of them who waited when the first day began.
    """

    demand: Demand
    base: PlacementPlan
    seed: int
    heights: Mapping[Line, Counts]
    first: Mapping[Line, Counts]

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Days of the forecast."""
        return self.demand.dates

    @cached_property
    def arrivals_a_day(self) -> npt.NDArray[np.float64]:
        """People who come to wait, a day on average over the forecast, by sample; those of the first day left out."""
        rises = [
            np.maximum(np.diff(height, axis=1, prepend=self.first[line][:, None]), 0).sum(axis=1)
            for line, height in self.heights.items()
        ]
        return np.asarray(np.sum(rises, axis=0) / len(self.dates))


def people_as_now(demand: Demand, base: PlacementPlan | None = None, *, seed: int = 1) -> People:
    """Read off a forecast queue who comes to wait.

    A queue tells how many more or fewer wait than the day before, not how many of them are others: where ten leave and
    ten come on a day, nobody is seen to come. People thus come less often than they do, and wait longer; how long a
    plan makes them wait is told at the most.

    Parameters
    ----------
    demand
        The forecast queue.
    base
        The plan as now; that of the county's reference figures unless given.
    seed
        Of the stays, and of how people are routed to products.

    Returns
    -------
    People
        Such that the plan as now leaves exactly ``demand.queue`` waiting in hospital.

    Raises
    ------
    InputError
        The hospitals of the forecast lie in no county, or not in the plan's; the plan as now stops moves or
        assessments for some days; or too many people would pass through its places to keep them all in memory.
    """
    wanted("placements", demand, Demand, "what demand() returns")
    seed = wanted_seed("placements", seed)
    if not demand.county:
        raise InputError(
            f"placements: {', '.join(demand.hospitals)} do not lie in one county of the reference tables; forecast the "
            "hospitals of one county, or give them a parent in locations.csv"
        )
    base = PlacementPlan.of(demand.county) if base is None else base
    check_place(base, demand)
    check_as_now(base, demand)
    waiting = routed(demand, demand.queue, base, seed)
    first = {line: counts[:, 0] for line, counts in waiting.items()}
    pools = Pools.of(waiting, demand.samples)
    queue = pools.pack(waiting)
    lines = lines_of(demand, base, seed, pools, waiting, first)
    rules = Rules(
        capacity=pools.by_pool(capacities(base, demand.dates)),
        already=already_there(demand, base, base, pools, seed),
        turnaround=base.turnaround_days,
    )
    heights = pools.unpack(heights_as_now(queue, lines, rules))
    return People(demand, base, seed, dict(zip(pools.lines, heights, strict=True)), first)


def check_place(plan: object, demand: Demand) -> None:
    """Raise an ``InputError`` where something is no plan, or one for another county than the forecast's."""
    made = wanted("placements", plan, PlacementPlan, f"one made with PlacementPlan.of({demand.county!r})")
    if made.location != demand.county:
        raise InputError(
            f"placements: the plan is for {made.location!r} and the forecast for {demand.county!r}; make the plan with "
            f"PlacementPlan.of({demand.county!r})"
        )


def check_as_now(base: PlacementPlan, demand: Demand) -> None:
    """Raise an ``InputError`` where a plan cannot be what the forecast already holds, or is too large to run."""
    stopped = [what for what in ("placements", "assessments") if (base.share_on(what, demand.dates) < 1).any()]
    if stopped:
        raise InputError(
            f"placements: the plan as now has events that leave less than all {' and '.join(stopped)}, which the "
            "forecast does not know of; take them out of base and put them into the plan to be compared with it"
        )
    if base.assessments_per_day is not None:
        raise InputError(
            f"placements: the plan as now has assessments_per_day {base.assessments_per_day:g}, but as now social "
            "workers are taken to keep pace; leave it out of base and put it into the plan to be compared with it"
        )
    places = sum(float(base.capacity(product, demand.dates).sum()) for product in PRODUCTS)
    shortest = min(min(base.stay_means.values()), base.stay_limit if base.limit_kept > 0 else np.inf)
    people = float(demand.queue.max(initial=0)) + places / max(shortest + base.turnaround_days, 1.0)
    paths = demand.samples * len(demand.hospitals) * (len(PRODUCTS) + 1)
    if people * paths > MOST_KEPT:
        raise InputError(
            f"placements: up to {people:,.0f} people would wait for or pass through the places as now on each of "
            f"{demand.samples:,} sample paths, more than fit in memory; check the forecast, the numbers of places and "
            "the stays of base, or give fewer sample paths or days"
        )


def routed(demand: Demand, counts: Counts, plan: PlacementPlan, seed: int) -> dict[Line, Counts]:
    """Divide people, (hospital, pathway, sample, date), among the products that their pathway may use.

    The division is by sample path, whole people, and steady: one more person is one more in one line.
    """
    found: dict[Line, Counts] = {}
    for row, hospital in enumerate(demand.hospitals):
        for column, pathway in enumerate(demand.pathways):
            shares = {product: share_of(plan, pathway, product) for product in PRODUCTS}
            offsets = _generator(seed, "route", hospital, pathway).random(demand.samples)
            parts = _parted(counts[row, column], list(shares.values()), offsets)
            for product, part in zip(KINDS, parts, strict=True):
                if shares.get(product, 1 - sum(shares.values())) > 0:
                    found[Line(hospital, pathway, product)] = part
    return found


def _parted(counts: Counts, shares: Sequence[float], offsets: npt.NDArray[np.float64]) -> list[Counts]:
    """Divide counts, (sample, date), by shares; the last part is the rest. Parts sum to the counts."""
    edges = [np.floor(counts * share + offsets[:, None] * (share < 1)) for share in np.minimum(np.cumsum(shares), 1)]
    whole = [np.zeros_like(counts), *(np.minimum(edge, counts).astype(np.int32) for edge in edges), counts]
    return [high - low for low, high in pairwise(whole)]


def lines_of(
    demand: Demand,
    plan: PlacementPlan,
    seed: int,
    pools: Pools,
    heights: Mapping[Line, Counts],
    first: Mapping[Line, Counts],
) -> Lines:
    """Put people, with the stays that a plan gives them, into the lines they wait in."""
    rows = np.ones(demand.samples, dtype=np.intp)
    return Lines(
        height=pools.pack(heights),
        first=pools.pack(first),
        stays=np.stack([stays.table(stay_of(plan, pathway)) for pathway in demand.pathways]),
        kinds=pools.pack({line: rows * demand.pathways.index(line.pathway) for line in pools.lines}, missing=NO_LINE),
        levels=pools.pack({line: _stay_levels(demand.samples, line, seed) for line in pools.lines}),
        starts=pools.pack({line: rows.astype(bool) & (line.pathway == HOME) for line in pools.lines}),
    )


@lru_cache(maxsize=32)
def _stay_levels(samples: int, line: Line, seed: int) -> npt.NDArray[np.uint16]:
    """Levels at which stays are read, (sample, position), read-only; kept, since every plan is run on the same ones."""
    random = _generator(seed, "stay", line.hospital, line.pathway, line.product)
    levels = random.integers(0, stays.LEVELS, (samples, POSITIONS), dtype=np.uint16)
    levels.setflags(write=False)
    return levels


def capacities(plan: PlacementPlan, dates: pd.DatetimeIndex) -> dict[str, Counts]:
    """Usable places of each product, (1, date); none elsewhere."""
    found = {product: plan.capacity(product, dates).astype(np.int32)[None] for product in PRODUCTS}
    return {**found, ELSEWHERE: np.zeros((1, len(dates)), dtype=np.int32)}


def share_of(plan: PlacementPlan, pathway: str, product: str) -> float:
    """Share of those who wait for a pathway that a plan sends to a product."""
    routes: Mapping[str, float] = plan.routes.get(pathway, {})
    return routes.get(product, 0.0)


def stay_of(plan: PlacementPlan, pathway: str) -> stays.Chances:
    """Chance of each length of stay in an interim place."""
    free = stays.lognormal_stay(plan.stay_means[pathway], plan.stay_sigma)
    return stays.with_limit(free, plan.stay_limit, plan.limit_kept)


def already_there(
    demand: Demand, base: PlacementPlan, plan: PlacementPlan, pools: Pools, seed: int
) -> npt.NDArray[np.int16]:
    """Day on which each person already in a place leaves it, (pool, person); day 0 is the first of the forecast.

    As many as the plan says, else as there are places as now. Which pathway they are on nobody publishes: each is on
    one of those that use the product, in the proportions of the queue.
    """
    told: Mapping[str, int] = plan.already_placed or {}
    many = {
        product: int(told.get(product, base.capacity(product, demand.dates[:1])[0])) if product != ELSEWHERE else 0
        for product in pools.by_product
    }
    ends = np.full((len(many), demand.samples, max(many.values())), NOBODY, dtype=np.int16)
    for row, (product, people) in enumerate(many.items()):
        if people:
            levels = _generator(seed, "already", product).integers(0, stays.LEVELS, (people, demand.samples))
            ends[row, :, :people] = stays.table(stays.remaining(_mixed_stay(demand, plan, product)))[levels].T - 1
    return ends.reshape(len(many) * demand.samples, -1 if ends.size else 0)


def _mixed_stay(demand: Demand, plan: PlacementPlan, product: str) -> stays.Chances:
    """Stay in a product, over the pathways that use it."""
    queue = demand.queue[..., 0].sum(axis=(0, 2))
    users = {
        pathway: float(share_of(plan, pathway, product) * people)
        for pathway, people in zip(demand.pathways, queue, strict=True)
    }
    total = sum(users.values())
    weights = {way: weight / total for way, weight in users.items()} if total else dict.fromkeys(users, 1 / len(users))
    return np.asarray(np.sum([weight * stay_of(plan, way) for way, weight in weights.items()], axis=0))


def _generator(seed: int, *names: str) -> np.random.Generator:
    """Random numbers of one purpose, the same whatever else is drawn."""
    return np.random.default_rng([seed, *"/".join(names).encode()])
