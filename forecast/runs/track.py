"""What a run keeps so that it can be judged later: its own quantiles, and its forecasts made again from earlier dates.

Quantiles, not paths: a thousand paths a place are a hundred times as large, and a year of runs is read at once. Tenths
are enough for a handful of people, and whole numbers for a hundred and more.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.evaluation.scoring import BASELINE
from forecast.forecasters.record import LEVELS
from forecast.forecasters.replay import FORECAST
from forecast.runs.run import BACKFILL, Run
from forecast.trajectories import Trajectories

QUANTILES_FILE = "quantiles.parquet"
REPLAYS_FOLDER = "replays"
LEVEL_COLUMNS = tuple(f"{level:g}" for level in LEVELS)
REPLAY_COLUMNS = ("model", "location", "origin", "horizon", "date", *LEVEL_COLUMNS, "observed")
QUANTILE_COLUMNS = ("metric", "model", "location", "date", *LEVEL_COLUMNS)
WHOLE_FROM = 100.0
OLD_RECORD = "record.parquet"
"""What older runs kept: likely ranges only, and what came."""
NO_ROWS = pd.DataFrame(columns=list(REPLAY_COLUMNS))
OLD_RUN = "the run was made before they were kept; run 'forecast refit' to make a new run"
BACKFILLED = "the run was made afterwards by 'forecast backfill', which keeps none; 'forecast refit' makes a whole run"
NO_RECORD = "the model that made this forecast keeps no record of how it would have done before"


def quantiles_of(metric: str, trajectories: Trajectories, baseline: Trajectories) -> pd.DataFrame:
    """Quantiles of one metric's forecast and of the baseline; columns ``QUANTILE_COLUMNS``."""
    frames = []
    for name, paths in ((FORECAST, trajectories), (BASELINE, baseline)):
        values = np.quantile(paths.paths, LEVELS, axis=1)
        keys = pd.MultiIndex.from_product([paths.locations, paths.dates], names=["location", "date"])
        frame = pd.DataFrame(values.reshape(len(LEVELS), -1).T, index=keys, columns=list(LEVEL_COLUMNS))
        frames.append(frame.dropna().reset_index().assign(metric=metric, model=name))
    return rounded(pd.concat(frames, ignore_index=True))[list(QUANTILE_COLUMNS)]


def rounded(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with their quantiles in tenths, or whole from ``WHOLE_FROM`` on, as 32-bit floats."""
    values = rows[list(LEVEL_COLUMNS)].to_numpy(dtype=np.float64)
    kept = np.where(values >= WHOLE_FROM, values.round(), values.round(1)).astype(np.float32)
    return rows.assign(**{name: kept[:, k] for k, name in enumerate(LEVEL_COLUMNS)})


def quantiles(run: Run, metric: str) -> pd.DataFrame:
    """Quantiles of a run's forecast of a metric and of the baseline: model, location, date and the levels.

    Of runs made before they were kept, taken from the sample paths; no rows where the run has no such metric.

    Raises
    ------
    RunError
        A file of the run cannot be read.
    """
    kept = run.piece(QUANTILES_FILE)
    if kept is None and metric in run.metrics:
        kept = quantiles_of(metric, run.trajectories(metric), run.baseline(metric))
    if kept is None:
        kept = pd.DataFrame(columns=list(QUANTILE_COLUMNS))
    return kept[kept["metric"] == metric].drop(columns="metric").reset_index(drop=True)


def replays(run: Run, metric: str) -> pd.DataFrame:
    """Forecasts of a metric made again with the run's data up to earlier dates, against what came.

    Of the forecast itself, its members and the baseline; columns ``REPLAY_COLUMNS``. No rows where the forecaster keeps
    no record, and in runs made before it was kept: see ``no_replays``.

    Raises
    ------
    RunError
        A file of the run cannot be read.
    """
    kept = run.piece(f"{REPLAYS_FOLDER}/{metric}.parquet")
    return pd.DataFrame(columns=list(REPLAY_COLUMNS)) if kept is None else kept


def no_replays(run: Run, metric: str) -> str:
    """Say why a run has no forecasts of a metric made again; empty where it has."""
    files = run.manifest["files"]
    if f"{REPLAYS_FOLDER}/{metric}.parquet" in files:
        return ""
    if run.made == BACKFILL:
        return BACKFILLED
    return NO_RECORD if QUANTILES_FILE in files else OLD_RUN


def likely_ranges(run: Run, metric: str) -> pd.DataFrame:
    """Likely ranges (9 in 10) of the forecast made again, of days of which it is known what came.

    Columns location, origin, date, low, high, observed. Runs made before there were ``replays`` kept these.

    Raises
    ------
    RunError
        A file of the run cannot be read.
    """
    old = run.piece(OLD_RECORD)
    if old is not None:
        found = old[old["metric"] == metric]
    else:
        rows = replays(run, metric).rename(columns={"0.05": "low", "0.95": "high"})
        found = rows[(rows["model"] == FORECAST) & rows["observed"].notna()]
    return found[["location", "origin", "date", "low", "high", "observed"]].reset_index(drop=True)
