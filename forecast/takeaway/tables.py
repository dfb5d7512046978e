"""A table of the workbook, as a value: what stands on one sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from forecast.reading import by_name
from forecast.wording import explanations, table_words

MISSING = "[x]"
"""What the government's guidance puts in a cell whose value is not available."""


@dataclass(frozen=True, eq=False)
class Table:
    """What stands on one sheet.

    Parameters
    ----------
    sheet
        Name of the sheet, at most 31 characters.
    title
        What the table is of, in words.
    frame
        Texts and numbers, a column under each heading; a date is a text. No cell is empty: what is not known is
        ``MISSING``.
    notes
        Heading to the keys of ``notes()`` that explain it.
    said
        What else must be known to read it: why a place or a measure is not in it.
    """

    sheet: str
    title: str
    frame: pd.DataFrame
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    said: Sequence[str] = ()

    @property
    def name(self) -> str:
        """Name of the marked-up table: letters and underscores."""
        return self.sheet.lower().replace(" ", "_")


def table(
    sheet: str,
    title: str,
    rows: Sequence[Mapping[str, Any]],
    notes: Mapping[str, Sequence[str]] | None = None,
    said: Sequence[str] = (),
) -> Table:
    """Make a table of rows; where there are none, of the reasons in ``said``."""
    if not rows:
        why = list(said) or [table_words.NOTHING]
        return Table(sheet, title, pd.DataFrame({table_words.WHY: why}))
    frame = pd.DataFrame(list(rows)).astype(object)
    frame = frame.where(frame.notna() & (frame != ""), MISSING)
    kept = {heading: keys for heading, keys in (notes or {}).items() if heading in frame}
    return Table(sheet, title, frame, kept, said)


def notes() -> dict[str, str]:
    """Key of a note to its text."""
    counts = {metric: f"{by_name.label(metric)}: {means}" for metric, means in explanations.COUNT_MEANS.items()}
    return {
        "averages": explanations.HOW_TO_READ[0],
        "likely": explanations.HOW_TO_READ[1],
        "direction": " ".join(explanations.HOW_TO_READ[2:4]),
        "half": table_words.HALF,
        "season": table_words.SEASON,
        "peak": table_words.PEAK,
        "needed": table_words.NEEDED,
        **counts,
    }
