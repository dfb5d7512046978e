"""Forecasts of one metric made again from earlier origins, beside its members and the baseline, against what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from forecast.evaluation.scoring import BASELINE
from forecast.forecasters import Persistence
from forecast.forecasters.base import SAMPLES, Forecaster
from forecast.forecasters.record import LEVELS
from forecast.forecasters.replay import FORECAST, Replay
from forecast.runs.diary import values_on
from forecast.runs.track import REPLAY_COLUMNS, rounded


def replays_of(
    model: Forecaster,
    learned: pd.DataFrame,
    usable: pd.DataFrame,
    hospitals: Sequence[str],
    counties: Mapping[str, Sequence[str]],
    seed: int,
) -> pd.DataFrame:
    """Return what the model, its members and the baseline say from earlier origins, with today's data up to each.

    Parameters
    ----------
    model
        Fitted; hospitals must have been forecast with it. One that keeps no record gives no rows.
    learned
        What it was fitted on.
    usable
        Values that are not flagged, dates by hospital and county: what came.
    hospitals
        Those with a forecast.
    counties
        County -> hospitals summed into it. A member's county is what it said of the county's own series, where the
        model forecasts that; the baseline's is the sum of its hospitals' paths, as everywhere.
    seed
        Same seed, same paths.

    Returns
    -------
    DataFrame
        Columns ``REPLAY_COLUMNS``; ``observed`` is NaN where nothing usable has come.
    """
    replay = model.replay(hospitals, seed)
    for county, members in counties.items():
        replay = replay.with_total(county, members)
    if not replay.paths:
        return pd.DataFrame(columns=list(REPLAY_COLUMNS))
    said = {FORECAST: replay.quantiles(LEVELS), **replay.of_members(LEVELS, list(replay.paths))}
    said[BASELINE] = _no_change(replay, learned, hospitals, counties, seed)
    rows = pd.concat([frame.assign(model=name) for name, frame in said.items()], ignore_index=True)
    return rounded(rows.assign(observed=values_on(usable, rows["date"], rows["location"])))[list(REPLAY_COLUMNS)]


def _no_change(
    replay: Replay,
    learned: pd.DataFrame,
    hospitals: Sequence[str],
    counties: Mapping[str, Sequence[str]],
    seed: int,
) -> pd.DataFrame:
    """Return the baseline's quantiles from the same origins, each from the values up to it."""
    steps = next(iter(replay.paths.values())).shape[2]
    codes = [code for code in hospitals if code in replay.paths]
    paths = [
        Persistence().fit(learned.loc[:origin, codes]).predict(steps, codes, SAMPLES, seed).paths
        for origin in replay.origins
    ]
    by_place = {code: np.stack([one[place] for one in paths]) for place, code in enumerate(codes)}
    again = Replay(by_place, replay.origins, replay.step_days)
    for county, members in counties.items():
        again = again.with_total(county, members)
    return again.quantiles(LEVELS)
