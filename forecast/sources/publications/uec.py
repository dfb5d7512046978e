"""The urgent and emergency care (UEC) daily situation report of each winter; to 2019-20 the winter situation report.

Sheets and headers vary from season to season: to 2016-17 beds are ``avail``, later ``open``; from 2021-22 general and
acute beds are split into adults and children, from 2022-23 beds closed for norovirus too, and flu and RSV have sheets.
"""

from __future__ import annotations

from forecast.sources.publications.measure import Measure
from forecast.sources.publications.table import Publication, Table

_GA = r"(?:g ?& ?a|general (?:&|and) acute)"
_OPEN = r"(?:open|avail(?:able)?)\b"
_ADULT, _PAEDIATRIC = r"adults?", r"(?:paediatrics?|paeds?)"

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


def _counts(sheet: str, *measures: Measure) -> Table:
    """A table of several counts a day."""
    return Table(
        sheet=rf"^(?:{sheet})$",
        measures=measures,
        summed=tuple(measure.metric for measure in measures),
        areas=("country",),
        by_name=True,
        ranges=True,
    )


def _events(metric: str, what: str) -> Table:
    """A table of one count a day."""
    return Table(
        sheet=rf"^a ?& ?e {what}$",
        heading=rf"\bsituation report - a ?& ?e {what}$",
        measures=(Measure(metric, ""),),
        summed=(metric,),
        areas=("country",),
        ranges=True,
    )


def _ga(prefix: str, sheet: str, who: str) -> Table:
    """General and acute beds, of all patients or of one age group, named in the headers or by the sheet alone."""
    of = rf"(?:{who} )?" if who else ""
    return _counts(
        sheet,
        Measure(f"{prefix}_core_beds_open", rf"^{of}(?:{_GA} )?core beds {_OPEN}", optional=True),
        Measure(f"{prefix}_escalation_beds_open", rf"^{of}(?:{_GA} )?escalation beds {_OPEN}", optional=True),
        Measure(f"{prefix}_beds_void", rf"^{of}(?:{_GA} )?beds unavailable to non-? ?covid", optional=True),
        Measure(f"{prefix}_beds_open", rf"^(?:total )?{of}(?:{_GA} )?(?:total )?beds {_OPEN}"),
        Measure(f"{prefix}_beds_occupied", rf"^(?:total )?{of}(?:{_GA} )?(?:total )?beds occ"),
    )


def _critical(who: str, sheet: str, words: str) -> Table:
    return _counts(
        sheet,
        Measure(f"cc_{who}_beds_open", rf"^(?:{words})(?: (?:beds|cots))? {_OPEN}"),
        Measure(f"cc_{who}_beds_occupied", rf"^(?:{words})(?: (?:beds|cots))? occ"),
    )


def _norovirus(of: str, sheet: str, who: str) -> Table:
    start = rf"^(?:{who} )?(?:d ?& ?v )?beds closed" if who else r"^(?:d ?& ?v )?beds closed"
    return _counts(
        sheet,
        Measure(f"beds_closed_unoccupied{of}_dv_norovirus", rf"{start},? unocc"),
        Measure(f"beds_closed{of}_dv_norovirus", rf"{start}(?: (?:due to )?norovirus)?$"),
    )


_DV = r"d ?& ?v,? ?norovirus"
_AMBULANCES = _counts(
    r"ambulance (?:arrivals|handovers?).*",
    Measure("ambulance_arrivals", r"^(?:patients )?arriving by ambulance$|^ambulance arrivals$", optional=True),
    Measure("ambulance_delays_30_60min", r"^(?:handover )?delays? (?:of )?30 ?- ?60 ?min"),
    Measure("ambulance_delays_over_60min", r"^(?:handover )?delays? (?:of )?(?:>|over) ?60 ?min"),
)
_RSV = _counts(
    r"rsv",
    Measure("rsv_paediatric_beds_closed_unoccupied", rf"^{_PAEDIATRIC} rsv beds closed,? unocc"),
    Measure("rsv_paediatric_beds_closed", rf"^{_PAEDIATRIC} rsv beds closed$"),
)
_LONG_STAY = _counts(
    r"beds occ(?:upied)? by long.?stay patients",
    Measure("los_7plus_beds", r"^(?:>|over|more than) ?7 days"),
    Measure("los_14plus_beds", r"^(?:>|over|more than) ?14 days", optional=True),
    Measure("los_21plus_beds", r"^(?:>|over|more than) ?21 days"),
)

_TABLES = (
    _ga("ga", rf"{_GA}(?: beds)?", ""),
    _ga("ga_adult", rf"{_ADULT} {_GA}(?: beds)?", _ADULT),
    _ga("ga_paediatric", rf"{_PAEDIATRIC} {_GA}(?: beds)?", _PAEDIATRIC),
    _critical("adult", rf"{_ADULT} critical care", rf"cc {_ADULT}|{_ADULT} (?:cc|critical care)"),
    _critical("paediatric", rf"{_PAEDIATRIC} (?:intensive|critical) care", rf"{_PAEDIATRIC} (?:int|intensive) care"),
    _critical("neonatal", r"neonatal (?:intensive|critical) care", r"neo(?:natal)? (?:int|intensive) care"),
    _LONG_STAY,
    _FLU,
    _RSV,
    _norovirus("", _DV, ""),
    _norovirus("_adult", rf"{_ADULT} {_DV}", _ADULT),
    _norovirus("_paediatric", rf"{_PAEDIATRIC} {_DV}", _PAEDIATRIC),
    _AMBULANCES,
    _events("ae_attendances", "attendances"),
    _events("ae_closures", "closures"),
    _events("ae_diverts", "diverts"),
)
_SPLIT_BY_AGE = (
    "ga_core_beds_open",
    "ga_escalation_beds_open",
    "ga_beds_void",
    "ga_beds_open",
    "ga_beds_occupied",
    "beds_closed_unoccupied_dv_norovirus",
    "beds_closed_dv_norovirus",
)


def _by_age(whole: str) -> tuple[str, ...]:
    """The metrics of adults and of children that make one of all patients."""
    if whole.startswith("ga_"):
        return whole.replace("ga_", "ga_adult_", 1), whole.replace("ga_", "ga_paediatric_", 1)
    return whole.replace("_dv_", "_adult_dv_"), whole.replace("_dv_", "_paediatric_dv_")


_TOTALS = tuple((whole, _by_age(whole)) for whole in _SPLIT_BY_AGE)
_TITLE = r"daily hospital situation report|(?:uec|urgent and emergency care|winter).*(?:sitrep|situation)"

# In 2022-23 ambulances came out in a workbook of their own.
AMBULANCES = Publication(
    "UEC daily situation report, ambulances",
    (_AMBULANCES,),
    title=r"ambulance",
    says=r"^(?:handover )?delays? (?:of )?30 ?- ?60",
    without_sheets=r"\bbeds\b|^a ?& ?e\b|^flu$",
)
PUBLICATIONS: tuple[Publication, ...] = (
    Publication("UEC daily situation report", _TABLES, title=_TITLE, totals=_TOTALS, shares_title=True),
    Publication("UEC daily situation report", _TABLES, sheets=_FLU.sheet, totals=_TOTALS),
    Publication("UEC daily situation report", (_FLU,), title=r"flu patients|influenza"),
    Publication("UEC daily situation report", (_FLU,), untitled=True),
)
