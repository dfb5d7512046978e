"""What a column of a table counts, told by the words of its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# A header is a short text; a footnote that happens to hold its words is not.
LONGEST_HEADER = 200


@dataclass(frozen=True)
class Measure:
    """A column header, as a pattern over its folded text, and the metric below it.

    ``part``: the metric is the sum of several such columns of the same day. ``optional``: the table may lack it.
    """

    metric: str
    header: str
    part: bool = False
    optional: bool = False

    def fits(self, text: str) -> bool:
        """Whether a folded header text is this measure."""
        return len(text) <= LONGEST_HEADER and re.search(self.header, text) is not None


def classify(text: str, measures: Sequence[Measure]) -> Measure | None:
    """First measure whose pattern fits the header text."""
    return next((measure for measure in measures if text and measure.fits(text)), None)


def needed_metrics(measures: Sequence[Measure]) -> set[str]:
    """Metrics that a table of these measures must have."""
    return {measure.metric for measure in measures if not measure.optional}
