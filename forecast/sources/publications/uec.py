"""The urgent and emergency care (UEC) daily situation report of each winter."""

from __future__ import annotations

from forecast.sources.grid import Measure
from forecast.sources.publications.table import Publication, Table

_FLU = Table(
    sheet=r"^flu$|^influenza$",
    expects=r"\b(?:flu|influenza)\b",
    summed=("flu_ga_beds_occupied", "flu_cc_beds_occupied"),
    areas=("country",),
    measures=(
        Measure("flu_ga_beds_occupied", r"^(?:g ?& ?a|general (?:and|&) acute)\b.*\b(?:flu|influenza)\b"),
        Measure("flu_cc_beds_occupied", r"^(?:cc|critical care)\b.*\b(?:flu|influenza)\b"),
    ),
)

PUBLICATIONS: tuple[Publication, ...] = (
    Publication("UEC daily situation report, flu", (_FLU,), sheets=_FLU.sheet),
    Publication("UEC daily situation report, flu", (_FLU,), title=r"flu patients|influenza"),
    Publication(
        "UEC daily situation report",
        title=r"daily hospital situation report|(?:uec|urgent and emergency care|winter).*(?:sitrep|situation)",
    ),
    Publication("UEC daily situation report, flu", (_FLU,), untitled=True),
)
