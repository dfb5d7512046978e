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

TURN = "07-01"
"""A year of waves runs from here: the quietest weeks of the year lie around it."""


def wave_of(
    metric: Metric,
    paths: Trajectories,
    usable: pd.DataFrame,
    related: Mapping[str, pd.DataFrame],
    day: pd.Timestamp,
    tables: Reference,
) -> WaveAhead:
    """Say how far behind the nation each place is, when its wave peaks and how high.

    Parameters
    ----------
    metric
        What is forecast.
    paths
        Its sample paths at hospitals and counties, to the end of the season of peaks.
    usable
        Its values as known on the day, without those known to be wrong, dates by the same places.
    related
        The nation's course and its past seasons; see ``wave_signals``.
    day
        The as-of day.
    tables
        Reference tables.
    """
    if not wave_ahead.wanted(metric):
        return WaveAhead()
    nation = wave_signals.nation_of(metric.name, related, tables)
    delay = (day - nation.index[-1]).days if len(nation) else 0
    lags = _lags(usable[paths.locations], nation, day) if len(nation) else {}
    season = wave_signals.window(metric.name, day, tables)
    if season is None:
        return WaveAhead(lags, delay, nation, None, wave_signals.off_season(metric.name, tables))
    return WaveAhead(lags, delay, nation, peak(paths, observed=usable, window=season), "")


def _lags(usable: pd.DataFrame, nation: pd.Series, day: pd.Timestamp) -> dict[str, Lag]:
    """Days behind this season of each place."""
    turn = pd.Timestamp(f"{day.year}-{TURN}")
    since = turn if turn <= day else turn - pd.DateOffset(years=1)
    return {str(code): estimate_lag(usable.loc[since:, code], nation.loc[since:]) for code in usable.columns}
