"""Delay reasons and discharge destinations: one short code for each, however a publication writes it.

The published texts are long, change their punctuation from file to file, and stand cut short in compiled tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# Compiled tables cut names at 70 to 103 characters; a shorter beginning could be of a text nobody has seen yet.
SHORTEST_CUT = 60
KINDS = ("reason", "destination")

# What stands before and after the code in the name of a metric: by kind, specification (any: ""), how often it is
# given, and of how many days the stays are.
_NAMES = {
    ("destination", "", "monthly", 14): ("discharged_dest_", ""),
    ("destination", "", "daily", 14): ("discharged_dest_", "_daily"),
    ("reason", "2022", "monthly", 14): ("delay14plus_avg_", ""),
    ("reason", "2022", "weekly", 14): ("delay14plus_", ""),
    ("reason", "2024", "monthly", 14): ("delay_reason_", ""),
    ("reason", "2024", "weekly", 14): ("delay_reason_weekly_", ""),
    ("reason", "2024", "monthly", 7): ("delay7plus_reason_", ""),
}

_INVISIBLE = dict.fromkeys((0x00AD, 0x200B))
_PATHWAY = re.compile(r"^p(\d[a-z]?)(?=_)")


@dataclass(frozen=True)
class Category:
    """A reason for a delay or a destination of a discharge.

    Attributes
    ----------
    code
        Short and stable; it ends the names of metrics.
    kind
        ``reason`` or ``destination``.
    specification
        ``2022`` (to 26 May 2024), ``2024`` (from 27 May 2024), or ``community``: so worded in the community report
        alone.
    text
        The published header.
    tidy
        Names in compiled tables, without what stands before the category's own name.
    pathway
        Discharge pathways 0 to 3 that it belongs to; empty where it belongs to none.
    family
        What it is counted with.
    label
        Short words for a screen.
    """

    code: str
    kind: str
    specification: str
    text: str
    tidy: tuple[str, ...]
    pathway: tuple[str, ...]
    family: str
    label: str
    source: str
    status: str

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics that count it, the monthly one of the acute report first."""
        return tuple(before + self.code + after for before, after in _names(self))


@dataclass(frozen=True)
class Categories:
    """The crosswalk of texts to categories."""

    rows: tuple[Category, ...]

    def find(self, text: str, kind: str) -> Category | None:
        """Category of a published text; None when nobody knows it or when it is cut so that several begin like it."""
        wanted = canonical(text)
        rows = [row for row in self.rows if row.kind == kind]
        for row in rows:
            if wanted in _forms(row):
                return row
        if len(wanted) < SHORTEST_CUT:
            return None
        begun = [row for row in rows if any(form.startswith(wanted) for form in _forms(row))]
        ended = [row for row in rows if any(wanted.startswith(form) for form in _open_ended(row))]
        found = begun or ended
        return found[0] if len(found) == 1 else None

    def shared(self) -> str | None:
        """A code or a text that two rows of a kind share; None where there is none."""
        for kind in KINDS:
            rows = [row for row in self.rows if row.kind == kind]
            codes = Counter(row.code for row in rows)
            texts = Counter(form for row in rows for form in set(_forms(row)))
            if twice := [name for counted in (codes, texts) for name, times in counted.items() if times > 1]:
                return twice[0]
        return None

    def aliases(self) -> Mapping[str, str]:
        """Names of metrics in compiled tables and the names used here."""
        return {
            before + name + after: before + row.code + after
            for row in self.rows
            for before, after in _names(row)
            for name in row.tidy
            if name != row.code
        }


def canonical(text: str) -> str:
    """Text as letters and digits in lower case joined by ``_``: "P1 – Home" and "Pathway 1: home" are the same."""
    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return _PATHWAY.sub(r"pathway_\1", words)


def metric_name(
    code: str, kind: str, span: str, *, specification: str = "2022", stay: int = 14, community: bool = False
) -> str:
    """Name of the metric that counts a reason or a destination; empty where there is none.

    Parameters
    ----------
    code
        Code of the category.
    kind
        ``reason`` or ``destination``.
    span
        How often it is given: ``daily``, ``weekly`` or ``monthly``.
    specification
        That of the reasons: those of 2024 do not compare with earlier ones.
    stay
        Length of stay from which patients are counted, in days.
    community
        Whether the patients are in community hospitals.
    """
    if kind == "destination":
        specification, stay = "", 14
    elif community or specification == "community":
        specification = "2022"
    before, after = _NAMES.get((kind, specification, span, stay), ("", ""))
    return f"{'community_' if community else ''}{before}{code}{after}" if before else ""


def _names(row: Category) -> Iterator[tuple[str, str]]:
    """What stands before and after the code in the names of metrics."""
    newer = row.kind == "reason" and row.specification == "2024"
    specification = "" if row.kind == "destination" else "2024" if newer else "2022"
    names = [name for (kind, its, *_), name in _NAMES.items() if (kind, its) == (row.kind, specification)]
    if row.specification != "community":
        yield from names
    if not newer:
        for before, after in names:
            yield f"community_{before}", after


def _forms(row: Category) -> tuple[str, ...]:
    return (canonical(row.text), *map(canonical, row.tidy))


def _open_ended(row: Category) -> Iterator[str]:
    """Cut names that a published text may go on from in another way than the text of the row does."""
    whole = canonical(row.text)
    for name in map(canonical, row.tidy):
        if len(name) >= SHORTEST_CUT and (row.status == "unverified" or not whole.startswith(name)):
            yield name
