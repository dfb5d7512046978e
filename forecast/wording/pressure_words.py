"""What the page of pressures says: its headline, how its cards are read, and the text alternative of each small fan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.figures.fan import Fan
from forecast.wording.words import (
    LIKELY,
    NO_DIRECTION,
    NO_FORECAST,
    count,
    direction,
    listed,
    lower,
    number,
    sentence,
    short_day,
    span,
    way,
)

GROUPS = {"measure": "By measure", "place": "By place"}
FULL_HEADING = "One measure in full, day by day"
NOT_FORECAST = "Not forecast this week"
INTRO = "What else the hospitals are under: beds, long stays, ambulances and staff. Averages of a week."
READING = (
    "Each card gives the latest published week, then the weeks ahead with the likely range (9 in 10). In its small "
    "chart the line is what was published, the bands and the thick line are the forecast, the dotted upright is the "
    "day of this run. Each small chart has a scale of its own that does not begin at nought."
)
_LEAN = {
    "up": "Going up",
    "level or up": "Level or up",
    "level": "About level",
    "level or down": "Level or down",
    "down": "Going down",
    NO_DIRECTION: "No clear direction",
    NO_FORECAST: "No forecast",
}


def headline(place: str, rows: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Say which measures go up, stay or go down at a place, a sentence each; none where there is nothing to say.

    Parameters
    ----------
    rows
        Label of a measure -> its row of the summary, the last week told ahead.
    """
    if not rows:
        return []
    found = {lean: [lower(label) for label, row in rows.items() if way(row)[0] == word] for word, lean in _LEAN.items()}
    weeks = number(int(next(iter(rows.values()))["weeks_ahead"]))
    said = [f"{lean}: {listed(labels)}." for lean, labels in found.items() if labels]
    return [f"{place}, in {weeks} weeks", *said]


def ahead(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Return one week ahead: when, the middle, the likely range, and which way with its chance."""
    when = f"Week to {short_day(row['date'])}"
    if row["word"] == "cannot say":
        return when, "No forecast", "", ""
    return when, count(row["median"]), span(row["low"], row["high"]), direction(row)


def latest(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return the latest published week: the figure, and which week."""
    when = f"week to {short_day(row['now_date'])}"
    return ("No usable figure", when) if pd.isna(row["now"]) else (count(row["now"]), f"on average, {when}")


def data_date(data_to: pd.Timestamp | None) -> str:
    """Return to which day there are figures."""
    return "No usable figure at all" if data_to is None else f"Data to {short_day(data_to)}"


def why(reason: str) -> str:
    """Say why there is no forecast."""
    return f"No forecast. Reason: {sentence(reason)}"


def alternative(fan: Fan, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the text alternative of a small fan, with its figures."""
    usable = fan.published[~fan.published["flagged"].astype(bool)]
    said = [f"Small chart of {lower(fan.metric)}, {fan.place}."]
    if len(usable):
        low, high = float(usable["value"].min()), float(usable["value"].max())
        said.append(f"Published {span(low, high)} from {short_day(usable['date'].iloc[0])}.")
    last = rows[-1]
    if last["word"] == "cannot say":
        said.append("There is no forecast.")
    else:
        said.append(
            f"Forecast for the week to {short_day(last['date'])}: about {count(last['median'])}, {LIKELY} "
            f"{span(last['low'], last['high'])}."
        )
    return " ".join(said)
