"""The monthly A&E CSV: one row a provider, period ``MSitAE-OCTOBER-2023``, a row ``TOTAL`` for England."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.reference import reference
from forecast.sources.cells import folded, listed, shown
from forecast.sources.columns import Columns
from forecast.sources.loading import column_names, load_columns
from forecast.sources.monthly.emergency import (
    PUBLICATION,
    TYPES,
    Row,
    is_total,
    month_of,
    provider_values,
    refuse_other_sum,
    tidy,
)
from forecast.sources.monthly.published_csv import at_line, filled, heads, reading, refuse_missing
from forecast.sources.reading import Reading
from forecast.sources.spreadsheet.titles import Period

NEEDED = ("period", "org code", "org name")
_KIND = r"(?P<kind>type 1|type 2|other(?: a&e)? department)$"
_COUNTED = r"^(?:number of )?"
_BOOKED = r"booked appointments "
# Column headers, and what their three kinds of department add to.
_BY_TYPE = (
    ("ae_attendances", rf"{_COUNTED}a&e attendances {_KIND}"),
    ("booked", rf"{_COUNTED}a&e attendances {_BOOKED}{_KIND}"),
    ("ae_attendances_over_4hours", rf"{_COUNTED}attendances over 4 ?h(?:ou)?rs {_KIND}"),
    ("booked_over_4hours", rf"{_COUNTED}attendances over 4 ?h(?:ou)?rs {_BOOKED}{_KIND}"),
    ("ae_emergency_admissions", rf"^emergency admissions via a&e(?: - | ){_KIND}"),
)
_SINGLE = (
    ("waits_4_to_12hours", r"waited 4 ?- ?12 h\w* from (?:dta|decision to admit)"),
    ("ae_waits_over_12hours", r"waited 12 ?\+ ?h\w* from (?:dta|decision to admit)"),
    ("ae_emergency_admissions_elsewhere", r"^other emergency admissions"),
)
_KINDS = {"type 1": "type1", "type 2": "type2"}


def is_emergency_csv(names: Sequence[str]) -> bool:
    """Whether a header is that of the monthly A&E CSV."""
    return "org code" in heads(names) and any("a&e attendances" in name for name in names)


def read_emergency_csv(path: Path, today: pd.Timestamp | None = None, published: pd.Timestamp | None = None) -> Reading:
    """Read the monthly A&E CSV.

    Parameters
    ----------
    path
        The file.
    today
        A month that ends after this day is refused.
    published
        Day the file came out, where it is known: the file itself does not say.

    Raises
    ------
    InputError
        A column or cell cannot be read, a code is none, a provider stands twice, the months differ, or England is not
        the sum of the providers.
    """
    notes: list[str] = []
    names = column_names(path)
    columns = {name: found for name in names if (found := _column(name))}

    def refuse(file: Path, given: list[str]) -> None:
        refuse_missing(file, given, NEEDED, "the A&E CSV")
        for kind in TYPES:
            for what in ("ae_attendances", "ae_attendances_over_4hours", "ae_emergency_admissions"):
                if f"{what}_{kind}" not in columns.values():
                    raise InputError(
                        f"{file}: no column for {what}_{kind} among {listed(given, 30)}; give the file as NHS England "
                        "published it"
                    )

    table = filled(load_columns(path, (*NEEDED, "parent org", *columns), refuse))
    rows = _rows(table)
    period = _period(table, rows)
    as_given = {name: table.numbers(name) for name in columns}
    refuse_other_sum(rows, {f"column {name!r}": values for name, values in as_given.items()})
    counts = _with_booked({columns[name]: values for name, values in as_given.items()})
    frame = provider_values(rows, counts, period[0], reference(), notes, path.name)
    ends = pd.Timestamp(period[0]), pd.Timestamp(period[1])
    return reading(path, f"{PUBLICATION}, CSV", tidy(_named(frame)), ends, published, today, notes)


def _column(name: str) -> str:
    """What a column holds, empty for one that is not read."""
    text = folded(name)
    for what, pattern in _BY_TYPE:
        if found := re.search(pattern, text):
            return f"{what}_{_KINDS.get(found['kind'], 'other')}"
    return next((what for what, pattern in _SINGLE if re.search(pattern, text)), "")


def _rows(table: Columns) -> list[Row]:
    columns = [name for name in ("period", "org code", "parent org", "org name") if name in table.names]
    texts = {name: [*table.unique(name), ""] for name in columns}
    cells = {name: [texts[name][code] for code in table.codes(name)] for name in columns}
    return [
        Row(
            cells["org code"][i],
            cells["org name"][i],
            f"{table.path}, line {table.line(i)}",
            is_total(*(cells[name][i] for name in columns)),
        )
        for i in range(table.rows)
    ]


def _period(table: Columns, rows: Sequence[Row]) -> Period:
    """The month that every provider's row names."""
    texts = [*table.unique("period"), ""]
    first: Period | None = None
    for i, code in enumerate(table.codes("period")):
        try:
            month = month_of(texts[code])
        except ValueError:
            month = None
        if month is None and rows[i].total:
            continue
        if month is None:
            raise at_line(table, i, f"column 'period': {shown(texts[code])} is no month such as MSitAE-OCTOBER-2023")
        if first and month != first:
            raise at_line(
                table, i, f"column 'period': {shown(texts[code])} differs from {first[0]:%B %Y} above; give one month"
            )
        first = month
    if first is None:
        raise InputError(f"{table.path}: no row names a month; download the file again")
    return first


def _with_booked(counts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Counts with the booked appointments, which files have had since August 2020, added to the others."""
    found = dict(counts)
    for kind in TYPES:
        for what, booked in (("ae_attendances", "booked"), ("ae_attendances_over_4hours", "booked_over_4hours")):
            if f"{booked}_{kind}" in counts:
                found[f"{what}_{kind}"] = counts[f"{what}_{kind}"] + counts[f"{booked}_{kind}"]
    return found


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """Counts under the names of metrics: all booked appointments, and waits of four hours and more for a bed."""
    wide = frame.copy()
    booked = [f"booked_{kind}" for kind in TYPES if f"booked_{kind}" in frame]
    if booked:
        wide["ae_booked_attendances"] = wide[booked].sum(axis=1, min_count=len(booked))
    if {"waits_4_to_12hours", "ae_waits_over_12hours"} <= set(wide):
        wide["ae_emergency_admissions_over_4hours"] = wide["waits_4_to_12hours"] + wide["ae_waits_over_12hours"]
    return wide
