"""The plan as it is now: each setting's value and source from the reference tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from forecast.errors import InputError
from forecast.placements.plans.checks import check_together, checked
from forecast.placements.plans.errors import SettingError
from forecast.placements.plans.fields import FIELDS
from forecast.placements.plans.names import PATHWAYS, PRODUCTS, SCHEDULES
from forecast.placements.plans.numbers import said
from forecast.reference import Reference

STAY_ROWS = {"home": "stay_mean_flat", "rehabilitation": "stay_mean_p2", "care_home": "stay_mean_p3"}
"""Pathway -> row of ``assumptions.csv``: a person who waits for home care spends the wait in a flat."""
DISCHARGED_ROW = "discharges_a_day_p1"
"""Row of a hospital; a county without its own ``home_care_starts`` has the sum of its hospitals."""
SOURCE_COLUMNS = ("source", "date", "status", "note")
STAND_IN = "stand-in"
"""How the status of a row begins that is nobody's figure and only stands where a county has none of its own."""
CHOSEN = "2026-11"
"""When the defaults that are no figure were chosen."""


@dataclass(frozen=True)
class Default:
    """A setting as it is now, and where the figure is from; several sources are joined by semicolons."""

    value: Any
    source: str
    date: str = ""
    status: str = ""
    note: str = ""


def first_county(tables: Reference) -> str:
    """Code of the first county of the reference.

    Raises
    ------
    SettingError
        The reference has no county.
    """
    counties = tables.counties()
    if not counties:
        raise SettingError(
            "location", f"{tables.folder / 'locations.csv'}: no location is of kind county; add the county with a row"
        )
    return counties[0].code


def defaults(location: str, tables: Reference) -> dict[str, Default]:
    """Every setting of a county as it is now, in the order of ``FIELDS``.

    Raises
    ------
    InputError
        The county is unknown, a row is missing, or a figure of the tables is impossible.
    """
    counties = [county.code for county in tables.counties()]
    if location not in counties:
        raise SettingError(
            "location",
            f"County (location) is {said(location)}, which the reference does not have. "
            f"Allowed: {', '.join(counties)}.",
        )
    found = {
        "location": Default(location, tables.locations[location].source),
        "routes": _routes(location, tables),
        "stay_means": _stays(location, tables),
        "already_placed": _chosen(None, "not published: places are taken to be full"),
        "assessments_per_day": _chosen(None, "not published: social workers are taken to keep pace as now"),
        "events": Default((), "none unless entered"),
        "residents_only": _chosen(False, "choice of this project: everyone in its hospitals is counted"),
    }
    found |= {field: _schedule(product, location, tables) for product, field in SCHEDULES.items()}
    for name, field in FIELDS.items():
        if field.row:
            found[name] = _row(field.row, location, tables)
    values = {}
    for name in FIELDS:
        try:
            values[name] = checked(name, found[name].value)
        except SettingError as error:
            raise SettingError(name, f"{error} The figure is from {tables.folder}.") from error
    check_together(values)
    return {name: replace(found[name], value=values[name]) for name in FIELDS}


def stand_ins(location: str, tables: Reference) -> list[str]:
    """Labels of the settings that a county has no figure of its own for, so that a stand-in is used."""
    found = defaults(location, tables)
    return [FIELDS[name].label for name, default in found.items() if default.status.startswith(STAND_IN)]


def _row(name: str, location: str, tables: Reference) -> Default:
    if name == "home_care_starts":
        members = tables.members(location)
        rows = [row for row in tables.assumptions_named(DISCHARGED_ROW) if row.location in members]
        own = any(row.location == location for row in tables.assumptions_named(name))
        if not own and members and len(rows) == len(members):
            texts = [{key: getattr(row, key) for key in SOURCE_COLUMNS} for row in rows]
            return Default(round(sum(row.value for row in rows), 6), **_joined(texts))
    row = tables.assumption(name, location, national=True)
    return Default(row.value, row.source, row.date, row.status, row.note)


def _chosen(value: Any, source: str) -> Default:
    return Default(value, source, CHOSEN, "choice")


def _stays(location: str, tables: Reference) -> Default:
    rows = {pathway: tables.assumption(STAY_ROWS[pathway], location, national=True) for pathway in PATHWAYS}
    texts = [{key: getattr(row, key) for key in SOURCE_COLUMNS} for row in rows.values()]
    return Default({pathway: row.value for pathway, row in rows.items()}, **_joined(texts))


def _routes(location: str, tables: Reference) -> Default:
    rows = tables.table("routes.csv", ("location", "pathway", "product", "share", *SOURCE_COLUMNS), national=True)
    own = [row for row in rows if row["location"] == location] or [row for row in rows if not row["location"]]
    value: dict[str, dict[str, float]] = {}
    for row in own:
        value.setdefault(row["pathway"], {})[row["product"]] = _figure("routes.csv", row, "share", tables)
    return Default(value, **_joined(own))


def _schedule(product: str, location: str, tables: Reference) -> Default:
    columns = ("location", "product", "from_date", "places", *SOURCE_COLUMNS)
    file = "place_schedule.csv"
    rows = tables.table(file, columns, national=True)
    if unknown := [row["product"] for row in rows if row["product"] not in PRODUCTS]:
        raise InputError(f"{tables.folder / file}: {unknown[0]!r} is no product; choose among {', '.join(PRODUCTS)}")
    own = [row for row in rows if row["location"] == location and row["product"] == product]
    if not own:
        return Default(0, f"no row for {tables.label(location)} in {file}: none counted")
    return Default([(row["from_date"], _figure(file, row, "places", tables)) for row in own], **_joined(own))


def _figure(file: str, row: Mapping[str, str], column: str, tables: Reference) -> float:
    try:
        return float(row[column])
    except ValueError:
        raise InputError(
            f"{tables.folder / file}: {column} of {row['location'] or 'every county'} is {row[column]!r}; give a number"
        ) from None


def _joined(rows: list[dict[str, str]]) -> dict[str, str]:
    """Sources of several rows, each said once."""
    return {key: "; ".join(dict.fromkeys(row[key] for row in rows if row[key])) for key in SOURCE_COLUMNS}
