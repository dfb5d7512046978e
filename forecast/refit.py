"""The weekly job: what is known on a day -> forecasts of every metric -> one immutable run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout

from forecast import runs
from forecast.errors import Refused, RunError
from forecast.forecasters import default_forecaster
from forecast.forecasters.base import Forecaster
from forecast.observations.store import Store, as_day
from forecast.reference import Reference, reference
from forecast.runs import MetricForecast, Run
from forecast.summary import WEEKS_AHEAD
from forecast.weekly.comparing import compared
from forecast.weekly.previous import Previous, previous_run
from forecast.weekly.settings import Settings
from forecast.weekly.today import Today

Progress = Callable[[str, int, int], None]
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
) -> Run:
    """Forecast every metric marked so whose newest value is fresh on the as-of day, and publish the run.

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

    Returns
    -------
    Run
        The run that ``latest`` now names.

    Raises
    ------
    Refused
        Another refit is running, or no metric can be forecast; the last run stands.
    StoreError, RunError
        The store is empty or a folder cannot be read or written.
    """
    tables = tables or reference()
    settings = settings or Settings.from_reference(tables)
    newest = store.newest_release([metric.name for metric in tables.forecast_metrics()])
    day = as_day(as_of) or newest
    models = Path(models)
    try:
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / ".lock", timeout=0):
            return _refit(store, models, day, settings, forecaster, tables, progress or (lambda *_: None))
    except Timeout:
        raise Refused(f"{models}: another refit is running; wait for it to finish, then try again") from None
    except OSError as error:
        raise RunError(
            f"{models}: cannot be written ({error.strerror or error}); name a folder that can be, with --models or "
            "FORECAST_MODELS"
        ) from error


def _refit(
    store: Store,
    models: Path,
    day: pd.Timestamp,
    settings: Settings,
    forecaster: Callable[[str], Forecaster],
    tables: Reference,
    progress: Progress,
) -> Run:
    metrics = tables.forecast_metrics()
    counties = {county.code: tables.members(county.code) for county in tables.counties()}
    before = Previous()
    if settings.compare_days:
        before = previous_run(models, day, store.simulated, day + pd.Timedelta(weeks=min(WEEKS_AHEAD)))
    inputs: dict[str, Any] = {
        "as_of": f"{day:%Y-%m-%d}",
        "simulated": store.simulated,
        "code_version": runs.code_version(),
        "model_version": runs.model_version(),
        "compared_with": before.id,
        "settings": vars(settings),
        "seed": settings.seed,
        "vintages": [{"file": v.name, "hash": v.digest, "rows": v.rows} for v in store.vintages()],
        "counties": counties,
        "reference": tables.digest,
        "forecasters": {metric.name: repr(forecaster(metric.name)) for metric in metrics},
    }
    today = Today(store, day, settings, forecaster, tables, counties, inputs)
    made: list[MetricForecast] = []
    skipped: dict[str, str] = {}
    timings: dict[str, float] = {}
    for done, metric in enumerate(metrics):
        progress(metric.label, done, len(metrics))
        start = perf_counter()
        result = today.metric(metric.name, store, day)
        if isinstance(result, str):
            skipped[metric.name] = result
        else:
            made.append(result)
        timings[metric.name] = round(perf_counter() - start, 2)
        _log.info("%s: %s", metric.name, result if isinstance(result, str) else "forecast")
    if not made:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in skipped.items())
        raise Refused(
            f"nothing to forecast as of {day:%Y-%m-%d} ({reasons}); ingest newer files or give another --as-of"
        )
    start, by_name = perf_counter(), {one.metric: one for one in made}
    places = {county: today.places(county, by_name, store, day) for county in counties}
    timings["placements"] = round(perf_counter() - start, 2)
    progress("comparing with the run before, and writing the run", len(metrics), len(metrics))
    changes = compared(today, before, by_name, places)
    timings["comparison"] = changes.seconds
    manifest = {"id": runs.run_id(day, inputs), **inputs, "skipped": skipped, "timings": timings}
    return runs.write_run(models, manifest, made, places, changes)
