"""What a refit has made, before it is judged and published."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pandas as pd

from forecast import runs
from forecast.errors import Refused
from forecast.runs import MetricForecast, Run
from forecast.runs.changes_ahead import Changes
from forecast.runs.places_ahead import PlacesAhead
from forecast.runs.scores import scores_of
from forecast.weekly.comparing import compared
from forecast.weekly.previous import Previous
from forecast.weekly.today import Today

Progress = Callable[[str, int, int], None]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Candidate:
    """Forecasts of a day that may become a run.

    Parameters
    ----------
    today
        With what they were made.
    made
        Metric to its forecast.
    skipped
        Metrics that were not forecast, with the reason.
    places
        County to what is kept of its places.
    changes
        What changed since the run before.
    scores
        How the forecasts of past runs did, by what is known now; columns ``forecast.runs.scores.COLUMNS``.
    timings
        Seconds by metric and further step.
    """

    today: Today
    made: Mapping[str, MetricForecast]
    skipped: Mapping[str, str]
    places: Mapping[str, PlacesAhead]
    changes: Changes
    scores: pd.DataFrame
    timings: Mapping[str, float]

    @property
    def id(self) -> str:
        """Name of the run that it would become."""
        return runs.run_id(self.today.day, self.today.inputs)

    def manifest(self, **told: Any) -> dict[str, Any]:
        """Return what the run's manifest says of it, with ``told`` added."""
        return {
            "id": self.id,
            **self.today.inputs,
            **told,
            "skipped": dict(self.skipped),
            "timings": dict(self.timings),
        }


def candidate_of(today: Today, before: Previous, past: Sequence[Run], progress: Progress) -> Candidate:
    """Forecast every metric marked so, plan the places, compare with the run before, and score those of past weeks.

    Raises
    ------
    Refused
        No metric can be forecast.
    """
    metrics = today.tables.forecast_metrics()
    made: list[MetricForecast] = []
    skipped: dict[str, str] = {}
    timings: dict[str, float] = {}
    for done, metric in enumerate(metrics):
        progress(metric.label, done, len(metrics))
        start = perf_counter()
        result = today.metric(metric.name, today.store, today.day)
        if isinstance(result, str):
            skipped[metric.name] = result
        else:
            made.append(result)
        timings[metric.name] = round(perf_counter() - start, 2)
        what = {"step": "forecast", "metric": metric.name, "seconds": timings[metric.name]}
        _log.info("%s: %s", metric.name, result if isinstance(result, str) else "forecast", extra=what)
    if not made:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in skipped.items())
        raise Refused(
            f"nothing to forecast as of {today.day:%Y-%m-%d} ({reasons}); ingest newer files or give another --as-of"
        )
    start, by_name = perf_counter(), {one.metric: one for one in made}
    places = {county: today.places(county, by_name, today.store, today.day) for county in today.counties}
    timings["placements"] = round(perf_counter() - start, 2)
    progress("comparing with the run before, and writing the run", len(metrics), len(metrics))
    changes = compared(today, before, by_name, places)
    timings["comparison"] = changes.seconds
    start = perf_counter()
    scores = scores_of(past, by_name, today.counties, today.day)
    timings["scores"] = round(perf_counter() - start, 2)
    return Candidate(today, by_name, skipped, places, changes, scores, timings)
