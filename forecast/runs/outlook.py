"""The season ahead, as a run keeps it: weekly means of the sample paths, far beyond the days that are kept singly.

Two hundred days a path would triple what a run holds of the backlog, and months ahead nobody plans for a Tuesday: a
week's mean of every path keeps the sums over hospitals and how each path goes on, in a sixth of the room or less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from forecast.reference import Metric
from forecast.trajectories import DIMS, Trajectories

FOLDER = "outlook"
WEEK_DAYS = 7
OLD_RUN = "the run was made before there was one; run 'forecast refit' to make a new run"
NEAR_ONLY = "only people waiting and patients with flu or Covid are forecast that far, not admissions, beds or staff"
NOT_SEASONAL = "the forecaster of this run does not look so far ahead"


@dataclass(frozen=True)
class SeasonAhead:
    """What a run keeps of the months ahead of one metric.

    Parameters
    ----------
    weeks
        Means of whole weeks of the sample paths; None where nothing can be said.
    reason
        Why nothing can be said; empty where something is.
    learned_from
        First day of the figures it was learned from; None with nothing to say.
    handover
        Last day that is the short range's own; None with nothing to say.
    """

    weeks: Trajectories | None = None
    reason: str = NOT_SEASONAL
    learned_from: pd.Timestamp | None = None
    handover: pd.Timestamp | None = None

    def entry(self) -> dict[str, str]:
        """Return what the manifest says of it."""
        dates = {"learned_from": self.learned_from, "handover": self.handover}
        return {"reason": self.reason, **{key: f"{day:%Y-%m-%d}" for key, day in dates.items() if day is not None}}


def wanted(metric: Metric) -> bool:
    """Whether a metric is forecast a season ahead: one that counts patients at a moment, the backlog or a wave."""
    return metric.forecast and metric.kind == "stock" and metric.unit == "patients"


def lacking(entry: Mapping[str, Any]) -> str:
    """Say why a run has no outlook of a metric, from the metric's entry in the manifest; empty where it has one."""
    return str(entry["outlook"]["reason"]) if "outlook" in entry else OLD_RUN


def first(paths: Trajectories, steps: int) -> Trajectories:
    """Keep the first steps of the same paths."""
    return replace(paths, samples=paths.samples.isel(date=slice(0, steps)))


def weekly(paths: Trajectories, as_of: pd.Timestamp) -> Trajectories:
    """Mean of each whole week of each path, under the week's last day.

    Parameters
    ----------
    paths
        Daily or weekly paths; weekly ones are returned as they are.
    as_of
        Weeks are counted from this day, as those of the summary are: the first ahead ends seven days after it.

    Returns
    -------
    Trajectories
        Every week all of whose days are forecast, also one before ``as_of`` where the newest data are older than that.
    """
    if paths.step_days == WEEK_DAYS:
        return paths
    after = (paths.dates - as_of).days.to_numpy()
    week = -(-after // WEEK_DAYS)
    numbers, days = np.unique(week, return_counts=True)
    whole = numbers[days == WEEK_DAYS]
    places, samples, _ = paths.paths.shape
    kept = paths.paths[:, :, np.isin(week, whole)].reshape(places, samples, len(whole), WEEK_DAYS)
    coords = {
        "location": paths.locations,
        "sample": np.arange(samples),
        "date": as_of + pd.to_timedelta(WEEK_DAYS * whole, unit="D"),
    }
    means = xr.DataArray(kept.mean(axis=3), dims=DIMS, coords=coords)
    return replace(paths, samples=means, step_days=WEEK_DAYS)
