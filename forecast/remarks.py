"""The remarks of a run in words for people: names instead of codes and class names, each thing said once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from forecast import words

INDEPENDENT = "hospitals drawn independently: the true range of the sum may be wider"
_PLAIN = {
    INDEPENDENT: "The total assumes that the hospitals rise and fall independently of each other. If they move "
    "together, the true range is wider.",
}
_NOT_USED = re.compile(r"^(?:(\w+): )?(.*): (baseline used|left out)$")
_RAN_AWAY = re.compile(r"the model's paths ran away beyond .*")
_PHRASES = {
    "too little history for a spread of its own: that of random counts used": "too little history to learn how much "
    "it varies; the range is that of a count that varies by chance alone",
}
_MODELS = {
    "ExponentialSmoothing": "the smoothing model",
    "ProphetModel": "the seasonal model",
    "SeasonalNaive": "the model of the same time last year",
    "Persistence": "the model of the last value",
}


def notes(said: Mapping[str, str], labels: Mapping[str, str]) -> list[str]:
    """Remarks of a run in words for people: names instead of codes, each thing said once.

    Parameters
    ----------
    said
        Location to remarks, separated by "; ".
    labels
        Code to screen name.
    """
    found: list[str] = []
    seen: set[str] = set()
    for code, text in said.items():
        if text.startswith("cannot say"):
            continue
        parts = [part.strip() for part in text.split("; ")]
        total = any(_code_first(part, labels) for part in parts)
        for part in parts:
            if _code_first(part, labels) or (total and part in seen):
                continue
            plain = (
                _PLAIN.get(part) or f"{labels.get(code, code)}: {words.sentence(named(_without_jargon(part), labels))}"
            )
            if plain not in found:
                found.append(plain)
        seen.update(parts)
    return found


def named(text: str, labels: Mapping[str, str]) -> str:
    """Replace codes by the names on screen, and ISO dates by dates in words."""
    for code, label in labels.items():
        text = re.sub(rf"\b{re.escape(code)}\b", label, text)
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: words.short_day(pd.Timestamp(found[0])), text)


def _without_jargon(text: str) -> str:
    """Say in plain words that a model was not used for a series."""
    found = _NOT_USED.match(text)
    if not found:
        return _PHRASES.get(text, text)
    model, reason, what = found.groups()
    reason = _RAN_AWAY.sub("impossibly high figures", reason)
    instead = "; the last value carried forward stands in" if what == "baseline used" else ""
    return f"{_MODELS.get(model or '', 'the usual model')} was not used ({reason}){instead}"


def _code_first(part: str, labels: Mapping[str, str]) -> bool:
    """Whether a total repeats a member's remark ("RM1: too little history")."""
    return part.split(":")[0].strip() in labels


def grouped(remarks: Mapping[str, Sequence[str]]) -> list[str]:
    """Say each remark once, with the measures it holds for.

    Parameters
    ----------
    remarks
        Label of a measure to its remarks.
    """
    holds: dict[str, list[str]] = {}
    for label, texts in remarks.items():
        for text in texts:
            holds.setdefault(text, []).append(label)
    return [
        f"All measures. {text}" if len(labels) == len(remarks) > 1 else f"{'; '.join(labels)}. {text}"
        for text, labels in holds.items()
    ]
