"""What changed since the run before, and why: found by making that forecast again, never guessed.

Three things differ between two runs, and each is put back alone (``forecast.weekly.attribution``): the model (code,
settings, reference tables), what was known then as it is told today, and what has come since. A forecast is only made
again where that one thing differs: the same model on the same figures gives the same paths.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from time import perf_counter

import pandas as pd

from forecast.observations.views import AsIngested, Retold
from forecast.runs import Run
from forecast.runs.changes_ahead import (
    BEFORE,
    FORECAST_COLUMNS,
    NOT_ASKED,
    PLACE_COLUMNS,
    REVISED_COLUMNS,
    WEEK_COLUMNS,
    Changes,
)
from forecast.runs.places_ahead import PlacesAhead
from forecast.weekly.again import Comparison, Made, Then
from forecast.weekly.last_week import week_told
from forecast.weekly.previous import Previous
from forecast.weekly.revised_values import revised_values
from forecast.weekly.same_inputs import model_differences
from forecast.weekly.today import Today

MADE_AGAIN = (
    "there is no run of the week before to compare with, so its forecast of people fit to leave was made again with "
    "today's model from what was published by then; other measures are not compared"
)
NOT_HELD = "the store no longer holds every file that the earlier run read; what it knew is taken from release dates"

_log = logging.getLogger(__name__)


def compared(today: Today, previous: Previous, made: Made, places: Mapping[str, PlacesAhead]) -> Changes:
    """Say what changed since the run before, and why; where that fails, why it cannot be said."""
    if not today.settings.compare_days:
        return Changes(NOT_ASKED)
    start = perf_counter()
    try:
        found = _compared(today, previous, made, places)
    # A forecast is worth more than what is said of the last one: nothing here may cost the run.
    except Exception as error:
        _log.exception("not compared with the run before")
        found = Changes(f"the comparison with the run before failed ({type(error).__name__}: {error})")
    return replace(found, seconds=round(perf_counter() - start, 2))


def _compared(today: Today, previous: Previous, made: Made, places: Mapping[str, PlacesAhead]) -> Changes:
    then = _then(today, previous.run)
    comparison = Comparison(today, then, made)
    rows: list[dict[str, object]] = []
    week: list[dict[str, object]] = []
    revised: list[pd.DataFrame] = []
    elsewhere: dict[str, int] = {}
    for metric in made:
        stages = comparison.stages(metric)
        if stages is None:
            continue
        rows += comparison.weeks(metric, stages)
        old = stages[BEFORE]
        if old is not None:
            usable = today.store.panel(metric, old.locations, as_of=today.day, clean=True)
            week += week_told(metric, usable, old)
        values, others = revised_values(then.known, then.day, then.retold, metric, today.hospitals, today.tables)
        revised.append(values)
        elsewhere[metric] = others
    planned = [row for county in today.counties for row in comparison.places(county, places[county])]
    remarks = list(previous.remarks)
    if then.run is None:
        remarks.append(MADE_AGAIN)
    elif not then.held:
        remarks.append(NOT_HELD)
    return Changes(
        "" if rows else _nothing(then, comparison),
        run=previous.id,
        as_of=then.day,
        model=tuple(dict.fromkeys(what for each in then.model.values() for what in each)),
        rerun=comparison.rerun,
        left_out=comparison.left_out,
        remarks=remarks,
        peaks=_peaks(then.run, made) if then.run else {},
        elsewhere=elsewhere,
        forecasts=pd.DataFrame(rows, columns=list(FORECAST_COLUMNS)),
        places=pd.DataFrame(planned, columns=list(PLACE_COLUMNS)),
        week=pd.DataFrame(week, columns=list(WEEK_COLUMNS)),
        revised=pd.concat([one for one in revised if len(one)] or [pd.DataFrame(columns=list(REVISED_COLUMNS))]),
    )


def _nothing(then: Then, comparison: Comparison) -> str:
    why = "; ".join(dict.fromkeys(text for each in comparison.left_out.values() for text in each.values()))
    if then.run:
        return f"no forecast of the run of {then.day:%-d %B %Y} can be compared with today's ({why})"
    return f"there is no run of the week before, and its forecast cannot be made again ({why})"


def _then(today: Today, run: Run | None) -> Then:
    day = run.as_of if run else today.day - pd.Timedelta(days=today.settings.compare_days)
    held = {one.name: one.digest for one in today.store.vintages()}
    names = {one["file"]: one["hash"] for one in run.manifest["vintages"]} if run else held
    whole = names.items() <= held.items()
    known = AsIngested(today.store, names if whole else held)
    retold = Retold(today.store, today.day, known, day)
    return Then(day, known, retold, model_differences(run, today) if run else {}, run, whole)


def _peaks(run: Run, made: Made) -> dict[str, dict[str, list[float]]]:
    """Chance that the peak has passed, before and now, where both runs look for it in the same season."""
    found: dict[str, dict[str, list[float]]] = {}
    for metric, one in made.items():
        now = one.wave.peaks
        if now is None or metric not in run.metrics or run.no_peaks(metric):
            continue
        before = run.peaks(metric)
        if before.window != now.window:
            continue
        both = pd.DataFrame({"before": before.passed, "now": now.passed}).dropna()
        found[metric] = {str(code): [float(row["before"]), float(row["now"])] for code, row in both.iterrows()}
    return {metric: each for metric, each in found.items() if each}
