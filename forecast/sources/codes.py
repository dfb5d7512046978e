"""Codes of organisations: their shapes, and what is said of one that nobody knows."""

from __future__ import annotations

import re

from forecast.reference import Reference
from forecast.sources.cells import Cell, is_number, shortened, words

# NHS trusts have codes such as RM1 or TAJ, integrated care boards such as QMM.
_CODE_SHAPE = re.compile(r"^[RTQ][A-Z0-9]{2}$")
# Community providers, hospices, care homes and councils have codes such as NAX, VNNDK, AN09 or 507.
_PROVIDER_SHAPE = re.compile(r"^(?:[A-Z]{3}|V[A-Z0-9]{4}|(?=.*[0-9])[A-Z0-9]{3,6})$")
# Footnote marks round codes and names.
MARKS = "*^†‡#' "
UNKNOWN_KEPT = "unknown organisation kept: "
UNKNOWN_REMEDY = "add a row to data/reference/locations.csv"


def clean_code(cell: Cell) -> str:
    """An organisation code as the reference tables write it: upper case, without footnote marks; a number as text."""
    if is_number(cell) and float(cell).is_integer():  # type: ignore[arg-type]
        return str(int(cell))  # type: ignore[arg-type]
    return words(cell).strip(MARKS).upper()


def looks_like_code(code: str, any_provider: bool = False) -> bool:
    """Whether a code nobody knows has the shape of an NHS trust's or an integrated care board's, or any provider's."""
    return (_PROVIDER_SHAPE if any_provider else _CODE_SHAPE).match(code) is not None


def unknown_kept(code: str, name: str, tables: Reference) -> str:
    """The note on an organisation that nobody knows and whose values are kept."""
    known = tables.find_location(name.strip(MARKS)) if name else None
    also = f", whose name is that of {known}" if known else ""
    return f"{UNKNOWN_KEPT}{code}{f' ({shortened(name)})' if name else ''}{also}; {UNKNOWN_REMEDY}"
