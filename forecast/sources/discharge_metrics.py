"""Which metric the texts of a discharge CSV mean: its name, its type, its group, and how often it is given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from forecast.categories import Category
from forecast.reference import reference
from forecast.sources.cells import folded
from forecast.sources.grid import Measure, classify
from forecast.sources.publications import PUBLICATIONS

# Why a row is left out.
UNKNOWN, LEFT_OUT, COMMUNITY = "unknown category", "left out", "community"
OTHER_SPAN = "give the counts of patients other than by the day, and are left out"
COST = "give what delays cost, not how many patients, and are left out"
MIXED = "give a reason or destination at dates that are neither months, weeks nor days, and are left out"

_BED_DAYS = re.compile(
    r"^number of additional bed days,? patients with (?:a )?length of stay of (7|14|21) ?(?:\+ ?days|days or)"
)
# A mean or a total of the month is no count of a day.
_DAILY = re.compile(r"^(?!.*(?:average|mean|total|month|week)).*\b(?:daily|day)\b")
_COST = re.compile(r"\bcosts?\b|£")
_SEVEN = re.compile(r"(?:\blos|length of stay(?: of)?) ?7\b")


@dataclass(frozen=True)
class Named:
    """The metric of a row, empty with the reason ``why`` where it is not read; ``part`` of a sum, by its own text."""

    metric: str = ""
    why: str = ""
    part: str = ""


def named(text: str, type_text: str, group: str, days: np.ndarray[Any, np.dtype[np.datetime64]]) -> Named:
    """Metric of the rows that have these texts.

    Parameters
    ----------
    text
        The metric's own text.
    type_text, group
        Its type, such as "Daily metric", and its group, such as "Delay reason LOS 14+"; may be empty.
    days
        The different dates at which it is given, sorted.
    """
    header, kind, family = folded(text), folded(type_text), folded(group)
    span = _span(days)
    if measure := classify(header, _measures()):
        if (kind and not _DAILY.search(kind)) or (not kind and span != "daily"):
            return Named(why=OTHER_SPAN)
        return Named(measure.metric, part=header if measure.part else "")
    if found := _BED_DAYS.match(header):
        return Named(f"additional_bed_days_los{found[1]}plus")
    reason, destination = "reason" in family, "destination" in family
    category = _category(text, reason, destination)
    if category is None:
        return Named(why=UNKNOWN if reason or destination else LEFT_OUT)
    if category.specification == "community":
        return Named(why=COMMUNITY)
    if _COST.search(family) or _COST.search(kind):
        return Named(why=COST)
    name = (
        _destination(category, span) if category.kind == "destination" else _reason(category, span, f"{family} {kind}")
    )
    return Named(name, why="" if name else MIXED)


def _category(text: str, reason: bool, destination: bool) -> Category | None:
    """The category in its group; where the file has no groups, in either."""
    tables = reference()
    kinds = [kind for kind, wanted in (("reason", reason), ("destination", destination)) if wanted]
    found = [tables.category(text, kind) for kind in kinds or ("reason", "destination")]
    return next(filter(None, found), None)


def _destination(category: Category, span: str) -> str:
    ends = {"monthly": "", "daily": "_daily"}
    return f"discharged_dest_{category.code}{ends[span]}" if span in ends else ""


def _reason(category: Category, span: str, words: str) -> str:
    """Reasons of stays of 14 days or more, as in every file at first; of 7 days or more where the group says so."""
    before = {
        ("2022", "monthly", False): "delay14plus_avg_",
        ("2022", "weekly", False): "delay14plus_",
        ("2024", "monthly", False): "delay_reason_",
        ("2024", "monthly", True): "delay7plus_reason_",
    }.get((category.specification, span, bool(_SEVEN.search(words))))
    return f"{before}{category.code}" if before else ""


def _span(days: np.ndarray[Any, np.dtype[np.datetime64]]) -> str:
    """How often something is given in a month: once, by the week or by the day."""
    if len(days) < 2:
        return "monthly"
    steps = np.diff(days.astype("datetime64[D]")).astype(int)
    return "weekly" if (steps % 7 == 0).all() else "daily" if steps.min() == 1 else "other"


def _measures() -> Sequence[Measure]:
    """The columns of the workbook's table of the same counts."""
    return next(
        table.measures
        for publication in PUBLICATIONS
        if publication.monthly
        for table in publication.tables
        if table.whole == "nctr_patients"
    )
