"""What reading a file says of sheets that it left out and of organisations nobody knows: few lines, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from forecast.sources.cells import folded, listed
from forecast.sources.codes import UNKNOWN_KEPT, UNKNOWN_REMEDY
from forecast.sources.publications import Publication

# So many organisations that nobody knows have a note each, with their names; more share one, by their codes.
_MOST_NOTES = 5


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


def gathered(notes: Iterable[str]) -> tuple[str, ...]:
    """Each note once; those on unknown organisations, whatever the sheet calls them, as one where they are many."""
    different = list(dict.fromkeys(notes))
    unknown: dict[str, str] = {}
    for note in different:
        if note.startswith(UNKNOWN_KEPT):
            who = note.removeprefix(UNKNOWN_KEPT).removesuffix(f"; {UNKNOWN_REMEDY}")
            unknown.setdefault(who.split()[0], who)
    said = [note for note in different if not note.startswith(UNKNOWN_KEPT)]
    if len(unknown) > _MOST_NOTES:
        return (*said, f"{len(unknown)} unknown organisations kept: {listed(unknown, len(unknown))}; {UNKNOWN_REMEDY}")
    return (*said, *(f"{UNKNOWN_KEPT}{who}; {UNKNOWN_REMEDY}" for who in unknown.values()))
