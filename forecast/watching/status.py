"""How everything stands, in one value: the data, the run that is served, the last attempt, the record, the warnings.

What ``forecast status --json`` writes, with keys that stay as long as ``status_version`` does; new keys may be added:

- ``status_version`` (1), ``checked_at`` (UTC), ``simulated``
- ``state``: ``"ok"``; ``"attention"``: something speaks for looking; ``"stale"``: the run is too old to plan from;
  ``"no run"``: nothing can be served. ``reasons``: why it is not ``"ok"``, in words, worst first.
- ``data``: of each forecast measure ``metric``, ``label``, ``newest_day``, ``released`` and ``age_days``, the days from
  ``newest_day`` to now (null where nothing is stored, and of simulated figures, which do not grow old)
- ``run``: ``id``, ``as_of``, ``age_days`` (null of a simulated run), ``made`` (``"weekly"``, ``"by hand"``,
  ``"backfill"``), ``made_at``, ``metrics``, ``not_forecast`` (metric to the reason) and ``gate`` (what the gate found
  of it; null where it was not asked); null without a run
- ``served_problem``: what is wrong with what is served; empty where nothing is
- ``last_attempt``: ``started``, ``finished``, ``kind``, ``outcome``, ``run``, ``as_of``, ``reasons``, ``forced``; null
  before the first
- ``coverage``: of each measure at each place ``metric``, ``location``, ``share`` (of days inside the 9-in-10 range),
  ``lowest_by_chance``, ``middle`` (share of days inside the 5-in-10 range), ``highest_middle_by_chance``, ``place`` (of
  what came in the forecast; 0.5 leans to no side), ``weeks``, ``forecasts``, ``made_afterwards``, ``source``
  (``"runs"`` or ``"again"``), ``state`` and ``reason``
- ``drift``: warnings in words
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import ForecastError, RunError
from forecast.job.journal import Attempt, last_attempt
from forecast.observations.newest_due import overdue
from forecast.observations.store import Store
from forecast.reading import by_name
from forecast.reference import Reference, reference
from forecast.runs import Run, served
from forecast.runs.place import place
from forecast.watching.drift import Watched, watched
from forecast.wording import drift_words, status_words

STATUS_VERSION = 1
OK, ATTENTION, STALE, NO_RUN = "ok", "attention", "stale", "no run"


@dataclass(frozen=True)
class Data:
    """Newest figures of one measure, anywhere in the country; None where nothing is stored."""

    metric: str
    label: str
    newest_day: pd.Timestamp | None
    released: pd.Timestamp | None
    age_days: int | None


@dataclass(frozen=True, eq=False)
class Status:
    """How everything stands; see the head of this file.

    Parameters
    ----------
    now
        Time in UTC at which it was looked.
    state, reasons
        In one word, and why.
    data
        A row for each forecast measure.
    run
        The run that is served; None where there is none.
    age_days
        Its age; None of a simulated run.
    served_problem
        What is wrong with what is served.
    attempt
        The newest in the journal.
    record
        See ``forecast.watching.drift``.
    drift
        Warnings in words.
    simulated
        Whether the figures are the twin's.
    """

    now: pd.Timestamp
    state: str
    reasons: tuple[str, ...]
    data: tuple[Data, ...]
    run: Run | None
    age_days: int | None
    served_problem: str
    attempt: Attempt | None
    record: tuple[Watched, ...]
    drift: tuple[str, ...]
    simulated: bool

    def as_json(self) -> dict[str, Any]:
        """Return the documented keys, with nothing in them that JSON does not know."""
        return {
            "status_version": STATUS_VERSION,
            "checked_at": f"{self.now:%Y-%m-%dT%H:%M:%SZ}",
            "simulated": self.simulated,
            "state": self.state,
            "reasons": list(self.reasons),
            "data": [{**asdict(one), **_days(newest_day=one.newest_day, released=one.released)} for one in self.data],
            "run": None if self.run is None else _run(self.run, self.age_days),
            "served_problem": self.served_problem,
            "last_attempt": None if self.attempt is None else _attempt(self.attempt),
            "coverage": [_coverage(one) for one in self.record],
            "drift": list(self.drift),
        }


def status(store: Store, models: str | Path, now: pd.Timestamp, tables: Reference | None = None) -> Status:
    """Say how everything stands.

    Parameters
    ----------
    store
        Observations; one that cannot be read is told, not raised.
    models
        Folder of runs.
    now
        Time in UTC. Simulated figures do not grow old.

    Raises
    ------
    RunError
        The journal cannot be opened.
    """
    tables = tables or reference()
    now = now.tz_convert("UTC").tz_localize(None) if now.tzinfo is not None else now
    run, problem = _served(place(models))
    data, simulated, unread = _data(store, tables, now)
    simulated = run.simulated if run else simulated
    age = (now.normalize() - run.as_of).days if run and not run.simulated else None
    record, unjudged = _record(run)
    drift = tuple(warning for one in record for warning in _warnings(run, one))
    attempt = last_attempt(models)
    found: list[tuple[str, str]] = []
    if run is None:
        found.append((NO_RUN, problem))
    elif age is not None and overdue(run.as_of, now.normalize(), tables):
        found.append((STALE, status_words.stale(run.as_of, age)))
    told = (problem if run else "", unjudged, unread, status_words.failed(attempt), *drift)
    found += [(ATTENTION, said) for said in dict.fromkeys(told) if said]
    states = [state for state, _ in found]
    return Status(
        now,
        next((state for state in (NO_RUN, STALE, ATTENTION) if state in states), OK),
        tuple(said for _, said in found),
        data,
        run,
        age,
        problem,
        attempt,
        record,
        drift,
        simulated,
    )


def _served(models: Path) -> tuple[Run | None, str]:
    """Return the run that is served, and what is wrong with it."""
    try:
        found = served(models)
    except RunError as error:
        return None, str(error)
    return found.run, found.problem


def _record(run: Run | None) -> tuple[tuple[Watched, ...], str]:
    """Return the record of past forecasts, or why it cannot be read."""
    try:
        return (watched(run) if run else ()), ""
    except RunError as error:
        return (), str(error)


def _data(store: Store, tables: Reference, now: pd.Timestamp) -> tuple[tuple[Data, ...], bool, str]:
    """Newest figures of the forecast measures, whether they are simulated, and why they cannot be read."""
    try:
        simulated, known = store.simulated, store.metrics().set_index("metric")
    except ForecastError as error:
        return (), False, str(error)
    found = []
    for metric in tables.forecast_metrics():
        parts = known.reindex(metric.derived_from or [metric.name])
        newest = released = None
        if parts["last"].notna().all():
            newest, released = parts["last"].min(), parts["released"].max()
        age = None if newest is None or simulated else (now.normalize() - newest).days
        found.append(Data(metric.name, metric.label, newest, released, age))
    return tuple(found), simulated, ""


def _warnings(run: Run | None, one: Watched) -> list[str]:
    if run is None or not one.faults:
        return []
    return drift_words.warnings(one, by_name.label(one.metric), by_name.places(run)[one.location])


def _run(run: Run, age: int | None) -> dict[str, Any]:
    return {
        "id": run.id,
        "as_of": f"{run.as_of:%Y-%m-%d}",
        "age_days": age,
        "made": run.made,
        "made_at": None if run.made_at is None else run.made_at.isoformat(),
        "metrics": run.metrics,
        "not_forecast": dict(run.skipped),
        "gate": run.manifest.get("gate"),
    }


def _attempt(attempt: Attempt) -> Mapping[str, Any]:
    told = asdict(attempt)
    return {key: value for key, value in told.items() if key != "steps"} | {"reasons": list(attempt.reasons)}


def _coverage(one: Watched) -> dict[str, Any]:
    lowest, highest = (None, None) if one.chart is None else map(float, one.chart[["lowest", "highest"]].iloc[-1])
    return {
        "metric": one.metric,
        "location": one.location,
        "share": None if pd.isna(one.share) else round(one.share, 4),
        "lowest_by_chance": lowest,
        "middle": None if pd.isna(one.middle) else round(one.middle, 4),
        "highest_middle_by_chance": highest,
        "place": None if pd.isna(one.place) else round(one.place, 4),
        "weeks": one.weeks,
        "forecasts": one.points,
        "made_afterwards": one.afterwards,
        "source": one.source,
        "state": one.state,
        "reason": one.reason,
    }


def _days(**days: pd.Timestamp | None) -> dict[str, str | None]:
    return {name: None if day is None else f"{day:%Y-%m-%d}" for name, day in days.items()}
