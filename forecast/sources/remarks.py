"""What reading a workbook says of sheets that it left out and of organisations nobody knows: one line each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from forecast.reference import Reference
from forecast.sources.cells import folded, listed
from forecast.sources.organisations import UNKNOWN_REMEDY
from forecast.sources.publications import Publication
from forecast.sources.totals import Value


def not_read(names: Sequence[str], publication: Publication) -> list[str]:
    """Notes on sheets that no table was found in: those left out on purpose, by reason, then the others."""
    left: dict[str, list[str]] = {}
    for name in names:
        reason = next((why for pattern, why in publication.left if re.search(pattern, folded(name))), "")
        left.setdefault(reason, []).append(name)
    unknown = left.pop("", [])
    notes = [f"sheets left out ({why}): {listed(found, 6)}" for why, found in left.items()]
    if headless := [name for name in unknown if publication.names(name)]:
        notes.append(
            f"sheets not read, although their names are known: {listed(headless)}; no row of headers names the "
            "columns expected there, compare them with the publication"
        )
    others = [name for name in unknown if name not in headless]
    return notes + ([f"sheets not read yet: {listed(others)}"] if others else [])


def unknown_providers(values: Iterable[Value], tables: Reference) -> list[str]:
    """A note on organisations that the reference tables do not have; their values are kept."""
    codes = sorted({value[1] for value in values} - tables.locations.keys())
    if not codes:
        return []
    return [f"{len(codes):,} organisations kept that nobody knows yet: {listed(codes)}; {UNKNOWN_REMEDY}"]
