"""An ensemble's forecasts from earlier origins, weighed and widened as known then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from forecast.forecasters.base import SAMPLES, Array
from forecast.forecasters.counts import counts_of, stabilised
from forecast.forecasters.dependence import Dependence, values_between
from forecast.forecasters.record import LEVELS, Record
from forecast.forecasters.replay import Replay


def replayed(
    records: Mapping[str, Record],
    origins: pd.DatetimeIndex,
    pooling: Callable[[Record], tuple[Array, Array]],
    dependence: Dependence,
    stream: Callable[..., np.random.Generator],
) -> Replay:
    """Replay the later half of the origins, each with the weights and widths that its own past gave.

    Parameters
    ----------
    records
        Location -> past forecasts of the members, all from the same origins.
    origins
        Those origins, oldest first.
    pooling
        Weights (members, steps) and widths (steps,) from a record.
    dependence, stream
        As for the ensemble's own paths.
    """
    if not records or len(origins) < 2:
        return Replay({}, origins[:0], 1)
    step_days = next(iter(records.values())).step_days
    later = range(len(origins) // 2, len(origins))
    paths: dict[str, list[Array]] = {code: [] for code in records}
    for place in later:
        steps = next(iter(records.values())).observed.shape[1]
        ranks = dependence.ranks(
            list(records), steps, SAMPLES, lambda *names, day=origins[place]: stream(f"{day:%Y-%m-%d}", *names)
        )
        for own, (code, record) in zip(ranks, records.items(), strict=True):
            weights, spread = pooling(record.known_at(place, origins))
            pooled = np.einsum("ms,msl->sl", weights, stabilised(record.quantiles[:, place]))
            middle = pooled[:, [len(LEVELS) // 2]]
            widened = middle + spread[:, None] * (pooled - middle)
            scores = ndtri(own)[..., None]
            drawn = values_between(ndtri(np.array(LEVELS)), widened[None], scores)[..., 0]
            paths[code].append(counts_of(drawn))
    return Replay({code: np.stack(own) for code, own in paths.items()}, origins[list(later)], step_days)


def said_by(
    kinds: Sequence[str],
    past: Mapping[tuple[str, int], Array | None],
    locations: Sequence[str],
    places: npt.NDArray[np.integer],
) -> dict[str, dict[str, Array]]:
    """Quantiles (origins, steps, levels) that members gave, by name and location.

    Parameters
    ----------
    kinds
        Class of each member; from the second of a kind on, its name has a number.
    past
        Location and number of a member -> its quantiles from all origins; None where it failed.
    locations
        Which locations.
    places
        Which of the origins.
    """
    found = {}
    for k, kind in enumerate(kinds):
        before = kinds[:k].count(kind)
        name = f"{kind} {before + 1}" if before else kind
        found[name] = {code: own[places] for code in locations if (own := past.get((code, k))) is not None}
    return found
