"""What a run keeps of a wave: how far behind the nation each place runs, and when and how high it peaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from forecast.reference import Metric
from forecast.runs.outlook import OLD_RUN
from forecast.waves.lag import Lag
from forecast.waves.lag_frames import lags_to_frame
from forecast.waves.peak_value import Peak

FOLDER = "waves"
NO_WAVE = "this measure does not come in waves"
NOT_BEDS = "the peak is looked for in the patients in beds, not in this measure"
NO_NATION = "no figures of the whole country to compare with"


def nothing_known() -> pd.Series:
    """Return the course of a nation of which nothing is told."""
    return pd.Series(dtype=float, index=pd.DatetimeIndex([], name="date"), name="value")


@dataclass(frozen=True, eq=False)
class WaveAhead:
    """What a run keeps of the wave of one metric.

    Parameters
    ----------
    lags
        Location to how many days it runs behind the nation this season.
    delay_days
        Days from the nation's newest figure to the as-of day: what a lag loses before it warns anybody.
    nation
        The nation's own course as known, on any dates.
    peaks
        When and how high the wave peaks at each place; None where no peak is looked for.
    reason
        Why no peak is looked for; empty where one is.
    lag_seasons
        Earlier seasons, by the year in which they began, whose lags could be told: what the lags' ``prior`` rests on.
    """

    lags: Mapping[str, Lag] = field(default_factory=dict)
    delay_days: int = 0
    nation: pd.Series = field(default_factory=nothing_known)
    peaks: Peak | None = None
    reason: str = NO_WAVE
    lag_seasons: Sequence[int] = ()

    def entry(self) -> dict[str, Any]:
        """Return what the manifest says of it."""
        return {"reason": self.reason, "delay_days": self.delay_days, "lag_seasons": list(self.lag_seasons)}

    def frames(self) -> dict[str, pd.DataFrame]:
        """Frames to keep, by the last part of their file's name; what is not there is left out."""
        found: dict[str, pd.DataFrame] = {}
        if self.lags:
            found["lags"] = lags_to_frame(self.lags)
        if len(self.nation):
            found["nation"] = self.nation.rename("value").rename_axis("date").reset_index()
        if self.peaks is not None:
            found["peaks"] = self.peaks.to_frame()
        return found


def wanted(metric: Metric) -> bool:
    """Whether a run says when and how high a metric peaks: patients in beds who come in waves."""
    return metric.wave and metric.kind == "stock"


def lacking(entry: Mapping[str, Any]) -> str:
    """Say why a run looks for no peak of a metric, from its entry in the manifest; empty where it does."""
    return str(entry["wave"]["reason"]) if "wave" in entry else OLD_RUN
