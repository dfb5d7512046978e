"""Forecasts from earlier origins: of the forecast that is published, and of each member it is pooled from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
FORECAST = "forecast"
"""What the forecast itself is called among its members and the baseline."""


@dataclass(frozen=True)
class Replay:
    """Sample paths of forecasts from earlier origins, and what the members said then.

    Parameters
    ----------
    paths
        Location -> counts (origins, samples, steps).
    origins
        Their days, oldest first.
    step_days
        1 or 7.
    members
        Member -> location -> quantiles (origins, steps, levels) at ``forecast.forecasters.record.LEVELS``. A location
        may be a sum that members forecast as a series of its own.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=300)
    >>> panel = pd.DataFrame({"RM1": np.tile([200, 220, 224, 216, 240, 180, 170], 43)[:300]}, index=days)
    >>> panel["RM1"] += np.random.default_rng(1).integers(-9, 10, 300)
    >>> members = [fc.forecasters.SeasonalNaive(), fc.forecasters.Persistence()]
    >>> pool = fc.forecasters.Ensemble(members, memory=84, every=28)
    >>> fitted = pool.fit(panel)
    >>> _ = fitted.predict(14, samples=50)
    >>> past = fitted.replay(["RM1"])
    >>> past.quantiles([0.5]).columns.tolist()
    ['location', 'origin', 'horizon', 'date', '0.5']
    >>> sorted(past.of_members([0.5], ["RM1"]))
    ['Persistence', 'SeasonalNaive']
    >>> sorted(past.with_total("SUM", ["RM1"]).paths)
    ['RM1', 'SUM']
    """

    paths: Mapping[str, Array]
    origins: pd.DatetimeIndex
    step_days: int
    members: Mapping[str, Mapping[str, Array]] = field(default_factory=dict)

    def with_total(self, name: str, of: Sequence[str]) -> Replay:
        """Add a location that is the sum of others, path by path; unchanged where one of them has no record.

        What a member said of the sum itself stays; where it said nothing there is none.

        Parameters
        ----------
        name
            Code of the sum.
        of
            Locations to sum.

        Returns
        -------
        Replay
            With that location too.
        """
        if any(code not in self.paths for code in of):
            return self
        return replace(self, paths={**self.paths, name: np.sum([self.paths[code] for code in of], axis=0)})

    def quantiles(self, levels: Sequence[float]) -> pd.DataFrame:
        """Quantiles of the forecast.

        Parameters
        ----------
        levels
            From 0 to 1.

        Returns
        -------
        DataFrame
            Columns location, origin, horizon, date, and one a level; empty where nothing was kept.
        """
        values = {code: np.moveaxis(np.quantile(paths, levels, axis=1), 0, -1) for code, paths in self.paths.items()}
        frames = [long_rows(code, self.origins, self.step_days, own, levels) for code, own in values.items()]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def of_members(self, levels: Sequence[float], locations: Sequence[str]) -> dict[str, pd.DataFrame]:
        """Return the same of every member, at those of the locations it spoke of.

        Parameters
        ----------
        levels
            From 0 to 1.
        locations
            Those wanted.

        Returns
        -------
        dict of str to DataFrame
            Member to its rows, as ``quantiles`` has them.
        """
        found = {}
        for name, said in self.members.items():
            rows = [
                long_rows(code, self.origins, self.step_days, said[code], levels) for code in locations if code in said
            ]
            if rows:
                found[name] = pd.concat(rows, ignore_index=True)
        return found


def long_rows(
    code: str, origins: pd.DatetimeIndex, step_days: int, values: Array, levels: Sequence[float]
) -> pd.DataFrame:
    """Rows of quantiles (origins, steps, levels) of one location; none where nothing was said."""
    steps = np.arange(1, values.shape[1] + 1)
    days = origins.repeat(len(steps))
    horizon = np.tile(steps, len(origins))
    frame = pd.DataFrame(
        {
            "location": code,
            "origin": days,
            "horizon": horizon,
            "date": days + pd.to_timedelta(horizon * step_days, unit="D"),
            **{f"{level:g}": values[:, :, k].ravel() for k, level in enumerate(levels)},
        }
    )
    return frame.dropna()
