"""The weekly job's core: what is known on a day -> forecasts of every metric -> judged -> one immutable run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from forecast import runs
from forecast.errors import Refused, RunError
from forecast.forecasters import default_forecaster
from forecast.forecasters.base import Forecaster
from forecast.gate.verdict import Verdict
from forecast.observations.store import Store, as_day
from forecast.reference import Reference, reference
from forecast.runs import BY_HAND, Run
from forecast.runs.diary import past_runs
from forecast.runs.place import place, writer_of
from forecast.summary import WEEKS_AHEAD
from forecast.weekly.candidate import Candidate, Progress, candidate_of
from forecast.weekly.inputs import inputs_of
from forecast.weekly.previous import Previous, previous_run
from forecast.weekly.settings import Settings
from forecast.weekly.today import Today

Judge = Callable[[Candidate], Verdict]
_log = logging.getLogger(__name__)


def refit(
    store: Store,
    models: str | Path = "models",
    as_of: str | pd.Timestamp | None = None,
    *,
    settings: Settings | None = None,
    forecaster: Callable[[str], Forecaster] = default_forecaster,
    tables: Reference | None = None,
    progress: Progress | None = None,
    judge: Judge | None = None,
    made: str = BY_HAND,
    made_at: pd.Timestamp | None = None,
) -> Run:
    """Forecast every metric marked so whose newest value is fresh on the as-of day, and publish the run.

    Where the same run has been made before (same data, code, settings and run before) it is not made again.

    Parameters
    ----------
    store
        Observations; only what was public on the as-of day is used.
    models
        Folder of runs.
    as_of
        Default: the newest release of a forecast metric in the store.
    settings, forecaster, tables
        Defaults from the reference tables and ``default_forecaster``.
    progress
        Called with the metric's label, metrics done and metrics in all.
    judge
        Says whether what was made may be published; published as it is where left out.
    made
        How the run comes to be: ``"by hand"`` or ``"weekly"``; kept with it.
    made_at
        Time, in UTC, kept with it.

    Returns
    -------
    Run
        The run that ``latest`` now names.

    Raises
    ------
    Refused
        Another refit is running, no metric can be forecast, or the judge says no (what was made is kept in
        ``models/refused``); the last run stands.
    StoreError, RunError
        The store is empty or a folder cannot be read or written.
    """
    tables = tables or reference()
    settings = settings or Settings.from_reference(tables)
    newest = store.newest_release([metric.name for metric in tables.forecast_metrics()])
    day = as_day(as_of) or newest
    models = place(models)
    told = {"made": made, "made_at": None if made_at is None else made_at.isoformat(timespec="seconds")}
    try:
        with writer_of(models).refitting():
            before = _before(models, day, store, settings)
            today = _today(store, day, settings, forecaster, tables, before)
            return _publish(models, today, before, judge, told, progress or (lambda *_: None))
    except OSError as error:
        raise RunError(
            f"{models}: cannot be written ({error.strerror or error}); name a folder that can be, with --models or "
            "FORECAST_MODELS"
        ) from error


def _before(models: Path, day: pd.Timestamp, store: Store, settings: Settings) -> Previous:
    if not settings.compare_days:
        return Previous()
    return previous_run(models, day, store.simulated, day + pd.Timedelta(weeks=min(WEEKS_AHEAD)))


def _today(
    store: Store,
    day: pd.Timestamp,
    settings: Settings,
    forecaster: Callable[[str], Forecaster],
    tables: Reference,
    before: Previous,
) -> Today:
    inputs = inputs_of(store, day, settings, forecaster, tables, before.id)
    counties = inputs["counties"]
    return Today(store, day, settings, forecaster, tables, counties, inputs)


def _publish(
    models: Path, today: Today, before: Previous, judge: Judge | None, told: dict[str, Any], progress: Progress
) -> Run:
    if again := runs.whole_run(models, runs.run_id(today.day, today.inputs)):
        runs.point_latest(models, again.id)
        return again
    past = past_runs(models, today.day, today.store.simulated)
    candidate = candidate_of(today, before, past, progress)
    verdict = judge(candidate) if judge else None
    manifest = candidate.manifest(**told, gate=verdict.entry() if verdict else None)
    pieces = list(candidate.made.values()), candidate.places, candidate.changes, candidate.scores
    if verdict and verdict.refused:
        kept = ""
        try:
            kept = runs.keep_refused(models, manifest, *pieces).id
        except RunError as error:
            # Why it is refused matters more than that it can be looked at.
            _log.warning("not published, and not kept for a look: %s", error)
        raise Refused(f"not published: {'; '.join(verdict.reasons)}", verdict.reasons, kept)
    return runs.write_run(models, manifest, *pieces)
