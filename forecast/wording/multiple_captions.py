"""What small multiples say in words: heading, how to read them, the text alternative of each, and their finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.figures.multiple_frames import Panel
from forecast.wording.words import LIKELY, count, lean, lower, short_day, span

HEADING = "Every place side by side"
SCALES = {"same": "Same scale", "own": "Own scale"}
SHOWN = "Shown in full below"
SAME = "All charts share one scale, so that sizes compare."
OWN = "Each chart has a scale of its own, so that its ups and downs show; sizes do not compare."


def choose(place: str) -> str:
    """Return what the button under a place says."""
    return f"Show {place}"


def reading(shared: bool, history: bool) -> str:
    """Say how the small charts are read; ``history``: published values are drawn too."""
    line = "Line: published. " if history else ""
    return (
        f"{line}Pale band: {LIKELY}. Dark band: 1 in 2. Thick line: middle. Dotted upright: the day of this run. "
        f"{SAME if shared else OWN}"
    )


def lines(rows: Sequence[Mapping[str, Any]], directed: bool = True) -> list[str]:
    """Return what stands under the name of a place: the latest week, and the last week told ahead.

    Parameters
    ----------
    rows
        Rows of the summary, the nearest week first.
    directed
        Say whether it goes up or down; not where the figure does not tell what it seems to.
    """
    first, last = rows[0], rows[-1]
    now = "no usable figure now" if pd.isna(first["now"]) else f"{count(first['now'])} a day now"
    if last["word"] == "cannot say":
        return [now, "no forecast"]
    ahead = f"week to {_near(last['date'])}: {count(last['median'])} ({span(last['low'], last['high'])})"
    if not directed:
        return [now, ahead]
    return [now, ahead, lean(last)]


def finding(rows: Mapping[str, Mapping[str, Any]], ahead: str) -> str:
    """Say at which place most and fewest are expected, with their ranges; empty where fewer than two can be told.

    Parameters
    ----------
    rows
        Name of a place -> its median, low and high on one date ahead; the sum of the others left out.
    ahead
        That date in words: "the week to 13 February 2025".
    """
    known = {place: row for place, row in rows.items() if not pd.isna(row["median"])}
    if len(known) < 2:
        return ""
    ordered = sorted(known, key=lambda place: float(known[place]["median"]))
    most, fewest = ordered[-1], ordered[0]
    return f"In {ahead} most are expected at {most}: {_told(known[most])}; fewest at {fewest}: {_told(known[fewest])}."


def alternative(panel: Panel) -> str:
    """Return the text alternative of one place's chart, with its figures."""
    fan = panel.fan
    said = [f"{fan.place}: {lower(fan.metric)} ({fan.unit})."]
    usable = fan.published[~fan.published["flagged"].astype(bool)]
    if len(usable):
        newest = usable.iloc[-1]
        said.append(f"Published: {count(newest['value'])} on {short_day(newest['date'])}.")
    if len(fan.forecast):
        end = fan.forecast.iloc[-1]
        said.append(
            f"Forecast for {short_day(end['date'])}: middle {count(end['median'])}, {LIKELY} "
            f"{span(end['low'], end['high'])}."
        )
    else:
        said.append("There is no forecast.")
    scale = "the same for all places" if panel.shared else "its own"
    said.append(f"Scale to {count(panel.counts[1])}, {scale}.")
    return " ".join(said)


def _told(row: Mapping[str, Any]) -> str:
    return f"about {count(row['median'])}, {LIKELY} {span(row['low'], row['high'])}"


def _near(date: pd.Timestamp) -> str:
    return f"{date.day} {date:%b}"
