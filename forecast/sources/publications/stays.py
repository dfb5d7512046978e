"""Lengths of stay in published texts: ``LOS 7+``, ``length of stay of 14+ days`` or ``21 days or over``."""

from __future__ import annotations

import re

_NAMED = r"\b(?:length of stay|los)\b[^0-9]{0,15}?"
_OVER = r" ?(?:\+(?: ?days\b)?|days?,? (?:or|and) (?:over|more|longer)\b|or (?:over|more)(?: days)?\b)"
_STAY = re.compile(rf"{_NAMED}\b(\d+)\b")
_DAYS = re.compile(r"\b(\d+) ?(?:\+|days?\b)")


def stay_pattern(days: int) -> str:
    """Pattern that finds stays of so many days or more in a folded text, however they are written."""
    return rf"{_NAMED}\b{days}\b{_OVER}"


def stay_of(text: str) -> int | None:
    """The length of stay, in days or more, that a folded text names; 0 for a range or several, None for none."""
    named = set(_STAY.findall(text))
    if not named:
        return None
    return 0 if len(named | set(_DAYS.findall(text))) > 1 else int(named.pop())
