"""What is wrong in published values, before a forecast uses them. Values are never altered, only flagged.

One module a family of rules, each flag with its evidence in words; ``kinds`` lists all flags and says which of them
a clean panel leaves out. The rules run in steps: what is impossible, zero or missing first; then days far off, judged
without the values already doubted; then frozen values; last what is told about a series as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from forecast.observations.quality import habits, levels, mergers, missing, pairs, spikes, zeros
from forecast.observations.quality.found import Found, to_frame, without
from forecast.observations.quality.frozen import frozen, repeated_weeks
from forecast.observations.quality.kinds import FINDINGS, KINDS, LABELS, Kind, findings, masking
from forecast.observations.quality.known import specification_changes
from forecast.observations.quality.missing import Season
from forecast.observations.table import step_days

__all__ = ["FINDINGS", "KINDS", "LABELS", "NATION", "Beside", "Kind", "findings", "flags", "masked", "masking"]

NATION = ("ENG", "ENG_T1", "ENG_SUM")


def _no_mergers() -> pd.DataFrame:
    return pd.DataFrame(columns=["date", "from", "into", "source"])


@dataclass(frozen=True, eq=False, kw_only=True)
class Beside:
    """What a metric's values are judged beside; each may be missing, and its rules then say nothing.

    Attributes
    ----------
    patients, discharged
        The other counts of the discharge return.
    remaining
        Whether the metric is what remains of ``patients``.
    beds_open, beds_occupied
        The other of the two counts of beds.
    decided
        Whether the metric is a decision (beds open) that may stay put for weeks, not a count.
    season
        Season of the publication; None where it appears all year.
    changes
        Changes of specification: date, description.
    mergers
        Mergers on record: date, from, into, source.
    """

    patients: pd.DataFrame | None = None
    discharged: pd.DataFrame | None = None
    remaining: bool = False
    beds_open: pd.DataFrame | None = None
    beds_occupied: pd.DataFrame | None = None
    decided: bool = False
    season: Season | None = None
    changes: pd.DataFrame | None = None
    mergers: pd.DataFrame = field(default_factory=_no_mergers)


def flags(
    panel: pd.DataFrame,
    wave: bool,
    stock: bool = True,
    size: pd.Series | None = None,
    explained: pd.DataFrame | None = None,
    locations: Sequence[str] | None = None,
    label: Callable[[str], str] = str,
    beside: Beside | None = None,
) -> pd.DataFrame:
    """Flag the values of one metric.

    Parameters
    ----------
    panel
        Hospitals, DatetimeIndex by location; the nation's column (``ENG``) is used where there is one.
    wave
        Whether the metric follows epidemics, so that a zero is normal out of season.
    stock
        Whether the metric counts people present; a flow (admissions a day) may truly be zero for a day.
    size
        Size of each location (general and acute beds open): its share of the nation where its own record is short.
    explained
        Where a zero follows from another figure (everybody fit to leave was recorded as discharged), True.
    locations
        Judge only these columns; all others still serve as comparison.
    label
        Screen name of a location, for the note.
    beside
        Other metrics and what publications say of their series.

    Returns
    -------
    DataFrame
        date, location, flag, note, sorted by location and date. A value has one flag that masks at most, the first
        of ``KINDS``; findings about a series stand beside it, each on its first day.
    """
    beside = beside or Beside()
    hospitals = missing.hospitals_of(panel, NATION)
    judged = hospitals[[code for code in hospitals.columns if locations is None or code in locations]]
    if not len(panel) or not judged.shape[1] or step_days(panel.index) != 1:
        return to_frame([])
    wrong = list(_not_counted(panel, hospitals, judged, wave, stock, size, explained, label, beside))
    if not beside.decided:
        wrong += repeated_weeks(without(judged, wrong))
    wrong += spikes.spikes(without(_unexplained(judged, beside), wrong), stock, wave)
    if not beside.decided:
        wrong += frozen(without(_not_full(judged, beside.beds_open), wrong))
    told = _told(hospitals, judged, without(judged, wrong), wave, label, beside)
    return to_frame([*wrong, *told])


def masked(panel: pd.DataFrame, flagged: pd.DataFrame) -> pd.DataFrame:
    """Return ``panel`` with the values known to be wrong missing; findings about a series mask nothing."""
    wrong = masking(flagged)
    clean = panel.copy()
    rows = clean.index.get_indexer(pd.DatetimeIndex(wrong["date"]).astype(clean.index.dtype))
    columns = clean.columns.get_indexer(pd.Index(wrong["location"]))
    there = (rows >= 0) & (columns >= 0)
    values = clean.to_numpy(copy=True)
    values[rows[there], columns[there]] = np.nan
    return pd.DataFrame(values, index=clean.index, columns=clean.columns)


def _not_counted(
    panel: pd.DataFrame,
    hospitals: pd.DataFrame,
    judged: pd.DataFrame,
    wave: bool,
    stock: bool,
    size: pd.Series | None,
    explained: pd.DataFrame | None,
    label: Callable[[str], str],
    beside: Beside,
) -> list[Found]:
    """Values that no count can have given: impossible ones, zeros, returns that never came."""
    found = list(pairs.impossible(judged))
    if beside.patients is not None and not beside.remaining:
        found += pairs.discharges_above_patients(judged, beside.patients)
    if beside.discharged is not None:
        found += pairs.copied_column(judged, beside.discharged)
    if beside.beds_open is not None:
        found += pairs.above_open(judged, beside.beds_open, occupied=True)
    if beside.beds_occupied is not None:
        found += pairs.above_open(judged, beside.beds_occupied, occupied=False)
    if beside.season is not None:
        found += missing.off_season(judged, hospitals, beside.season)
    if stock:
        believed = explained.reindex(index=judged.index, columns=judged.columns) if explained is not None else None
        zero = judged if believed is None else judged.mask((judged == 0) & believed.fillna(False).astype(bool))
        found += zeros.lone_zeros(zero)
        if not wave:
            found += zeros.zero_weeks(zero)
    nation = _nation(panel) if wave else None
    if nation is not None:
        whole = next((float(size[c]) for c in NATION if size is not None and c in size.index and size[c] > 0), np.nan)
        found += zeros.false_zeros(judged, nation, zeros.shares_of(judged, nation, size, whole), label)
    return [*found, *missing.missing(judged, missing.most_reported(hospitals))]


def _told(
    hospitals: pd.DataFrame,
    judged: pd.DataFrame,
    clean: pd.DataFrame,
    wave: bool,
    label: Callable[[str], str],
    beside: Beside,
) -> list[Found]:
    """Findings about series as a whole."""
    everybody = hospitals.assign(**{str(code): clean[code] for code in clean.columns})
    found = list(mergers.mergers(clean, everybody, label, beside.mergers))
    if not wave:
        found += levels.level_shifts(clean, everybody)
    found += habits.weekday_shift(clean, everybody)
    if not beside.decided:
        found += habits.carried_weekends(clean)
    if beside.remaining and beside.patients is not None:
        found += habits.unreliable_series(beside.patients, judged)
    elif beside.patients is not None:
        rest = beside.patients.reindex(index=judged.index, columns=judged.columns) - judged
        found += habits.unreliable_series(beside.patients, rest)
    if beside.changes is not None:
        found += specification_changes(judged, beside.changes)
    return found


def _unexplained(judged: pd.DataFrame, beside: Beside) -> pd.DataFrame:
    """Leave out days on which nearly every patient was recorded as discharged: what remains follows from that."""
    if not beside.remaining or beside.patients is None:
        return judged
    return judged.mask(judged < habits.NEARLY_NONE * beside.patients.reindex_like(judged))


def _not_full(occupied: pd.DataFrame, beds: pd.DataFrame | None) -> pd.DataFrame:
    """Leave out days with every open bed occupied: a full hospital may stay full."""
    return occupied if beds is None else occupied.mask(occupied == beds.reindex_like(occupied))


def _nation(panel: pd.DataFrame) -> pd.Series | None:
    for code in NATION:
        if code in panel.columns and panel[code].notna().any():
            nation: pd.Series = panel[code].interpolate(limit=3)
            return nation
    return None
