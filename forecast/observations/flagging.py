"""What a metric's flags need beside its own values: whom to judge, the size of hospitals, the whole it is part of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from forecast.observations import quality
from forecast.reference import Reference

BEDS = "ga_beds_open"


def flags_of(
    metric: str,
    panel: pd.DataFrame,
    read: Callable[[str], pd.DataFrame],
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
    """
    known = tables.metric(metric)
    size = explained = None
    if known and known.wave:
        sizes = read(BEDS)
        size = sizes.median() if len(sizes) else None
    if known and known.part_of:
        explained = read(known.part_of).reindex(index=panel.index, columns=panel.columns) > 0
    return quality.flags(
        panel[[code for code in panel.columns if _hospital_or_nation(str(code), tables)]],
        wave=bool(known and known.wave),
        stock=bool(known is None or known.kind == "stock"),
        size=size,
        explained=explained,
        locations=locations,
        label=tables.label,
    )


def _hospital_or_nation(code: str, tables: Reference) -> bool:
    known = tables.locations.get(code)
    return known is None or known.kind == "trust" or code in quality.NATION
