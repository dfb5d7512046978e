"""Forecasts from earlier origins against what came: how often a range held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
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
