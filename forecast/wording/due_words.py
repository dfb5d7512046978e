"""Plain words on what publications should have brought and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from forecast.observations.due import RELEASE
from forecast.wording.words import day, listed, plural, short_day

SYMBOLS = {"came": "✓", "late": "✓", "part": "◐", "missing": "✗", "off_season": "–", "expected": "○"}
SAID = {
    "came": "Came in full",
    "late": "Came late",
    "part": "Came in part",
    "missing": "Missing",
    "off_season": "Out of season",
    "expected": "Expected",
}
MISSING = (
    "Missing: the figures are not stored here. They were not published, or nobody has fetched them: whoever runs this "
    "service can do so. A file that you have downloaded yourself can be added at the foot of this page."
)
CALENDAR = "Calendar, week by week"
LEGEND = (
    "Out of season: the publication pauses between winters.",
    "Most files do not say when a figure first came out; it is then taken to have come on the day it was due.",
)


def span_of(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Return the days that a release brings: "2 to 8 Dec", "30 Dec to 5 Jan"."""
    if first == last:
        return f"{last.day} {last:%b}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {last.day} {last:%b}"
    return f"{first.day} {first:%b} to {last.day} {last:%b}"


def cell(
    release: Mapping[Any, Any], rows: pd.DataFrame, names: Mapping[str, str], labels: Mapping[str, str]
) -> list[str]:
    """Return the lines of one release in the calendar: its state first.

    Parameters
    ----------
    release
        A row of ``due.releases``.
    rows
        Rows of ``due.due`` of that release.
    names, labels
        Screen names of hospitals and of measures.
    """
    state = str(release["state"])
    due, first, last = (pd.Timestamp(str(release[name])) for name in RELEASE)
    if state == "off_season":
        return [SAID[state]]
    lines = [f"{due:%a} {due.day} {due:%b}, for {span_of(first, last)}"]
    if state == "late":
        came = pd.Timestamp(str(release["came"]))
        lines.append(f"on {day(came)}")
    if state == "part":
        lines += shortfall(rows, names, labels)
    if state in {"part", "missing", "expected"} and release["stored"]:
        lines.append("Stored by now; the next run will use them")
    return [SAID[state], *lines]


def shortfall(rows: pd.DataFrame, names: Mapping[str, str], labels: Mapping[str, str]) -> list[str]:
    """Return what is lacking of a release that came in part, a line for each different answer."""
    found: dict[str, list[str]] = {}
    for metric, part in rows[rows["state"] != "off_season"].groupby("metric", sort=False):
        found.setdefault(_lacking(part, names), []).append(labels[str(metric)])
    if len(found) == 1:
        return list(found)
    return [f"{listed(measures)}: {text[:1].lower() + text[1:]}" for text, measures in found.items() if text]


def _lacking(part: pd.DataFrame, names: Mapping[str, str]) -> str:
    lacking = part[~part["state"].isin(["came", "late"])]
    if lacking.empty:
        return ""
    if (lacking["there"] == 0).all() and len(lacking) == len(part):
        return "Nothing came"
    whole = len(part) - len(lacking)
    said = [
        f"{names[row['location']]} {row['there']} of {row['wanted']} days"
        if row["there"]
        else f"{names[row['location']]} nothing"
        for row in lacking.to_dict("records")
    ]
    return f"{whole} of {plural(len(part), 'hospital')}; {listed(said)}"


def summary(name: str, releases: pd.DataFrame) -> str:
    """Return the finding on one publication: how many of its releases came, and when the next one is due."""
    past = releases[releases["state"] != "expected"]
    due = past[past["state"] != "off_season"]
    following = releases[releases["state"] == "expected"]
    said = f"{name}: {_how_many(due['state'])}"
    if len(due) < len(past) and len(due):
        said += f" Out of season until {short_day(due['first'].min() - pd.Timedelta(days=1))}."
    if len(following):
        said += f" Next due {day(following['due'].min())}."
    return said


def _how_many(states: pd.Series) -> str:
    if states.empty:
        return "nothing was due, it is out of season."
    all_of = "the one release due" if len(states) == 1 else f"all {len(states)} releases due"
    if len(set(states)) == 1:
        return f"{all_of} {_did(states.iloc[0], len(states))}."
    counts = [f"{many} {_did(state, many)}" for state in SAID if (many := int((states == state).sum()))]
    return f"of {len(states)} releases due {listed(counts)}."


def _did(state: str, many: int) -> str:
    if state == "missing":
        return "is missing" if many == 1 else "are missing"
    return SAID[state][:1].lower() + SAID[state][1:]


def since(releases: pd.DataFrame, as_of: pd.Timestamp) -> str:
    """Return the time that a calendar covers."""
    return f"Releases due from {short_day(releases['due'].min())} to {short_day(as_of)}, and the next ones"
