"""How the forecasts of past runs did, scored with what is known now."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from forecast.errors import RunError
from forecast.evaluation.scoring import BASELINE, score
from forecast.forecasters.replay import FORECAST

if TYPE_CHECKING:
    from forecast.runs.run import Run
    from forecast.runs.writing import MetricForecast

FILE = "scores.parquet"
WEEKS = 13
"""A quarter of a year: long enough to say something, short enough to be about today's forecaster."""
_log = logging.getLogger(__name__)
COLUMNS = ("metric", "location", "runs", "days", "coverage_90", "wis", "relative_wis", "bias")


def scores_of(
    past: Sequence[Run], made: Mapping[str, MetricForecast], counties: Mapping[str, Sequence[str]], day: pd.Timestamp
) -> pd.DataFrame:
    """Score what past runs said of the days that have come since.

    Parameters
    ----------
    past
        Earlier runs on the same kind of data; those as of the last ``WEEKS`` weeks count.
    made
        Metric to today's forecast: its history, without flagged values, is what came.
    counties
        County to its hospitals.
    day
        Today's as-of day.

    Returns
    -------
    DataFrame
        One row a metric and location of which a day has come: ``runs`` and ``days`` forecast that are scored, share in
        the likely range (``coverage_90``), mean weighted interval score (``wis``, in the metric's unit), the same over
        that of the baseline (``relative_wis``) and the mean error of the middle (``bias``, above 0: too high).
    """
    # Here, since the diary reads runs, and a run names the file of its scores.
    from forecast.runs.diary import outcomes_of, values_on
    from forecast.runs.track import quantiles

    recent = [run for run in past if run.as_of > day - pd.Timedelta(weeks=WEEKS)]
    frames = []
    for metric, one in made.items():
        came = outcomes_of(one.history, one.flags, counties)
        for run in recent:
            if metric in run.metrics:
                try:
                    rows = quantiles(run, metric).assign(metric=metric, origin=run.as_of)
                except RunError as error:
                    # What an old run said must not cost the new one.
                    _log.warning("not scored: %s", error)
                    continue
                rows = rows[rows["date"] > run.last_observed(metric)]
                frames.append(rows.assign(observed=values_on(came, rows["date"], rows["location"])))
    told = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    told = told[told["observed"].notna()] if len(told) else told
    if not len(told):
        return pd.DataFrame(columns=list(COLUMNS))
    # A day before the as-of day, forecast because its figure had not come, counts as the first step.
    told = told.assign(horizon=(told["date"] - told["origin"]).dt.days.clip(lower=1))
    scored = score(told, by=("model", "metric", "location"), baseline=BASELINE)
    scored = scored[scored["model"] == FORECAST].set_index(["metric", "location"])
    own = told[told["model"] == FORECAST].groupby(["metric", "location"])["origin"].nunique()
    found = scored.rename(columns={"n": "days"}).assign(runs=own).reset_index()
    return found[list(COLUMNS)].astype({"runs": np.int64, "days": np.int64})
