"""The forecast of one metric within a run: what is known of it on a day -> paths at hospitals and counties."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import pandas as pd

from forecast.forecasters import Persistence
from forecast.forecasters.base import Forecaster
from forecast.observations.quality import masking
from forecast.observations.store import Store
from forecast.observations.table import step_days
from forecast.reference import Metric, Reference
from forecast.runs import MetricForecast, outlook
from forecast.runs.outlook import SeasonAhead
from forecast.summary import summarise
from forecast.trajectories import Trajectories
from forecast.weekly import wave_signals
from forecast.weekly.learning import learning_panel, usable_values
from forecast.weekly.replays import replays_of
from forecast.weekly.settings import Settings
from forecast.weekly.wave_forecasts import wave_of

RECENT_DAYS = 28
INDEPENDENT = (
    "the total assumes that the hospitals rise and fall independently of each other; if they move together, the true "
    "range is wider"
)


@runtime_checkable
class Carrying(Protocol):
    """A forecaster whose paths go on for a season after those of its short range."""

    handover: int

    def cannot_carry(self) -> str:
        """Say why they do not go on; empty where they do."""


def one_metric(
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
    related = wave_signals.related_panels(store, metric.name, day, tables)
    nation = wave_signals.nation_of(metric.name, related, tables)
    season = wave_signals.window(metric.name, day, tables)
    seasonal = model if settings.outlook_days and outlook.wanted(metric) and isinstance(model, Carrying) else None
    furthest = _furthest(day, settings, season) if seasonal else settings.horizon_days
    horizon, reach = (math.ceil(((day - newest).days + days) / step) for days in (settings.horizon_days, furthest))
    beside = [str(nation.name)] if seasonal and metric.wave and len(nation) else []
    learned = learned.assign(**{code: nation.reindex(learned.index) for code in beside})
    # One set of paths: what is kept of the weeks, of the months and of the nation is read off the same draw.
    drawn, base = (
        _with_counties(_paths(one, learned, related, codes, steps, settings), counties, cannot_say, one.joint)
        for one, codes, steps in ((model, [*hospitals, *beside], reach), (Persistence(), hospitals, horizon))
    )
    far = drawn.select(places)
    paths = outlook.first(far, horizon)
    cannot_say |= _counties_unsaid(counties, cannot_say, tables)
    told = [code for code in hospitals if code not in cannot_say]
    return MetricForecast(
        metric.name,
        trajectories=paths,
        baseline=base,
        history=published,
        flags=flags,
        summary=summarise(paths, usable, day),
        cannot_say=cannot_say,
        replays=replays_of(model, learned, usable, told, counties, settings.seed),
        season=_season(seasonal, model, far, day) if seasonal else _no_season(metric),
        wave=wave_of(metric, drawn, usable, nation, day, tables),
    )


def _furthest(day: pd.Timestamp, settings: Settings, season: tuple[pd.Timestamp, pd.Timestamp] | None) -> int:
    """Days from the as-of day that are forecast: the outlook's, and the season of peaks to its end."""
    return max(settings.horizon_days, settings.outlook_days, (season[1] - day).days if season else 0)


def _not_now(published: pd.DataFrame, day: pd.Timestamp, settings: Settings) -> str:
    """Say why a metric cannot be forecast on a day at all; empty text where it can."""
    if published.empty:
        return "nothing published yet"
    newest = published.index[-1]
    if (day - newest).days >= settings.freshness_days:
        return f"its newest figure is of {newest:%-d %B %Y}: too old to forecast from"
    return "" if step_days(published.index) else "monthly figures are not forecast"


def _paths(
    model: Forecaster,
    learned: pd.DataFrame,
    related: Mapping[str, pd.DataFrame],
    hospitals: list[str],
    horizon: int,
    settings: Settings,
) -> Trajectories:
    return model.fit(learned, related).predict(horizon, hospitals, samples=settings.samples, seed=settings.seed)


def _season(carrying: Carrying, model: Forecaster, paths: Trajectories, day: pd.Timestamp) -> SeasonAhead:
    """Weekly means of the paths to the end of the outlook, or why there are none."""
    if reason := carrying.cannot_carry():
        return SeasonAhead(reason=reason)
    handover = paths.origin + pd.Timedelta(days=carrying.handover)
    return SeasonAhead(outlook.weekly(paths, day), "", pd.Timestamp(model.panel_.index[0]), handover)


def _no_season(metric: Metric) -> SeasonAhead:
    return SeasonAhead(reason=outlook.NOT_SEASONAL if outlook.wanted(metric) else outlook.NEAR_ONLY)


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
        if not joint and len(members) > 1 and not any(code in cannot_say for code in members):
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
