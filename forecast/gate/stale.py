"""Figures that are too old to publish a forecast from, by the clock. Never asked of simulated ones."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from forecast.gate.limits import Limits
from forecast.gate.verdict import Finding
from forecast.observations.publication import out_of_season, released
from forecast.reference import Metric, Reference
from forecast.weekly.candidate import Candidate
from forecast.wording import gate_words as said

CHECK = "stale figures"
HEADLINE = "nctr_patients"
"""The backlog, which places hang on: without its newest release there is nothing new to publish."""
LOOKED_BACK = 120
"""Days; the second Thursday after a month is at most 52 behind its first day."""


def stale(candidate: Candidate, now: pd.Timestamp, limits: Limits) -> Iterator[Finding]:
    """Find a newest release that is old or of the future, and releases that were due and have not come.

    Parameters
    ----------
    candidate
        What a refit has made.
    now
        The time on the machine's clock.
    limits
        ``stale_days`` and ``grace_days``.
    """
    if candidate.today.store.simulated:
        return
    today, day = now.normalize(), candidate.today.day
    if day > today + pd.Timedelta(days=1):
        yield Finding(CHECK, said.of_the_future(day, today))
        return
    if (today - day).days > limits.stale_days:
        yield Finding(CHECK, said.too_old(day, (today - day).days))
    tables = candidate.today.tables
    last = _stored_to(candidate)
    for metric in tables.forecast_metrics():
        if metric.name not in last:
            continue
        wanted = newest_due(metric, today - pd.Timedelta(days=limits.grace_days), tables)
        if wanted is not None and last[metric.name] < wanted:
            headline = metric.name == HEADLINE
            yield Finding(CHECK, said.missed(metric.label, last[metric.name], wanted, headline), headline)


def newest_due(metric: Metric, by: pd.Timestamp, tables: Reference) -> pd.Timestamp | None:
    """Newest day whose figure should be public on a day; None where none of the last months had to come."""
    dates = pd.Series(pd.date_range(by - pd.Timedelta(days=LOOKED_BACK), by))
    if metric.frequency == "weekly":
        dates = dates[dates.dt.day_of_week == 0]
    came = dates[(released(dates, metric.name, tables) <= by) & ~out_of_season(dates, metric.name, tables)]
    return came.max() if len(came) else None


def _stored_to(candidate: Candidate) -> dict[str, pd.Timestamp]:
    """Newest day stored of each metric; of a sum, the oldest of its parts."""
    known = candidate.today.store.metrics()
    last = dict(zip(known["metric"], known["last"], strict=True))
    found = {}
    for metric in candidate.today.tables.forecast_metrics():
        parts = [metric.name] if metric.name in last else list(metric.derived_from)
        if parts and all(part in last for part in parts):
            found[metric.name] = min(last[part] for part in parts)
    return found
