"""Plain sentences from figures. Pure: the same figures give the same words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.reference import Assumption

SIMULATED = "SIMULATED: these figures describe no real hospital"
LIKELY = "likely range (9 in 10)"
LATE_DAYS = 7
EITHER = 0.8
"""Two neighbouring directions are named together from this chance on."""
NO_DIRECTION, NO_FORECAST = "no clear direction", "no forecast"
NO_COMPARISON = "no usable figure to compare with"
_DIRECTIONS = {
    "up": "higher than",
    "level": "about the same as",
    "down": "lower than",
    "level or up": "about the same as or higher than",
    "level or down": "about the same as or lower than",
}
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def literal(text: str) -> str:
    """Return a text so that Markdown shows it as it is: no picture, link, colour or formula out of a file's name."""
    plain = re.sub(r"([\\`*\[\]<>$~]|(?<![^\W_])_|_(?![^\W_])|:(?=[\w+/-]+[:\[]))", r"\\\1", text)
    # Markdown makes a link of a bare address whatever stands before it; a joiner, which does not show, parts it.
    return re.sub(r"(https?:(?=//)|www(?=\.)|@(?=\w))", "\\1\u2060", plain, flags=re.IGNORECASE)


def day(date: pd.Timestamp) -> str:
    """Return "Sunday 12 January 2025"."""
    return f"{date:%A} {date.day} {date:%B %Y}"


def short_day(date: pd.Timestamp) -> str:
    """Return "12 January 2025"."""
    return f"{date.day} {date:%B %Y}"


def table_day(date: pd.Timestamp) -> str:
    """Return "Sun 12 Jan 2025"."""
    return f"{date:%a} {date.day} {date:%b %Y}"


def week_of(monday: pd.Timestamp) -> str:
    """Return "Week of 13 Jan 2025"."""
    return f"Week of {monday.day} {monday:%b %Y}"


def days(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Return one day, or the first and the last of several with how many they are."""
    if first == last:
        return table_day(first)
    return f"{table_day(first)} to {table_day(last)}\n{plural((last - first).days + 1, 'day')}"


def count(value: float) -> str:
    """Return a whole number with thousands separated."""
    return f"{round(value):,}"


def span(low: float, high: float) -> str:
    """Return "480 to 612"."""
    return f"{count(low)} to {count(high)}"


def number(value: int) -> str:
    """Return a small number as a word."""
    return _NUMBERS[value] if 0 <= value < len(_NUMBERS) else count(value)


def chance(share: float) -> str:
    """Return a chance in per cent, never as certainty."""
    if share < 0.01:
        return "less than 1%"
    if share > 0.99:
        return "more than 99%"
    return f"{round(100 * share)}%"


def plural(many: int, one: str) -> str:
    """Return "1 day", "3 days"."""
    return f"{many:,} {one if many == 1 else one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """Return "a, b and c"."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def late(data_to: pd.Timestamp, as_of: pd.Timestamp) -> str:
    """Return how old the newest figures are, where they are more than a week older than the as-of day."""
    days = (as_of - data_to).days
    return f"({plural(days, 'day')} before this run)" if days > LATE_DAYS else ""


def story(
    rows: Sequence[Mapping[str, Any]], place: str, what: str, as_of: pd.Timestamp, directed: bool = True
) -> list[str]:
    """Return the sentences on one measure at one place: the latest published week, then each date ahead.

    Parameters
    ----------
    rows
        Rows of the summary, one a date ahead.
    what
        Whom the figures count: "people fit to leave but still in hospital in the morning".
    directed
        Say whether the figure will be higher or lower; not where it does not tell what it seems to.
    """
    if not forecast(rows):
        return [now(rows[0], place, what, as_of), "No forecast for the weeks ahead."]
    return [now(rows[0], place, what, as_of), *(outlook(row, directed) for row in rows)]


def forecast(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether anything can be said of a date ahead."""
    return any(row["word"] != "cannot say" for row in rows)


def now(row: Mapping[str, Any], place: str, what: str, as_of: pd.Timestamp) -> str:
    """Return the sentence on the latest published week."""
    if pd.isna(row["now"]):
        return f"{place}: no usable figure on {what} in the week to {day(row['now_date'])}."
    age = late(row["now_date"], as_of)
    return (
        f"{place}: {count(row['now'])} {what}, on average a day in the latest published week, to "
        f"{day(row['now_date'])}{age and ' ' + age}."
    )


def outlook(row: Mapping[str, Any], directed: bool = True) -> str:
    """Return the sentence on one week ahead."""
    ahead = f"In {number(int(row['weeks_ahead']))} weeks, the week to {day(row['date'])}"
    if row["word"] == "cannot say":
        return f"{ahead}: no forecast."
    said = f"{ahead}: about {count(row['median'])} a day, {LIKELY} {span(row['low'], row['high'])}."
    return f"{said} {_lean(row)}" if directed else said


def _lean(row: Mapping[str, Any]) -> str:
    word, share = way(row)
    if word not in _DIRECTIONS:
        return f"{direction(row)}."
    return f"Most likely {_DIRECTIONS[word]} the latest published week ({chance(share)} chance)."


def way(row: Mapping[str, Any]) -> tuple[str, float]:
    """Return the word of one outlook with its chance: up, level or down; of two neighbours where neither stands out.

    ``NO_DIRECTION``, ``NO_COMPARISON`` or ``NO_FORECAST``, without a chance, where nothing can be said.
    """
    word = str(row["word"])
    if word == "cannot say":
        return NO_FORECAST, math.nan
    if word in ("up", "level", "down"):
        return word, float(row[f"chance_{word}"])
    if math.isnan(float(row["chance_level"])):
        return NO_COMPARISON, math.nan
    third = min(("up", "down"), key=lambda name: float(row[f"chance_{name}"]))
    other = "down" if third == "up" else "up"
    share = float(row["chance_level"]) + float(row[f"chance_{other}"])
    return (f"level or {other}", share) if share >= EITHER else (NO_DIRECTION, math.nan)


def lean(row: Mapping[str, Any]) -> str:
    """Return the word of one outlook with its chance: "down, 62% chance"."""
    word, share = way(row)
    return word if math.isnan(share) else f"{word}, {chance(share)} chance"


def direction(row: Mapping[str, Any]) -> str:
    """Return the same to stand by itself: "Down, 62% chance"; each chance where no direction is clear."""
    word = lean(row)
    said = word[:1].upper() + word[1:]
    return f"{said} ({chances(row)})" if word == NO_DIRECTION else said


def chances(row: Mapping[str, Any]) -> str:
    """Return the chance of each direction: "up 4%, level 52%, down 43%"; empty where they are not known."""
    if row["word"] == "cannot say" or math.isnan(float(row["chance_level"])):
        return ""
    return ", ".join(f"{name} {chance(float(row[f'chance_{name}']))}" for name in ("up", "level", "down"))


def known(members: Mapping[str, Mapping[str, Any]]) -> str:
    """Return which hospitals of a county have a figure and which have none; empty where all of them have one."""
    lacking = [place for place, row in members.items() if pd.isna(row["now"])]
    if not lacking:
        return ""
    there = [f"{place} {count(row['now'])}" for place, row in members.items() if place not in lacking]
    said = f"Known: {listed(there)} a day. " if there else ""
    return f"{said}Not known: {listed(lacking)}."


def stands_number(row: Mapping[str, Any]) -> str:
    """Return the figure of the latest published week alone."""
    return "No usable figure" if pd.isna(row["now"]) else count(row["now"])


def stands(row: Mapping[str, Any]) -> str:
    """Return the table cell on the latest published week."""
    return f"{stands_number(row)}\nweek to {short_day(row['now_date'])}"


def cell(row: Mapping[str, Any], directed: bool = True) -> str:
    """Return the table cell on one week ahead: middle, likely range, direction."""
    if row["word"] == "cannot say":
        return "No forecast"
    figures = f"{count(row['median'])}\n{span(row['low'], row['high'])}"
    return f"{figures}\n{direction(row)}" if directed else figures


def skipped(label: str, reason: str) -> str:
    """Return why a metric has no forecast."""
    return f"{label}: no forecast. Reason: {sentence(reason)}"


def cannot_say(label: str, place: str, reason: str) -> str:
    """Return why a location has no forecast of a metric."""
    return f"{label}, {place}: no forecast. Reason: {sentence(reason)}"


def sentence(text: str) -> str:
    """Return a reason with one full stop and "2 April" for "02 April"."""
    return re.sub(r"\b0(\d [A-Z])", r"\1", text).rstrip(". ") + "."


def rarely_counts(place: str, found: tuple[int, int]) -> str:
    """Return the warning on a hospital whose remaining count is no count of who waits."""
    few, judged = found
    return (
        f"{place}: on {few} of the last {judged} weekdays fewer than one in ten of the people fit to leave in the "
        "morning were counted as still in a bed at the end of the day. Its published discharges nearly equal its "
        "patients, so this count does not tell how many people are waiting there."
    )


def caution(places: Sequence[str]) -> str:
    """Return the same warning for one row of a table; empty where it holds for no place."""
    return f"Caution: at {listed(places)} this count does not tell how many people are waiting" if places else ""


def everyone(county: str) -> str:
    """Return what the count of people fit to leave is not."""
    return (
        "This counts everyone fit to leave that morning, including those who go home later that day and people who "
        f"live outside {county}; it is not the number waiting for council care."
    )


def reported_share(waiting: Assumption, patients: Assumption, share: Assumption) -> str:
    """Return the reported share of people waiting for social care, with its source and standing."""
    source = "; ".join(filter(None, [share.source.split(",")[0], share.status]))
    said = (
        f"about {count(waiting.value)} of {count(patients.value)} ({chance(share.value)}) were reported to wait for "
        f"social care ({source})."
    )
    reported = pd.to_datetime(share.date, errors="coerce")
    if pd.isna(reported):
        return said[:1].upper() + said[1:]
    began = reported.year - (reported.month < 7)
    return f"In winter {began}/{(began + 1) % 100:02d} {said}"


def date_range(dates: Sequence[pd.Timestamp]) -> str:
    """Return one date, or the earliest and the latest of several."""
    first, last = min(dates), max(dates)
    return day(last) if first == last else f"{short_day(first)} to {short_day(last)}, by measure"


def newest_used(newest: Sequence[pd.Timestamp], as_of: pd.Timestamp) -> str:
    """Return how old the newest figures of a forecast were on its as-of day, and those of the oldest measure."""
    last, first = max(newest), min(newest)
    said = f"The newest figures used are of {day(last)}: {_old(last, as_of)} on {short_day(as_of)}."
    return said if first == last else f"{said} For some measures they are older, to {day(first)}."


def _old(date: pd.Timestamp, as_of: pd.Timestamp) -> str:
    days = (as_of - date).days
    return f"{plural(days, 'day')} old" if days else "of that day"


def flagged(wrong: int, remarks: int) -> str:
    """Return how many figures are left out and how many remarks there are."""
    if not wrong + remarks:
        return "Nothing here looks wrong."
    return f"{plural(wrong, 'figure')} left out, {plural(remarks, 'remark')}."


def data_age(data_to: pd.Timestamp, as_of: pd.Timestamp) -> str:
    """Return how old the newest figure is on the as-of day."""
    days = (as_of - data_to).days
    return "same day" if days == 0 else plural(days, "day")


def lower(label: str) -> str:
    """Return the label in the middle of a sentence: its first letter small unless a name or an abbreviation."""
    first = label.split(" ")[0].rstrip(",")
    return label if first in {"Covid"} or first.isupper() or "&" in first else label[:1].lower() + label[1:]
