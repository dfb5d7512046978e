"""A plan run on the sample paths: who moves into a place, and who waits in hospital."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.placements.assessment import Assessed, Shares, assess
from forecast.placements.demand import Demand, demand
from forecast.placements.lines import Counts, Lines, Rules
from forecast.placements.people import ELSEWHERE, KINDS, Line, People, already_there, lines_of, people_as_now, routed
from forecast.placements.plan import PlacementPlan
from forecast.placements.plan_names import PRODUCTS
from forecast.placements.results import Placements
from forecast.placements.service import serve
from forecast.trajectories import Trajectories

RECENT_DAYS = 7


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
    >>> run = latest_run("models")  # doctest: +SKIP
    >>> need = placements(run.trajectories("nctr_patients"), PlacementPlan(flats=44))  # doctest: +SKIP
    >>> need.quantiles("waiting", [0.05, 0.5, 0.95])  # doctest: +SKIP
    """
    residents = bool(plan and plan.residents_only)
    queue = trajectories if isinstance(trajectories, Demand) else demand(
        trajectories, residents_only=residents, seed=seed
    )
    return simulate(people_as_now(queue, base, seed=seed), plan, staff_absent)


def simulate(
    people: People, plan: PlacementPlan | None = None, staff_absent: Trajectories | None = None
) -> Placements:
    """Run a plan on people read off before; see ``placements``. Many plans can be run on the same people."""
    plan = plan or people.base
    inputs = Inputs.of(people, plan, staff_absent)
    given = {product: found for product in KINDS if (found := inputs.product(product))}
    return Placements.of(
        people,
        plan,
        [line for lines, _, _ in given.values() for line in lines],
        tuple(np.concatenate([getattr(lines, name) for _, lines, _ in given.values()]) for name in ("height", "first")),
        {product: serve(lines, rules) for product, (_, lines, rules) in given.items()},
        {product: plan.capacity(product, people.dates) for product in PRODUCTS},
        inputs.assessed,
    )


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
    def of(cls, people: People, plan: PlacementPlan, staff_absent: Trajectories | None = None) -> Inputs:
        """Route people, count extra or missing starts of care at home, and share out assessments."""
        queue, base = people.demand, people.base
        heights, first = dict(people.heights), dict(people.first)
        if plan.routes != base.routes:
            totals = _by_pathway(queue, heights)
            heights = routed(queue, totals, plan, people.seed)
            starts = routed(queue, queue.queue[..., :1], plan, people.seed)
            first = {line: counts[:, 0] for line, counts in starts.items()}
        more = _starts_beyond(plan, base, people.dates)
        missing = _whole(np.maximum(-more, 0))
        if missing.any():
            added = routed(queue, _shared_out(queue, missing.cumsum()), plan, people.seed)
            heights = {line: height + added[line] for line, height in heights.items()}
        absence = None if staff_absent is None else _absence(plan, staff_absent, people.dates, queue.samples)
        return cls(
            people,
            plan,
            heights,
            first,
            assess(people, plan, heights, absence),
            _starts_by_product(_whole(np.maximum(more, 0)), plan),
            _open_days(people, plan),
        )

    def product(self, product: str) -> tuple[list[Line], Lines, Rules] | None:
        """Lines and rules of one product; None where nobody is routed to it."""
        lines = [line for line in self.heights if line.product == product]
        if not lines:
            return None
        queue, plan, seed = self.people.demand, self.plan, self.people.seed
        stack = np.stack([self.heights[line] for line in lines])
        given = lines_of(queue, plan, seed, lines, stack, np.stack([self.first[line] for line in lines]))
        days = len(self.people.dates)
        capacity = np.zeros(days) if product == ELSEWHERE else plan.capacity(product, self.people.dates)
        reached = self.assessed.reached
        rules = Rules(
            capacity=capacity.astype(np.int32),
            already=already_there(queue, self.people.base, plan, product, seed),
            turnaround=plan.turnaround_days,
            open_days=self.open_days,
            assessed=None if reached is None else np.stack([reached[line] for line in lines]),
            extra_starts=self.extra_starts.get(product),
        )
        return lines, given, rules


def _by_pathway(queue: Demand, heights: Mapping[Line, Counts]) -> Counts:
    """Heights summed over products: (hospital, pathway, sample, date)."""
    totals = np.zeros(queue.queue.shape, dtype=np.int32)
    for line, height in heights.items():
        totals[queue.hospitals.index(line.hospital), queue.pathways.index(line.pathway)] += height
    return totals


def _starts_beyond(plan: PlacementPlan, base: PlacementPlan, dates: pd.DatetimeIndex) -> npt.NDArray[np.float64]:
    """Starts of care at home a day beyond those as now, that shorten the queue; the forecast holds those as now."""
    def starts(one: PlacementPlan) -> npt.NDArray[np.float64]:
        return one.home_care_starts * one.share_on("home_care_starts", dates)

    return starts(plan) - starts(base)


def _whole(rates: npt.NDArray[np.float64]) -> Counts:
    """Whole people a day whose running sum keeps to that of the rates."""
    return np.diff(np.floor(rates.cumsum() + 1e-9), prepend=0).astype(np.int32)


def _shared_out(queue: Demand, so_far: Counts) -> Counts:
    """People who wait because care at home did not start, by hospital in proportion to its queue for it."""
    added = np.zeros(queue.queue.shape, dtype=np.int32)
    if "home" in queue.pathways:
        column = queue.pathways.index("home")
        weights = queue.queue[:, column].mean(axis=(1, 2))
        share = weights / weights.sum() if weights.sum() > 0 else np.full(len(weights), 1 / len(weights))
        edges = np.floor(np.concatenate([[0.0], share.cumsum()])[:, None] * so_far + 1e-9).astype(np.int32)
        added[:, column] = np.diff(edges, axis=0)[:, None, :]
    return added


def _starts_by_product(starts: Counts, plan: PlacementPlan) -> dict[str, Counts]:
    """Extra starts by the product that those who are to go home wait for or are in."""
    if not starts.any():
        return {}
    routes = plan.routes.get("home", {})
    shares = [routes.get(product, 0.0) for product in KINDS if product != ELSEWHERE]
    edges = np.concatenate([[0.0], np.minimum(np.cumsum(shares), 1), [1.0]])
    so_far = np.floor(edges[:, None] * starts.cumsum() + 1e-9)
    daily = np.diff(np.diff(so_far, axis=0), axis=1, prepend=0).astype(np.int32)
    return dict(zip(KINDS, daily, strict=True))


def _open_days(people: People, plan: PlacementPlan) -> npt.NDArray[np.bool_] | None:
    """Days on which people may move in: an event that leaves a share of placements closes the others at random."""
    share = plan.share_on("placements", people.dates)
    if (share >= 1).all():
        return None
    drawn = np.random.default_rng([people.seed, 4]).random((people.demand.samples, len(share)))
    return np.asarray(drawn < share)


def _absence(plan: PlacementPlan, staff: Trajectories, dates: pd.DatetimeIndex, samples: int) -> Shares:
    """Share of social workers absent, (sample, date): the plan's, in proportion to the hospitals' staff absent.

    Today's level is the mean of the first week. Days beyond the forecast of absences stay as its last.
    """
    known = staff.samples.dropna("location", how="any").isel(date=staff.dates <= dates[-1])
    paths = known.sum("location").to_pandas().T.reindex(dates).ffill().bfill().to_numpy().T
    now = paths[:, :RECENT_DAYS].mean()
    ratio = paths[np.arange(samples) % len(paths)] / now
    return np.asarray(np.clip(plan.social_worker_absence * np.nan_to_num(ratio, nan=1.0), 0, 1))
