"""Which metric a reason for a delay or a destination of discharges is counted under, known or not.

A text that nobody knows is a category too: left out, it would make the shares of the others too large. It is kept
under a name made of its words, and noted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from forecast.categories import Category, canonical, metric_name
from forecast.sources.cells import folded, shown
from forecast.sources.publications.table import Headed

# Reasons are those of stays of so many days or more where nothing is said.
USUAL_STAY = 14
# Texts among the reasons or destinations that name none: sums and means of the others.
_NO_CATEGORY = re.compile(r"^(?:grand |sub ?-?)?total|\baverage\b|\brolling\b|%")
_REMEDY = (
    "add its text to data/reference/discharge_categories.csv, in the row of the category that it renames or its own"
)


def may_name_category(text: str) -> bool:
    """Whether a text that nobody knows may be a reason or destination."""
    return bool(text) and not _NO_CATEGORY.search(folded(text))


def category_metric(category: Category | None, text: str, headed: Headed, stay: int, specification: str) -> str:
    """Name of the metric of a category, or of a text that nobody knows; empty where there is none.

    ``stay``: length of stay from which patients are counted, in days; ``specification``: that of a reason that nobody
    knows, which is that of its neighbours.
    """
    return metric_name(
        category.code if category else canonical(text),
        headed.kind,
        headed.span,
        specification=category.specification if category else specification,
        stay=stay,
        community=headed.community,
    )


def usual_specification(known: Iterable[Category]) -> str:
    """Specification of most reasons; the newest where none is known."""
    count = Counter(category.specification for category in known if category.kind == "reason")
    return count.most_common(1)[0][0] if count else "2024"


def unknown_category(kind: str, text: str, metric: str) -> str:
    """The note on a reason or destination that nobody knows."""
    return f"{kind} {shown(text)} is not known; kept as {metric}; {_REMEDY}"
