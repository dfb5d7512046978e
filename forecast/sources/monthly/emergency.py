"""Monthly A&E attendances and emergency admissions, by provider: one row a provider, one column a count.

The CSV gives booked appointments in columns of their own, the provider sheet of the workbook counts them with the
others: the metrics here contain them, so that both files give the same values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.reference import Reference
from forecast.sources.cells import folded, listed, shown
from forecast.sources.codes import clean_code, looks_like_code, unknown_kept
from forecast.sources.monthly.csv_places import refuse_other_name
from forecast.sources.spreadsheet.titles import Period, period_of

PUBLICATION = "A&E attendances and emergency admissions"
# In the published files nobody waited who did not attend; a few slips of the pen are left as published.
BROKEN_ROWS = 0.1
TYPES = ("type1", "type2", "other")

# Urgent treatment centres and walk-in centres have longer codes than hospital trusts.
_CODE = re.compile(r"^[A-Z0-9]{3,6}$")
_TOTAL = frozenset({"total", "england", "england total", "grand total"})


@dataclass(frozen=True)
class Row:
    """A row of values: whom it is about and where it stands, for a message."""

    code: str
    name: str
    where: str
    total: bool


def is_total(*cells: str) -> bool:
    """Whether a row is England's: one of its cells says total, in one of the ways that the files have."""
    return any(folded(cell).rstrip(":* ") in _TOTAL for cell in cells)


def month_of(text: str) -> Period | None:
    """First and last day of a month written as ``MSitAE-OCTOBER-2023`` or ``October 2023``."""
    plain = re.sub(r"^msitae\s*-?\s*", "", folded(text)).replace("-", " ")
    return period_of(plain)


def refuse_other_sum(rows: Sequence[Row], columns: Mapping[str, np.ndarray]) -> None:
    """Refuse a file in which England is not the sum of the providers in every column as published.

    Raises
    ------
    InputError
        A sum does not hold, or England has two rows.
    """
    _refuse_twice([row for row in rows if row.total], "England")
    england = next((i for i, row in enumerate(rows) if row.total), None)
    if england is None:
        return
    for name, values in columns.items():
        others = float(np.nansum(np.delete(values, england)))
        if abs(values[england] - others) > 0.5:
            raise InputError(
                f"{rows[england].where}: {name} of England is {values[england]:,.0f}, the sum of the providers "
                f"{others:,.0f}; a row is missing, stands twice or is wrong: download the file again"
            )


def provider_values(
    rows: Sequence[Row], counts: Mapping[str, np.ndarray], month: date, tables: Reference, notes: list[str], file: str
) -> pd.DataFrame:
    """Values of England and of the providers that are known, checked against each other.

    Parameters
    ----------
    rows
        Whom each row is about.
    counts
        Metric or other column, and its values in the order of the rows, NaN where nothing was published.
    month
        First of the month.
    tables
        Reference tables in force.
    notes
        Gets what was left out or kept with a doubt.
    file
        What to call the file in a message.

    Returns
    -------
    DataFrame
        ``date``, ``location`` and a column for each of ``counts``.

    Raises
    ------
    InputError
        A provider has two rows or no code that can be one, or more waited than attended.
    """
    frame = pd.DataFrame(dict(counts))
    if not any(row.total for row in rows):
        notes.append("no row for England: the sum of the providers was not checked")
    locations = ["ENG" if row.total else _location(row, tables, notes) for row in rows]
    for location in sorted({place for place in locations if place and locations.count(place) > 1}):
        _refuse_twice([row for row, place in zip(rows, locations, strict=True) if place == location], location)
    other = [row.name or row.code for row, place in zip(rows, locations, strict=True) if not place]
    if other:
        notes.append(
            f"{len(other):,} providers that data/reference/locations.csv does not have left out, such as treatment "
            f"centres; they are part of England: {listed(other, 5)}"
        )
    _refuse_more_waits(rows, frame, file)
    frame.insert(0, "date", pd.Timestamp(month))
    frame.insert(1, "location", locations)
    return frame[frame["location"] != ""]


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a value, with the totals that the published columns add up to; missing where one of them is."""
    wide = frame.copy()
    sums = {
        "ae_total_attendances": [f"ae_attendances_{kind}" for kind in TYPES],
        "ae_attendances_over_4hours": [f"ae_attendances_over_4hours_{kind}" for kind in TYPES],
        "ae_total_emergency_admissions": [
            *(f"ae_emergency_admissions_{kind}" for kind in TYPES),
            "ae_emergency_admissions_elsewhere",
        ],
    }
    for name, parts in sums.items():
        if name not in wide and set(parts) <= set(wide):
            wide[name] = wide[parts].sum(axis=1, min_count=len(parts))
    metrics = [name for name in wide.columns if str(name).startswith("ae_")]
    long = wide.melt(["date", "location"], metrics, "metric", "value")
    return long[long["value"].notna()].reset_index(drop=True)


def _location(row: Row, tables: Reference, notes: list[str]) -> str:
    """Code of a provider; empty for one that is no trust and that nobody asked for."""
    code = clean_code(row.code)
    if code in tables.locations:
        refuse_other_name(code, row.name, tables, f"{row.where}: ")
        return code
    if not _CODE.match(code):
        raise InputError(
            f"{row.where}: {shown(row.code or row.name)} where the code of a provider belongs; correct it or remove "
            "the row"
        )
    if looks_like_code(code):
        notes.append(unknown_kept(code, row.name, tables))
        return code
    return ""


def _refuse_twice(rows: Sequence[Row], who: str) -> None:
    if len(rows) > 1:
        raise InputError(f"{rows[1].where}: {who} stands twice, also in {rows[0].where}; keep one of them")


def _refuse_more_waits(rows: Sequence[Row], frame: pd.DataFrame, file: str) -> None:
    for kind in TYPES:
        came, waited = f"ae_attendances_{kind}", f"ae_attendances_over_4hours_{kind}"
        if not {came, waited} <= set(frame):
            continue
        here, late = frame[came].to_numpy(dtype=float), frame[waited].to_numpy(dtype=float)
        wrong = late > here + 0.5
        if wrong.sum() > BROKEN_ROWS * (here > 0).sum():
            first = int(np.argmax(wrong))
            raise InputError(
                f"{rows[first].where}: {late[first]:,.0f} waited over 4 hours of {here[first]:,.0f} who came ({kind}), "
                f"and so in {int(wrong.sum()):,} rows; the columns of "
                f"{file} look swapped, download it again"
            )
