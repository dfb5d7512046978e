"""A plan's settings in words, each with its default and where that is from: the table beside every slider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from forecast.placements.plans.defaults import Default
from forecast.placements.plans.fields import FIELDS
from forecast.placements.plans.names import PATHWAY_LABELS, PRODUCT_LABELS
from forecast.placements.plans.schedule import Schedule

COLUMNS = ("field", "label", "value", "unit", "allowed", "default", "changed", "source", "date", "status", "note")


def in_words(name: str, value: Any) -> str:
    """Return the value of a setting as a person would say it."""
    field = FIELDS[name]
    if value is None:
        return field.absent
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Schedule):
        return value.in_words()
    if field.kind == "routes":
        return "; ".join(f"{PATHWAY_LABELS[way]}: {_routed(of)}" for way, of in value.items())
    if isinstance(value, Mapping):
        labels = PATHWAY_LABELS | PRODUCT_LABELS
        return ", ".join(f"{labels[key]} {number:,g}" for key, number in value.items())
    if isinstance(value, tuple):
        return "; ".join(event.in_words() for event in value) or "none"
    if field.kind == "share":
        return _percent(value)
    return value if isinstance(value, str) else f"{value:,.6g}"


def settings_table(values: Mapping[str, Any], usual: Mapping[str, Default], *, county: str) -> pd.DataFrame:
    """One row a setting, columns ``COLUMNS``; source, date, status and note are the default's.

    ``changed`` says where the value is not the default: its source is then the person who set it. ``county``: its name
    for people.
    """
    rows = []
    for name, field in FIELDS.items():
        default = usual[name]
        said = [in_words(name, values[name]), field.unit, field.allowed, in_words(name, default.value)]
        if name == "location":
            said[0] = said[-1] = county
        origin = [default.source, default.date, default.status, default.note]
        rows.append([name, field.label, *said, values[name] != default.value, *origin])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _routed(shares: Mapping[str, float]) -> str:
    return ", ".join(f"{PRODUCT_LABELS[product]} {_percent(share)}" for product, share in shares.items()) or "none"


def _percent(share: float) -> str:
    return f"{100 * share:.3g}%"
