"""Plain sentences from figures. Pure: the same figures give the same words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.fan import Fan

SIMULATED = "SIMULATED: these figures describe no real hospital"
LIKELY = "likely range (9 in 10)"
HOW_TO_READ = (
    "Likely range (9 in 10): we expect the figure to lie inside it nine times out of ten, and outside it once.",
    "Now is the average of the last seven reported days, so that quiet weekends do not mislead.",
    "Up, level or down: whether the average of the week to that date is more than 5% above now, within 5% of it, "
    "or more than 5% below. The chance says how sure we are.",
    "Could go either way: none of the three has an even chance or better.",
    "Cannot say: the published figures are missing, too old or wrong, so there is no forecast.",
)
COUNT_MEANS = {
    "nctr_patients": "everyone who no longer needed to be in an acute hospital bed that day, including those who left "
    "later in the day.",
    "nctr_remaining": "of those, the people who had not left by midnight. This is the count of the national headlines.",
}
_DIRECTIONS = {"up": "higher than now", "level": "about the same as now", "down": "lower than now"}
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def day(date: pd.Timestamp) -> str:
    """Return "Sunday 12 January 2025"."""
    return f"{date:%A} {date.day} {date:%B %Y}"


def short_day(date: pd.Timestamp) -> str:
    """Return "12 January 2025"."""
    return f"{date.day} {date:%B %Y}"


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


def direction(row: Mapping[str, Any]) -> str:
    """Return the word of one outlook with its chance: "Up, 62 % chance"."""
    word = str(row["word"])
    if word in _DIRECTIONS:
        return f"{word.capitalize()}, {chance(row[f'chance_{word}'])} chance"
    if word == "uncertain":
        return "Could go either way: " + _three_ways(row)
    return "Cannot say"


def now(row: Mapping[str, Any], place: str, what: str) -> str:
    """Return the sentence on where things stand."""
    if pd.isna(row["now"]):
        return f"{place}: no usable figure on {what}."
    return (
        f"{place}: {count(row['now'])} {what}, on average over the last seven reported days, to {day(row['now_date'])}."
    )


def outlook(row: Mapping[str, Any], reason: str = "") -> str:
    """Return the sentence on one date ahead."""
    ahead = f"In {number(int(row['weeks_ahead']))} weeks, on {day(row['date'])}"
    if row["word"] == "cannot say":
        return f"{ahead}: cannot say" + (f" ({reason})." if reason else ".")
    return f"{ahead}: about {count(row['median'])}, {LIKELY} {span(row['low'], row['high'])}. {_lean(row)}"


def _lean(row: Mapping[str, Any]) -> str:
    word = str(row["word"])
    if word in _DIRECTIONS:
        return f"Most likely {_DIRECTIONS[word]} ({chance(row[f'chance_{word}'])} chance)."
    return f"It could go either way: {_three_ways(row)}."


def _three_ways(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{word} {chance(row[f'chance_{word}'])}" for word in _DIRECTIONS)


def in_short(rows: Sequence[Mapping[str, Any]], what: str, reason: str = "") -> str:
    """Return one sentence on a metric: where it stands, and the dates ahead."""
    said = [row for row in rows if row["word"] != "cannot say"]
    if not said:
        return f"{what}: cannot say" + (f" ({reason})." if reason else ".")
    ahead = [
        f"about {count(row['median'])} on {short_day(row['date'])} ({LIKELY} {span(row['low'], row['high'])}; "
        f"{lean(row)})"
        for row in said
    ]
    return f"{what}: {count(rows[0]['now'])} now; {listed(ahead)}."


def lean(row: Mapping[str, Any]) -> str:
    """Return the word of one outlook with its chance, in short."""
    word = str(row["word"])
    return f"{word}, {chance(row[f'chance_{word}'])} chance" if word in _DIRECTIONS else "could go either way"


def stands(row: Mapping[str, Any]) -> str:
    """Return the table cell on where things stand."""
    if pd.isna(row["now"]):
        return "Cannot say"
    if row["word"] == "cannot say":
        return f"Cannot say\nlast figure {short_day(row['now_date'])}"
    return f"{count(row['now'])}\nto {short_day(row['now_date'])}"


def cell(row: Mapping[str, Any]) -> str:
    """Return the table cell on one date ahead: middle, likely range, direction."""
    if row["word"] == "cannot say":
        return "Cannot say"
    return f"{count(row['median'])}\n{span(row['low'], row['high'])}\n{lean(row).capitalize()}"


def skipped(label: str, reason: str) -> str:
    """Return why a metric has no forecast."""
    return f"{label}: no forecast. Reason: {sentence(reason)}"


def cannot_say(label: str, place: str, reason: str) -> str:
    """Return why a location has no forecast of a metric."""
    return f"{label}, {place}: cannot say. Reason: {sentence(reason)}"


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


def date_range(dates: Sequence[pd.Timestamp]) -> str:
    """Return one date, or the earliest and the latest of several."""
    first, last = min(dates), max(dates)
    return day(last) if first == last else f"{short_day(first)} to {short_day(last)}, by measure"


def held(stored: Mapping[str, Any] | None) -> list[str]:
    """Return the table cells on what is stored of a metric: last release, rows, how many publications."""
    if stored is None:
        return ["not stored here", "0", "0"]
    return [short_day(stored["released"]), count(stored["rows"]), count(len(stored["publications"]))]


def flagged(many: int) -> str:
    """Return how many values are flagged."""
    return f"{plural(many, 'value')} flagged." if many else "No value is flagged."


def data_age(data_to: pd.Timestamp, as_of: pd.Timestamp) -> str:
    """Return how old the newest figure is on the as-of day."""
    days = (as_of - data_to).days
    return "same day" if days == 0 else plural(days, "day")


def finding(fan: Fan) -> str:
    """Return the finding of a fan chart in one or two sentences."""
    usable = fan.published[~fan.published["flagged"]]
    said = []
    if len(usable):
        last = usable.iloc[-1]
        said.append(f"{count(last['value'])} on {day(last['date'])}, the newest usable figure.")
    if len(fan.forecast):
        end = fan.forecast.iloc[-1]
        said.append(f"By {day(end['date'])}: about {count(end['median'])}, {LIKELY} {span(end['low'], end['high'])}.")
    else:
        said.append("There is no forecast.")
    return f"{fan.place}, {lower(fan.metric)}: " + " ".join(said)


def alternative(fan: Fan, baseline: bool = False) -> str:
    """Return the text alternative of a fan chart: what it shows and what it finds, with figures."""
    usable = fan.published[~fan.published["flagged"]]
    flagged = int(fan.published["flagged"].sum())
    said = [f"Line chart of {lower(fan.metric)} at {fan.place}, {fan.unit}."]
    if len(usable):
        top, bottom = (usable.iloc[int(usable["value"].argmax())], usable.iloc[int(usable["value"].argmin())])
        said.append(
            f"Published from {short_day(usable['date'].iloc[0])} to {short_day(usable['date'].iloc[-1])}: highest "
            f"{count(top['value'])} on {short_day(top['date'])}, lowest {count(bottom['value'])} on "
            f"{short_day(bottom['date'])}, newest {count(usable['value'].iloc[-1])}."
        )
    if flagged:
        said.append(
            f"{plural(flagged, 'published value')} cannot be right: drawn as hollow marks, left out of the line."
        )
    if len(fan.forecast):
        first, end = fan.forecast.iloc[0], fan.forecast.iloc[-1]
        said.append(
            f"Forecast from {short_day(first['date'])} to {short_day(end['date'])}: the middle goes from "
            f"{count(first['median'])} to {count(end['median'])}; on the last day the {LIKELY} is "
            f"{span(end['low'], end['high'])}, and half of the possible outcomes lie within "
            f"{span(end['quarter'], end['three_quarters'])}."
        )
    else:
        said.append("There is no forecast.")
    if baseline and len(fan.baseline):
        end = fan.baseline.iloc[-1]
        said.append(
            f"Dashed lines: if the last value simply carried on, the {LIKELY} on {short_day(end['date'])} would be "
            f"{span(end['low'], end['high'])}."
        )
    return " ".join(said)


def lower(label: str) -> str:
    """Return the label in the middle of a sentence: its first letter small unless a name or an abbreviation."""
    first = label.split(" ")[0].rstrip(",")
    return label if first in {"Covid"} or first.isupper() or "&" in first else label[:1].lower() + label[1:]
