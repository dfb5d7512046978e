"""Which metric the texts of a discharge CSV mean: its name, its type, its group, and how often it is given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from forecast.categories import KINDS
from forecast.reference import reference
from forecast.sources.cells import folded
from forecast.sources.publications import PUBLICATIONS
from forecast.sources.publications.category_metrics import (
    USUAL_STAY,
    category_metric,
    may_name_category,
    unknown_category,
)
from forecast.sources.publications.measure import Measure, classify
from forecast.sources.publications.stays import stay_of
from forecast.sources.publications.table import Headed

# Why a row is left out.
LEFT_OUT, COMMUNITY = "left out", "community"
OTHER_SPAN = "give the counts of patients other than by the day, and are left out"
COST = "give what delays cost, not how many patients, and are left out"
NAMELESS = "give a reason or destination at dates or for stays that no metric is known for, and are left out"

# A mean or a total of the month is no count of a day.
_DAILY = re.compile(r"^(?!.*(?:average|mean|total|month|week)).*\b(?:daily|day)\b")
_COST = re.compile(r"\bcosts?\b|£")


@dataclass(frozen=True)
class Named:
    """The metric of a row, empty with the reason ``why`` where it is not read.

    ``part``: of a sum, by its own text. ``unknown``: the reason or destination that no crosswalk has.
    """

    metric: str = ""
    why: str = ""
    part: str = ""
    unknown: str = ""


def named(
    text: str,
    type_text: str,
    group: str,
    days: np.ndarray[Any, np.dtype[np.datetime64]],
    specification: str,
) -> Named:
    """Metric of the rows that have these texts.

    Parameters
    ----------
    text
        The metric's own text.
    type_text, group
        Its type, such as "Daily metric", and its group, such as "Delay reason LOS 14+"; may be empty.
    days
        The different dates at which it is given, sorted.
    specification
        That of most delay reasons of the file, for one that nobody knows.
    """
    header, kind, family = folded(text), folded(type_text), folded(group)
    span = _span(days)
    if measure := classify(header, _measures("nctr_patients")):
        if (kind and not _DAILY.search(kind)) or (not kind and span != "daily"):
            return Named(why=OTHER_SPAN)
        return Named(measure.metric, part=header if measure.part else "")
    if measure := classify(header, _measures("additional_bed_days_los7plus")):
        return Named(measure.metric)
    kinds = [name for name in KINDS if name in family]
    tables = reference()
    category = next(filter(None, (tables.category(text, name) for name in kinds or KINDS)), None)
    if category is None and not (kinds and may_name_category(text)):
        return Named(why=LEFT_OUT)
    if category and category.specification == "community":
        return Named(why=COMMUNITY)
    if _COST.search(family) or _COST.search(kind):
        return Named(why=COST)
    headed = Headed(category.kind if category else kinds[0], span)
    stay = stay_of(f"{family} {kind}")
    name = category_metric(category, text, headed, USUAL_STAY if stay is None else stay, specification)
    if not name:
        return Named(why=NAMELESS)
    return Named(name, unknown="" if category else unknown_category(headed.kind, text, name))


def _span(days: np.ndarray[Any, np.dtype[np.datetime64]]) -> str:
    """How often something is given in a month: once, by the week or by the day."""
    if len(days) < 2:
        return "monthly"
    steps = np.diff(days.astype("datetime64[D]")).astype(int)
    return "weekly" if (steps % 7 == 0).all() else "daily" if steps.min() == 1 else "other"


@cache
def _measures(metric: str) -> Sequence[Measure]:
    """The columns of the table of the monthly workbook that has a metric."""
    return next(
        table.measures
        for publication in PUBLICATIONS
        if publication.monthly
        for table in publication.tables
        if any(measure.metric == metric for measure in table.measures)
    )
