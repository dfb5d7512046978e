"""Runs so small that dozens are written in a second: two hospitals, five paths, ten days ahead."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from forecast.runs import MetricForecast, Run, write_run
from forecast.trajectories import Trajectories

METRIC = "nctr_patients"
PATHS = np.array([-20.0, -10.0, 0.0, 10.0, 20.0])
DELAY = 4
"""Days from the newest figure to the as-of day."""
AHEAD = 10


def course(last: str | pd.Timestamp, level: float = 100.0) -> pd.DataFrame:
    """Values of thirty days to a day: at RM1 the day of the month above a level, at RGP the level."""
    days = pd.date_range(end=last, periods=30, freq="D", unit="us", name="date")
    rm1, rgp = level + days.day.to_numpy(dtype=float), np.full(len(days), level)
    return pd.DataFrame({"RM1": rm1, "RGP": rgp, "NORFOLK": rm1 + rgp}, index=days)


def small_run(
    models: Path,
    as_of: str,
    *,
    level: float = 100.0,
    simulated: bool = False,
    mark: str = "aaaa",
    metric: str = METRIC,
    history: pd.DataFrame | None = None,
    flags: pd.DataFrame | None = None,
    written: float | None = None,
    **told: object,
) -> Run:
    """Write a run whose paths at each hospital are ``level`` and ``PATHS`` about it.

    ``written``: when, as a time; ``told``: what else its manifest says.
    """
    day = pd.Timestamp(as_of)
    origin = day - pd.Timedelta(days=DELAY)
    dates = pd.date_range(origin + pd.Timedelta(days=1), periods=AHEAD, freq="D")
    values = np.tile((level + PATHS)[None, :, None], (2, 1, AHEAD))
    coords = {"location": ["RM1", "RGP"], "sample": range(5), "date": dates}
    samples = xr.DataArray(values, dims=("location", "sample", "date"), coords=coords)
    paths = Trajectories(samples, metric, origin, model="Ensemble").with_total("NORFOLK", of=["RM1", "RGP"])
    none = pd.DataFrame({"date": pd.Series(dtype="datetime64[us]"), "location": [], "flag": [], "note": []})
    known = course(origin, level) if history is None else history
    one = MetricForecast(
        metric, paths, paths, known, none if flags is None else flags, pd.DataFrame({"metric": [metric]})
    )
    manifest = {
        "id": f"{as_of}-{mark}",
        "as_of": as_of,
        "simulated": simulated,
        "code_version": "test",
        "counties": {"NORFOLK": ["RM1", "RGP"]},
        "skipped": {},
        "vintages": [],
        **told,
    }
    run = write_run(models, manifest, [one])
    if written is not None:
        os.utime(run.path / "manifest.json", (written, written))
    return run
