"""Tidy tables: one row a value, as CSV, gzipped CSV or Parquet.

Columns ``date``, ``org_code`` or ``location``, ``metric`` and ``value``; also read where present are ``source``,
``released`` and ``age``. Other columns are left alone.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from forecast.errors import InputError, NotObservations
from forecast.observations.editions import edition_date, marked
from forecast.observations.table import check
from forecast.reference import Reference, reference
from forecast.sources.cells import listed, shown
from forecast.sources.codes import UNKNOWN_REMEDY, clean_code, looks_like_code
from forecast.sources.columns import Columns, coded
from forecast.sources.loading import load_columns
from forecast.sources.reading import Reading, first_released

NEEDED = ("date", "metric", "value")
LOCATIONS = ("org_code", "location")
OPTIONAL = ("source", "released", "age")

# Tables that are no observations, by their columns: what they are, and the columns that say so.
_OTHER_TABLES: tuple[tuple[str, str], ...] = (
    ("a comparison of editions side by side", r"(?:^|,)value_[^,]*,(?:[^,]*,)*value_"),
    ("a map between trusts and districts", r"(?:^|,)(?:geo_code|p_geo|p_trust)(?:,|$)"),
    ("a calendar of releases", r"(?:^|,)release_date,(?:.*,)?(?:lag_days|latest_data_date)(?:,|$)"),
    (
        "the columns of a monthly NHS England CSV as Parquet, which is read as CSV",
        r"(?:^|,)org code,(?:.*,)?metric(?:,|$)",
    ),
)


def read_tidy(path: Path, today: pd.Timestamp | None = None) -> Reading:
    """Read a tidy table.

    Raises
    ------
    NotObservations
        The table is of a known kind that holds no observations.
    InputError
        A column is missing, a cell cannot be read, a location is unknown or a key stands twice.
    """
    tables = reference()
    notes: list[str] = []
    frame = _frame(path, tables, notes)
    if frame.empty:
        raise InputError(f"{path}: no row has a value; give at least one")
    _refuse_late(frame, today, path)
    frame["metric"] = _daily_apart(frame, tables)
    unknown = [name for name in frame["metric"].cat.categories if tables.metric(str(name)) is None]
    notes += [
        f"metric {shown(str(name))} is not in data/reference/metrics.csv; kept, released by the slowest rule"
        for name in unknown
    ]
    editions = _editions(frame, path)
    by_rule = first_released(frame, editions, tables)
    frame["released"] = frame["released"].fillna(by_rule) if "released" in frame else by_rule
    frame.attrs["published"] = {text: f"{day:%Y-%m-%d}" for text, day in editions.items()}
    return Reading(path, "tidy table", None, check(frame, path.name), tuple(notes))


def _frame(path: Path, tables: Reference, notes: list[str]) -> pd.DataFrame:
    """The rows with a value, texts as categories, metrics and locations by the names used here."""
    table = load_columns(path, (*NEEDED, *LOCATIONS, *OPTIONAL), _refuse_columns)
    if "age" in table.names:
        table = _all_ages(table, path, notes)
    dates = table.dates("date")
    _refuse_missing_keys(table, path)
    metric = table.categories("metric", {name: _metric(name, tables) for name in table.unique("metric")})
    frame = pd.DataFrame(
        {
            "date": dates,
            "location": _locations(table, metric, tables, notes),
            "metric": metric,
            "value": table.numbers("value"),
            "source": table.categories("source", {text: marked(text) for text in table.unique("source")}, path.name),
        }
    )
    if "released" in table.names:
        frame["released"] = table.dates("released")
    return frame[frame["value"].notna()].reset_index(drop=True)


def _metric(text: str, tables: Reference) -> str:
    """Name used here; case and spaces round it matter only in a name that nobody knows."""
    plain = text.strip()
    for name in (plain, plain.casefold()):
        if tables.metric(name) is not None:
            return tables.aliases.get(name, name)
    return plain


def _refuse_columns(path: Path, names: list[str]) -> None:
    """Say what is wrong with a table's columns, or that it is a known table of another kind."""
    joined = ",".join(names)
    for what, pattern in _OTHER_TABLES:
        if re.search(pattern, joined):
            raise NotObservations(f"{path}: {what}; nothing in it was used")
    missing = [name for name in NEEDED if name not in names]
    if not set(LOCATIONS) & set(names):
        missing.insert(1 if missing[:1] == ["date"] else 0, "org_code or location")
    if missing:
        raise InputError(
            f"{path}: column {missing[0]!r} is missing (found {listed(names) or 'no columns'}); "
            "a tidy table needs date, org_code or location, metric and value"
        )


def _all_ages(table: Columns, path: Path, notes: list[str]) -> Columns:
    keep = pc.fill_null(pc.equal(pc.utf8_lower(pc.cast(table.column("age"), pa.string())), "all"), False)
    kept = table.filter(keep)
    if not kept.rows:
        raise InputError(f"{path}, column 'age': no row is of age 'all'; only totals over all ages are read")
    if kept.rows < table.rows:
        notes.append(f"{table.rows - kept.rows:,} rows of single age bands left out; only age 'all' is read")
    return kept


def _refuse_missing_keys(table: Columns, path: Path) -> None:
    for name in ("metric", _location_column(table)):
        if (row := table.first_null(name)) is not None:
            raise InputError(f"{path}, line {table.line(row)}, column {name!r}: the cell is empty; fill it in")


def _location_column(table: Columns) -> str:
    return next(name for name in LOCATIONS if name in table.names)


def _locations(table: Columns, metric: pd.Categorical[Any], tables: Reference, notes: list[str]) -> pd.Categorical[Any]:
    """Codes of the locations: a region's name means another area to UKHSA than to the NHS, so the metric decides."""
    column = _location_column(table)
    texts = table.unique(column)
    codes = table.codes(column)
    known = [tables.metric(str(name)) for name in metric.categories]
    schemes = ["ukhsa" if row and row.region_scheme == "ukhsa" else "nhs" for row in known]
    names = sorted(set(schemes))
    scheme = np.array([names.index(name) for name in schemes])[metric.codes]
    pairs, inverse = np.unique(scheme * len(texts) + codes, return_inverse=True)
    found: list[str] = []
    for pair in pairs:
        text = texts[pair % len(texts)]
        code = tables.find_location(text.strip("*^†‡# "), names[pair // len(texts)])
        if code is None and looks_like_code(clean_code(text)):
            code = clean_code(text)
            notes.append(f"unknown organisation kept: {code}; {UNKNOWN_REMEDY}")
        if code is None:
            first = int(np.argmax(codes == pair % len(texts)))
            raise InputError(
                f"{table.path}, line {table.line(first)}, column {column!r}: unknown location {shown(text)}; "
                f"{UNKNOWN_REMEDY} if it is right"
            )
        found.append(code)
    different = sorted(set(found))
    return coded(np.array([different.index(code) for code in found])[inverse], different)


def _refuse_late(frame: pd.DataFrame, today: pd.Timestamp | None, path: Path) -> None:
    if today is None:
        return
    late = frame["date"] > today
    if late.any():
        row = frame[late].iloc[0]
        raise InputError(
            f"{path}, column 'date': {row['date']:%Y-%m-%d} ({row['metric']} at {row['location']}) lies after today, "
            f"{today:%Y-%m-%d}; correct the date"
        )


def _daily_apart(frame: pd.DataFrame, tables: Reference) -> pd.Categorical[Any]:
    """Metrics, with ``_daily`` after the name where a monthly metric is given by the day at a location."""
    metric = frame["metric"].astype(object)
    for name in frame["metric"].cat.categories:
        known = tables.metric(str(name))
        if known is None or known.frequency != "monthly":
            continue
        rows = frame.loc[frame["metric"] == name, ["date", "location"]]
        for _, dates in rows.groupby("location", observed=True)["date"]:
            days = np.unique(dates.to_numpy().astype("datetime64[D]"))
            if len(days) > 1 and np.diff(days).min() == np.timedelta64(1, "D"):
                metric[dates.index] = f"{name}_daily"
    return pd.Categorical(metric)


def _editions(frame: pd.DataFrame, path: Path) -> dict[str, pd.Timestamp]:
    """Date of each source that names its edition."""
    found = {}
    newest = frame.groupby("source", observed=True)["date"].max()
    for source, last in newest.items():
        if (day := edition_date(str(source))) is None:
            continue
        if last > day:
            raise InputError(
                f"{path}, column 'date': {last:%Y-%m-%d} lies after the edition that its source names, {source!r} "
                f"({day:%Y-%m-%d}); correct the date or the source"
            )
        found[str(source)] = day
    return found
