"""Whether two forecasts have the same model and learn from the same figures, so that they are the same forecast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from forecast.observations.store import Store
from forecast.observations.table import step_days
from forecast.runs import Run
from forecast.weekly import wave_signals
from forecast.weekly.learning import learning_panel, usable_values
from forecast.weekly.today import Today

CODE, SETTINGS, REFERENCE, FORECASTER = "code", "settings", "reference tables", "forecasting method"
UNSEEN = {"compare_days"}
"""Settings that no forecast depends on."""


def model_differences(run: Run, today: Today) -> dict[str, tuple[str, ...]]:
    """What of the model differs between a run and today, in words, by metric; empty where nothing does."""
    then, now = run.manifest, today.inputs
    version = "model_version" if "model_version" in then else "code_version"
    differs = [
        *([CODE] if then.get(version) != now.get(version) else []),
        *([SETTINGS] if _settings(then) != _settings(now) else []),
        *([REFERENCE] if then.get("reference") != now.get("reference") else []),
    ]
    old, new = then.get("forecasters", {}), now.get("forecasters", {})
    return {
        metric: (*differs, *([FORECASTER] if old.get(metric) != new[metric] else []))
        for metric in new
        if differs or old.get(metric) != new[metric]
    }


def same_figures(today: Today, metric: str, one: Store, other: Store, day: pd.Timestamp) -> bool:
    """Whether a forecast as of a day would learn from the same figures in both stores."""
    first, second = (figures(today, metric, store, day) for store in (one, other))
    return first.keys() == second.keys() and all(_alike(first[name], second[name]) for name in first)


def figures(today: Today, metric: str, store: Store, day: pd.Timestamp) -> dict[str, pd.DataFrame]:
    """Return everything that a forecast of a metric as of a day is made from: its own panel, and those related to it.

    Wider than what is learned: the dates of the hospitals and counties count too, as they set the first day forecast.
    """
    places = [*today.hospitals, *today.counties]
    published = store.panel(metric, places, as_of=day)
    if published.empty:
        return {}
    values = usable_values(store, metric, day, today.tables, places)
    step = step_days(published.index) or 1
    own = learning_panel(values, published.index[-1], step, today.settings.history_days, places)
    known = today.tables.metric(metric)
    related = wave_signals.related_panels(store, known.name if known else metric, day, today.tables)
    return {metric: own, **{f"related {name}": panel for name, panel in related.items()}}


def _alike(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two panels hold the same values, wherever their columns stand."""
    return one.sort_index(axis=1).equals(other.sort_index(axis=1))


def _settings(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in dict(manifest.get("settings", {})).items() if name not in UNSEEN}
