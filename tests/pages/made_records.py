"""Runs week by week on one made history, and forecasts made again: a record whose figures are known."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from made_runs import AS_OF, COUNTY, HOSPITALS, ORIGIN, _forecast
from scipy.special import ndtri

from forecast import runs
from forecast.forecasters.record import LEVELS
from forecast.runs import Run
from forecast.runs.track import REPLAY_COLUMNS

WEEK = pd.Timedelta(days=7)
METRIC = "nctr_patients"


def past_run(
    models: Path, weeks: int, *, simulated: bool = True, metrics=(METRIC,), mark: str = "00", **history
) -> Run:
    """Write a run as of so many weeks before ``made_runs.AS_OF``; ``history``: values by hospital on its days.

    Its forecast and its history are those of the made run, moved back in time.
    """
    back = weeks * WEEK
    made = [_moved(_forecast(metric, None, "2022-04-01"), back, history) for metric in metrics]
    as_of = AS_OF - back
    manifest = {
        "id": f"{as_of:%Y-%m-%d}-{'5151' if simulated else 'aaaa'}{mark}",
        "as_of": f"{as_of:%Y-%m-%d}",
        "simulated": simulated,
        "code_version": "0.1.0+test",
        "settings": {"horizon_days": 42, "samples": 200, "seed": 1},
        "seed": 1,
        "vintages": [],
        "counties": {COUNTY: HOSPITALS},
        "skipped": {},
        "timings": {},
    }
    run = runs.write_run(models, manifest, made)
    # Written in the order of their dates, as the weekly job would have.
    stamp = as_of.timestamp() + (0 if mark == "00" else 3600)
    os.utime(run.path / "manifest.json", (stamp, stamp))
    return run


def with_record(models: Path, *, simulated: bool = True, metrics=(METRIC,), inside: float = 0.9) -> Run:
    """Write the newest run with forecasts made again; their likely range held on ``inside`` of days."""
    made = [
        replace(one, replays=made_again(one.history[[*HOSPITALS, COUNTY]], inside))
        for one in (_forecast(metric, None, "2022-04-01") for metric in metrics)
    ]
    manifest = {
        "id": f"2025-01-09-{'5151' if simulated else 'aaaa'}99",
        "as_of": f"{AS_OF:%Y-%m-%d}",
        "simulated": simulated,
        "code_version": "0.1.0+test",
        "settings": {"horizon_days": 42, "samples": 200, "seed": 1},
        "seed": 1,
        "vintages": [],
        "counties": {COUNTY: HOSPITALS},
        "skipped": {},
        "timings": {},
    }
    return runs.write_run(models, manifest, made)


def made_again(history: pd.DataFrame, inside: float) -> pd.DataFrame:
    """Forecasts from seven dates four weeks apart: of ``inside`` of the days the range holds what came, of others not.

    Widths are a tenth of what came for the forecast, a fifth for the baseline, and the middle of the member is 10 high.
    """
    rows = []
    for origin in pd.date_range(end=ORIGIN - pd.Timedelta(days=21), periods=7, freq="28D"):
        for place in history:
            dates = pd.date_range(origin, periods=43, freq="D")[1:]
            came = history[place].reindex(dates).to_numpy()
            level = np.where(np.isnan(came), history[place].median(), came)
            # Every tenth day and the like: the middle is put so far off that the range misses.
            missed = np.arange(1, 43) % 10 >= round(10 * inside)
            for model, width, off in (("forecast", 0.1, 0.0), ("PooledBoosting", 0.1, 10.0), ("Persistence", 0.2, 0.0)):
                middle = level + off + np.where(missed & (model == "forecast"), level, 0.0)
                spread = width * level / ndtri(0.95)
                values = {f"{one:g}": middle + spread * ndtri(one) for one in LEVELS}
                rows.append(
                    pd.DataFrame(
                        {
                            "model": model,
                            "location": place,
                            "origin": origin,
                            "horizon": np.arange(1, 43),
                            "date": dates,
                        }
                        | values
                        | {"observed": came}
                    )
                )
    return pd.concat(rows, ignore_index=True)[list(REPLAY_COLUMNS)]


def _moved(one, back: pd.Timedelta, history):
    """Move what a refit made of one metric back in time; ``history`` replaces values by hospital."""
    moved = one.history.copy()
    moved.index = moved.index - back
    for place, values in history.items():
        for day, value in values.items():
            moved.loc[pd.Timestamp(day), place] = value
    return replace(
        one,
        trajectories=_earlier(one.trajectories, back),
        baseline=_earlier(one.baseline, back),
        history=moved,
        flags=one.flags.assign(date=one.flags["date"] - back),
    )


def _earlier(paths, back: pd.Timedelta):
    samples = paths.samples.assign_coords(date=pd.DatetimeIndex(paths.samples["date"].to_numpy()) - back)
    return replace(paths, samples=samples, origin=paths.origin - back)
