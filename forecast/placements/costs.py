"""What a plan costs, what waiting costs, and the number of places at which both together cost least."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.placements.assurance import most_taken
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.fields import FIELDS
from forecast.placements.plans.names import PRODUCTS, SCHEDULES
from forecast.placements.plans.numbers import as_whole, said
from forecast.placements.plans.wanted import wanted
from forecast.placements.queues.people import People, check_place
from forecast.placements.results import Placements
from forecast.placements.simulation import simulate
from forecast.trajectories import Trajectories

Pounds = npt.NDArray[np.float64]
PRICES = {product: f"price_{product}" for product in PRODUCTS}
STEPS = 12
LEAST_USABLE = 0.01
ASSURED = 0.95


@dataclass(frozen=True, eq=False)
class Bill:
    """Pounds over the whole forecast, (sample,).

    places: every place of the plan, used or not, also those in homes that nobody may be placed in. care_at_home: each
    start of care at home beyond those as now (a saving where there are fewer), where the plan gives it a price.
    waiting: hospital bed-days of people who wait. total: their sum.
    """

    places: Pounds
    care_at_home: Pounds
    waiting: Pounds

    @property
    def total(self) -> Pounds:
        """Sum of the three."""
        return self.places + self.care_at_home + self.waiting


@dataclass(frozen=True, eq=False)
class CostCurve:
    """What different numbers of places of a product would cost over the forecast, all else as planned.

    rows: DataFrame with columns places, plan_cost, waiting_cost, total (mean pounds over paths; waiting is for this
    product), chance_short (that anybody waits for it longer than the longest wait on any day), waiting (mean people a
    day). cheapest: of the places tried, those at which the total is least. zero_waiting: fewest of those tried with
    which, on 95 % of paths, nobody waits longer than the longest wait; None where none does. samples: paths used.
    """

    product: str
    rows: pd.DataFrame
    cheapest: int
    zero_waiting: int | None
    samples: int

    @property
    def zero_is_dearer_by(self) -> float | None:
        """Pounds that being 95 % sure costs more than the cheapest number of places; None where it cannot be had."""
        if self.zero_waiting is None:
            return None
        total = self.rows.set_index("places")["total"]
        return float(total[self.zero_waiting] - total[self.cheapest])


def bill(result: Placements) -> Bill:
    """Price a plan that has been run."""
    plan, dates = result.plan, result.dates
    places = sum(getattr(plan, PRICES[p]) * float(getattr(plan, SCHEDULES[p]).on(dates).sum()) for p in PRODUCTS)
    started = plan.home_care_starts * plan.share_on("home_care_starts", dates)
    base = result.people.base
    more = float((started - base.home_care_starts * base.share_on("home_care_starts", dates)).sum())
    every = np.ones(result.samples)
    return Bill(
        places=places * every,
        care_at_home=(plan.price_home_care_start or 0.0) * more * every,
        waiting=plan.price_hospital_bed * result.bed_days_waiting().astype(float),
    )


def cost_curve(
    people: People,
    plan: PlacementPlan | None = None,
    product: str = "flat",
    staff_absent: Trajectories | None = None,
    *,
    counts: Sequence[int] | None = None,
) -> CostCurve:
    """Price numbers of places of one product, each open from the first day to the last, all else as planned.

    The newsvendor's question: a place too many costs its price, a place too few costs hospital bed-days. The cheapest
    number is where one more place no longer saves what it costs, and by then some people still wait.

    Parameters
    ----------
    people
        Who comes.
    plan
        Everything else; as now unless given.
    product
        One of the products of the plan.
    staff_absent
        See ``placements``.
    counts
        Numbers of places to try; evenly from none to where nobody waits unless given.

    Raises
    ------
    InputError
        There is no such product, or a number of places is not whole or out of the plan's range.
    """
    wanted("cost curve", people, People, "what people_as_now() returns")
    plan = people.base if plan is None else plan
    check_place(plan, people.demand)
    if product not in PRODUCTS:
        raise InputError(f"cost curve: {product!r} is no product; choose among {', '.join(PRODUCTS)}")
    tried = _spread(people, plan, product, staff_absent) if counts is None else _counted(counts)
    rows = [_priced(people, plan, product, count, staff_absent) for count in tried]
    frame = pd.DataFrame(rows)
    sure = frame.loc[frame["chance_short"] <= 1 - ASSURED + 1e-9, "places"]
    return CostCurve(
        product=product,
        rows=frame,
        cheapest=tried[int(frame["total"].to_numpy().argmin())],
        zero_waiting=int(sure.min()) if len(sure) else None,
        samples=people.demand.samples,
    )


def _counted(counts: Sequence[int]) -> list[int]:
    """Numbers of places as given, each once, rising."""
    if not isinstance(counts, Sequence | np.ndarray) or not len(counts):
        raise InputError(f"cost curve: counts is {said(counts)}; give numbers of places, such as [0, 20, 40]")
    return sorted({as_whole(count) for count in counts})


def _priced(
    people: People, plan: PlacementPlan, product: str, count: int, staff_absent: Trajectories | None
) -> dict[str, float]:
    result = simulate(people, plan.changed(**{SCHEDULES[product]: count}), staff_absent)
    waiting = result.paths("waiting", product=product)
    paid = getattr(plan, PRICES[product]) * count * len(result.dates)
    waited = plan.price_hospital_bed * waiting.sum(axis=1).mean()
    long = result.paths("waiting_long", product=product)
    return {
        "places": count,
        "plan_cost": float(paid),
        "waiting_cost": float(waited),
        "total": float(paid + waited),
        "chance_short": float((long > 0).any(axis=1).mean()),
        "waiting": float(waiting.mean()),
    }


def _spread(people: People, plan: PlacementPlan, product: str, staff_absent: Trajectories | None) -> list[int]:
    """Numbers of places from none to more than are ever taken, with the plan's own."""
    usable = plan.usable_care_home_share if product == "care_home_bed" else 1.0
    most = int(most_taken(people, plan, staff_absent).get(product, np.zeros(1)).max(initial=0))
    most_beds = min(math.ceil(most / max(usable, LEAST_USABLE)), int(FIELDS[SCHEDULES[product]].high))
    steps = np.rint(np.linspace(0, most_beds, STEPS)).astype(int)
    return sorted({*steps.tolist(), *getattr(plan, SCHEDULES[product]).counts})
