"""Rows of a table against each other: an area is the sum of its organisations, and rows end on the same day.

In every published workbook that was compared (2022 to 2025), patients fit to leave, staff absences, Covid and flu
beds of England and of each region are the sums of their trusts on every day, without exception; discharges are not,
since some are left out of trusts. A sum that fails alone proves nothing, as a trust may have been suppressed: a table
is refused only where moving one row by a day or a column mends the sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.reference import Reference
from forecast.sources.organisations import Row
from forecast.sources.values import Numbers, block_of, frame_of
from forecast.sources.workbook import Sheet

Value = tuple[date, str, str, float]

# Sums are called broken, and mended, by the share of values at which they fail.
_BROKEN, _MENDED = 0.2, 0.05
# Fewer cells than these prove no shift.
_FEWEST_CELLS = 5


def check_rows(
    sheet: Sheet, rows: Sequence[Row], values: Sequence[Value], metrics: Sequence[str], tables: Reference
) -> list[str]:
    """Refuse a row that stands a day or a column off the others; return what looks odd and is no proof.

    Parameters
    ----------
    sheet
        The sheet.
    rows
        Its rows of values.
    values
        What they hold.
    metrics
        Metrics whose areas are the sums of their trusts.
    tables
        Reference tables in force.

    Raises
    ------
    InputError
        The sums of an area hold once a row is moved by a day or a column.
    """
    frame = frame_of(values)
    notes = _ends(sheet, frame)
    # Cells in the order of their columns: a row may have moved by a day or, within a day, by a metric.
    order = [name for name in frame["metric"].cat.categories if name in metrics]
    panel = block_of(frame, order)
    # An organisation that nobody knows is a trust, unless it has the code of an integrated care board.
    trusts = [row for row in rows if _kind(row, tables) in ("trust", "") and not row.location.startswith("Q")]
    failing: dict[str, float] = {}
    for area in [row for row in rows if row.location == "ENG" or _kind(row, tables) == "nhs_region"]:
        members = [row for row in trusts if area.location in ("ENG", row.region) and row.location in panel]
        if area.location in panel and len(panel) >= _FEWEST_CELLS and members:
            failing[area.location] = _failing(_difference(area, members, panel))
            if failing[area.location] > _BROKEN:
                notes += _sums(sheet, area, members, panel, len(order))
    _refuse_exchanged(sheet, failing)
    return notes


def absent_areas(sheet: Sheet, rows: Sequence[Row], kinds: Iterable[str], tables: Reference) -> list[str]:
    """Notes on England or regions that the publication gives and the table has no row for."""
    present = {row.location for row in rows}
    wanted = {"ENG"} if "country" in kinds else set()
    if "nhs_region" in kinds:
        wanted |= {code for code, location in tables.locations.items() if location.kind == "nhs_region"}
    missing = ", ".join(tables.label(code) for code in sorted(wanted - present))
    return [f"sheet {sheet.name.strip()!r}: no row for {missing}"] if missing else []


def _sums(sheet: Sheet, area: Row, members: Sequence[Row], panel: pd.DataFrame, a_day: int) -> list[str]:
    """Note on an area whose sums fail; ``a_day``: rows of the panel that make a day."""
    difference = _difference(area, members, panel)
    failing = _failing(difference)
    total = panel[area.location].to_numpy()
    parts = panel[[row.location for row in members]].fillna(0).to_numpy()
    for cells in sorted({1, -1, a_day, -a_day}):
        inner = slice(max(cells, 0), len(panel) + min(cells, 0))
        mended = difference[:, None] + parts - np.roll(parts, cells, axis=0)
        candidates = [*zip(members, mended.T, strict=True), (area, difference - total + np.roll(total, cells))]
        for row, column in candidates:
            if _failing(column[inner]) <= _MENDED:
                raise _shifted(
                    sheet,
                    area,
                    row,
                    failing,
                    f"{'a day' if abs(cells) == a_day else 'a column'} {'later' if cells > 0 else 'earlier'}",
                )
    return [
        f"sheet {sheet.name.strip()!r}: {area.location} is not the sum of its trusts in {failing:.0%} of its values, "
        "as it is in other workbooks; look whether a trust is missing or shifted"
    ]


def _refuse_exchanged(sheet: Sheet, failing: Mapping[str, float]) -> None:
    """Refuse trusts that add up to England and not to their regions; ``failing``: share of broken sums by area."""
    regions = sorted(code for code, share in failing.items() if code != "ENG" and share > _BROKEN)
    if failing.get("ENG", 1.0) <= _MENDED and len(regions) > 1:
        raise InputError(
            f"{sheet.file}, sheet {sheet.name!r}: the trusts add up to England and not to {' and '.join(regions)}; "
            "values stand in the rows of other trusts, or trusts beside the wrong region: correct the rows or download "
            "the file again"
        )


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


def _ends(sheet: Sheet, frame: pd.DataFrame) -> list[str]:
    """Organisations without a value on the last day alone: as a row that was moved a day earlier."""
    last = frame["date"].max()
    days = frame["date"].nunique()
    different = frame[["location", "date"]].drop_duplicates()
    by_location = different.groupby("location", observed=True)["date"]
    cut = by_location.size().eq(days - 1) & by_location.max().lt(last)
    names = list(cut.index[cut])
    if days < _FEWEST_CELLS or not names or 2 * len(names) > len(cut):
        return []
    return [
        f"sheet {sheet.name.strip()!r}: no value on the last day, {last:%Y-%m-%d}, and on every other day: "
        f"{', '.join(names)}; look whether the row is shifted"
    ]


def _kind(row: Row, tables: Reference) -> str:
    location = tables.locations.get(row.location)
    return location.kind if location else ""
