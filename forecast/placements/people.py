"""Who comes to wait, whatever the plan: read off the forecast queue and what the places of today do to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.placements import stays
from forecast.placements.demand import Demand
from forecast.placements.lines import Counts, Lines, Rules
from forecast.placements.plan import PlacementPlan
from forecast.placements.plan_names import PRODUCTS
from forecast.placements.service import heights_as_now

ELSEWHERE = ""
"""In place of a product: nothing the plan has would do for these people."""
KINDS = (*PRODUCTS, ELSEWHERE)
POSITIONS = 512
"""People of a line for whom a stay is drawn on each path; the next ones take the stays of the first again."""


@dataclass(frozen=True)
class Line:
    """People of one hospital and pathway who wait for one product, ``ELSEWHERE`` for none."""

    hospital: str
    pathway: str
    product: str


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

    @property
    def arrivals_a_day(self) -> npt.NDArray[np.float64]:
        """People who come to wait, a day on average over the forecast, by sample; those of the first day left out."""
        rises = [
            np.maximum(np.diff(height, axis=1, prepend=self.first[line][:, None]), 0).sum(axis=1)
            for line, height in self.heights.items()
        ]
        return np.asarray(np.sum(rises, axis=0) / len(self.dates))


def people_as_now(demand: Demand, base: PlacementPlan | None = None, *, seed: int = 1) -> People:
    """Read off a forecast queue who comes to wait.

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
        The hospitals of the forecast lie in no county, or not in the plan's.
    """
    if not demand.county:
        raise InputError(
            f"placements: the hospitals {', '.join(demand.hospitals)} do not lie in one county of the reference tables; "
            "forecast the hospitals of one county, or give them a parent in locations.csv"
        )
    base = base or PlacementPlan.of(demand.county)
    if base.location != demand.county:
        raise InputError(
            f"placements: the plan is for {base.location!r} and the forecast for {demand.county!r}; make the plan with "
            f"PlacementPlan.of({demand.county!r})"
        )
    waiting = routed(demand, demand.queue, base, seed)
    heights: dict[Line, Counts] = {}
    first = {line: counts[:, 0] for line, counts in waiting.items()}
    for product in KINDS:
        lines = [line for line in waiting if line.product == product]
        if not lines:
            continue
        queue = np.stack([waiting[line] for line in lines])
        if product == ELSEWHERE:
            found = queue
        else:
            given = lines_of(demand, base, seed, lines, queue, np.stack([first[line] for line in lines]))
            found = heights_as_now(queue, given, _as_now(demand, base, product, seed))
        heights |= dict(zip(lines, found, strict=True))
    return People(demand, base, seed, heights, first)


def routed(demand: Demand, counts: Counts, plan: PlacementPlan, seed: int) -> dict[Line, Counts]:
    """Divide people, (hospital, pathway, sample, date), among the products that their pathway may use.

    The division is by sample path, whole people, and steady: one more person is one more in one line.
    """
    found: dict[Line, Counts] = {}
    for row, hospital in enumerate(demand.hospitals):
        for column, pathway in enumerate(demand.pathways):
            routes = plan.routes.get(pathway, {})
            shares = {product: routes.get(product, 0.0) for product in PRODUCTS}
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
    return [high - low for low, high in zip(whole[:-1], whole[1:], strict=True)]


def lines_of(
    demand: Demand, plan: PlacementPlan, seed: int, lines: Sequence[Line], heights: Counts, first: Counts
) -> Lines:
    """The lines of one product with the stays that a plan gives them."""
    return Lines(
        height=heights,
        first=first,
        stays=tuple(stays.table(stay_of(plan, line.pathway)) for line in lines),
        levels=np.stack(
            [
                _generator(seed, "stay", line.hospital, line.pathway, line.product).integers(
                    0, stays.LEVELS, (POSITIONS, demand.samples), dtype=np.uint16
                )
                for line in lines
            ]
        ),
        starts=np.array([line.pathway == "home" for line in lines]),
    )


def stay_of(plan: PlacementPlan, pathway: str) -> stays.Chances:
    """Chance of each length of stay in an interim place."""
    free = stays.lognormal_stay(plan.stay_means[pathway], plan.stay_sigma)
    return stays.with_limit(free, plan.stay_limit, plan.limit_kept)


def already_there(
    demand: Demand, base: PlacementPlan, plan: PlacementPlan, product: str, seed: int
) -> npt.NDArray[np.int16]:
    """Day on which each person already in a place leaves it, (sample, person); day 0 is the first of the forecast.

    As many as the plan says, else as there are places as now. Which pathway they are on nobody publishes: each is on
    one of those that use the product, in the proportions of the queue.
    """
    if product == ELSEWHERE:
        return np.zeros((demand.samples, 0), dtype=np.int16)
    told = plan.already_placed or {}
    many = int(told[product] if product in told else base.capacity(product, demand.dates[:1])[0])
    queue = demand.queue[..., 0].sum(axis=(0, 2))
    weights = np.array([plan.routes.get(way, {}).get(product, 0.0) for way in demand.pathways]) * queue
    ways = [way for way, weight in zip(demand.pathways, weights, strict=True) if weight > 0] or list(demand.pathways)
    chosen = weights[weights > 0] if (weights > 0).any() else np.ones(len(ways))
    mixed = sum(
        (share * stay_of(plan, way) for way, share in zip(ways, chosen / chosen.sum(), strict=True)),
        start=np.zeros(stays.LONGEST),
    )
    draw = _generator(seed, "already", product).integers(0, stays.LEVELS, (demand.samples, many), dtype=np.uint16)
    return np.asarray(stays.table(stays.remaining(mixed))[draw] - 1)


def _as_now(demand: Demand, base: PlacementPlan, product: str, seed: int) -> Rules:
    capacity = base.capacity(product, demand.dates).astype(np.int32)
    return Rules(capacity, already_there(demand, base, base, product, seed), base.turnaround_days)


def _generator(seed: int, *names: str) -> np.random.Generator:
    """Random numbers of one purpose, the same whatever else is drawn."""
    return np.random.default_rng([seed, *"/".join(names).encode()])
