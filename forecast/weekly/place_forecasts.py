"""Places within a refit: the forecasts of the backlog -> who waits for which onward care -> places needed as now."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

import pandas as pd

from forecast.errors import InputError
from forecast.observations.store import Store
from forecast.placements.assurance import places_needed
from forecast.placements.demand import demand
from forecast.placements.plan import PlacementPlan
from forecast.placements.queues.people import people_as_now
from forecast.placements.simulation import simulate
from forecast.placements.waiting.backlog_paths import METRICS
from forecast.placements.waiting.pooled_shares import pathway_shares
from forecast.reference import Reference
from forecast.runs import MetricForecast
from forecast.runs.places_ahead import QUANTILE_COLUMNS, PlacesAhead
from forecast.trajectories import Trajectories

COUNTS = ("waiting", "occupied", "needed")
LEVELS = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
NO_BACKLOG = "neither count of people fit to leave was forecast"

_log = logging.getLogger(__name__)


def places_of(
    county: str,
    members: Sequence[str],
    made: Mapping[str, MetricForecast],
    store: Store,
    day: pd.Timestamp,
    seed: int,
    tables: Reference,
) -> PlacesAhead:
    """Plan places for a county as now, or say in words why not; a run without places is still a run."""
    paths = {name: _hospitals(made[name], members, day) for name in METRICS if name in made}
    given = {name: one for name, one in paths.items() if one is not None}
    if not given:
        return PlacesAhead(reason=NO_BACKLOG)
    try:
        shares = pathway_shares(store, list(members), day, tables=tables)
        queue = demand(given, shares=shares, tables=tables, seed=seed)
        people = people_as_now(queue, PlacementPlan.of(county, tables=tables), seed=seed)
        result, needed = simulate(people), places_needed(people).needed
    except InputError as error:
        _log.warning("%s: no places: %s", county, error)
        return PlacesAhead(reason=str(error))
    counts = pd.concat([result.quantiles(what, LEVELS).assign(what=what) for what in COUNTS], ignore_index=True)
    return PlacesAhead(
        shares,
        counts[list(QUANTILE_COLUMNS)],
        needed.reset_index().melt("level", var_name="product", value_name="places"),
        notes={**queue.notes, **{code: f"left out: {why}" for code, why in queue.missing.items()}},
    )


def _hospitals(one: MetricForecast, members: Sequence[str], day: pd.Timestamp) -> Trajectories | None:
    """Paths at the hospitals of a county that have a forecast, from the day after the as-of day on."""
    known = [code for code in members if code not in one.cannot_say]
    return one.trajectories.select(known).after(day) if known else None
