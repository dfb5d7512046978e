"""Whether a manifest has the shape that every reader of a run relies on: what is half written or edited by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

KEYS = ("id", "as_of", "simulated", "code_version", "vintages", "counties", "metrics", "skipped", "files")


def fault(manifest: Mapping[str, Any]) -> str:
    """Say what is wrong with a manifest of this version's format; empty where nothing is."""
    if missing := [key for key in KEYS if key not in manifest]:
        return f"lacks {missing[0]!r}"
    checks: dict[str, Callable[[Any], bool]] = {
        "id": lambda value: isinstance(value, str) and bool(value),
        "as_of": _day,
        "simulated": lambda value: isinstance(value, bool),
        "vintages": lambda value: isinstance(value, list) and all(_has(one, "file", "rows") for one in value),
        "counties": lambda value: _each(value, lambda one: isinstance(one, list) and bool(one)),
        "metrics": lambda value: _each(value, _metric),
        "skipped": lambda value: _each(value, lambda one: isinstance(one, str)),
        "files": lambda value: _each(value, lambda one: isinstance(one, str)),
        "settings": lambda value: isinstance(value, Mapping),
    }
    wrong = [key for key, right in checks.items() if key in manifest and not right(manifest[key])]
    return f"says of {wrong[0]!r} what cannot be: {str(manifest[wrong[0]])[:60]!r}" if wrong else ""


def _metric(entry: Any) -> bool:
    return (
        _has(entry, "origin", "cannot_say", "notes", "model")
        and _day(entry["origin"])
        and all(isinstance(entry[key], Mapping) for key in ("cannot_say", "notes"))
    )


def _has(entry: Any, *keys: str) -> bool:
    return isinstance(entry, Mapping) and all(key in entry for key in keys)


def _each(value: Any, right: Callable[[Any], bool]) -> bool:
    return isinstance(value, Mapping) and all(right(one) for one in value.values())


def _day(value: Any) -> bool:
    try:
        return isinstance(value, str) and not pd.isna(pd.Timestamp(value))
    except ValueError:
        return False
