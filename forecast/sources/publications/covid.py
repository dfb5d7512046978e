"""Covid publications: the winter workbook of Covid beds and staff absences, and COVID-19 hospital activity."""

from __future__ import annotations

from forecast.sources.grid import Measure
from forecast.sources.publications.table import Publication, Table

_ABSENT = Table(
    sheet=r"^total absences$",
    heading=r"total number of staff absent",
    measures=(Measure("staff_absent_total", ""),),
    summed=("staff_absent_total",),
)
_ABSENT_COVID = Table(
    sheet=r"^covid(?:-19)? absences$",
    heading=r"number of covid-19 related absences|absent.*covid-19",
    measures=(Measure("staff_absent_covid", ""),),
    summed=("staff_absent_covid",),
)
_COVID_BEDS = Table(
    sheet=r"^covid(?:-19)? total patients$",
    heading=r"total beds - occupied by confirmed covid-19 patients",
    measures=(Measure("covid_beds_occupied", ""),),
    summed=("covid_beds_occupied",),
)
_MONTHLY_SHEETS = r"admissions|diagnoses|hosp ads|hdu|all absences|ga beds|mv beds"

PUBLICATIONS: tuple[Publication, ...] = (
    Publication(
        "acute Covid and staff absence situation report, winter",
        (_ABSENT, _ABSENT_COVID, _COVID_BEDS),
        sheets=r"^total absences$|^covid(?:-19)? absences$|^covid(?:-19)? total patients$",
        without_sheets=_MONTHLY_SHEETS,
    ),
    Publication(
        "acute Covid and staff absence situation report, winter",
        (_ABSENT, _ABSENT_COVID, _COVID_BEDS),
        title=r"^weekly situation report",
        without_sheets=_MONTHLY_SHEETS,
    ),
    Publication(
        "COVID-19 hospital activity",
        title=r"covid-19 (?:daily situation|hospital activity|admissions|weekly)|daily covid-19",
    ),
)
