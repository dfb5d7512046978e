"""Monthly publications about beds and emergency departments, and neighbours that are recognised and left alone."""

from __future__ import annotations

from forecast.sources.publications.table import Publication

PUBLICATIONS: tuple[Publication, ...] = (
    Publication("critical care and general and acute beds, monthly", title=r"critical care and general"),
    Publication("NHS 111", title=r"\b111\b"),
    Publication("ambulance collection", title=r"^ambulance|ambulance (?:collection|quality|sitrep)"),
    Publication("A&E attendances and emergency admissions", title=r"^a&e attendances|monthly a&e"),
    Publication("bed availability and occupancy", title=r"available and occupied beds|bed availability"),
)
