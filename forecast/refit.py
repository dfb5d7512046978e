"""The weekly job: what is known on a day -> forecasts of every metric -> one immutable run."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout

from forecast import outlook, runs
from forecast.errors import Refused, RunError
from forecast.forecasters import Persistence, SeasonOutlook, default_forecaster
from forecast.forecasters.base import Forecaster
from forecast.learning import learning_panel, usable_values
from forecast.observations.quality import masking
from forecast.observations.store import Store, as_day
from forecast.observations.table import step_days
from forecast.outlook import SeasonAhead
from forecast.reference import Metric, Reference, reference
from forecast.runs import MetricForecast, Run
from forecast.summary import summarise
from forecast.trajectories import Trajectories

RECENT_DAYS = 28
INDEPENDENT = (
    "the total assumes that the hospitals rise and fall independently of each other; if they move together, the true "
    "range is wider"
)
Progress = Callable[[str, int, int], None]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """What a refit may be asked for; every default stands in ``data/reference/assumptions.csv``.

    horizon_days counts from the as-of day, as does outlook_days, to which the backlog is forecast as weekly means (0:
    not at all); history_days is what the forecasters learn from. A location whose last usable value is older than
    freshness_days, or with under fewest_values in the four weeks to its last datum, gets no forecast.
    """

    horizon_days: int
    samples: int
    freshness_days: int
    fewest_values: int
    history_days: int
    seed: int = 1
    outlook_days: int = 0

    @classmethod
    def from_reference(cls, tables: Reference) -> Settings:
        """Read the settings in force from the reference tables."""
        return cls(
            horizon_days=int(tables.assumption("run_horizon").value),
            samples=int(tables.assumption("run_samples").value),
            freshness_days=int(tables.assumption("freshness_limit").value),
            fewest_values=int(tables.assumption("fewest_recent_values").value),
            history_days=int(tables.assumption("history_days").value),
            outlook_days=int(tables.assumption("outlook_horizon").value),
        )


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
    inputs: dict[str, Any] = {
        "as_of": f"{day:%Y-%m-%d}",
        "simulated": store.simulated,
        "code_version": runs.code_version(),
        "settings": vars(settings),
        "seed": settings.seed,
        "vintages": [{"file": v.name, "hash": v.digest, "rows": v.rows} for v in store.vintages()],
        "counties": counties,
        "reference": tables.digest,
        "forecasters": {metric.name: repr(forecaster(metric.name)) for metric in metrics},
    }
    made: list[MetricForecast] = []
    skipped: dict[str, str] = {}
    timings: dict[str, float] = {}
    for done, metric in enumerate(metrics):
        progress(metric.label, done, len(metrics))
        start = perf_counter()
        result = _one_metric(store, metric, day, settings, forecaster(metric.name), counties, tables)
        if isinstance(result, str):
            skipped[metric.name] = result
        else:
            made.append(result)
        timings[metric.name] = round(perf_counter() - start, 2)
        _log.info("%s: %s", metric.name, result if isinstance(result, str) else "forecast")
    progress("writing the run", len(metrics), len(metrics))
    if not made:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in skipped.items())
        raise Refused(
            f"nothing to forecast as of {day:%Y-%m-%d} ({reasons}); ingest newer files or give another --as-of"
        )
    manifest = {"id": runs.run_id(day, inputs), **inputs, "skipped": skipped, "timings": timings}
    return runs.write_run(models, manifest, made)


def _one_metric(
    store: Store,
    metric: Metric,
    day: pd.Timestamp,
    settings: Settings,
    model: Forecaster,
    counties: Mapping[str, list[str]],
    tables: Reference,
) -> MetricForecast | str:
    """Forecast one metric at the hospitals and counties, learned on every trust, or say in words why not."""
    hospitals = list(dict.fromkeys(code for members in counties.values() for code in members))
    places = [*hospitals, *counties]
    published = store.panel(metric.name, places, as_of=day)
    if reason := _not_now(published, day, settings):
        return reason
    values = usable_values(store, metric.name, day, tables, places)
    usable = values.reindex(index=published.index, columns=places)
    flags = store.flags(metric.name, as_of=day, locations=hospitals)
    cannot_say = _unusable(usable[hospitals], flags, day, settings)
    if len(cannot_say) == len(hospitals):
        return "; ".join(sorted(set(cannot_say.values())))
    newest, step = published.index[-1], step_days(published.index)
    learned = learning_panel(values.drop(columns=list(counties)), newest, step, settings.history_days, hospitals)
    learned[list(cannot_say)] = float("nan")
    seasonal = model if settings.outlook_days and outlook.wanted(metric) and isinstance(model, SeasonOutlook) else None
    furthest = max(settings.horizon_days, settings.outlook_days if seasonal else 0)
    horizon, reach = (math.ceil(((day - newest).days + days) / step) for days in (settings.horizon_days, furthest))
    # One set of paths: what is kept of the weeks and of the months is read off the same draw.
    far, base = (
        _with_counties(_paths(one, learned, hospitals, steps, settings), counties, cannot_say, one.joint)
        for one, steps in ((model, reach), (Persistence(), horizon))
    )
    paths = outlook.first(far, horizon)
    season = _season(seasonal, far, day) if seasonal else _no_season(metric)
    cannot_say |= _counties_unsaid(counties, cannot_say, tables)
    summary = summarise(paths, usable, day)
    record = _record(model, counties, [code for code in hospitals if code not in cannot_say], settings)
    return MetricForecast(metric.name, paths, base, published, flags, summary, cannot_say, record, season)


def _not_now(published: pd.DataFrame, day: pd.Timestamp, settings: Settings) -> str:
    """Say why a metric cannot be forecast on a day at all; empty text where it can."""
    if published.empty:
        return "nothing published yet"
    newest = published.index[-1]
    if (day - newest).days >= settings.freshness_days:
        return f"its newest figure is of {newest:%-d %B %Y}, {settings.freshness_days} days old or more"
    return "" if step_days(published.index) else "monthly figures are not forecast"


def _paths(
    model: Forecaster, learned: pd.DataFrame, hospitals: list[str], horizon: int, settings: Settings
) -> Trajectories:
    return model.fit(learned).predict(horizon, hospitals, samples=settings.samples, seed=settings.seed)


def _season(model: SeasonOutlook, paths: Trajectories, day: pd.Timestamp) -> SeasonAhead:
    """Weekly means of the paths to the end of the outlook, or why there are none."""
    if reason := model.cannot_carry():
        return SeasonAhead(reason=reason)
    handover = paths.origin + pd.Timedelta(days=model.handover)
    return SeasonAhead(outlook.weekly(paths, day), "", pd.Timestamp(model.panel_.index[0]), handover)


def _no_season(metric: Metric) -> SeasonAhead:
    return SeasonAhead(reason=outlook.NOT_SEASONAL if outlook.wanted(metric) else outlook.NEAR_ONLY)


def _record(
    model: Forecaster, counties: Mapping[str, list[str]], hospitals: list[str], settings: Settings
) -> pd.DataFrame:
    """Forecasts that the fitted model replays from earlier origins, at the hospitals and the counties."""
    replay = model.replay(hospitals, settings.seed)
    for county, members in counties.items():
        replay = replay.with_total(county, members)
    return replay.ranges()


def _unusable(clean: pd.DataFrame, flags: pd.DataFrame, day: pd.Timestamp, settings: Settings) -> dict[str, str]:
    """Locations with too little to forecast from, with the reason: a wrong confident figure is worse than none."""
    reasons: dict[str, str] = {}
    window = pd.Timedelta(days=RECENT_DAYS)
    fewest = settings.fewest_values / step_days(clean.index)
    flags = masking(flags)
    for code in clean.columns:
        values = clean[code].dropna()
        recent = values[values.index > clean.index[-1] - window]
        if values.empty:
            reason = "no usable value at all"
        elif (day - values.index[-1]).days >= settings.freshness_days:
            reason = f"no usable value since {values.index[-1]:%-d %B %Y}"
        elif len(recent) < fewest:
            reason = f"only {len(recent)} usable values in the last four weeks"
        else:
            continue
        near = flags[(flags["location"] == code) & (flags["date"] > clean.index[-1] - window)]
        why = f" ({near['note'].iloc[-1]})" if len(near) else ""
        reasons[str(code)] = reason + why
    return reasons


def _with_counties(
    paths: Trajectories, counties: Mapping[str, list[str]], cannot_say: Mapping[str, str], joint: bool
) -> Trajectories:
    """Add the counties, sums of hospital paths; ``joint``: the hospitals were drawn as they move together."""
    notes = {code: note for code, note in paths.notes.items() if code not in cannot_say}
    for county, members in counties.items():
        paths = paths.with_total(county, of=members)
        if not joint and not any(code in cannot_say for code in members):
            notes[county] = INDEPENDENT
    return Trajectories(paths.samples, paths.metric, paths.origin, notes, paths.model, paths.step_days)


def _counties_unsaid(
    counties: Mapping[str, list[str]], cannot_say: Mapping[str, str], tables: Reference
) -> dict[str, str]:
    """Counties that lack a hospital, with which."""
    lacking = {county: [code for code in members if code in cannot_say] for county, members in counties.items()}
    return {
        county: "no forecast for " + ", ".join(map(tables.label, codes)) for county, codes in lacking.items() if codes
    }
