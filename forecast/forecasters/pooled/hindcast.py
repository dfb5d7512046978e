"""Quantiles of the forecasts that a pooled model would have made at earlier origins, out of sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from forecast.errors import InputError
from forecast.forecasters.base import Array
from forecast.forecasters.counts import counts_of
from forecast.forecasters.dependence import values_between
from forecast.forecasters.persistence import persist
from forecast.forecasters.pooled.features import Whole
from forecast.forecasters.pooled.learner import SCORES, Learner

if TYPE_CHECKING:
    from forecast.forecasters.pooled.boosting import PooledBoosting

SHARE_OF_ROWS = 3
SAMPLES = 400


def past_quantiles(
    model: PooledBoosting, origins: pd.DatetimeIndex, horizon: int, levels: Sequence[float], locations: Sequence[str]
) -> Array:
    """Counts (location, origin, horizon, level) as ``PooledBoosting.hindcast`` returns them."""
    dates = model.panel_.index
    places = [int(place) for place in dates.get_indexer(origins)]
    if -1 in places:
        raise InputError(
            f"no step of the panel on {origins[places.index(-1)]:%Y-%m-%d}; give origins from {dates[0]:%Y-%m-%d} to "
            f"{model.origin_:%Y-%m-%d}"
        )
    found = np.full((len(locations), len(places), horizon, len(levels)), np.nan)
    if not places:
        return found
    first = min(places)
    if first not in model.earlier_:
        model.earlier_[first] = model._learner(first, max(1, model.rows // SHARE_OF_ROWS))
    learner = model.earlier_[first]
    for column, place in enumerate(places):
        starts = [model._start(code, place) if learner else None for code in locations]
        used = [row for row, start in enumerate(starts) if start is not None]
        if learner and used:
            begun = np.array([starts[row] for row in used], dtype=np.int64)
            found[used, column] = _learned(
                model, learner, [locations[row] for row in used], begun, place, horizon, levels
            )
        for row, code in enumerate(locations):
            known = model.panel_[code].iloc[: place + 1]
            if not known.notna().any():
                continue
            if row not in used:
                rng = model._stream(0, code, f"{dates[place]:%Y-%m-%d}")
                found[row, column] = np.quantile(persist(known, horizon, SAMPLES, rng)[0], levels, axis=0).T
            found[row, column] = model._as_counts(code, found[row, column])
    return found


def _learned(
    model: PooledBoosting,
    learner: Learner,
    codes: Sequence[str],
    starts: Whole,
    place: int,
    horizon: int,
    levels: Sequence[float],
) -> Array:
    ahead = (place - starts)[:, None] + np.arange(1, horizon + 1)
    origin = np.broadcast_to(starts[:, None], ahead.shape)
    location = np.broadcast_to(model.panel_.columns.get_indexer(pd.Index(codes))[:, None], ahead.shape)
    quantiles = model.quantiles(origin.ravel(), location.ravel(), ahead.ravel(), learner)
    scores = np.broadcast_to(ndtri(np.asarray(levels)), (len(quantiles), len(levels)))
    return counts_of(values_between(SCORES, quantiles, scores)).reshape(*ahead.shape, len(levels))
