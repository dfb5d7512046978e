"""UKHSA data dashboard: JSON as its public interface serves it, to tidy observations.

A file is one answer of the interface, or a series as ``forecast fetch`` archives it: every page of it with the time of
retrieval. The service tells only what it knows today, so a value archived is released on the day it was retrieved:
no back test sees it before. Rows that the service itself still calls incomplete ("in reporting delay period") are kept
and say so in their source; a later retrieval tells them again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import InputError, NotObservations
from forecast.observations.table import check
from forecast.reference import Reference, reference
from forecast.sources.cells import shown
from forecast.sources.codes import UNKNOWN_REMEDY, clean_code, looks_like_code
from forecast.sources.reading import Reading, first_released
from forecast.sources.spreadsheet.workbook import looks_like_html

PUBLICATION = "UKHSA data dashboard"
PROVISIONAL = "in the reporting delay period"
NEEDED = ("topic", "geography_type", "geography", "geography_code", "metric", "date", "metric_value")
WHOLE = {"age": "all", "sex": "all", "stratum": "default"}
"""A row over all people; the others are parts of it."""
# The open age band is called "85" in rows of 2023-04 to 2024-05 and "85+" in the others.
_AGES = {"85": "85+"}
_REGION_SCHEMES = {"NHS Region": "nhs", "NHS Trust": "nhs", "Nation": "nhs", "UKHSA Region": "ukhsa"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_AGAIN = "run 'forecast fetch' again"
Row = dict[str, Any]
Area = tuple[str, str, str]
"""Type, code and name."""


def read_ukhsa(path: Path, today: pd.Timestamp | None = None) -> Reading:
    """Read a JSON file of the UKHSA data dashboard.

    Raises
    ------
    NotObservations
        The file is JSON of another kind.
    InputError
        It is no JSON, or one of its rows cannot be used.
    """
    tables = reference()
    document = _parsed(path)
    retrieved = _retrieved(document, path)
    answers = document.get("pages", [document]) if isinstance(document, dict) else [{"results": document}]
    rows = _rows(answers, path)
    notes: list[str] = []
    used = _whole(rows, path, notes)
    frame = _frame(used, path, tables, notes)
    days = frame["date"]
    if today is not None and (days > today).any():
        raise InputError(f"{path}: {days.max():%Y-%m-%d} lies after today, {today:%Y-%m-%d}; {_AGAIN}")
    return _reading(path, frame, used, retrieved, tables, notes)


def _parsed(path: Path) -> Any:
    content = path.read_bytes()
    if looks_like_html(content[:4096]):
        raise InputError(f"{path}: a web page instead of JSON; ask for it with ?format=json, or {_AGAIN}")
    if not content.strip():
        raise InputError(f"{path}: the file is empty; {_AGAIN}")
    try:
        return json.loads(content)
    except ValueError as error:
        raise InputError(f"{path}: no JSON, or cut short ({error}); {_AGAIN}") from error
    except RecursionError as error:
        raise InputError(f"{path}: nested too deeply to be an answer of the UKHSA data dashboard") from error


def _retrieved(document: Any, path: Path) -> pd.Timestamp | None:
    """Day of retrieval, in UTC, of an archived series."""
    text = document.get("retrieved") if isinstance(document, dict) else None
    if text is None:
        return None
    try:
        return pd.Timestamp(datetime.fromisoformat(text).date())
    except (TypeError, ValueError):
        raise InputError(
            f"{path}, 'retrieved': {shown(str(text))} is no time; write 2024-01-31T09:30:00+00:00"
        ) from None


def _rows(answers: Any, path: Path) -> list[Row]:
    """Rows of every page."""
    other = f"{path}: JSON, but not of the UKHSA data dashboard; nothing in it was used"
    if not isinstance(answers, list) or not answers:
        raise NotObservations(other)
    rows: list[Row] = []
    for answer in answers:
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list) or not all(isinstance(row, dict) for row in results):
            raise NotObservations(other)
        rows += results
    if not rows:
        raise InputError(f"{path}: no rows; the name of an area or a metric is wrong, or nothing is published for it")
    if "metric_value" not in rows[0] and "metric" not in rows[0]:
        raise NotObservations(other)
    for number, row in enumerate(rows, 1):
        if missing := [name for name in NEEDED if name not in row]:
            raise InputError(f"{path}, row {number}: {missing[0]!r} is missing; {_AGAIN}")
    return rows


def _whole(rows: Sequence[Row], path: Path, notes: list[str]) -> list[Row]:
    """Rows over all people, each date once; a page that moved while it was read repeats rows."""
    kept: dict[tuple[Any, ...], Row] = {}
    parts = set()
    for row in rows:
        group = {name: row.get(name) or whole for name, whole in WHOLE.items()}
        group["age"] = _AGES.get(group["age"], group["age"])
        key = (row["metric"], row["geography_type"], row["geography_code"], row["geography"], row["date"])
        if group != WHOLE:
            parts.add((*key, *group.values()))
            continue
        before = kept.setdefault(key, row)
        if before["metric_value"] != row["metric_value"]:
            raise InputError(
                f"{path}: {row['metric']} at {row['geography']} on {row['date']} stands twice, as "
                f"{before['metric_value']} and {row['metric_value']}; the figures changed while they were read, "
                f"{_AGAIN}"
            )
    if not kept:
        raise InputError(f"{path}: no row is over all ages and both sexes; ask for age=all, sex=all, stratum=default")
    if parts:
        notes.append(f"{len(parts):,} rows of single age bands, sexes or strata left out; only totals are read")
    return list(kept.values())


def _frame(rows: Iterable[Row], path: Path, tables: Reference, notes: list[str]) -> pd.DataFrame:
    """Dates, locations, metrics and values by the names used here."""
    places: dict[Area, str] = {}
    metrics: dict[str, str] = {}
    values = []
    for row in rows:
        area = (_text(row["geography_type"]), _text(row["geography_code"]), _text(row["geography"]))
        if area not in places:
            places[area] = _location(area, path, tables, notes)
        name = _text(row["metric"])
        if name not in metrics:
            metrics[name] = _metric(name, tables, notes)
        known = tables.metric(metrics[name])
        day = _day(row, path, weekly=bool(known and known.frequency == "weekly"))
        values.append((day, places[area], metrics[name], _value(row, path)))
    frame = pd.DataFrame(values, columns=["date", "location", "metric", "value"])
    return frame.assign(date=pd.to_datetime(frame["date"]).astype("datetime64[us]"), value=frame["value"].astype(float))


def _location(area: Area, path: Path, tables: Reference, notes: list[str]) -> str:
    """Location of an area, by its code; by its name only where it has none: one name means several areas."""
    kind, code, name = area
    found = tables.find_location(code) if code else None
    if not code and kind in _REGION_SCHEMES:
        found = tables.find_location(name, _REGION_SCHEMES[kind])
    if found is None and looks_like_code(clean_code(code)):
        found = clean_code(code)
        notes.append(f"unknown organisation kept: {found} ({name}); {UNKNOWN_REMEDY}")
    if found is None:
        raise InputError(
            f"{path}: unknown location {shown(code or name)} ({kind} {shown(name)}); {UNKNOWN_REMEDY} with its code "
            "among the aliases"
        )
    return found


def _metric(name: str, tables: Reference, notes: list[str]) -> str:
    if name not in tables.aliases and tables.metric(name) is None:
        notes.append(f"metric {shown(name)} is not in data/reference/metric_aliases.csv; kept, as unknown")
    return tables.aliases.get(name, name)


def _day(row: Row, path: Path, weekly: bool) -> date:
    text = row["date"]
    try:
        if not isinstance(text, str) or not _DATE.fullmatch(text):
            raise ValueError
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{path}: {shown(str(text))} is no date ({row['metric']}); {_AGAIN}") from None
    if weekly and day.weekday():
        raise InputError(
            f"{path}: {row['metric']} is weekly and dated by Mondays, but {text} is a {day:%A}; "
            "the publication has changed, please report it"
        )
    return day


def _value(row: Row, path: Path) -> float:
    value = row["metric_value"]
    if value is None:
        return float("nan")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InputError(
            f"{path}: {shown(str(value))} where a number belongs ({row['metric']} on {row['date']}); {_AGAIN}"
        )
    return float(value)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _reading(
    path: Path,
    frame: pd.DataFrame,
    rows: Sequence[Row],
    retrieved: pd.Timestamp | None,
    tables: Reference,
    notes: list[str],
) -> Reading:
    edition = f"{PUBLICATION}, retrieved {retrieved:%Y-%m-%d}" if retrieved is not None else PUBLICATION
    late = pd.Series([row.get("in_reporting_delay_period") is True for row in rows])
    frame["source"] = late.map({False: edition, True: f"{edition}, {PROVISIONAL}"})
    if retrieved is not None:
        if (frame["date"] > retrieved).any():
            raise InputError(
                f"{path}: {frame['date'].max():%Y-%m-%d} lies after the retrieval on {retrieved:%Y-%m-%d}; {_AGAIN}"
            )
        frame["released"] = retrieved
        frame.attrs["published"] = dict.fromkeys(frame["source"].unique(), f"{retrieved:%Y-%m-%d}")
    else:
        frame["released"] = first_released(frame, {}, tables)
        notes.append("no time of retrieval: its values are dated by the rule of publication alone")
    if late.any():
        notes.append(f"{int(late.sum()):,} rows {PROVISIONAL}: kept, marked in their source")
    return Reading(path, PUBLICATION, retrieved, check(frame, path.name), tuple(dict.fromkeys(notes)))
