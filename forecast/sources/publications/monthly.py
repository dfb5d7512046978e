"""Monthly publications about beds and emergency departments, and neighbours that are recognised and left alone."""

from __future__ import annotations

from forecast.sources.publications.measure import Measure
from forecast.sources.publications.table import Publication, Table

# Kind of bed: the words of its headers, and the beginnings of its metrics for beds and for the rate of occupancy.
_BEDS = (
    ("g ?& ?a", "general_acute_beds", "general_acute_beds"),
    ("adult g ?& ?a", "adult_general_acute_beds", "adult_general_acute_beds"),
    ("paediatric g ?& ?a", "paediatric_general_acute_beds", "paediatric_general_acute_beds"),
    ("adult critical care", "adult_critical_care_beds", "adult_critical_care"),
    ("paediatric intensive care", "paediatric_intensive_cared_beds", "paediatric_intensive_cared"),
    ("neonatal (?:intensive|critical) care", "neonatal_intensive_care_bed", "neonatal_intensive_care"),
)
# One edition has its texts in quotes.
_START, _END = "^'?", r" ?(?:\(%\))?[\d*]*'?$"


def _measures(words: str, beds: str, rate: str) -> tuple[Measure, ...]:
    optional = beds != "general_acute_beds"
    return (
        Measure(f"{beds}_available", rf"{_START}{words} beds available{_END}", optional=optional),
        Measure(f"{beds}_occupied", rf"{_START}{words} beds occupied{_END}", optional=optional),
        Measure(f"{rate}_occupancy_rate", rf"{_START}{words} occupancy rate{_END}", optional=optional),
    )


_ALL_TRUSTS = Table(
    sheet=r"all acute",
    expects=r"g ?& ?a beds",
    always=True,
    by_name=True,
    every=None,
    measures=tuple(measure for kind in _BEDS for measure in _measures(*kind)),
    # Not the sum of adult and paediatric beds, which are rounded one by one.
    nested=("general_acute_beds_available", "general_acute_beds_occupied"),
    areas=("country",),
)
_REPEATED = ((r"type 1", "another sheet holds what they do"),)
_BEDS_MONTHLY = "critical care and general and acute beds, monthly"

PUBLICATIONS: tuple[Publication, ...] = (
    Publication("critical care and general and acute beds, England time series", sheets=r"^timeseries all acute"),
    Publication(
        _BEDS_MONTHLY,
        (_ALL_TRUSTS,),
        title=r"critical care and general",
        sheets=_ALL_TRUSTS.sheet,
        monthly=True,
        left=_REPEATED,
    ),
    Publication(
        _BEDS_MONTHLY,
        (_ALL_TRUSTS,),
        sheets=_ALL_TRUSTS.sheet,
        says=rf"{_START}g ?& ?a beds available{_END}",
        monthly=True,
        left=_REPEATED,
    ),
    Publication("critical care and general and acute beds", title=r"critical care and general"),
    Publication("NHS 111", title=r"\b111\b"),
    Publication("ambulance collection", title=r"^ambulance|ambulance (?:collection|quality|sitrep)"),
    Publication("A&E attendances and emergency admissions", title=r"^a&e attendances|monthly a&e"),
    Publication("bed availability and occupancy", title=r"available and occupied beds|bed availability"),
)
