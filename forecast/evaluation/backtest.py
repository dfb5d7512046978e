"""Rolling origins: what each model would have said on past days, with no more than was known then."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.base import clone

from forecast.errors import InputError
from forecast.evaluation.kept import Kept
from forecast.evaluation.known import Panel, checked_origins, known_at, truth_of
from forecast.evaluation.scoring import BASELINE
from forecast.evaluation.tasks import Done, Known, Settings, Task, dates_after, name_of, run
from forecast.forecasters import Persistence
from forecast.forecasters.base import Forecaster
from forecast.observations.table import step_days

Progress = Callable[[str, int, int], None]
_log = logging.getLogger(__name__)


def backtest(
    forecasters: Forecaster | Mapping[str, Forecaster],
    panel: Panel,
    *,
    origins: Iterable[str | pd.Timestamp],
    horizon: int,
    related: Mapping[str, Panel] | None = None,
    locations: Sequence[str] | None = None,
    totals: Mapping[str, Sequence[str]] | None = None,
    observed: pd.DataFrame | None = None,
    zeros_missing: bool = False,
    baseline: bool = True,
    samples: int = 1000,
    seed: int = 0,
    history: int | None = None,
    jobs: int | None = None,
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Forecast from each origin, and set what happened beside it.

    Parameters
    ----------
    forecasters
        One, called by its class, or several by name; fitted anew at each origin.
    panel
        One metric, dates by location; cut at each origin. Or a function from a day to the panel as known on that day
        (``store.panel_at(metric)``): the origin is then the day of issue, and the days between the last value and the
        origin are forecast too, but not told.
    origins
        Days; the last whose data, or whose releases, a forecast may use.
    horizon
        Steps after the origin: days of a daily panel, weeks of a weekly one.
    related
        Further panels by name, or functions, for the forecasters that take them; cut at the origin too.
    locations
        Columns to forecast; forecasters learn on all of the panel. Default: all but the totals.
    totals
        Name to the locations that it is the sum of: forecasts are added path by path.
    observed
        Panel of what happened. Default: the panel; of a function, what it answers to None: all that is known.
    zeros_missing
        Whether a zero in ``observed`` stands for a missing value, as it does where a count cannot be zero (patients fit
        to leave at a hospital of hundreds of beds).
    baseline
        Whether to add ``Persistence`` where no model of that name is given.
    samples, seed
        Passed to ``predict``, the same at each origin.
    history
        Days of the panel that a forecaster is given; all without.
    jobs
        Processes on this machine, as joblib counts them; a task is one model at one origin. Default: what
        ``joblib.parallel_config`` says (a Dask cluster, for one), else one.
    folder
        Where finished tasks are kept, so that a rerun does only what is new. A task is done again when its data, what
        happened, a setting or the code of its forecaster has changed.
    progress
        Called with a label, tasks done and tasks in all.

    Returns
    -------
    DataFrame
        One row a forecast: model, location, origin, horizon, date, observed, 23 quantiles in columns "0.01", "0.025",
        "0.05", ... "0.99", crps and pit of the sample paths, note, seconds (of the task). Sorted by model as given,
        origin, location as given, date. NaN where a model had no forecast, or nothing was observed.
        ``attrs["failed"]`` lists tasks that raised: dicts of model, origin and reason.

    Raises
    ------
    InputError
        A panel, an origin, a location or a number that cannot be used; the message names it.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> panel = pd.DataFrame({"RM1": np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120]}, index=days)
    >>> b = fc.backtest(
    ...     fc.forecasters.SeasonalNaive(), panel, origins=["2024-03-31", "2024-04-14"], horizon=7, samples=50
    ... )
    >>> len(b), b["model"].unique().tolist()
    (28, ['SeasonalNaive', 'Persistence'])
    >>> b.loc[0, ["origin", "horizon", "observed", "0.5"]].astype(str).tolist()
    ['2024-03-31 00:00:00', '1', '200.0', '200.0']
    """
    models = _named(forecasters, baseline)
    _check_numbers(horizon=(horizon, 1), samples=(samples, 1), seed=(seed, 0))
    if history is not None:
        _check_numbers(history=(history, 1))
    totals = _checked_totals(totals)
    truth = truth_of(panel, observed, totals, zeros_missing)
    days = checked_origins(origins, panel, truth)
    step = step_days(truth.index)
    wanted, kept = _wanted(locations, totals, panel if isinstance(panel, pd.DataFrame) else truth)
    settings = Settings(int(horizon), step, wanted, kept, totals, int(samples), int(seed))
    tell = progress or (lambda *_: None)
    tasks: list[Task] = []
    names: list[str] = []
    store = Kept(folder) if folder is not None else None
    for done, origin in enumerate(days):
        tell("reading what was known", done, len(days))
        known = _known(panel, related or {}, origin, history, settings, truth)
        data = known.described() if store else ""
        for name, model in models.items():
            tasks.append(Task(name, clone(model), known, settings))
            names.append(name_of(tasks[-1], data) if store else "")
    return _long_frame(tasks, _results(tasks, names, store, jobs, tell), list(models), kept)


def _results(
    tasks: Sequence[Task], names: Sequence[str], store: Kept | None, jobs: int | None, tell: Progress
) -> list[Done]:
    """Results of the tasks in their order: those kept from before, and the others done now."""
    before = [store.read(name) if store else None for name in names]
    results = [Done(rows) for rows in before]
    todo = [place for place, rows in enumerate(before) if rows is None]
    finished = len(tasks) - len(todo)
    tell("backtest", finished, len(tasks))
    for place, done in _run_all(tasks, todo, jobs):
        results[place] = done
        if done.rows is None:
            task = tasks[place]
            _log.warning("%s failed at %s: %s", task.name, f"{task.known.origin:%Y-%m-%d}", done.reason)
        elif store:
            store.write(names[place], done.rows)
        finished += 1
        tell(f"{tasks[place].name}, {tasks[place].known.origin:%-d %B %Y}", finished, len(tasks))
    return results


def _run_all(tasks: Sequence[Task], todo: Sequence[int], jobs: int | None) -> Iterator[tuple[int, Done]]:
    # max_nbytes: joblib would hand large panels over as read-only files, which a forecaster may want to write in
    parallel = Parallel(n_jobs=jobs, return_as="generator_unordered", max_nbytes=None)
    yield from parallel(delayed(_placed)(place, tasks[place]) for place in todo)


def _placed(place: int, task: Task) -> tuple[int, Done]:
    return place, run(task)


def _known(
    panel: Panel,
    related: Mapping[str, Panel],
    origin: pd.Timestamp,
    history: int | None,
    settings: Settings,
    truth: pd.DataFrame,
) -> Known:
    found = known_at(panel, origin, history)
    lacking = [code for code in settings.locations if code not in found.columns]
    if lacking:
        # not reported yet: a column without values, which forecasters answer with no forecast and a note
        attrs = found.attrs
        found = found.reindex(columns=[*found.columns, *lacking])
        found.attrs = attrs
    dates = dates_after(origin, found.index[-1], settings.step, settings.horizon)
    beside = {name: known_at(own, origin, what=f"related {name!r}") for name, own in related.items()}
    return Known(origin, found, beside, truth.reindex(index=dates, columns=list(settings.kept)))


def _long_frame(tasks: Sequence[Task], results: Sequence[Done], models: list[str], kept: list[str]) -> pd.DataFrame:
    failed = [
        {"model": task.name, "origin": f"{task.known.origin:%Y-%m-%d}", "reason": done.reason}
        for task, done in zip(tasks, results, strict=True)
        if done.rows is None
    ]
    parts = [done.rows for done in results if done.rows is not None]
    if not parts:
        raise InputError(f"no model could be run at any origin: {failed[0]['model']}, {failed[0]['reason']}")
    notes = sorted({note for part in parts for note in part["note"].cat.categories})
    for column, categories in (("model", models), ("location", kept), ("note", notes)):
        parts = [part.assign(**{column: part[column].cat.set_categories(categories)}) for part in parts]
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.sort_values(["model", "origin", "location", "date"], kind="stable", ignore_index=True)
    frame.attrs = {"metric": str(tasks[0].known.panel.attrs.get("metric", "")), "failed": failed}
    return frame


def _named(forecasters: Forecaster | Mapping[str, Forecaster], baseline: bool) -> dict[str, Forecaster]:
    models = {type(forecasters).__name__: forecasters} if isinstance(forecasters, Forecaster) else forecasters
    if not isinstance(models, Mapping) or not models:
        raise InputError(f"forecasters is {forecasters!r}; give one forecaster, or a dict of name to forecaster")
    for name, model in models.items():
        if not isinstance(model, Forecaster):
            raise InputError(f"forecaster {name!r} is a {type(model).__name__}; give one of forecast.forecasters")
    named = {str(name): model for name, model in models.items()}
    if baseline and BASELINE not in named:
        named[BASELINE] = Persistence()
    return named


def _wanted(
    locations: Sequence[str] | None, totals: Mapping[str, Sequence[str]], panel: pd.DataFrame
) -> tuple[list[str], list[str]]:
    """Locations to forecast, and those to tell: the members of a total are forecast for it."""
    there = [str(code) for code in panel.columns]
    if locations is None:
        chosen = [code for code in there if code not in totals]
    elif isinstance(locations, str) or not len(locations):
        raise InputError(f"locations is {locations!r}; give a list of locations, such as {there[:3]}")
    else:
        chosen = list(dict.fromkeys(map(str, locations)))
    own = [code for code in chosen if code not in totals]
    wanted = list(dict.fromkeys([*own, *(code for members in totals.values() for code in members)]))
    unknown = [code for code in wanted if code not in there]
    if unknown:
        raise InputError(
            f"location {unknown[0]!r} is not in the panel; there is {', '.join(there[:8])}"
            f"{' and others' if len(there) > 8 else ''}"
        )
    return wanted, [*own, *totals]


def _checked_totals(totals: Mapping[str, Sequence[str]] | None) -> dict[str, list[str]]:
    for name, members in (totals or {}).items():
        if isinstance(members, str) or not len(members):
            raise InputError(f"total {name!r} is of {members!r}; give a list of locations")
    return {str(name): list(map(str, members)) for name, members in (totals or {}).items()}


def _check_numbers(**numbers: tuple[object, int]) -> None:
    for name, (value, least) in numbers.items():
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
            raise InputError(f"{name} is {value!r}; give a whole number of at least {least}")
