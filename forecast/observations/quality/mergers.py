"""Two trusts that became one: a code stops as another's level rises by what the first had. Tells, never masks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from forecast.observations.quality.found import Found, Numbers
from forecast.observations.quality.levels import weeks
from forecast.observations.quality.robust import median

SIDE = 6
FEWEST = 3
SILENT_WEEKS = 4
AGREES = 0.35  # Yeovil took 130 patients along and Somerset rose by 89
SCATTERS = 4.0  # of the heir's usual change from week to week
LEAST_RISE = 0.15
SMALLEST = 20.0


def mergers(
    judged: pd.DataFrame, everybody: pd.DataFrame, label: Callable[[str], str], known: pd.DataFrame
) -> Iterator[Found]:
    """A finding for the trust that went on and one for the trust that stopped, on the first day of the new level.

    Parameters
    ----------
    judged
        Locations to report on.
    everybody
        All hospitals.
    label
        Screen name of a location.
    known
        Mergers on record: date, from, into. One of them is told from its date, where both have values; others are
        found by their figures.
    """
    wanted = set(map(str, judged.columns))
    mondays, logs = weeks(everybody)
    level = np.exp(logs)
    codes = [str(code) for code in everybody.columns]
    told = set()
    for gone in range(len(codes)):
        filled = np.flatnonzero(~np.isnan(level[:, gone]))
        if len(filled) < FEWEST or filled[-1] + SILENT_WEEKS >= len(level):
            continue
        last = int(filled[-1])
        lost = float(np.median(level[filled[-SIDE:], gone]))
        on_record = known[(known["from"] == codes[gone])]
        for into in _heirs(level, gone, last, lost):
            listed = on_record[on_record["into"] == codes[into]]
            date = mondays[last + 1] if listed.empty else pd.Timestamp(listed["date"].iloc[0])
            told.add((codes[gone], codes[into]))
            end = "two trusts became one, as on record" if len(listed) else "it looks as if one took over the other"
            text = (
                f"{label(codes[gone])} stopped at about {lost:,.0f} as {label(codes[into])} rose by "
                f"{_rises(level, last)[into]:,.0f}: {end}"
            )
            for code in wanted & {codes[gone], codes[into]}:
                yield Found(pd.DatetimeIndex([date]), code, "merger", text)
    yield from _on_record(everybody, known, told, wanted, label)


def _heirs(level: Numbers, gone: int, last: int, lost: float) -> list[int]:
    """The hospital whose level rose by what was lost, beyond its own usual change; none, or the best one."""
    if lost < SMALLEST:
        return []
    rises = _rises(level, last)
    before = median(level[max(last + 1 - SIDE, 0) : last + 1])
    usual = median(np.abs(level[1:] - level[:-1]))
    off = np.abs(rises / lost - 1)
    off[gone] = np.nan
    fits = (off <= AGREES) & (rises >= SCATTERS * usual) & (rises >= LEAST_RISE * before)
    return [int(np.argmin(np.where(fits, off, np.inf)))] if fits.any() else []


def _rises(level: Numbers, last: int) -> Numbers:
    """How far each hospital's level after a week lies above that up to it; NaN where too little is known."""
    before, after = level[max(last + 1 - SIDE, 0) : last + 1], level[last + 1 : last + 1 + SIDE]
    known = (np.sum(~np.isnan(before), axis=0) >= FEWEST) & (np.sum(~np.isnan(after), axis=0) >= FEWEST)
    rises: Numbers = np.where(known, median(after) - median(before), np.nan)
    return rises


def _on_record(
    everybody: pd.DataFrame,
    known: pd.DataFrame,
    told: set[tuple[str, str]],
    wanted: set[str],
    label: Callable[[str], str],
) -> Iterator[Found]:
    """Mergers on record whose step the figures cannot show, because the date falls in a gap of the record."""
    for row in known.to_dict("records"):
        pair, date = (str(row["from"]), str(row["into"])), pd.Timestamp(row["date"])
        if pair in told or not set(pair) <= set(everybody.columns):
            continue
        before, after = everybody.loc[: date - pd.Timedelta(days=1)], everybody.loc[date:]
        if before[pair[0]].notna().any() and after[pair[1]].notna().any():
            text = f"{label(pair[0])} became part of {label(pair[1])}, as on record"
            for code in wanted & set(pair):
                yield Found(pd.DatetimeIndex([date]), code, "merger", text)
