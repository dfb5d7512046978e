"""How often an ensemble's range held: its forecasts from earlier origins, weighed and widened as known then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from forecast.forecasters.base import Array
from forecast.forecasters.counts import counts_of, stabilised
from forecast.forecasters.dependence import Dependence, values_between
from forecast.forecasters.record import LEVELS, Record

SAMPLES = 400
COLUMNS = ("location", "origin", "horizon", "date", "low", "high", "observed")


@dataclass(frozen=True)
class Replay:
    """Sample paths of forecasts from earlier origins, and what came.

    Parameters
    ----------
    paths
        Location -> counts (origins, samples, steps).
    observed
        Location -> counts (origins, steps); NaN where unknown.
    origins
        Their days, oldest first.
    step_days
        1 or 7.
    """

    paths: Mapping[str, Array]
    observed: Mapping[str, Array]
    origins: pd.DatetimeIndex
    step_days: int

    def with_total(self, name: str, of: Sequence[str]) -> Replay:
        """Add a location that is the sum of others, path by path; unchanged where one of them has no record."""
        if any(code not in self.paths for code in of):
            return self
        paths = {**self.paths, name: np.sum([self.paths[code] for code in of], axis=0)}
        observed = {**self.observed, name: np.sum([self.observed[code] for code in of], axis=0)}
        return Replay(paths, observed, self.origins, self.step_days)

    def ranges(self, coverage: float = 0.9) -> pd.DataFrame:
        """Central ranges against what came, one row a location, origin and step that is known; columns ``COLUMNS``."""
        tail = (1.0 - coverage) / 2.0
        frames = []
        for code, paths in self.paths.items():
            low, high = np.quantile(paths, [tail, 1.0 - tail], axis=1)
            row, column = np.nonzero(~np.isnan(self.observed[code]) & ~np.isnan(low))
            origins = self.origins[row]
            frames.append(
                pd.DataFrame(
                    {
                        "location": code,
                        "origin": origins,
                        "horizon": column + 1,
                        "date": origins + pd.to_timedelta((column + 1) * self.step_days, unit="D"),
                        "low": low[row, column],
                        "high": high[row, column],
                        "observed": self.observed[code][row, column],
                    }
                )
            )
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(COLUMNS))


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
        return Replay({}, {}, origins[:0], 1)
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
    chosen = list(later)
    return Replay(
        {code: np.stack(own) for code, own in paths.items()},
        {code: record.observed[chosen] for code, record in records.items()},
        origins[chosen],
        step_days,
    )
