"""Settings of a plan as a person edits them on a screen, and the plan that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.errors import SettingError
from forecast.placements.plans.events import AFFECTED, Event
from forecast.placements.plans.fields import FIELDS
from forecast.placements.plans.names import PATHWAYS, PRODUCTS
from forecast.placements.plans.schedule import ALWAYS, Schedule

PERCENT = 100
DATE, PLACES = "from", "places"
EVENT_COLUMNS = ("name", "first", "last", *AFFECTED)


def applied(plan: PlacementPlan, wanted: Mapping[str, Any]) -> tuple[PlacementPlan, dict[str, str]]:
    """Change settings as far as they can be used.

    Parameters
    ----------
    plan
        The last plan that could be used.
    wanted
        Settings to change, by name.

    Returns
    -------
    plan, wrong
        The plan with every usable change; setting -> the plan's own message, where it stays as it was.
    """
    left = dict(wanted)
    wrong: dict[str, str] = {}
    while True:
        try:
            return plan.changed(**left), wrong
        except SettingError as error:
            blamed = next((name for name in error.fields if name in left), None)
            if blamed is None:
                raise
            del left[blamed]
            wrong[blamed] = str(error)


def shown(name: str, value: Any, day: pd.Timestamp) -> Any:
    """Return what a single field on a screen shows of a setting; ``day``: the one whose places a number stands for."""
    if isinstance(value, Schedule):
        return int(value.on(pd.DatetimeIndex([day]))[0])
    if FIELDS[name].kind == "share":
        return round(PERCENT * value)
    return value


def meant(name: str, value: Any) -> Any:
    """Return the setting that a changed field on a screen stands for."""
    return value / PERCENT if FIELDS[name].kind == "share" else value


def schedule_rows(schedule: Schedule, day: pd.Timestamp) -> pd.DataFrame:
    """Steps of a schedule, one a row: from, places. A number that never changes stands at ``day``."""
    dates = [day if date == ALWAYS else date for date, _ in schedule.steps]
    places = pd.array(list(schedule.counts), dtype="Int64")
    return pd.DataFrame({DATE: pd.DatetimeIndex(dates).as_unit("us"), PLACES: places})


def schedule_from(rows: pd.DataFrame) -> list[tuple[Any, Any]]:
    """Dates and places of edited rows, in the order of their dates; rows left empty are passed over."""
    filled = rows.dropna(how="all").sort_values(DATE, na_position="first", kind="stable")
    return [
        (None if pd.isna(date) else pd.Timestamp(date), None if pd.isna(places) else int(places))
        for date, places in zip(filled[DATE], filled[PLACES], strict=True)
    ]


def event_rows(events: Sequence[Event]) -> pd.DataFrame:
    """Events, one a row: name, days, and per cent of a normal day that are left."""
    rows = [event.to_dict() for event in events]
    frame = pd.DataFrame(rows, columns=list(EVENT_COLUMNS))
    for name in ("first", "last"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    for name in AFFECTED:
        frame[name] = (PERCENT * frame[name].astype(float)).round(1).astype("Float64")
    return frame.astype({"name": "object"})


def events_from(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Events of edited rows; a share left empty is all of a normal day, rows left empty are passed over."""
    found = []
    for row in rows.dropna(how="all").to_dict("records"):
        shares = {what: 1.0 if pd.isna(row[what]) else row[what] / PERCENT for what in AFFECTED}
        days = {name: None if pd.isna(row[name]) else pd.Timestamp(row[name]) for name in ("first", "last")}
        found.append({"name": "" if pd.isna(row["name"]) else str(row["name"]), **days, **shares})
    return found


def route_rows(routes: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Per cent of those who wait for each pathway, one a row, that may use each product, one a column."""
    values = [[PERCENT * routes.get(way, {}).get(product, 0.0) for product in PRODUCTS] for way in PATHWAYS]
    return pd.DataFrame(values, index=list(PATHWAYS), columns=list(PRODUCTS)).round(2)


def routes_from(rows: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Shares of edited rows; what is left empty is none."""
    return {
        way: {product: 0.0 if pd.isna(of[product]) else float(of[product]) / PERCENT for product in PRODUCTS}
        for way, of in zip(PATHWAYS, rows[list(PRODUCTS)].to_dict("records"), strict=True)
    }
