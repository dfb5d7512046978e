"""Who waits for which onward care, read off a finished run."""

from __future__ import annotations

from forecast.errors import InputError, RunError
from forecast.placements.demand import Demand, demand
from forecast.placements.waiting.backlog_paths import METRICS
from forecast.placements.waiting.carried import carried
from forecast.runs import Run


def demand_of(
    run: Run, county: str, *, residents_only: bool = False, season: bool = False, seed: int | None = None
) -> Demand:
    """Read the queue for onward care off a run, from the day after its as-of day.

    Parameters
    ----------
    run
        A finished run.
    county
        One of its counties.
    residents_only
        Count only people who live in the county.
    season
        Go on along the season outlook, where the run has one of each count.
    seed
        The run's own unless given.

    Raises
    ------
    InputError
        The run has no such county, or no hospital of it has a forecast of its count; the message says why.
    RunError
        A piece of the run cannot be read.
    """
    if county not in run.counties:
        raise InputError(f"run {run.id} has no county {county!r}; choose among {', '.join(run.counties)}")
    given = {}
    for metric in (one for one in METRICS if one in run.metrics):
        known = [code for code in run.members(county) if code not in run.cannot_say(metric)]
        if known:
            paths = run.trajectories(metric).select(known)
            far = season and not run.no_outlook(metric)
            given[metric] = (carried(paths, run.outlook(metric).select(known)) if far else paths).after(run.as_of)
    seed = run.manifest.get("seed") if seed is None else seed
    if not isinstance(seed, int):
        raise RunError(f"run {run.id}: its manifest has the seed {seed!r}; run 'forecast refit' to make a new run")
    return demand(given, shares=run.pathway_shares(county), residents_only=residents_only, seed=seed)
