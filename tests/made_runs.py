"""A small finished run, drawn by hand: quick, the same every time, real or simulated."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from forecast import runs
from forecast.reference import reference
from forecast.runs import MetricForecast, Run, outlook
from forecast.runs.pieces import digest_of
from forecast.runs.seal import sealed
from forecast.summary import summarise
from forecast.trajectories import Trajectories
from forecast.weekly.metric_forecasts import INDEPENDENT

AS_OF = pd.Timestamp("2025-01-09")
ORIGIN = pd.Timestamp("2025-01-05")
HOSPITALS = ["RM1", "RGP", "RCX"]
COUNTY = "NORFOLK"
LEVELS = {
    "nctr_patients": {"RM1": 240, "RGP": 120, "RCX": 140},
    "nctr_remaining": {"RM1": 10, "RGP": 70, "RCX": 75},
    "flu_beds": {"RM1": 60, "RGP": 20, "RCX": 22},
    "staff_absent_total": {"RM1": 400, "RGP": 150, "RCX": 200},
}
SKIPPED = {"covid_beds_occupied": "newest value is of 30 September 2024, more than 21 days before"}


def make_run(
    models: Path, *, simulated: bool = True, silent: str | None = None, learned_from: str = "2022-04-01"
) -> Run:
    """Write a run; ``silent`` names a hospital whose flu beds cannot be forecast."""
    forecasts = [_forecast(metric, silent if metric == "flu_beds" else None, learned_from) for metric in LEVELS]
    manifest = {
        "id": f"2025-01-09-{'5151' if simulated else 'aaaa'}{'f1' if silent else '00'}",
        "as_of": f"{AS_OF:%Y-%m-%d}",
        "simulated": simulated,
        "code_version": "0.1.0+test",
        "settings": {"horizon_days": 42, "samples": 200, "seed": 1},
        "seed": 1,
        "vintages": [{"file": "000001.parquet", "rows": 1234}],
        "counties": {COUNTY: HOSPITALS},
        "skipped": SKIPPED,
        "timings": {},
    }
    return runs.write_run(models, manifest, forecasts)


def _forecast(metric: str, silent: str | None, learned_from: str) -> MetricForecast:
    rng = np.random.default_rng(7)
    days = pd.date_range(end=ORIGIN, periods=200, freq="D", unit="us", name="date")
    seasonal = outlook.wanted(reference().metrics[metric])
    far = pd.date_range(ORIGIN, AS_OF + pd.Timedelta(days=210 if seasonal else 42), freq="D", unit="us")[1:]
    ahead = far[far <= AS_OF + pd.Timedelta(days=42)]
    weekday = 1 + 0.06 * np.sin(2 * np.pi * np.arange(len(days)) / 7)
    history = pd.DataFrame(
        {
            code: np.rint(level * weekday * (1 + 0.04 * rng.standard_normal(len(days))))
            for code, level in LEVELS[metric].items()
        },
        index=days,
    )
    flags = pd.DataFrame({"date": pd.Series(dtype="datetime64[us]"), "location": [], "flag": [], "note": []})
    if metric == "nctr_patients":
        history.loc["2024-12-10", "RCX"] = 0
        note = "reported 0 between 139 and 141: a return that was not filled in"
        flags = pd.DataFrame(
            {"date": [pd.Timestamp("2024-12-10")], "location": ["RCX"], "flag": ["lone_zero"], "note": [note]}
        )
    if silent is not None:
        history.loc["2024-12-02":, silent] = np.nan
    clean = history.mask(history == 0)
    whole, base = _paths(metric, far, rng, silent, 0.02), _paths(metric, ahead, rng, silent, 0.03)
    paths = outlook.first(whole, len(ahead))
    season = outlook.SeasonAhead(reason=outlook.NEAR_ONLY)
    if seasonal:
        handover = ORIGIN + pd.Timedelta(days=42)
        season = outlook.SeasonAhead(outlook.weekly(whole, AS_OF), "", pd.Timestamp(learned_from), handover)
    cannot_say = {} if silent is None else {silent: "no usable value since 1 December 2024 (no return)"}
    if silent is not None:
        cannot_say[COUNTY] = f"no forecast for {reference().label(silent)}"
    history[COUNTY] = history[HOSPITALS].sum(axis=1, min_count=3)
    clean[COUNTY] = clean[HOSPITALS].sum(axis=1, min_count=3)
    summary = summarise(paths, clean, AS_OF)
    return MetricForecast(metric, paths, base, history, flags, summary, cannot_say, season=season)


def _paths(
    metric: str, dates: pd.DatetimeIndex, rng: np.random.Generator, silent: str | None, step: float
) -> Trajectories:
    walk = np.exp(step * rng.standard_normal((3, 200, len(dates))).cumsum(axis=2))
    values = np.rint(np.array(list(LEVELS[metric].values()))[:, None, None] * walk)
    if silent is not None:
        values[HOSPITALS.index(silent)] = np.nan
    array = xr.DataArray(
        values,
        dims=("location", "sample", "date"),
        coords={"location": HOSPITALS, "sample": np.arange(200), "date": dates},
    )
    total = Trajectories(array, metric, ORIGIN, model="Ensemble").with_total(COUNTY, of=HOSPITALS)
    return Trajectories(total.samples, metric, ORIGIN, {COUNTY: INDEPENDENT}, "Ensemble")


def rewrite(run: Run, name: str, frame: pd.DataFrame) -> None:
    """Put another frame in the place of a piece of a run, as if the run had been written with it."""
    frame.to_parquet(run.path / name, index=False)
    path = run.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"][name] = digest_of(run.path / name)
    path.write_text(json.dumps(sealed(manifest)), encoding="utf-8")


def figures(run, location, metric="nctr_patients"):
    """Figures of a metric at a location, one row a number of weeks ahead."""
    frame = run.summary
    return frame[(frame["metric"] == metric) & (frame["location"] == location)].to_dict("records")
