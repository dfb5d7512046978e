"""Forecasts of past days made now, each with only what was public on its day, so that there is a record to judge.

A day's run is kept beside those of the weekly job, but lighter: what the diary is read from, and what a page needs of
a run that is served, without the months ahead, the forecasts made again, the places and the comparison with the run
before. Its forecasts are those that ``forecast refit --as-of`` makes, path by path.

Nothing here holds the lock of the weekly job. A run is written below a folder of its own and then renamed into its
place, which no other writer touches; ``latest`` is left alone wherever there is one.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import pandas as pd
from filelock import FileLock, Timeout
from joblib import Parallel, delayed

from forecast import runs
from forecast.errors import InputError, Refused, RunError
from forecast.forecasters import default_forecaster
from forecast.forecasters.base import Forecaster
from forecast.observations.store import Store
from forecast.reference import Reference, reference
from forecast.runs import BACKFILL, LATEST, MetricForecast, Run
from forecast.runs.outlook import SeasonAhead
from forecast.runs.place import on_this_machine
from forecast.runs.places_ahead import PlacesAhead
from forecast.runs.track import BACKFILLED, NO_ROWS
from forecast.setting_aside import set_aside
from forecast.weekly.inputs import inputs_of
from forecast.weekly.same_inputs import model_differences
from forecast.weekly.settings import Settings
from forecast.weekly.today import Today

STAGING = ".backfill"
"""Folder beside the runs in which one is written; no name of a run, so that nobody reads it."""
MADE, THERE, CANNOT = "made", "there", "cannot"

Forecasters = Callable[[str], Forecaster]
Clock = Callable[[], pd.Timestamp]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Filled:
    """What became of one day.

    Parameters
    ----------
    day
        The as-of day.
    state
        ``"made"``; ``"there"``: a whole run of the same model was there; ``"cannot"``: it could not be forecast.
    run
        Name of its run; empty where there is none.
    reason
        Why it could not be forecast.
    seconds
        What it took.
    """

    day: pd.Timestamp
    state: str
    run: str = ""
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Making:
    """With what the days are forecast: see ``forecast.refit.refit``; ``now``: the clock, in UTC."""

    store: Store
    models: Path
    settings: Settings
    forecaster: Forecasters
    tables: Reference
    now: Clock | None = None

    def today(self, day: pd.Timestamp) -> Today:
        """Everything with which a day is forecast."""
        inputs = inputs_of(self.store, day, self.settings, self.forecaster, self.tables)
        counties = {county.code: self.tables.members(county.code) for county in self.tables.counties()}
        # Told apart by name from what a refit makes of the same inputs, which is kept whole.
        return Today(
            self.store, day, self.settings, self.forecaster, self.tables, counties, {**inputs, "made": BACKFILL}
        )


def days_of(first: pd.Timestamp, last: pd.Timestamp, every: int = 7) -> list[pd.Timestamp]:
    """As-of days from ``first`` to ``last``, ``every`` days apart, oldest first.

    Raises
    ------
    InputError
        ``every`` is no number of days, or the first day is after the last.
    """
    if every < 1:
        raise InputError(f"--every is {every}; give days, such as 7")
    if first > last:
        raise InputError(f"--from is {first:%Y-%m-%d}, after --to, {last:%Y-%m-%d}; give the earlier day first")
    return list(pd.date_range(first, last, freq=pd.Timedelta(days=every)))


def backfill(
    store: Store,
    models: str | Path,
    days: Sequence[pd.Timestamp],
    *,
    settings: Settings | None = None,
    forecaster: Forecasters = default_forecaster,
    tables: Reference | None = None,
    jobs: int = 1,
    now: Clock | None = None,
) -> Iterator[Filled]:
    """Make a run as of each day that has none of this model yet, and say what became of it.

    Parameters
    ----------
    store
        Observations; of each day only what was public on it is used.
    models
        Folder of runs.
    days
        As-of days. The newest are made first: they tell soonest how the forecasts do.
    settings, forecaster, tables
        See ``refit``; a run is not compared with the one before it.
    jobs
        Days forecast at a time, each in a process of its own; -1 takes every core.
    now
        The clock in UTC, for ``made_at``; not told where left out.

    Yields
    ------
    Filled
        Each day as soon as it is done. Ended in the middle, a second call goes on where the first stopped.

    Raises
    ------
    Refused
        Another backfill is at work in the folder.
    StoreError, RunError
        The store cannot be read, or the folder cannot be written.
    """
    tables = tables or reference()
    settings = replace(settings or Settings.from_reference(tables), compare_days=0)
    models = on_this_machine(models, "forecast backfill")
    making = Making(store, models, settings, forecaster, tables, now)
    newest = store.newest_release([metric.name for metric in tables.forecast_metrics()])
    try:
        (models / STAGING).mkdir(parents=True, exist_ok=True)
        with FileLock(models / STAGING / ".lock", timeout=0):
            _clear(models)
            yield from _each(making, sorted(set(days), reverse=True), newest, jobs)
            _serve_if_none(making)
    except Timeout:
        raise Refused(f"{models}: another backfill is running; wait for it to finish, then try again") from None
    except OSError as error:
        raise RunError(
            f"{models}: cannot be written ({error.strerror or error}); free some space or name a folder that can be, "
            "with --models or FORECAST_MODELS; what was made so far stands"
        ) from error


def _each(making: Making, days: Sequence[pd.Timestamp], newest: pd.Timestamp, jobs: int) -> Iterator[Filled]:
    todo = []
    for day in days:
        if day > newest:
            yield Filled(day, CANNOT, reason=f"the newest figures came out on {newest:%-d %B %Y}, before that day")
        elif found := _there(making, day):
            yield Filled(day, THERE, found)
        else:
            todo.append(day)
    work = Parallel(n_jobs=jobs, return_as="generator_unordered")(delayed(_one)(making, day) for day in todo)
    for filled in work:
        if filled.state == MADE:
            _move(making.models, filled)
        said = {"step": "backfill", "run": filled.run, "seconds": filled.seconds}
        _log.info("as of %s: %s", f"{filled.day:%Y-%m-%d}", filled.reason or filled.state, extra=said)
        yield filled


def _there(making: Making, day: pd.Timestamp) -> str:
    """Name of a whole run as of a day, of any kind, that this model made from data of the same kind; else empty."""
    today = making.today(day)
    for folder in sorted(making.models.glob(f"{day:%Y-%m-%d}-*")):
        try:
            run = runs.open_run(folder)
            if run.as_of == day and run.simulated == making.store.simulated and not model_differences(run, today):
                run.check()
                return run.id
        except RunError as error:
            _log.warning("%s: made again (%s)", folder.name, error)
    return ""


def _one(making: Making, day: pd.Timestamp) -> Filled:
    """Forecast a day and write its run where nobody looks yet; or say why it cannot be done."""
    start = perf_counter()
    try:
        run = _written(making, day)
    except (RunError, OSError):
        raise
    # One day on which a model fails must not cost the others.
    except Exception as error:
        _log.exception("as of %s: no run", f"{day:%Y-%m-%d}")
        return Filled(day, CANNOT, reason=f"its forecast failed ({type(error).__name__}: {error})")
    seconds = round(perf_counter() - start, 2)
    return Filled(day, CANNOT, reason=run) if isinstance(run, str) else Filled(day, MADE, run.id, seconds=seconds)


def _written(making: Making, day: pd.Timestamp) -> Run | str:
    today = making.today(day)
    made: list[MetricForecast] = []
    skipped: dict[str, str] = {}
    timings: dict[str, float] = {}
    for metric in making.tables.forecast_metrics():
        start = perf_counter()
        result = today.metric(metric.name, making.store, day)
        if isinstance(result, str):
            skipped[metric.name] = result
        else:
            made.append(light(result))
        timings[metric.name] = round(perf_counter() - start, 2)
    if not made:
        return _together(skipped)
    at = None if making.now is None else making.now().isoformat(timespec="seconds")
    manifest = {"id": runs.run_id(day, today.inputs), **today.inputs, "made_at": at}
    places = {county: PlacesAhead(reason=BACKFILLED) for county in today.counties}
    # A folder for each day: writing clears away what others left half written beside it.
    return runs.write_run(
        making.models / STAGING / f"{day:%Y-%m-%d}",
        {**manifest, "skipped": skipped, "timings": timings},
        made,
        places,
        serve=False,
    )


def _together(skipped: Mapping[str, str]) -> str:
    """Why nothing could be forecast, each reason once with the measures that it is of."""
    found: dict[str, list[str]] = {}
    for metric, reason in skipped.items():
        found.setdefault(reason, []).append(metric)
    return "; ".join(f"{', '.join(metrics)}: {reason}" for reason, metrics in found.items())


def light(one: MetricForecast) -> MetricForecast:
    """Leave out what the diary is not read from: the months ahead, and forecasts made again from earlier dates."""
    season = one.season if one.season.weeks is None else SeasonAhead(reason=BACKFILLED)
    return replace(one, season=season, replays=NO_ROWS)


def _move(models: Path, filled: Filled) -> None:
    """Put a written run among the others, in one step; one of its name that is damaged makes room."""
    staged, final = models / STAGING / f"{filled.day:%Y-%m-%d}", models / filled.run
    if final.exists():
        set_aside(final)
    (staged / filled.run).rename(final)
    shutil.rmtree(staged, ignore_errors=True)


def _clear(models: Path) -> None:
    """Remove what a backfill that was ended in the middle left half written."""
    for path in (models / STAGING).iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def _serve_if_none(making: Making) -> None:
    """Serve the newest run where none is served: a refit at work meanwhile serves its own."""
    models = making.models
    if (models / LATEST).exists():
        return
    found = [path for path in models.glob("????-??-??-*") if (path / "manifest.json").is_file()]
    if not found:
        return
    try:
        with FileLock(models / ".lock", timeout=0):
            if not (models / LATEST).exists():
                runs.point_latest(models, max(found).name)
    except Timeout:
        _log.info("a refit is at work: it says which run is served")
