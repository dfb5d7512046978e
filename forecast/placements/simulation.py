"""A plan run on the sample paths: who moves into a place, and who waits in hospital."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.placements.demand import Demand, demand
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.wanted import wanted
from forecast.placements.queues.absences import absence_by_hospitals
from forecast.placements.queues.assessment import Assessed, assess
from forecast.placements.queues.fading import faded_sum
from forecast.placements.queues.lines import Counts, Lines, Rules
from forecast.placements.queues.people import (
    HOME,
    People,
    already_there,
    capacities,
    check_place,
    lines_of,
    people_as_now,
    routed,
    share_of,
)
from forecast.placements.queues.pools import ELSEWHERE, KINDS, Line, Pools
from forecast.placements.queues.service import serve
from forecast.placements.results import Placements
from forecast.trajectories import Trajectories

DIGITS, TINY = 9, 1e-9


def placements(
    trajectories: Trajectories | Mapping[str, Trajectories] | Demand,
    plan: PlacementPlan | None = None,
    staff_absent: Trajectories | None = None,
    *,
    base: PlacementPlan | None = None,
    seed: int = 1,
) -> Placements:
    """Run a plan on the sample paths of a backlog.

    Parameters
    ----------
    trajectories
        Sample paths of people fit to leave (see ``demand``), or the queue already read off them.
    plan
        Places, stays, services and prices; as now unless given.
    staff_absent
        Sample paths of hospital staff absent: social workers' absence is taken to rise and fall in proportion. Left
        out, it is the plan's own.
    base
        The plan as now, whose work the forecast already holds; that of the reference tables unless given.
    seed
        Of shares, routes and stays. Plans compared on one seed differ by the plan alone.

    Returns
    -------
    Placements
        By day, hospital, pathway and product. The plan as now leaves exactly the forecast's queue in hospital.

    Raises
    ------
    InputError
        See ``demand`` and ``PlacementPlan``.

    Examples
    --------
    >>> run = fc.latest_run("models")
    >>> backlog = {name: run.trajectories(name) for name in ("nctr_patients", "nctr_remaining")}
    >>> need = fc.placements(backlog, fc.PlacementPlan(flats=44))
    >>> need.county, need.products
    ('NORFOLK', ('flat', 'care_home_bed', 'community_bed'))
    >>> sorted(need.quantiles("waiting", [0.05, 0.5, 0.95]).columns)
    ['date', 'location', 'product', 'quantile', 'value']
    """
    if plan is not None:
        wanted("placements", plan, PlacementPlan, "a plan, or leave it out for the plan as now")
    residents = bool(plan and plan.residents_only)
    queue = (
        trajectories if isinstance(trajectories, Demand) else demand(trajectories, residents_only=residents, seed=seed)
    )
    return simulate(people_as_now(queue, base, seed=seed), plan, staff_absent)


def simulate(people: People, plan: PlacementPlan | None = None, staff_absent: Trajectories | None = None) -> Placements:
    """Run a plan on people read off before; see ``placements``. Many plans can be run on the same people."""
    inputs = Inputs.of(people, plan, staff_absent)
    lines, rules = inputs.lines(), inputs.rules()
    return Placements.of(people, inputs.plan, inputs.pools, lines, serve(lines, rules), inputs.assessed)


@dataclass(frozen=True, eq=False)
class Inputs:
    """What the queue for each product starts from under a plan."""

    people: People
    plan: PlacementPlan
    heights: Mapping[Line, Counts]
    first: Mapping[Line, Counts]
    assessed: Assessed
    extra_starts: Mapping[str, Counts]
    open_days: npt.NDArray[np.bool_] | None

    @classmethod
    def of(cls, people: People, plan: PlacementPlan | None, staff_absent: Trajectories | None = None) -> Inputs:
        """Route people, count extra or missing starts of care at home, and share out assessments."""
        wanted("placements", people, People, "what people_as_now() returns")
        queue, base = people.demand, people.base
        plan = base if plan is None else plan
        check_place(plan, queue)
        heights, first = dict(people.heights), dict(people.first)
        if plan.routes != base.routes:
            totals = _by_pathway(queue, heights)
            heights = routed(queue, totals, plan, people.seed)
            starts = routed(queue, queue.queue[..., :1], plan, people.seed)
            first = {line: counts[:, 0] for line, counts in starts.items()}
        more = _starts_beyond(plan, base, people.dates)
        joining = _whole(np.maximum(-more, 0))
        if joining.any():
            added = routed(queue, _shared_out(queue, joining.cumsum()), plan, people.seed)
            heights = {line: height + added[line] for line, height in heights.items()}
        absence = None if staff_absent is None else absence_by_hospitals(staff_absent, plan, queue)
        return cls(
            people,
            plan,
            heights,
            first,
            assess(people, plan, heights, first, absence),
            _starts_by_product(_whole(np.maximum(more, 0)), plan),
            _open_days(people, plan),
        )

    @property
    def pools(self) -> Pools:
        """Where each line stands."""
        return Pools.of(self.heights, self.people.demand.samples)

    def lines(self) -> Lines:
        """The people who wait."""
        people = self.people
        return lines_of(people.demand, self.plan, people.seed, self.pools, self.heights, self.first)

    def rules(self) -> Rules:
        """What the plan makes of them."""
        people, plan, pools = self.people, self.plan, self.pools
        none = np.zeros((1, len(people.dates)), dtype=np.int32)
        starts = {product: self.extra_starts.get(product, none) for product in KINDS}
        return Rules(
            capacity=pools.by_pool(capacities(plan, people.dates)),
            already=already_there(people.demand, people.base, plan, pools, people.seed),
            turnaround=plan.turnaround_days,
            open_days=None if self.open_days is None else pools.by_pool(dict.fromkeys(KINDS, self.open_days)),
            assessed=None if self.assessed.reached is None else pools.pack(self.assessed.reached),
            extra_starts=pools.by_pool(starts) if self.extra_starts else None,
        )


def _by_pathway(queue: Demand, heights: Mapping[Line, Counts]) -> Counts:
    """Heights summed over products: (hospital, pathway, sample, date)."""
    totals = np.zeros(queue.queue.shape, dtype=np.int32)
    for line, height in heights.items():
        totals[queue.hospitals.index(line.hospital), queue.pathways.index(line.pathway)] += height
    return totals


def _starts_beyond(plan: PlacementPlan, base: PlacementPlan, dates: pd.DatetimeIndex) -> npt.NDArray[np.float64]:
    """People a day by whom starts of care at home beyond those as now, which the forecast holds, shorten the queue.

    What one more start does fades: after k days a share (1 - 1 / lasts) ** k of it is left, since others come in the
    place of those who went home, or they would have gone anyway. What fades makes the queue longer again. One more
    start on every day thus comes to ``lasts`` people fewer in the end, which is how ``lasts`` was measured.
    """

    def starts(one: PlacementPlan) -> npt.NDArray[np.float64]:
        return one.home_care_starts * one.share_on("home_care_starts", dates)

    shorter = faded_sum(starts(plan) - starts(base), 1 - 1 / plan.home_care_start_lasts)
    return np.diff(np.round(shorter, DIGITS), prepend=0)


def _whole(rates: npt.NDArray[np.float64]) -> Counts:
    """Whole people a day whose running sum keeps to that of the rates."""
    return np.diff(np.floor(rates.cumsum() + TINY), prepend=0).astype(np.int32)


def _shared_out(queue: Demand, so_far: Counts) -> Counts:
    """People who wait because care at home did not start, so far, by hospital in proportion to its queue for it."""
    added = np.zeros(queue.queue.shape, dtype=np.int32)
    if HOME in queue.pathways:
        column = queue.pathways.index(HOME)
        weights = queue.queue[:, column].mean(axis=(1, 2))
        share = weights / weights.sum() if weights.sum() > 0 else np.full(len(weights), 1 / len(weights))
        edges = np.floor(np.concatenate([[0.0], share.cumsum()])[:, None] * so_far + TINY).astype(np.int32)
        added[:, column] = np.diff(edges, axis=0)[:, None, :]
    return added


def _starts_by_product(starts: Counts, plan: PlacementPlan) -> dict[str, Counts]:
    """Extra starts by the product that those who are to go home wait for or are in."""
    if not starts.any():
        return {}
    shares = [share_of(plan, HOME, product) for product in KINDS if product != ELSEWHERE]
    edges = np.concatenate([[0.0], np.minimum(np.cumsum(shares), 1), [1.0]])
    so_far = np.floor(edges[:, None] * starts.cumsum() + TINY)
    daily = np.diff(np.diff(so_far, axis=0), axis=1, prepend=0).astype(np.int32)
    return dict(zip(KINDS, daily[:, None], strict=True))


def _open_days(people: People, plan: PlacementPlan) -> npt.NDArray[np.bool_] | None:
    """Days on which people may move in: an event that leaves a share of placements closes the others at random."""
    share = plan.share_on("placements", people.dates)
    if (share >= 1).all():
        return None
    drawn = np.random.default_rng([people.seed, 4]).random((people.demand.samples, len(share)))
    return np.asarray(drawn < share)
