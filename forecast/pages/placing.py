"""A plan run on the forecast of a run, kept while a person looks at it: nothing is computed twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from forecast.errors import InputError
from forecast.pages.kept import opened
from forecast.placements.assurance import Assurance, places_needed
from forecast.placements.compare import compare
from forecast.placements.costs import PRICES, CostCurve, cost_curve
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.files import to_text
from forecast.placements.plans.names import SCHEDULES
from forecast.placements.queues.people import People, people_as_now
from forecast.placements.results import Placements
from forecast.placements.scenarios import Scenario, ready_made
from forecast.placements.simulation import simulate
from forecast.placements.waiting.backlog_paths import METRICS
from forecast.reading import by_name
from forecast.runs import Run
from forecast.runs.run_demand import demand_of

FEWER_PATHS, SEASON_PATHS = 200, 100
"""Paths on which many numbers of places are tried: enough for a chance to a few in a hundred, and quick."""
SEASON_SHOWN = 300
"""Paths of the season that are drawn: a thousand of two hundred days take a second and 100 megabytes for each plan."""
USABLE = ("usable_share", "requires_improvement_share", "requires_improvement_accepted")
BY_VALUE: dict[str | type[Any], Callable[[Any], Any]] = {PlacementPlan: lambda plan: to_text(plan.values())}


@st.cache_resource(max_entries=6, show_spinner=False)
def people_of(path: str, county: str, residents_only: bool, season: bool = False, fewer: bool = False) -> People | str:
    """Return who comes to wait in a county, from the run in ``path``; or why that is not known.

    ``season``: to the end of the season outlook. ``fewer``: on as many paths as ``tried`` says.
    """
    run = opened(path)
    if not any(metric in run.metrics for metric in METRICS):
        return "; ".join(f"{by_name.label(metric)}: {run.skipped.get(metric, 'not in this run')}" for metric in METRICS)
    try:
        queue = demand_of(run, county, residents_only=residents_only, season=season)
        if fewer or season:
            queue = replace(queue, queue=queue.queue[:, :, : tried(season) if fewer else SEASON_SHOWN])
        return people_as_now(queue, PlacementPlan.of(county))
    except InputError as error:
        return str(error)


def no_season(run: Run) -> str:
    """Say why places cannot be looked at a season ahead; empty where they can."""
    known = [metric for metric in METRICS if metric in run.metrics]
    return next((reason for metric in known if (reason := run.no_outlook(metric))), "")


def extra(county: str) -> list[str]:
    """Products whose places as now are not published: a plan counts those on top of them."""
    now = PlacementPlan.of(county)
    return [product for product, name in SCHEDULES.items() if not any(getattr(now, name).counts)]


def tried(season: bool) -> int:
    """Return on how many paths numbers of places are tried."""
    return SEASON_PATHS if season else FEWER_PATHS


def left_out(run: Run, county: str, people: People | str) -> dict[str, str]:
    """Hospitals of a county that nothing can be told of -> the reason."""
    if isinstance(people, str):
        return {code: _reason(run, code) or people for code in run.members(county)}
    known, missing = people.demand.hospitals, people.demand.missing
    return {code: _reason(run, code) or missing.get(code, "") for code in run.members(county) if code not in known}


def _reason(run: Run, code: str) -> str:
    return next((run.cannot_say(m)[code] for m in METRICS if m in run.metrics and code in run.cannot_say(m)), "")


# A result of the season takes 30 megabytes, one of the next weeks 20.
@st.cache_resource(max_entries=3, show_spinner=False, hash_funcs=BY_VALUE)
def result_of(path: str, plan: PlacementPlan, season: bool = False) -> Placements:
    """Run a plan on every path of the run in ``path``; of the season on ``SEASON_SHOWN``."""
    return simulate(_people(path, plan, season), plan)


def assurance_of(path: str, plan: PlacementPlan, season: bool = False) -> Assurance:
    """Return how many places make us how sure, whatever the places and prices of the plan are.

    With everything else as now on every path of the next weeks, as the run itself tells; else on fewer.
    """
    asked = _as_now(plan, (*SCHEDULES.values(), *PRICES.values(), *USABLE))
    return _assurance(path, asked, season, season or asked != PlacementPlan.of(plan.location))


def curve_of(path: str, plan: PlacementPlan, product: str, season: bool = False) -> CostCurve:
    """Return what numbers of places of a product cost; on fewer paths, and whatever else there are places of."""
    others = [name for one, name in SCHEDULES.items() if one != product]
    prices = [name for one, name in PRICES.items() if one != product]
    return _curve(path, _as_now(plan, (*others, *prices, SCHEDULES[product])), product, season)


@st.cache_resource(max_entries=20, show_spinner=False, hash_funcs=BY_VALUE)
def differences(path: str, plan: PlacementPlan, names: Sequence[str], season: bool = False) -> pd.DataFrame:
    """Compare plans with as now on fewer paths: see ``compare``; ``names``: keys of ready-made ones, or "yours"."""
    day = opened(path).as_of
    base = PlacementPlan.of(plan.location)
    found = {one.key: one.plan for one in ready_made(base, day)}
    plans: Mapping[str, PlacementPlan] = {name: found.get(name, plan) for name in names}
    residents = {"residents_only": plan.residents_only}
    plans = {name: one.changed(**residents) for name, one in plans.items()}
    return compare(_people(path, plan, season, fewer=True), plans, base.changed(**residents))


def scenarios(run: Run, county: str) -> tuple[Scenario, ...]:
    """Ready-made plans of a county, as now first."""
    return ready_made(PlacementPlan.of(county), run.as_of)


@st.cache_resource(max_entries=20, show_spinner=False, hash_funcs=BY_VALUE)
def _assurance(path: str, plan: PlacementPlan, season: bool, fewer: bool) -> Assurance:
    return places_needed(_people(path, plan, season, fewer=fewer), plan)


@st.cache_resource(max_entries=20, show_spinner=False, hash_funcs=BY_VALUE)
def _curve(path: str, plan: PlacementPlan, product: str, season: bool) -> CostCurve:
    return cost_curve(_people(path, plan, season, fewer=True), plan, product)


def _as_now(plan: PlacementPlan, names: Sequence[str]) -> PlacementPlan:
    usual = PlacementPlan.of(plan.location).values()
    return plan.changed(**{name: usual[name] for name in names})


def _people(path: str, plan: PlacementPlan, season: bool, *, fewer: bool = False) -> People:
    people = people_of(path, plan.location, plan.residents_only, season, fewer)
    if isinstance(people, str):
        raise InputError(people)
    return people
