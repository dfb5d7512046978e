"""Plain words on a file that a person gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from forecast.incoming.uploads import LIMIT_MB, Preview
from forecast.observations.store import Added
from forecast.wording.told_words import figure
from forecast.wording.words import count, listed, plural, short_day, table_day

NAMED = 4
TIDY = "tidy table"
PLAIN_TABLE = "table of figures"
INTRODUCTION = (
    "For a published file that you have downloaded yourself. You first see what is in it and what it would change; "
    "nothing is stored until you agree.",
    "Published figures only: never a file with records of people.",
)
KINDS = (
    f"NHS England workbook (Excel), or a table as CSV or Parquet with the columns date, location, metric and value; "
    f"up to {LIMIT_MB} MB"
)
OFF = "Adding files is switched off here. The people who run this service add new figures."
ONLY_APPROVERS = "Only the people named as approvers may add figures."
NOTHING_NEW = "Everything in this file is stored already: there is nothing to add."
NEXT_RUN = "The forecast does not change yet: it will use these figures at the next weekly run, or when someone types"
INTO_REAL = (
    "This page shows simulated figures. A file you add goes to the published figures, which are kept apart; they "
    "will be shown after the app is started again with"
)
REAL_FIGURES = "To get real figures, type `make data` in a terminal, then `make app`."
FOR_OPERATORS = (
    f"Adding figures from a file: files to {LIMIT_MB} MB are read, shown and, once somebody agrees, stored as one "
    "vintage; the file itself is not kept. Set `FORECAST_UPLOADS=off` before the app is started to switch this off. "
    "The address in the browser holds the choices made on this page: send it to show somebody the same view."
)


def facts(found: Preview, places: Mapping[str, str], labels: Mapping[str, str]) -> list[list[str]]:
    """Return what a file is, a row a fact: what, measures, days, places, what storing it would do."""
    frame = found.frame
    days = [short_day(frame["date"].min()), short_day(frame["date"].max())]
    what = PLAIN_TABLE if found.publication == TIDY else found.publication
    came_out = f"\npublished {short_day(found.published)}" if found.published is not None else ""
    return [
        ["What it is", f"{what[:1].upper()}{what[1:]}{came_out}"],
        ["Measures", some([labels[metric] for metric in frame["metric"].unique()], "measure")],
        ["Days", days[0] if days[0] == days[1] else " to ".join(days)],
        ["Places", some(own_first(frame, places), "place")],
        ["If you add it", would(found.added)],
    ]


def own_first(frame: pd.DataFrame, places: Mapping[str, str]) -> list[str]:
    """Names of the places of a frame, those of this county before all others."""
    codes = list(map(str, frame["location"].unique()))
    return [places[code] for code in places if code in codes] + [code for code in codes if code not in places]


def some(names: list[str], one: str) -> str:
    """Return the first few of many names and how many more there are."""
    different = list(dict.fromkeys(names))
    if len(different) <= NAMED:
        return _listed(different)
    return _listed([*different[:NAMED], plural(len(different) - NAMED, f"other {one}")])


def _listed(names: list[str]) -> str:
    """Names with commas of their own are parted by semicolons."""
    return "; ".join(names) if any("," in name for name in names) else listed(names)


def would(added: Added) -> str:
    """Return what storing a file would do, in numbers."""
    return f"{count(added.new)} new, {count(added.changed)} changed, {count(added.unchanged)} stored already"


def stored(name: str, added: Added) -> str:
    """Return what was stored."""
    if added.new + added.changed == 0:
        return f"{name}: nothing was added; somebody has stored these figures in the meantime."
    return (
        f"{name}: stored {plural(added.new, 'new figure')} and {plural(added.changed, 'changed figure')}. "
        f"{count(added.unchanged)} {'was' if added.unchanged == 1 else 'were'} there already."
    )


def difference(row: Mapping[Any, Any], places: Mapping[str, str], labels: Mapping[str, str]) -> list[str]:
    """Return the cells of one figure that would change."""
    old, new = (figure(float(str(row[name]))) for name in ("old", "new"))
    code = str(row["location"])
    return [table_day(pd.Timestamp(str(row["date"]))), places.get(code, code), labels[str(row["metric"])], old, new]


def others(found: Preview) -> str:
    """Return the sentence on changes that leave the figure as it is; empty where there are none."""
    same = found.added.changed - len(found.differences)
    if same <= 0:
        return ""
    verb = "one of the changes only adds" if same == 1 else f"{count(same)} of the changes only add"
    return f"{verb[:1].upper()}{verb[1:]} what was known earlier or where a figure was read; the figure stays."
