"""A backtest of what the weekly run would have said, from a store of observations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from forecast import forecasters
from forecast.errors import InputError
from forecast.evaluation.planning import Plan, planned
from forecast.evaluation.running import Progress, run_plans, workers
from forecast.evaluation.scoring import BASELINE
from forecast.forecasters import Forecaster, default_forecaster
from forecast.observations.store import Store
from forecast.observations.table import step_days
from forecast.reference import Reference, reference
from forecast.weekly.learning import learning_panel, trusts, usable_values

DEFAULT = "default"
EVERYWHERE = "all"
YEAR = pd.Timedelta(days=364)


@dataclass(frozen=True)
class Asked:
    """What a backtest of a stored metric may be asked for.

    first, last
        Days between which origins lie; the last year that was observed in full, unless given.
    every
        Days from one origin to the next.
    horizon
        Steps after the origin.
    as_known
        Each origin sees only what had been released by then; else the values as last published, up to the origin.
    models
        ``default``, or names of ``forecast.forecasters``.
    locations
        Which to forecast; those that make up the counties unless given, and a county where all of its members are.
        ``all``: every trust that tells the metric, and the counties.
    zeros_missing, samples, seed, jobs, dask, folder
        As in ``backtest``.
    """

    first: pd.Timestamp | None = None
    last: pd.Timestamp | None = None
    every: int = 7
    horizon: int = 28
    as_known: bool = False
    models: Sequence[str] = (DEFAULT,)
    locations: Sequence[str] | None = None
    zeros_missing: bool = False
    samples: int = 1000
    seed: int = 1
    jobs: int = 1
    dask: str | None = None
    folder: Path | None = None


def backtest_stored(
    store: Store, metric: str, asked: Asked, tables: Reference | None = None, progress: Progress | None = None
) -> pd.DataFrame:
    """Backtest a stored metric: learned on all hospital trusts, with the flagged values masked as in the weekly run.

    What happened is taken as published, flagged or not. Of values as last published, the flags are those of today:
    ``as_known`` has the flags of each origin too.

    Raises
    ------
    InputError
        Nobody has stored the metric, knows a model or a location, or the data are too short for the origins; a cluster
        cannot be used.
    StoreError
        The store is empty or cannot be read.
    """
    plans = plans_of(store, [metric], asked, tables)
    return next(frame for _, frame in run_stored(plans, asked, progress))


def plans_of(store: Store, metrics: Sequence[str], asked: Asked, tables: Reference | None = None) -> dict[str, Plan]:
    """Check what is asked for of each metric, before the first task; see ``backtest_stored``."""
    tables = tables or reference()
    if store.empty:
        store.newest_release()
    return {metric: plan_stored(store, metric, asked, tables) for metric in dict.fromkeys(metrics)}


def every_plan(store: Store, asked: Asked, tables: Reference | None = None) -> tuple[dict[str, Plan], dict[str, str]]:
    """Plan all forecast metrics that can be backtested as asked; return the others with the reason.

    Raises
    ------
    InputError, StoreError
        None can be; the reason is that of the first.
    """
    tables = tables or reference()
    plans: dict[str, Plan] = {}
    cannot: dict[str, str] = {}
    for metric in tables.forecast_metrics():
        try:
            plans |= plans_of(store, [metric.name], asked, tables)
        except InputError as error:
            cannot[metric.name] = str(error)
    if not plans:
        raise InputError(next(iter(cannot.values()), "the reference tables name no metric to forecast"))
    return plans, cannot


def run_stored(
    plans: Mapping[str, Plan], asked: Asked, progress: Progress | None = None
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Run the backtests of several metrics, their tasks as one stream.

    Yields
    ------
    tuple of str and DataFrame
        Metric and its long frame, as soon as its last task is done.
    """
    metrics = list(plans)
    with workers(asked.jobs, asked.dask) as work:
        for place, frame in run_plans(list(plans.values()), work, folder=asked.folder, progress=progress):
            yield metrics[place], frame


def plan_stored(store: Store, metric: str, asked: Asked, tables: Reference) -> Plan:
    """Check what is asked for of one metric; see ``backtest_stored``."""
    models = named(asked.models, metric)
    published = store.panel(metric)
    step = step_days(published.index)
    if published.empty or step == 0:
        raise InputError(f"metric {metric!r} has no daily or weekly values; 'forecast status' lists what is stored")
    learned = trusts(published.columns, tables)
    locations, totals = _where(asked.locations, learned, tables)
    forecast_at = list(dict.fromkeys([*locations, *(code for members in totals.values() for code in members)]))
    days = int(tables.assumption("history_days").value)
    finally_known = None if asked.as_known else usable_values(store, metric, None, tables)

    def then(day: pd.Timestamp) -> pd.DataFrame:
        values = usable_values(store, metric, day, tables) if finally_known is None else finally_known.loc[:day]
        last = values.index[-1] if len(values) else day
        return learning_panel(values, last, step, days, forecast_at)

    return planned(
        models,
        then,
        origins=_origins(published.index, asked, step),
        horizon=asked.horizon,
        locations=locations,
        totals=totals,
        observed=store.panel(metric, learned),
        zeros_missing=asked.zeros_missing,
        samples=asked.samples,
        seed=asked.seed,
    )


def named(names: Sequence[str], metric: str) -> dict[str, Forecaster]:
    """Forecasters by name: ``default``, and those of ``forecast.forecasters`` that need no setting."""
    found: dict[str, Forecaster] = {}
    kinds = {name: getattr(forecasters, name) for name in forecasters.__all__}
    for name in dict.fromkeys(names):
        kind = kinds.get(name)
        if name == DEFAULT:
            found[name] = default_forecaster(metric)
        elif isinstance(kind, type) and kind is not Forecaster and issubclass(kind, Forecaster):
            try:
                found[name] = kind()
            except TypeError:
                raise InputError(f"model {name!r} needs settings; use it through forecast.backtest") from None
        else:
            there = [name for name, kind in kinds.items() if isinstance(kind, type) and kind is not Forecaster]
            raise InputError(f"model {name!r} is not known; choose from {DEFAULT}, {', '.join(there)}")
    if not found:
        raise InputError(f"no model is named; choose {DEFAULT}, or others such as {BASELINE}")
    return found


def _where(
    asked: Sequence[str] | None, learned: Sequence[str], tables: Reference
) -> tuple[list[str], Mapping[str, list[str]]]:
    """Locations to forecast, and the counties made of them."""
    counties = {county.code: tables.members(county.code) for county in tables.counties()}
    if asked is not None and list(asked) == [EVERYWHERE]:
        asked = [*learned, *(code for code, members in counties.items() if set(members) <= set(learned))]
    if asked is None:
        locations = [code for members in counties.values() for code in members if code in learned]
        if not locations:
            raise InputError(
                f"no hospital of {', '.join(counties) or 'a county'} is stored for that metric; name --locations, such "
                f"as {', '.join(learned[:3])}"
            )
    else:
        locations = [code for code in asked if code not in counties]
    wanted = [code for code in counties if asked is None or code in asked or set(counties[code]) <= set(locations)]
    totals = {code: counties[code] for code in wanted if set(counties[code]) <= set(learned)}
    lacking = [code for code in asked or () if code in counties and code not in totals]
    unknown = [code for code in locations if code not in learned]
    if lacking or unknown:
        raise InputError(
            f"location {[*lacking, *unknown][0]!r} has no values of that metric; there is {', '.join(learned[:8])}"
            f"{' and others' if len(learned) > 8 else ''}"
        )
    return locations or [code for members in totals.values() for code in members], totals


def _origins(dates: pd.Index, asked: Asked, step: int) -> pd.DatetimeIndex:
    if asked.every < 1 or asked.every % step:
        raise InputError(f"--every is {asked.every}; give days, a multiple of {step}")
    reach = pd.Timedelta(days=max(asked.horizon, 0) * step)
    last = asked.last or dates[-1] - reach
    first = asked.first or max(last - YEAR, dates[0])
    if first > last:
        raise InputError(
            f"no origin from {first:%Y-%m-%d} to {last:%Y-%m-%d}; the data run from {dates[0]:%Y-%m-%d} to "
            f"{dates[-1]:%Y-%m-%d}: give --from and --to within, or a shorter --horizon"
        )
    many = (last - first).days // asked.every
    if asked.first is None:
        # counted back from the newest that can be, so that the latest data are used
        first = last - pd.Timedelta(days=many * asked.every)
    return pd.date_range(first, periods=many + 1, freq=f"{asked.every}D")
