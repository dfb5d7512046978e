"""The wave within a run: how far behind the nation each place is this season, when it peaks and how high."""

from __future__ import annotations

import pandas as pd

from forecast.forecasters.outliers import believed
from forecast.observations.table import step_days
from forecast.reference import Metric, Reference
from forecast.runs import wave_ahead
from forecast.runs.wave_ahead import WaveAhead
from forecast.trajectories import Trajectories
from forecast.waves.lag import Lag, estimate_lag, lag_prior
from forecast.waves.peaks import peak
from forecast.waves.pooling import pool_lags
from forecast.weekly import wave_signals

TURN = "07-01"
"""A year of waves runs from here: the quietest weeks of the year lie around it."""


def wave_of(
    metric: Metric,
    paths: Trajectories,
    usable: pd.DataFrame,
    nation: pd.Series,
    day: pd.Timestamp,
    tables: Reference,
) -> WaveAhead:
    """Say how far behind the nation each place is, when its wave peaks and how high.

    Parameters
    ----------
    metric
        What is forecast.
    paths
        Its sample paths at hospitals and counties, and of the nation where it was forecast too, to the end of the
        season of peaks.
    usable
        Its values as known on the day, without those known to be wrong, dates by the same places.
    nation
        The nation's own course, named by its code; empty where it is not told.
    day
        The as-of day.
    tables
        Reference tables.
    """
    if not wave_ahead.wanted(metric):
        return WaveAhead(reason=wave_ahead.NOT_BEDS if metric.wave else wave_ahead.NO_WAVE)
    delay = (day - nation.index[-1]).days if len(nation) else 0
    lags, seasons = _lags(usable, nation, tables) if len(nation) else ({}, [])
    season = wave_signals.window(metric.name, day, tables)
    if season is None:
        return WaveAhead(lags, delay, nation, None, wave_signals.off_season(metric.name, tables), seasons)
    observed = usable
    if len(nation):
        # Nobody flags the nation's slips: one day of ten times its size would be its highest week.
        known = believed(nation.reindex(usable.index), step_days(pd.DatetimeIndex(usable.index)))
        observed = usable.assign(**{str(nation.name): known})
    return WaveAhead(lags, delay, nation, peak(paths, observed=observed, window=season), "", seasons)


def _lags(usable: pd.DataFrame, nation: pd.Series, tables: Reference) -> tuple[dict[str, Lag], list[int]]:
    """Days behind this season of each place, and the earlier seasons that what is believed beforehand rests on."""
    found: dict[str, Lag] = {}
    used: set[int] = set()
    # County by county: what is believed beforehand is each one's own, and no other's hospitals bear on it.
    for county, places in _by_county(usable, tables).items():
        lags, seasons = _of_county(usable[places], nation, county)
        found |= lags
        used.update(seasons)
    return {str(code): found[str(code)] for code in usable.columns}, sorted(used)


def _by_county(usable: pd.DataFrame, tables: Reference) -> dict[str, list[str]]:
    """County -> its columns, itself among them; "" -> the columns of no county."""
    found: dict[str, list[str]] = {}
    counties = {county.code for county in tables.counties()}
    for code in map(str, usable.columns):
        parent = tables.locations[code].parent if code in tables.locations else ""
        found.setdefault(code if code in counties else parent if parent in counties else "", []).append(code)
    return found


def _of_county(usable: pd.DataFrame, nation: pd.Series, county: str) -> tuple[dict[str, Lag], list[int]]:
    # Of the newest figures: in July those of June are at hand.
    now = season_of(usable.index[-1])
    belief = lag_prior(county)
    # A county is the sum of its hospitals: pooled beside them, their waves would count twice.
    hospitals = [str(code) for code in usable.columns if code != county]
    past: dict[tuple[str, str], Lag] = {}
    for season in sorted({season_of(date) for date in nation.index} - {now}):
        first, last = turn(season), turn(season + 1) - pd.Timedelta(days=1)
        for code in hospitals:
            past[code, str(season)] = estimate_lag(usable.loc[first:last, code], nation.loc[first:last], prior=belief)
    pooled = pool_lags(past, prior=belief) if any(lag.identifiable for lag in past.values()) else None
    since = turn(now)
    lags = {
        str(code): estimate_lag(
            usable.loc[since:, code], nation.loc[since:], prior=pooled.prior(str(code)) if pooled else belief
        )
        for code in usable.columns
    }
    return lags, sorted({int(season) for _, season in pooled.used}) if pooled else []


def season_of(day: pd.Timestamp) -> int:
    """Year in which the season of a day began."""
    return day.year - (day < turn(day.year))


def turn(year: int) -> pd.Timestamp:
    """First day of the season that begins in a year."""
    return pd.Timestamp(f"{year}-{TURN}")
