"""Discharge publications: the acute situation report (weekly, monthly, England series) and its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forecast.sources.publications.cadence import WEEKS
from forecast.sources.publications.measure import Measure
from forecast.sources.publications.stays import stay_pattern
from forecast.sources.publications.table import Headed, Publication, Table

_COUNT = r"(?:total )?(?:number |no\.? )?(?:of )?patients "
_PATIENTS = rf"^{_COUNT}"
_STAY = rf"(?:a )?{stay_pattern(21)}[,:]?"
_LOS21 = rf"^(?:{_STAY} ?{_COUNT}|{_COUNT}with {_STAY} )"
# Means and costs of them are other things.
_ADDITIONAL = r"^(?!.*(?:average|mean|cost|£)).*\badditional (?:bed )?days\b"
_END = r"(?:[\W\d]|note)*$"
_STILL = r"(?:who are )?(?:still )?remaining in hospital\b"
_LEFT = rf"(?:who were )?discharged(?: by 23:59)?{_END}"
_FIT = rf"(?:who|that) (?:no longer|do not|did not) meet (?:the )?criteria to reside{_END}"

_DISCHARGE = Table(
    sheet=r"^table ?2$",
    expects=r"criteria to reside",
    always=True,
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
    always=True,
    whole="nctr_patients_los21plus",
    parts=("nctr_discharged_los21plus", "nctr_remaining_los21plus"),
    summed=("nctr_patients_los21plus",),
    measures=(
        Measure("nctr_remaining_los21plus", _LOS21 + _STILL),
        Measure("nctr_discharged_los21plus", _LOS21 + _LEFT),
        Measure("nctr_patients_los21plus", _LOS21 + _FIT),
    ),
)
_MISSING = Table(
    sheet=r"^table ?1$",
    measures=(Measure("nctr_providers_missing", r"^missing organisations\b"),),
)
_BED_DAYS = Table(
    sheet=r"^table ?3$",
    every=WEEKS,
    measures=tuple(
        Measure(f"additional_bed_days_los{days}plus", rf"{_ADDITIONAL}.*{stay_pattern(days)}") for days in (7, 14, 21)
    ),
    nested=tuple(f"additional_bed_days_los{days}plus" for days in (7, 14, 21)),
    summed=("additional_bed_days_los*",),
)
_DESTINATIONS = Table(
    sheet=r"^table ?4$",
    every=None,
    categories=Headed("destination", "monthly"),
    # Discharges to a hospice are left out of trusts: one column of twelve whose sums fail.
    summed=("discharged_dest_*",),
)
# Means over the weeks that were submitted: those of trusts do not add up to England's.
_REASONS = Table(
    sheet=r"^table ?5$",
    every=None,
    categories=Headed("reason", "monthly"),
)
_MONTHLY = (_MISSING, _DISCHARGE, _BED_DAYS, _DESTINATIONS, _REASONS)
_SERIES = (
    replace(
        _DISCHARGE,
        sheet=r"^daily series$",
        categories=Headed("destination", "daily"),
        begins_late=True,
    ),
    replace(
        _BED_DAYS,
        sheet=r"^weekly series$",
        categories=Headed("reason", "weekly"),
        begins_late=True,
    ),
)


def _community(table: Table, summed: tuple[str, ...], measures: Sequence[Measure] | None = None) -> Table:
    """The table of the community report that has the layout of one of the acute report, under metrics of its own."""
    known = [replace(found, metric=f"community_{found.metric}") for found in measures or table.measures]
    headed = table.categories
    return replace(
        table,
        measures=tuple(known),
        categories=replace(headed, community=True) if headed else None,
        whole=f"community_{table.whole}" if table.whole else "",
        parts=tuple(f"community_{part}" for part in table.parts),
        nested=tuple(found.metric for found in known) if table.nested else (),
        summed=summed,
        any_provider=True,
    )


# Community stays are counted from 14 days on. Missing providers are estimated in England's daily counts alone.
_COMMUNITY = (
    _community(_MISSING, ()),
    _community(_DISCHARGE, ()),
    _community(_BED_DAYS, ("community_additional_bed_days_los*",), _BED_DAYS.measures[1:]),
    _community(_DESTINATIONS, ("community_discharged_dest_*",)),
    _community(_REASONS, ()),
)

_MONTHS = (("nctr_discharged", "discharged_dest_*"),)
_ACUTE = r"acute.*discharge|discharge.*acute"

PUBLICATIONS: tuple[Publication, ...] = (
    Publication(
        "community discharge situation report, monthly",
        _COMMUNITY,
        title=r"community.*discharge",
        monthly=True,
        months=(("community_nctr_discharged", "community_discharged_dest_*"),),
    ),
    Publication("community discharge situation report", title=r"community"),
    Publication("discharge ready date", title=r"discharge ready date"),
    Publication("discharge ready date", sheets=r"\bdrd\b|discharge ready"),
    Publication(
        "acute discharge situation report, England time series",
        _SERIES,
        title=_ACUTE,
        sheets=r"^daily series$",
    ),
    Publication(
        "acute discharge situation report, weekly",
        (_MISSING, _DISCHARGE, _DISCHARGE_21),
        title=rf"(?:{_ACUTE}).*weekly|weekly.*(?:{_ACUTE})",
    ),
    Publication("acute discharge situation report, monthly", _MONTHLY, title=_ACUTE, monthly=True, months=_MONTHS),
    # October 2024 came out without a cover sheet; the community workbook has the same tables but no type 1 trusts.
    Publication(
        "acute discharge situation report, monthly",
        _MONTHLY,
        untitled=True,
        says=r"\btype 1\b|all acute trusts",
        monthly=True,
        months=_MONTHS,
    ),
)
