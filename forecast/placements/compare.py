"""Plans side by side on the same people and the same random numbers: a difference is the plan's, not the draw's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.placements.costs import bill
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.wanted import wanted_levels
from forecast.placements.queues.people import People
from forecast.placements.results import Placements
from forecast.placements.simulation import simulate
from forecast.trajectories import Trajectories

LEVELS = (0.05, 0.5, 0.95)
Figures = npt.NDArray[np.float64]
MEASURES = ("waiting", "bed_days", "places_cost", "waiting_cost", "total_cost")


def compare(
    people: People,
    plans: Mapping[str, PlacementPlan],
    base: PlacementPlan | None = None,
    staff_absent: Trajectories | None = None,
    *,
    levels: Sequence[float] = LEVELS,
) -> pd.DataFrame:
    """Difference of each plan from a base plan, path by path.

    Parameters
    ----------
    people
        Who comes.
    plans
        Name to plan.
    base
        The plan compared with; as now unless given.
    staff_absent
        See ``placements``.
    levels
        Quantiles of the differences.

    Returns
    -------
    DataFrame
        Columns scenario, location, measure, quantile, value: quantiles over paths of the plan's figure less the base's.
        ``waiting``: people waiting in hospital on the last day; ``bed_days``: hospital bed-days of people who wait,
        over the forecast; ``places_cost``, ``waiting_cost``, ``total_cost``: pounds over the forecast, of the county.

    Raises
    ------
    InputError
        There is no plan to compare, or a level is no number from 0 to 1.
    """
    if not plans or not isinstance(plans, Mapping):
        raise InputError("compare: no plan given; give at least one by name")
    levels = wanted_levels("compare", levels)
    usual = _figures(simulate(people, base, staff_absent))
    rows = []
    for name, plan in plans.items():
        own = _figures(simulate(people, plan, staff_absent))
        for (location, measure), values in own.items():
            for level, value in zip(levels, np.quantile(values - usual[location, measure], levels), strict=True):
                rows.append((name, location, measure, level, float(value)))
    return pd.DataFrame(rows, columns=["scenario", "location", "measure", "quantile", "value"])


def _figures(result: Placements) -> dict[tuple[str, str], Figures]:
    """Figures of a run by path, for each location and measure."""
    found: dict[tuple[str, str], Figures] = {}
    for location in result.locations:
        waiting = result.paths("waiting", location).astype(float)
        found[location, "waiting"], found[location, "bed_days"] = waiting[:, -1], waiting.sum(axis=1)
    paid = bill(result)
    costs = {"places_cost": paid.places, "waiting_cost": paid.waiting, "total_cost": paid.total}
    return {**found, **{(result.county, measure): values for measure, values in costs.items()}}
