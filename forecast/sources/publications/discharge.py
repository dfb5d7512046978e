"""Discharge publications: the acute situation report (weekly, monthly, England series) and its neighbours."""

from __future__ import annotations

from dataclasses import replace

from forecast.sources.grid import Measure
from forecast.sources.publications.table import Publication, Table

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

_ACUTE = r"acute.*discharge|discharge.*acute"

PUBLICATIONS: tuple[Publication, ...] = (
    Publication("community discharge situation report", title=r"community"),
    Publication("discharge ready date", title=r"discharge ready date"),
    Publication("discharge ready date", sheets=r"\bdrd\b|discharge ready"),
    Publication(
        "acute discharge situation report, England time series",
        (_DAILY_SERIES,),
        title=_ACUTE,
        sheets=r"^daily series$",
    ),
    Publication(
        "acute discharge situation report, weekly",
        (_DISCHARGE, _DISCHARGE_21),
        title=rf"(?:{_ACUTE}).*weekly|weekly.*(?:{_ACUTE})",
    ),
    Publication("acute discharge situation report, monthly", (_DISCHARGE,), title=_ACUTE, monthly=True),
    # October 2024 came out without a cover sheet; the community workbook has the same tables but no type 1 trusts.
    Publication(
        "acute discharge situation report, monthly",
        (_DISCHARGE,),
        untitled=True,
        says=r"\btype 1\b|all acute trusts",
        monthly=True,
    ),
)
