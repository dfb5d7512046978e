"""The wave within a run: how far behind the nation each place is this season, when it peaks and how high."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from forecast import wave_ahead, wave_signals
from forecast.reference import Metric, Reference
from forecast.trajectories import Trajectories
from forecast.wave_ahead import WaveAhead
from forecast.waves.lag import Lag, estimate_lag
from forecast.waves.peaks import peak

OFF_SEASON = "out of season: a peak is looked for from {first} to {last}"
TURN = "07-01"
"""A year of waves runs from here: the quietest weeks of the year lie around it."""


def wave_of(
    metric: Metric,
    paths: Trajectories,
    usable: pd.DataFrame,
    related: Mapping[str, pd.DataFrame],
    day: pd.Timestamp,
    season: tuple[pd.Timestamp, pd.Timestamp] | None,
    tables: Reference,
) -> WaveAhead:
    raise NotImplementedError
