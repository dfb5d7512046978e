"""The immutable record of one refit: everything the app shows.

``models/<as-of date>-<hash>/`` holds a manifest, the sample paths of every metric and of its baseline, the
season ahead of the backlog, the published history, the flags, forecasts made again from earlier dates, what changed
since the run before and why, and the summary. A run is written under a temporary name, flushed, renamed, and only then
does the ``latest`` pointer move. The hash is over what went in, so the same data, code, settings and run before give
the same run.
"""

from __future__ import annotations

from forecast.runs.opening import LATEST, open_run
from forecast.runs.run import BACKFILL, BY_HAND, FORMAT, WEEKLY, Run
from forecast.runs.serving import Served, latest_run, served
from forecast.runs.version import code_version, model_version
from forecast.runs.writing import (
    REFUSED,
    MetricForecast,
    keep_refused,
    point_latest,
    run_id,
    whole_run,
    write_run,
)

__all__ = [
    "BACKFILL",
    "BY_HAND",
    "FORMAT",
    "LATEST",
    "REFUSED",
    "WEEKLY",
    "MetricForecast",
    "Run",
    "Served",
    "code_version",
    "keep_refused",
    "latest_run",
    "model_version",
    "open_run",
    "point_latest",
    "run_id",
    "served",
    "whole_run",
    "write_run",
]
