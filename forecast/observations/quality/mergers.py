"""Two trusts that became one: a code stops as another's level rises by what the first had. Tells, never masks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from forecast.observations.quality.found import Found
from forecast.observations.quality.levels import weeks

SIDE = 6
FEWEST = 3
SILENT_WEEKS = 4
AGREES = 0.35
SCATTERS = 4.0
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
                f"{_rise(level[:, into], last):,.0f}: {end}"
            )
            for code in wanted & {codes[gone], codes[into]}:
                yield Found(pd.DatetimeIndex([date]), code, "merger", text)
    yield from _on_record(everybody, known, told, wanted, label)


def _heirs(level: np.typing.NDArray[np.float64], gone: int, last: int, lost: float) -> list[int]:
    """The hospital whose level rose by what was lost, beyond its own usual change; none, or the best one."""
    if lost < SMALLEST:
        return []
    fits = []
    for into in range(level.shape[1]):
        rise = _rise(level[:, into], last) if into != gone else np.nan
        if not abs(rise / lost - 1) <= AGREES:
            continue
        before = level[max(last + 1 - SIDE, 0) : last + 1, into]
        changes = np.abs(np.diff(level[:, into]))
        usual = float(np.nanmedian(changes)) if np.isfinite(changes).any() else np.inf
        if rise >= SCATTERS * usual and rise >= LEAST_RISE * np.nanmedian(before):
            fits.append((abs(rise / lost - 1), into))
    return [min(fits)[1]] if fits else []


def _rise(series: np.typing.NDArray[np.float64], last: int) -> float:
    before, after = series[max(last + 1 - SIDE, 0) : last + 1], series[last + 1 : last + 1 + SIDE]
    if np.sum(~np.isnan(before)) < FEWEST or np.sum(~np.isnan(after)) < FEWEST:
        return float("nan")
    return float(np.nanmedian(after) - np.nanmedian(before))


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
