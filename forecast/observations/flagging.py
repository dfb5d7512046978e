"""What a metric's flags need beside its own values: whom to judge, hospital sizes, counts it must agree with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import pandas as pd

from forecast.errors import InputError
from forecast.observations import quality
from forecast.observations.quality.known import Known, known
from forecast.reference import Reference

BEDS = "ga_beds_open"
PATIENTS, DISCHARGED, REMAINING = "nctr_patients", "nctr_discharged", "nctr_remaining"
OPEN, OCCUPIED = "_beds_open", "_beds_occupied"
Read = Callable[[str], pd.DataFrame]


def flags_of(
    metric: str,
    panel: pd.DataFrame,
    read: Read,
    tables: Reference,
    locations: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Flags of one metric: columns date, location, flag, note.

    Parameters
    ----------
    metric
        Its name.
    panel
        Its values at every location stored, as known on the day of the read.
    read
        From another metric to its panel, as known on the same day.
    tables
        Reference tables in force.
    locations
        Judge only these; all others still serve as comparison.

    Returns
    -------
    DataFrame
        Values known to be wrong and findings about series; ``quality.masking`` and ``quality.findings`` part them.
    """
    name = tables.aliases.get(metric, metric)
    row = tables.metric(name)
    size = explained = None
    if row and row.wave:
        sizes = read(BEDS)
        size = sizes.median() if len(sizes) else None
    beside = _beside(name, panel, read, tables)
    if row and row.part_of:
        whole = beside.patients if beside.patients is not None else read(row.part_of)
        explained = whole.reindex(index=panel.index, columns=panel.columns) > 0
    return quality.flags(
        panel[[code for code in panel.columns if _hospital_or_nation(str(code), tables)]],
        wave=bool(row and row.wave),
        stock=bool(row is None or row.kind == "stock"),
        size=size,
        explained=explained,
        locations=locations,
        label=tables.label,
        beside=beside,
    )


def _beside(metric: str, panel: pd.DataFrame, read: Read, tables: Reference) -> quality.Beside:
    """The counts that a metric must agree with, by the names of the returns they stand in."""
    events = _events(tables)
    metric_parts = tables.metric(metric)
    parts = (metric, *(metric_parts.derived_from if metric_parts else ()))
    changes = pd.concat([events.changes_of(part) for part in parts]).drop_duplicates(["date", "description"])
    tail = metric.removeprefix(PATIENTS).removeprefix(DISCHARGED).removeprefix(REMAINING)
    return quality.Beside(
        patients=_panel(read, PATIENTS + tail) if metric in (DISCHARGED + tail, REMAINING + tail) else None,
        discharged=_panel(read, DISCHARGED + tail) if metric == PATIENTS + tail else None,
        remaining=metric == REMAINING + tail,
        beds_open=_other(read, metric, OCCUPIED, OPEN, tables),
        beds_occupied=_other(read, metric, OPEN, OCCUPIED, tables),
        decided=metric.endswith("_open"),
        season=events.season(metric),
        changes=changes,
        mergers=events.mergers,
    )


@lru_cache(maxsize=8)
def _events(tables: Reference) -> Known:
    """What is known of series, read once for each set of reference tables."""
    return known(tables.folder)


def _other(read: Read, metric: str, suffix: str, other: str, tables: Reference) -> pd.DataFrame | None:
    """The other of two counts of the same beds; None where the metric is no such count or nobody knows the other."""
    name = metric.removesuffix(suffix) + other
    return _panel(read, name) if metric.endswith(suffix) and name in tables.metrics else None


def _panel(read: Read, metric: str) -> pd.DataFrame | None:
    try:
        panel = read(metric)
    except InputError:
        return None
    return panel if len(panel) else None


def _hospital_or_nation(code: str, tables: Reference) -> bool:
    place = tables.locations.get(code)
    return place is None or place.kind == "trust" or code in quality.NATION
