"""The NHS England publications: how each is recognised by its own words, and which tables of it are read.

A publication more is a row more: patterns are searched in text without case, with plain quotes, dashes and spaces.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from forecast.sources.grid import Measure


@dataclass(frozen=True)
class Table:
    """A table that is read.

    Attributes
    ----------
    measures
        Column headers and their metrics. A single measure with an empty header: one column a day, all of that metric.
    sheet
        Name of its sheet, as a pattern.
    heading
        Words above a table of one metric, which say what it counts where the sheet's name does not.
    expects
        Words of the headers: a sheet of that name that has them, but not as a row of headers, is an error.
    whole, parts
        Metrics of which the first is the sum of the others in every row: a header that has slipped breaks it.
    summed
        Metrics whose England and regions are the sums of their trusts on every day.
    areas
        Kinds of areas that the table has rows for.
    """

    measures: tuple[Measure, ...]
    sheet: str
    heading: str = ""
    expects: str = ""
    whole: str = ""
    parts: tuple[str, ...] = ()
    summed: tuple[str, ...] = ()
    areas: tuple[str, ...] = ("country", "nhs_region")

    @property
    def one_metric(self) -> bool:
        """Whether the table has one column a day, all of the same metric."""
        return not self.measures[0].header


@dataclass(frozen=True)
class Publication:
    """A publication: recognised when every pattern that it gives is found.

    Attributes
    ----------
    words
        What it is called in sources and messages.
    tables
        The tables read; none: the publication is recognised and left alone.
    title
        Pattern in one of the ``Title:`` lines.
    sheets, without_sheets
        Pattern that one sheet's name fits, or that none may fit.
    says
        Pattern in any cell above or at the head of a table.
    untitled
        The workbook has no title at all, and one of the tables is found by its headers.
    monthly
        It covers one calendar month, also where no period is stated.
    """

    words: str
    tables: tuple[Table, ...] = ()
    title: str = ""
    sheets: str = ""
    without_sheets: str = ""
    says: str = ""
    untitled: bool = False
    monthly: bool = False


_COUNT = r"(?:total )?(?:number |no\.? )?(?:of )?patients "
_PATIENTS = rf"^{_COUNT}"
_STAY = r"(?:a )?length of stay (?:of )?21 ?\+ ?days[,:]?"
_LOS21 = rf"^(?:{_STAY} ?{_COUNT}|{_COUNT}with {_STAY} )"
_END = r"(?:[\W\d]|note)*$"
_STILL = r"(?:who are )?(?:still )?remaining in hospital\b"
_LEFT = rf"(?:who were )?discharged(?: by 23:59)?{_END}"
_FIT = rf"(?:who|that) (?:no longer|do not|did not) meet (?:the )?criteria to reside{_END}"

_DISCHARGE = Table(
    sheet=r"^table ?2$",
    expects=r"criteria to reside",
    whole="nctr_patients",
    parts=("nctr_discharged", "nctr_remaining"),
    summed=("nctr_patients",),
    measures=(
        Measure("nctr_remaining", _PATIENTS + _STILL),
        Measure("nctr_discharged", _PATIENTS + r"(?:who were )?discharged\W+(?:by|before|up to) 17[:.]?00", part=True),
        Measure("nctr_discharged", _PATIENTS + r"(?:who were )?discharged\W.*17[:.]?0[01].*23[:.]?59", part=True),
        Measure("nctr_discharged", _PATIENTS + _LEFT),
        Measure("nctr_patients", _PATIENTS + _FIT),
    ),
)
_DISCHARGE_21 = Table(
    sheet=r"^table ?3$",
    expects=r"length of stay (?:of )?21.*criteria to reside",
    whole="nctr_patients_los21plus",
    parts=("nctr_discharged_los21plus", "nctr_remaining_los21plus"),
    summed=("nctr_patients_los21plus",),
    measures=(
        Measure("nctr_remaining_los21plus", _LOS21 + _STILL),
        Measure("nctr_discharged_los21plus", _LOS21 + _LEFT),
        Measure("nctr_patients_los21plus", _LOS21 + _FIT),
    ),
)
_DAILY_SERIES = replace(_DISCHARGE, sheet=r"^daily series$")
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

_ACUTE_DISCHARGE = r"acute.*discharge|discharge.*acute"
_COVID_MONTHLY_SHEETS = r"admissions|diagnoses|hosp ads|hdu|all absences|ga beds|mv beds"

# The order matters: the first that fits is taken.
PUBLICATIONS: tuple[Publication, ...] = (
    Publication("community discharge situation report", title=r"community"),
    Publication("discharge ready date", title=r"discharge ready date"),
    Publication("discharge ready date", sheets=r"\bdrd\b|discharge ready"),
    Publication(
        "acute discharge situation report, England time series",
        (_DAILY_SERIES,),
        title=_ACUTE_DISCHARGE,
        sheets=r"^daily series$",
    ),
    Publication(
        "acute discharge situation report, weekly",
        (_DISCHARGE, _DISCHARGE_21),
        title=rf"(?:{_ACUTE_DISCHARGE}).*weekly|weekly.*(?:{_ACUTE_DISCHARGE})",
    ),
    Publication("acute discharge situation report, monthly", (_DISCHARGE,), title=_ACUTE_DISCHARGE, monthly=True),
    # October 2024 came out without a cover sheet; the community workbook has the same tables but no type 1 trusts.
    Publication(
        "acute discharge situation report, monthly",
        (_DISCHARGE,),
        untitled=True,
        says=r"\btype 1\b|all acute trusts",
        monthly=True,
    ),
    Publication("critical care and general and acute beds, monthly", title=r"critical care and general"),
    Publication("NHS 111", title=r"\b111\b"),
    Publication("ambulance collection", title=r"^ambulance|ambulance (?:collection|quality|sitrep)"),
    Publication("A&E attendances and emergency admissions", title=r"^a&e attendances|monthly a&e"),
    Publication("bed availability and occupancy", title=r"available and occupied beds|bed availability"),
    Publication(
        "acute Covid and staff absence situation report, winter",
        (_ABSENT, _ABSENT_COVID, _COVID_BEDS),
        sheets=r"^total absences$|^covid(?:-19)? absences$|^covid(?:-19)? total patients$",
        without_sheets=_COVID_MONTHLY_SHEETS,
    ),
    Publication(
        "acute Covid and staff absence situation report, winter",
        (_ABSENT, _ABSENT_COVID, _COVID_BEDS),
        title=r"^weekly situation report",
        without_sheets=_COVID_MONTHLY_SHEETS,
    ),
    Publication(
        "COVID-19 hospital activity",
        title=r"covid-19 (?:daily situation|hospital activity|admissions|weekly)|daily covid-19",
    ),
    Publication("UEC daily situation report, flu", (_FLU,), sheets=_FLU.sheet),
    Publication("UEC daily situation report, flu", (_FLU,), title=r"flu patients|influenza"),
    Publication(
        "UEC daily situation report",
        title=r"daily hospital situation report|(?:uec|urgent and emergency care|winter).*(?:sitrep|situation)",
    ),
    Publication("UEC daily situation report, flu", (_FLU,), untitled=True),
)
