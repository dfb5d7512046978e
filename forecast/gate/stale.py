"""Figures that are too old to publish a forecast from, by the clock. Never asked of simulated ones."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from forecast.gate.limits import Limits
from forecast.gate.verdict import Finding
from forecast.observations.newest_due import newest_due, overdue
from forecast.observations.store import Store
from forecast.reference import Reference
from forecast.wording import gate_words as said

CHECK = "stale figures"
HEADLINE = "nctr_patients"
"""The backlog, which places hang on: without its newest release there is nothing new to publish."""


def stale(store: Store, day: pd.Timestamp, now: pd.Timestamp, limits: Limits, tables: Reference) -> Iterator[Finding]:
    """Find a newest release that is old or of the future, and releases that were due and have not come.

    Parameters
    ----------
    store
        Observations.
    day
        As-of day of the forecast.
    now
        The time on the machine's clock.
    limits
        ``grace_days``.
    tables
        Say when what is published.
    """
    if store.simulated:
        return
    today = now.normalize()
    if day > today + pd.Timedelta(days=1):
        yield Finding(CHECK, said.of_the_future(day, today))
        return
    if overdue(day, today, tables):
        yield Finding(CHECK, said.too_old(day, (today - day).days))
    last = _stored_to(store, tables)
    for metric in tables.forecast_metrics():
        if metric.name not in last:
            continue
        wanted = newest_due(metric, today - pd.Timedelta(days=limits.grace_days), tables)
        if wanted is not None and last[metric.name] < wanted:
            headline = metric.name == HEADLINE
            yield Finding(CHECK, said.missed(metric.label, last[metric.name], wanted, headline), headline)


def _stored_to(store: Store, tables: Reference) -> dict[str, pd.Timestamp]:
    """Newest day stored of each metric; of a sum, the oldest of its parts."""
    known = store.metrics()
    last = dict(zip(known["metric"], known["last"], strict=True))
    found = {}
    for metric in tables.forecast_metrics():
        parts = [metric.name] if metric.name in last else list(metric.derived_from)
        if parts and all(part in last for part in parts):
            found[metric.name] = min(last[part] for part in parts)
    return found
