"""Whom a row of a published CSV is about: England, a region, a board or a hospital trust, by level and code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.reference import Reference
from forecast.sources.cells import folded, shortened, shown
from forecast.sources.codes import UNKNOWN_REMEDY, clean_code, looks_like_code, unknown_kept
from forecast.sources.columns import Columns, coded
from forecast.sources.monthly.published_csv import at_line

# Kind of location that each level holds.
LEVELS = {
    "national": "country",
    "england": "country",
    "region": "nhs_region",
    "icb": "icb",
    "ics": "icb",
    "integrated care board": "icb",
    "provider": "trust",
    "trust": "trust",
}
_ORGANISATIONS = ("trust", "provider", "site")


def places(table: Columns, tables: Reference, notes: list[str]) -> pd.Categorical[Any]:
    """Code of the location of each row; none where level, code and name are all empty.

    Raises
    ------
    InputError
        A level or a code is unknown, or the code is of another level or another place than the name.
    """
    columns: list[str] = [name for name in ("level", "org code", "org name", "region") if name in table.names]
    number, different = pd.factorize(pd.MultiIndex.from_arrays([table.codes(name) for name in columns]))
    texts = {name: [*table.unique(name), ""] for name in columns}
    found: list[str] = []
    for i, codes in enumerate(different):
        said = {name: texts[name][code].strip() for name, code in zip(columns, codes, strict=True)}
        try:
            found.append(_place(said, tables, notes))
        except InputError as error:
            raise at_line(table, int(np.argmax(number == i)), str(error)) from None
    names = sorted(set(found) - {""})
    position = np.array([names.index(code) if code else -1 for code in found])
    return coded(position[number], names)


def _place(said: dict[str, str], tables: Reference, notes: list[str]) -> str:
    level, code, name = said["level"], clean_code(said["org code"]), said.get("org name", "")
    if not (level or code or name):
        return ""
    kind = LEVELS.get(folded(level))
    if kind is None:
        raise InputError(f"column 'level': {shown(level)} is unknown; expected National, Region, ICB or Provider")
    if kind == "country":
        return _national(code, name, tables)
    location = tables.find_location(code) if code else None
    if location is None and kind == "nhs_region":
        location = next(filter(None, (tables.find_location(text) for text in (name, said.get("region", "")))), None)
    if location is None and kind != "nhs_region" and looks_like_code(code) and (code[0] == "Q") == (kind == "icb"):
        notes.append(unknown_kept(code, name, tables))
        return code
    if location is None:
        raise InputError(
            f"column 'org code': unknown location {shown(code or name)}"
            f"{f' ({shortened(name)})' if code and name else ''}; {UNKNOWN_REMEDY} if it is right"
        )
    _refuse_other_kind(location, kind, level, tables)
    refuse_other_name(location, name, tables, "column 'org code': ")
    return location


def refuse_other_name(location: str, name: str, tables: Reference, where: str) -> None:
    """Refuse a code beside the name of another place of its kind; names vary, so an unknown one says nothing."""
    named = tables.find_location(name) if name else None
    if named and named != location and tables.locations[named].kind == tables.locations[location].kind:
        raise InputError(
            f"{where}code {location} stands beside the name {shown(name)}, which is {named}; "
            "correct the code or the name"
        )


def _national(code: str, name: str, tables: Reference) -> str:
    """England, whatever it is called, unless the row has the code or name of another place."""
    for text in (code, name):
        location = tables.find_location(text) if text else None
        if location and tables.locations[location].kind != "country":
            raise InputError(
                f"column 'org code': level National beside {shown(text)}, which is {location}; correct one"
            )
    return "ENG"


def _refuse_other_kind(location: str, kind: str, level: str, tables: Reference) -> None:
    known = tables.locations[location].kind
    if known == kind or (kind == "trust" and known in _ORGANISATIONS):
        return
    raise InputError(
        f"column 'level': {shown(level)} beside {location}, which is {tables.label(location)}; correct one"
    )
