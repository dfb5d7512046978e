"""The worked example answered: what 44 flats come to when 600 people are fit to leave and 150 of them wait for care."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from forecast.placements.assurance import places_needed
from forecast.placements.costs import cost_curve
from forecast.placements.demand import Demand, demand
from forecast.placements.plans.names import PATHWAYS
from forecast.placements.queues.people import People, people_as_now
from forecast.placements.results import Placements
from forecast.placements.simulation import simulate
from forecast.placements.waiting.backlog_paths import METRICS
from forecast.placements.worked_example import WorkedExample, worked_example
from forecast.reference import Reference, reference
from forecast.trajectories import DIMS, Trajectories

DAYS = 42
SPREAD = "backlog_spread"
"""Row of the reference: by what share a hospital's seven-day mean moves in four weeks, one standard deviation."""
SPREAD_DAYS = 28
ASSURANCE = 0.9


@dataclass(frozen=True, eq=False)
class BriefAnswer:
    """What the reported situation comes to over the next six weeks.

    Parameters
    ----------
    example
        The situation, and where its figures are from.
    people
        Who comes to wait, with the newer number of flats as now.
    now, fewer
        The two plans run on the same people: the newer number of flats, and the older one.
    needed
        Level by product: places with which nobody waits longer than the plan allows.
    cheapest_flats, sure_flats
        Flats at which places and waiting together cost least, and flats that make it nine in ten sure.
    """

    example: WorkedExample
    people: People
    now: Placements
    fewer: Placements
    needed: pd.DataFrame
    cheapest_flats: int
    sure_flats: int

    def in_words(self) -> list[str]:
        """Return the answer as sentences."""
        example, last = self.example, len(self.now.dates) - 1
        by_pathway = {way: int(np.median(self.now.paths("waiting", pathway=way)[:, 0])) for way in PATHWAYS}
        flats, fewer = (int(plan.flats.counts[0]) for plan in (example.plan, example.fewer_flats))
        more = (self.fewer.paths("waiting") - self.now.paths("waiting"))[:, last - 14]
        days = self.fewer.bed_days_waiting() - self.now.bed_days_waiting()
        least = self.now.bed_days_freed(lasts=self.now.plan.home_care_start_lasts)
        return [
            f"Of {example.fit_to_leave} people fit to leave, {example.waiting_for_social_care} wait for care outside "
            f"hospital: about {by_pathway['home']} for care at home, {by_pathway['rehabilitation']} for a "
            f"rehabilitation bed and {by_pathway['care_home']} for a care home.",
            f"With {flats} flats, {_range(self.now.paths('waiting', product='flat')[:, last])} people are likely to "
            f"wait for one after six weeks.",
            f"{self.sure_flats} flats would make it 90 % sure that nobody waits longer than "
            f"{example.plan.longest_wait} days; {self.cheapest_flats} would cost least, places and waiting together.",
            f"With {fewer} flats, {_range(more)} more people are likely to wait after four weeks, and "
            f"{_range(days)} more hospital bed-days are used in six.",
            f"In six weeks {flats} flats free {_range(self.now.bed_days_freed())} hospital bed-days at the most, "
            f"and {_range(least)} if those placed would have left as soon as most who wait.",
        ]


def _range(values: npt.NDArray[Any]) -> str:
    """Return the likely range, 9 in 10."""
    low, high = np.quantile(values, [0.05, 0.95])
    return f"{low:,.0f} to {high:,.0f}"


def answer(
    location: str | None = None, *, samples: int = 1000, seed: int = 1, tables: Reference | None = None
) -> BriefAnswer:
    """Answer the worked example.

    No forecast is needed for it: the backlog starts at the number reported, and each hospital's moves as backlogs did
    in the published record.

    Parameters
    ----------
    location
        A county whose report is in the reference tables; their first unless given.
    samples, seed
        Of the paths.
    tables
        Reference tables; those in force unless given.
    """
    tables = tables or reference()
    example = worked_example(location, tables=tables)
    people = people_as_now(_queue(example, tables, samples, seed), example.plan, seed=seed)
    needed = places_needed(people, example.plan).needed
    return BriefAnswer(
        example,
        people,
        simulate(people, example.plan),
        simulate(people, example.fewer_flats),
        needed,
        cost_curve(people, example.plan, "flat").cheapest,
        int(needed["flat"].loc[ASSURANCE]),
    )


def _queue(example: WorkedExample, tables: Reference, samples: int, seed: int) -> Demand:
    """Everybody reported as waiting for social care, from the first day, in the proportions of the delay reasons."""
    random = np.random.default_rng([seed, 9])
    dates = pd.date_range(example.day, periods=DAYS)
    spread = tables.assumption(SPREAD).value / np.sqrt(SPREAD_DAYS)
    moves = random.normal(0, spread, (len(example.hospitals), samples, DAYS)).cumsum(axis=2)
    moves -= moves[:, :, :1]
    level = example.fit_to_leave * np.array(list(example.hospitals.values()))
    coords = {"location": list(example.hospitals), "sample": np.arange(samples), "date": dates}
    paths = xr.DataArray(np.rint(level[:, None, None] * np.exp(moves)), dims=DIMS, coords=coords)
    share = example.waiting_for_social_care / example.fit_to_leave
    before = dates[0] - pd.Timedelta("1D")
    # The report does not say which count it means: every hospital's rule finds the reported one.
    backlog = {metric: Trajectories(paths, metric, before) for metric in METRICS}
    return demand(backlog, queue_shares=dict.fromkeys(example.hospitals, share), seed=seed, tables=tables)
