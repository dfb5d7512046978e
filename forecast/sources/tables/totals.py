"""Rows of a table against each other: an area is the sum of its organisations, and rows end on the same day.

In every published workbook that was compared (2022 to 2025), patients fit to leave, staff absences, Covid and flu
beds of England and of each region are the sums of their trusts on every day, without exception; discharges are not,
since some are left out of trusts. A sum that fails alone proves nothing, as a trust may have been suppressed: a table
is refused only where moving one row by a day or a column mends the sums.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.reference import Reference
from forecast.sources.cells import listed
from forecast.sources.spreadsheet.workbook import Sheet
from forecast.sources.tables.organisations import Row
from forecast.sources.tables.values import Numbers, block_of, frame_of

Value = tuple[date, str, str, float]

# How the metric of a column that is not read begins.
UNREAD = "not read: "
# Sums are called broken, and mended, by the share of values at which they fail. A trust with few counts breaks few:
# from the share that is suspect on a move is looked for, and must mend at least three in four.
_BROKEN, _SUSPECT, _MENDED, _LEFT = 0.2, 0.05, 0.05, 0.25
# What is summed: Covid publications count independent providers and their sites beside the trusts; the empty kind is
# that of an organisation nobody knows.
_ORGANISATIONS = ("trust", "provider", "site", "")
# Fewer cells than these prove no shift.
_FEWEST_CELLS = 5


def check_rows(
    sheet: Sheet,
    rows: Sequence[Row],
    values: Sequence[Value],
    metrics: Collection[str],
    tables: Reference,
    unit: str = "day",
) -> list[str]:
    """Refuse a row that stands a day or a column off the others; return what looks odd and is no proof.

    Parameters
    ----------
    sheet
        The sheet.
    rows
        Its rows of values.
    values
        What they hold, in the order of the columns. What stands in columns that are not read may be among them, as
        metrics that begin with ``UNREAD``: a row that moved by a column has moved across them.
    metrics
        Metrics whose areas are the sums of their trusts.
    tables
        Reference tables in force.
    unit
        What a date stands for.

    Raises
    ------
    InputError
        The sums of an area hold once a row is moved by a day or a column.
    """
    frame = frame_of(values)
    notes = _ends(sheet, frame, unit)
    # An organisation that nobody knows is a trust, unless it has the code of an integrated care board.
    trusts = [row for row in rows if _kind(row, tables) in _ORGANISATIONS and not row.location.startswith("Q")]
    trusts = trusts or [row for row in rows if _kind(row, tables) == "nhs_region"]
    # What is left out of every trust, such as discharges to a hospice, has no sum.
    given = set(frame["metric"][frame["location"].isin([row.location for row in trusts])].unique())
    # Cells in the order of their columns: a row may have moved by a day or, within a day, by a metric.
    order = [
        name
        for name in frame["metric"].cat.categories
        if (name in metrics or name.startswith(UNREAD)) and name in given
    ]
    panel = block_of(frame, order)
    failing: dict[str, float] = {}
    for area in [row for row in rows if row.location == "ENG" or _kind(row, tables) == "nhs_region"]:
        members = [row for row in trusts if area.location in ("ENG", row.region) and row.location in panel]
        if area.location in panel and len(panel) >= _FEWEST_CELLS and members:
            failing[area.location] = _failing(_difference(area, members, panel)[_read(panel)])
            if failing[area.location] > _SUSPECT:
                _refuse_shifted(sheet, area, members, panel, len(order), unit)
    _refuse_exchanged(sheet, failing)
    broken = {area: share for area, share in failing.items() if share > _BROKEN}
    return notes + ([_not_sums(sheet, broken)] if broken else [])


def absent_areas(sheet: Sheet, rows: Sequence[Row], kinds: Iterable[str], tables: Reference) -> list[str]:
    """Notes on England or regions that the publication gives and the table has no row for."""
    present = {row.location for row in rows}
    wanted = {"ENG"} if "country" in kinds else set()
    if "nhs_region" in kinds:
        wanted |= {code for code, location in tables.locations.items() if location.kind == "nhs_region"}
    missing = ", ".join(tables.label(code) for code in sorted(wanted - present))
    return [f"sheet {sheet.name.strip()!r}: no row for {missing}"] if missing else []


def added_up(values: Sequence[Value], totals: Iterable[tuple[str, tuple[str, ...]]], notes: list[str]) -> list[Value]:
    """Totals that a workbook publishes in parts, on the days and places where every part is published.

    Parameters
    ----------
    values
        What the workbook holds.
    totals
        Each total with its parts. One that the workbook publishes itself is left to it.
    notes
        Gets the organisations of which a part is missing.
    """
    published = {value[2] for value in values}
    found: list[Value] = []
    for whole, parts in totals:
        if whole in published or not published.issuperset(parts):
            continue
        cells: dict[tuple[date, str], list[float]] = {}
        for when, location, metric, value in values:
            if metric in parts:
                cells.setdefault((when, location), []).append(value)
        found += [(*key, whole, sum(cell)) for key, cell in cells.items() if len(cell) == len(parts)]
        if partial := sorted({location for (_, location), cell in cells.items() if len(cell) < len(parts)}):
            notes.append(f"{whole} is missing where {' or '.join(parts)} is: {listed(partial)}")
    return found


def _refuse_shifted(
    sheet: Sheet, area: Row, members: Sequence[Row], panel: pd.DataFrame, a_step: int, unit: str
) -> None:
    """Refuse an area whose sums fail and hold once a row is moved; ``a_step``: rows of the panel of a day or week."""
    difference, read = _difference(area, members, panel), _read(panel)
    failing = _failing(difference[read])
    total = panel[area.location].to_numpy()
    parts = panel[[row.location for row in members]].fillna(0).to_numpy()
    for cells in sorted({1, -1, a_step, -a_step}):
        inner = slice(max(cells, 0), len(panel) + min(cells, 0))
        if _failing(difference[inner][read[inner]]) <= _SUSPECT:
            continue
        mended = difference[:, None] + parts - np.roll(parts, cells, axis=0)
        candidates = [*zip(members, mended.T, strict=True), (area, difference - total + np.roll(total, cells))]
        for row, column in candidates:
            if _failing(column[inner][read[inner]]) <= min(_MENDED, _LEFT * failing):
                raise _shifted(
                    sheet,
                    area,
                    row,
                    failing,
                    f"a {unit if abs(cells) == a_step else 'column'} {'later' if cells > 0 else 'earlier'}",
                )


def _not_sums(sheet: Sheet, broken: Mapping[str, float]) -> str:
    """The note on areas whose sums fail, with the share of values at which they do."""
    (first, share), *others = broken.items()
    more = "".join(f", {area} in {share:.0%}" for area, share in others)
    return (
        f"sheet {sheet.name.strip()!r}: {first} is not the sum of its trusts in {share:.0%} of its values{more}, as it "
        "is in other workbooks; look whether a trust is missing or shifted"
    )


def _refuse_exchanged(sheet: Sheet, failing: Mapping[str, float]) -> None:
    """Refuse trusts that add up to England and not to their regions; ``failing``: share of broken sums by area."""
    regions = sorted(code for code, share in failing.items() if code != "ENG" and share > _BROKEN)
    if failing.get("ENG", 1.0) <= _MENDED and len(regions) > 1:
        raise InputError(
            f"{sheet.file}, sheet {sheet.name!r}: the trusts add up to England and not to {' and '.join(regions)}; "
            "values stand in the rows of other trusts, or trusts beside the wrong region: correct the rows or download "
            "the file again"
        )


def _read(panel: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which rows of the panel are of columns that are read; the others move with a row, but need not add up."""
    return np.array([not str(metric).startswith(UNREAD) for metric in panel.index])


def _difference(area: Row, members: Sequence[Row], panel: pd.DataFrame) -> Numbers:
    places = panel.columns.get_indexer(pd.Index([area.location, *(row.location for row in members)]))
    numbers = panel.to_numpy()
    difference: Numbers = numbers[:, places[0]] - np.nansum(numbers[:, places[1:]], axis=1)
    return difference


def _failing(differences: Numbers) -> float:
    known = differences[~np.isnan(differences)]
    return float((np.abs(known) > 0.5).mean()) if len(known) >= _FEWEST_CELLS else 1.0


def _shifted(sheet: Sheet, area: Row, row: Row, failing: float, move: str) -> InputError:
    return InputError(
        f"{sheet.file}, sheet {sheet.name!r}, row {row.index + 1}: {area.location} is not the sum of its trusts in "
        f"{failing:.0%} of its values, and is once the values of {row.location} are moved {move}; "
        "the row is shifted, correct the file or download it again"
    )


def _ends(sheet: Sheet, frame: pd.DataFrame, unit: str) -> list[str]:
    """Organisations without a value on the last day alone: as a row that was moved a day earlier."""
    last = frame["date"].max()
    days = frame["date"].nunique()
    different = frame[["location", "date"]].drop_duplicates()
    by_location = different.groupby("location", observed=True)["date"]
    cut = by_location.size().eq(days - 1) & by_location.max().lt(last)
    names = sorted(cut.index[cut])
    if days < _FEWEST_CELLS or not names or 2 * len(names) > len(cut):
        return []
    return [
        f"sheet {sheet.name.strip()!r}: no value on the last {unit}, {last:%Y-%m-%d}, and on every other {unit}: "
        f"{', '.join(names)}; look whether the row is shifted"
    ]


def _kind(row: Row, tables: Reference) -> str:
    location = tables.locations.get(row.location)
    return location.kind if location else ""
