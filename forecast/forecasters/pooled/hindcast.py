"""Quantiles of the forecasts that a pooled model would have made at earlier origins, out of sample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from forecast.forecasters.base import SAMPLES, Array
from forecast.forecasters.counts import counts_of
from forecast.forecasters.dependence import values_between
from forecast.forecasters.outliers import believed
from forecast.forecasters.per_location import carried_forward, ceiling
from forecast.forecasters.persistence import age_note
from forecast.forecasters.pooled.features import Whole

if TYPE_CHECKING:
    from forecast.forecasters.pooled.base import PooledForecaster

SHARE_OF_ROWS = 2


def past_quantiles(
    model: PooledForecaster, places: Whole, horizon: int, levels: Sequence[float], locations: Sequence[str]
) -> Array:
    """Counts (location, origin, horizon, level) of forecasts from places among the panel's dates.

    Each is made by a model learned from values up to it, or up to an earlier one of them not long before.
    """
    found = np.full((len(locations), len(places), horizon, len(levels)), np.nan)
    if len(places):
        stretch = (places - places.min()) // (model.learn_again_days // model.step_days_)
        for one in np.unique(stretch):
            chosen = stretch == one
            found[:, chosen] = _of_one_model(model, places[chosen], horizon, levels, locations)
    return found


def _of_one_model(
    model: PooledForecaster, places: Whole, horizon: int, levels: Sequence[float], locations: Sequence[str]
) -> Array:
    dates = model.panel_.index
    found = np.full((len(locations), len(places), horizon, len(levels)), np.nan)
    first = int(places.min())
    if first not in model.earlier_:
        model.earlier_[first] = model._learner(first, max(1, model.rows // SHARE_OF_ROWS))
    learner = model.earlier_[first]
    kept = [
        [believed(model.panel_[code].iloc[: place + 1], model.step_days_) for place in places] for code in locations
    ]
    begun = np.array(
        [[_start(model, learner, code, one) for one in row] for code, row in zip(locations, kept, strict=True)]
    )
    rows, columns = np.nonzero(begun >= 0)
    if learner and len(rows):
        codes = [locations[row] for row in rows.tolist()]
        ends = places[columns]
        found[rows, columns] = _learned(model, learner, codes, begun[rows, columns], ends, horizon, levels)
    for row, code in enumerate(locations):
        for column, place in enumerate(places):
            if begun[row, column] >= 0:
                found[row, column] = np.minimum(found[row, column], ceiling(kept[row][column]))
            elif kept[row][column].notna().any():
                known = model.panel_[code].iloc[: place + 1]
                rng = model._stream(0, code, f"{dates[place]:%Y-%m-%d}")
                paths, _ = carried_forward(known, model.step_days_, horizon, SAMPLES, rng)
                found[row, column] = np.quantile(paths, levels, axis=0).T
        found[row] = model._as_counts(code, found[row])
    return found


def _start(model: PooledForecaster, learner: Any, code: str, kept: pd.Series) -> int:
    """Place of the date that the forecast from believable values starts from, -1 where there is none."""
    if learner is None or not kept.notna().any() or age_note(kept):
        return -1
    start = model._start(code, len(kept) - 1)
    return -1 if start is None else start


def _learned(
    model: PooledForecaster,
    learner: Any,
    codes: Sequence[str],
    starts: Whole,
    places: Whole,
    horizon: int,
    levels: Sequence[float],
) -> Array:
    ahead = (places - starts)[:, None] + np.arange(1, horizon + 1)
    origin = np.broadcast_to(starts[:, None], ahead.shape)
    location = np.broadcast_to(model.panel_.columns.get_indexer(pd.Index(codes))[:, None], ahead.shape)
    quantiles = model.quantiles(origin.ravel(), location.ravel(), ahead.ravel(), learner)
    scores = np.broadcast_to(ndtri(np.asarray(levels)), (len(quantiles), len(levels)))
    return counts_of(values_between(model.scores, quantiles, scores)).reshape(*ahead.shape, len(levels))
