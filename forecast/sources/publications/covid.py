"""Covid publications: the winter workbook of Covid beds and staff absences, and COVID-19 hospital activity."""

from __future__ import annotations

from dataclasses import replace

from forecast.sources.publications.measure import Measure
from forecast.sources.publications.table import Publication, Table

_ABSENT = Table(
    sheet=r"^(?:total|all) absences$",
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

# Every provider of care reports Covid, mental health trusts and independent hospitals too. One metric a sheet: the
# words above the table, and the name of the sheet in the editions of 2020 and 2024 and in the weekly ones.
_NUMBERED = r"^(?:provider level data - )?(?:\d+\. ?)?"
_BY_CONFIRMED = r" ?- ?occupied by confirmed covid-19 patients(?: \(as at 0?8:?00\))?$"
_ADMITTED = r"total reported admissions to hospital and diagnoses in hospital(?: \(|$)"
_CARE_HOME = r"total reported (?:hospital admissions|admissions to hospital) and diagnoses.* from (?:a )?care home"
_NEW_CASES = r"estimated new hospital cases(?: \(|$)"
_COMMUNITY = r"estimated new (?:hospital admissions|admissions to hospital) from the community(?: \(|$)"
_COMMUNITY_LAG = r"estimated new (?:hospital admissions|admissions to hospital) from the community with .*\blag"
_BEDS = rf"total beds{_BY_CONFIRMED}"
_MV_BEDS = rf"mechanical ventilation beds{_BY_CONFIRMED}"


def _sheet(metric: str, sheet: str, heading: str) -> Table:
    return Table(
        sheet=rf"^(?:{sheet})$",
        heading=_NUMBERED + heading,
        measures=(Measure(metric, ""),),
        summed=(metric,),
        any_provider=True,
    )


_MONTHLY = (
    _sheet("beds_occupied_all", r"total beds occ(?:upied)?", r"total beds - occupied(?: \(|$)"),
    _sheet("covid_beds_occupied", r"total beds occ(?:upied)? ?cov(?:id)?", _BEDS),
    _sheet("mv_beds_occupied_all", r"mv beds occ(?:upied)?", r"mechanical ventilation beds - occupied(?: \(|$)"),
    _sheet("covid_mv_beds_occupied", r"mv beds occ(?:upied)? ?cov(?:id)?", _MV_BEDS),
    _sheet("covid_hdu_beds_occupied", r"hdu beds occ(?:upied)? ?cov(?:id)?", rf"total hdu beds{_BY_CONFIRMED}"),
    _sheet("covid_ga_beds_occupied", r"ga beds occ(?:upied)? ?cov(?:id)?", rf"total ga beds{_BY_CONFIRMED}"),
    _sheet(
        "covid_discharges",
        r"(?:total )?discharges|discharges total",
        r"discharges - total confirmed covid cases discharged from hospital \(last 24 ?hrs\)$",
    ),
    _sheet(
        "covid_admissions_known",
        r"(?:total )?admissions|admissions total",
        r"admissions - number of patients admitted with covid-19 \(last 24 ?hrs\)$",
    ),
    _sheet(
        "covid_inpatient_diagnoses",
        r"(?:total )?diagnoses|diagnoses total",
        r"diagnoses - total number of inpatients diagnosed with covid(?:-19)? \(last 24 ?hrs\)$",
    ),
    _sheet("covid_admissions_and_diagnoses", r"(?:total )?reported admissions (?:&|and) diagnoses", _ADMITTED),
    replace(_ABSENT, any_provider=True),
    replace(_ABSENT_COVID, any_provider=True),
)
_WEEKLY = (
    _sheet("covid_admissions_and_diagnoses", r"hosp ads (?:&|and) diags?", _ADMITTED),
    _sheet("covid_new_hospital_cases", r"new hosp cases", _NEW_CASES),
    _sheet("covid_admissions_community", r"hosp ads from comm(?:unity)?", _COMMUNITY),
    _sheet("covid_admissions_community_3_7day_lag", r"hosp ads from comm(?:unity)? with lag", _COMMUNITY_LAG),
    _sheet("covid_admissions_diagnoses_care_home", r"care home ads (?:&|and) diags?", _CARE_HOME),
    _sheet("covid_beds_occupied", r"all beds covid", _BEDS),
    _sheet("covid_mv_beds_occupied", r"mv beds covid", _MV_BEDS),
    _sheet(
        "covid_ga_adult_beds_occupied",
        r"adult g ?& ?a beds? occupied covid",
        rf"adult (?:g ?& ?a|general (?:&|and) acute) beds{_BY_CONFIRMED}",
    ),
    _sheet(
        "covid_cc_adult_beds_occupied",
        r"adult cc beds? occupied covid",
        rf"adult (?:cc|critical care) beds{_BY_CONFIRMED}",
    ),
)
# The daily publication: England and its regions, a block for each measure on one sheet.
_BLOCKS = {
    "covid_admissions_and_diagnoses": _ADMITTED,
    "covid_new_hospital_cases": _NEW_CASES,
    "covid_admissions_community": _COMMUNITY,
    "covid_admissions_community_3_7day_lag": _COMMUNITY_LAG,
    "covid_admissions_diagnoses_care_home": _CARE_HOME,
    "covid_beds_occupied": _BEDS,
    "covid_mv_beds_occupied": _MV_BEDS,
}
_DAILY = Table(
    sheet="",
    measures=tuple(Measure(metric, _NUMBERED + heading) for metric, heading in _BLOCKS.items()),
    summed=tuple(_BLOCKS),
    stacked=True,
)

_MONTHLY_SHEETS = r"admissions|diagnoses|hosp ads|hdu|all absences|ga beds|mv beds"
_ACTIVITY = r"covid-19 (?:daily situation|hospital activity|admissions|weekly|daily)|daily covid-19"
_AGE_BANDS = (r"\b\d+ ?- ?\d+$|\b\d+ ?\+$|unknown age", "by age band, which this project does not use")
_SUMMARY = (r"^summary$", "the last day again")
_OTHER_BEDS = (
    r"noncovid|non-covid|unoccupied",
    "beds without Covid patients: the UEC daily situation report has beds open and occupied",
)
_SUPPLEMENT = (r"primar(?:y|ily)", "patients treated primarily for Covid, which this project does not use")

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
    Publication("COVID-19 hospital activity, primary diagnosis supplement", title=r"covid.*\b(?:primary|supplement)"),
    Publication(
        "COVID-19 hospital activity, weekly",
        _WEEKLY,
        title=_ACTIVITY,
        says=r"^type 1 acute",
        left=(_OTHER_BEDS, _SUPPLEMENT, _AGE_BANDS),
        shares_title=True,
    ),
    Publication(
        "COVID-19 hospital activity, monthly",
        _MONTHLY,
        title=_ACTIVITY,
        says=r"^code$",
        left=(_AGE_BANDS, _SUMMARY, _SUPPLEMENT, _OTHER_BEDS),
        shares_title=True,
    ),
    Publication("COVID-19 hospital activity, daily", (_DAILY,), title=_ACTIVITY, says=r"^name$"),
    Publication("COVID-19 hospital activity", title=_ACTIVITY),
)
