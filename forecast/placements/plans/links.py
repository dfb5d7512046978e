"""Opening a link: what can be used of it, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.errors import SettingError
from forecast.placements.plans.fields import KEYS
from forecast.placements.plans.query import read
from forecast.reference import Reference, reference


def open_link(query: Mapping[str, str], *, tables: Reference | None = None) -> tuple[PlacementPlan, dict[str, str]]:
    """Return the plan a link describes as far as it can be used, and what is wrong by the setting's name.

    A setting that cannot be used is as now. Keys that stand for no setting are another part of the page's and are left
    alone; ``PlacementPlan.from_query`` refuses them.

    Raises
    ------
    InputError
        The reference itself lacks a figure.
    """
    tables = tables or reference()
    settings: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for key, text in query.items():
        if key in KEYS:
            try:
                settings[KEYS[key].name] = read(key, text)
            except SettingError as error:
                wrong[error.field] = str(error)
    while True:
        try:
            return PlacementPlan(tables=tables, **settings), wrong
        except SettingError as error:
            blamed = next((name for name in error.fields if name in settings), None)
            if blamed is None:
                raise
            del settings[blamed]
            wrong[blamed] = str(error)
