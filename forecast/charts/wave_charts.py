"""Charts of Covid and flu waves: curves, bars of chances, and the picture of size and week. Drawn as in ``charts``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from forecast.charts.fan_charts import DARK, HEADROOM, LIGHT, Ink, every_day, framed, spread_labels, time_axis
from forecast.figures.wave_frames import LEAST_SHOWN, Echo, Subject
from forecast.wording import captions, lag_captions, wave_captions, words

BAR_STEP = 26
CELL_STEP = 30
LEAST_HEIGHT = 120
ECHO_HEIGHT = 320
LAG_HEIGHT = 220
ECHO_HEADROOM = 1.08
LABEL_GAP = 0.07
CELLS = {
    LIGHT.text: ("#eef3f8", "#c9d7e4", "#9fb6cc", "#3a6590", "#12436D"),
    DARK.text: ("#10202e", "#1f3d56", "#2f5a7e", "#6fb1ea", "#a5d0f5"),
}
"""Colours of chances from none to the highest, on a light and on a dark screen, by the colour of the text there."""
STRONG = 3
"""From this colour on, the text in a cell is that of the other screen."""


def echo_chart(found: Echo, subject: Subject, colours: Ink) -> alt.LayerChart:
    """Draw a place's curve, and England's moved and scaled under it."""
    days = pd.DataFrame({"date": every_day(found.rows["date"])})
    rows = days.merge(found.rows, on="date", how="left")
    top = ECHO_HEADROOM * max(*(float(rows[name].max()) for name in ("own", "england")), 1.0)
    scale = alt.Scale(domain=[0, top], nice=False)
    layers = [
        _line(rows, "england", colours.baseline, scale, colours, dash=[6, 4], width=2.0),
        _line(rows, "own", colours.history, scale, colours, dash=[1, 0], width=3.0),
        *_names(rows, top, scale, colours),
    ]
    return framed(
        layers,
        wave_captions.echo_title(found, subject),
        captions.subtitle(subject.simulated),
        colours,
        ECHO_HEIGHT,
    )


def _names(rows: pd.DataFrame, top: float, scale: alt.Scale, colours: Ink) -> list[alt.Chart]:
    """Name both lines at their ends: beyond them, or where the other goes on there, on the side it does not take."""
    ends = []
    for name, text in (("own", "here"), ("england", "England")):
        known = rows.dropna(subset=name)
        last = float(known[name].iloc[-1])
        rising = last >= float(known[name].iloc[max(-8, -len(known))])
        beyond = known["date"].iloc[-1] == rows["date"].iloc[-1]
        ends.append({"date": known["date"].iloc[-1], "value": last, "text": text, "beyond": beyond, "rising": rising})
    both = all(end["beyond"] for end in ends)
    if both:
        ends.sort(key=lambda end: float(end["value"]))
        for end, place in zip(ends, spread_labels([end["value"] for end in ends], LABEL_GAP * top), strict=True):
            end["value"] = place
    return [_named(end, scale, colours) for end in ends]


def _named(end: dict[str, Any], scale: alt.Scale, colours: Ink) -> alt.Chart:
    beside: dict[str, Any] = {"align": "right", "dx": -7, "dy": -8 if end["rising"] else 14}
    place: dict[str, Any] = {"align": "left", "dx": 6} if end["beyond"] else beside
    chart: alt.Chart = (
        alt.Chart(pd.DataFrame([end]))
        .mark_text(**place, fontSize=13, fontWeight="bold", color=colours.text, clip=False)
        .encode(x="date:T", y=alt.Y("value:Q", scale=scale), text="text:N")
    )
    return chart


def _line(
    rows: pd.DataFrame, name: str, colour: str, scale: alt.Scale, colours: Ink, *, dash: list[int], width: float
) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(rows[["date", name]])
        .mark_line(color=colour, strokeWidth=width, strokeDash=dash)
        .properties(name=name)
        .encode(
            x=time_axis(colours),
            y=alt.Y(f"{name}:Q", title=None, scale=scale, axis=alt.Axis(tickCount=5)),
            tooltip=[
                alt.Tooltip("date:T", title="Date", format="%A %-d %B %Y"),
                alt.Tooltip(f"{name}:Q", title="Here" if name == "own" else "England, scaled", format=",.0f"),
            ],
        )
    )
    return chart


def lag_chart(rows: pd.DataFrame, middle: float, subject: Subject, colours: Ink) -> alt.LayerChart:
    """Draw the chance of each number of days behind England, its middle marked and named."""
    top = HEADROOM * float(rows["share"].max())
    x = alt.X(
        "days:Q",
        title="days behind England (below 0: ahead)",
        scale=alt.Scale(domain=[min(float(rows["days"].min()), 0.0) - 1, float(rows["days"].max()) + 1], nice=False),
        axis=alt.Axis(
            grid=False,
            tickCount=6,
            tickMinStep=1,
            titleAnchor="end",
            titleColor=colours.text,
            titleFontWeight="normal",
        ),
    )
    y = alt.Y("share:Q", title=None, scale=alt.Scale(domain=[0, top]), axis=alt.Axis(format=".0%", tickCount=3))
    mark = pd.DataFrame({"days": [middle], "share": [top], "text": [f"middle: {middle:.0f}"]})
    tooltip = [alt.Tooltip("days:Q", title="Days behind"), alt.Tooltip("share:Q", title="Chance", format=".0%")]
    layers = [
        alt.Chart(rows)
        .mark_bar(color=colours.forecast, size=6)
        .properties(name="lag")
        .encode(x=x, y=y, tooltip=tooltip),
        alt.Chart(mark).mark_rule(color=colours.text, strokeDash=[3, 3]).encode(x=x),
        alt.Chart(mark)
        .mark_text(align="left", baseline="top", dx=6, fontSize=13, color=colours.text)
        .encode(x=x, y=y, text="text:N"),
    ]
    title = lag_captions.lag_title(subject)
    return framed(layers, title, captions.subtitle(subject.simulated), colours, LAG_HEIGHT)


def bars_chart(
    labels: Sequence[str],
    shares: Sequence[float],
    past: Sequence[bool],
    title: list[str],
    subject: Subject,
    colours: Ink,
) -> alt.LayerChart:
    """Draw one bar a row with its chance printed beside it; rows that are over already in the colour of the past."""
    rows = pd.DataFrame({"label": labels, "share": shares, "past": past, "text": [_printed(share) for share in shares]})
    y = alt.Y("label:N", title=None, sort=list(labels), axis=_labels(colours))
    x = alt.X("share:Q", axis=None, scale=alt.Scale(domain=[0, max(float(rows["share"].max()), 0.01) * HEADROOM]))
    base = alt.Chart(rows)
    colour = alt.condition("datum.past", alt.value(colours.history), alt.value(colours.forecast))
    layers = [
        base.mark_bar(height={"band": 0.72}).properties(name="bars").encode(x=x, y=y, color=colour),
        base.mark_text(align="left", dx=5, fontSize=13, color=colours.text).encode(x=x, y=y, text="text:N"),
    ]
    height = max(BAR_STEP * len(rows), LEAST_HEIGHT)
    return framed(layers, title, captions.subtitle(subject.simulated), colours, height)


def week_chart(rows: pd.DataFrame, subject: Subject, colours: Ink) -> alt.LayerChart:
    """Draw the chance of each week to hold the peak."""
    labels = week_labels(rows["week"], rows["past"])
    title = wave_captions.week_title(subject)
    return bars_chart(labels, list(rows["share"]), list(rows["past"]), title, subject, colours)


def above_chart(rows: pd.DataFrame, beds: int, subject: Subject, colours: Ink) -> alt.LayerChart:
    """Draw the chance of so many days above a threshold."""
    every = rows.to_dict("records")
    labels = [wave_captions.days_band(row["first"], row["last"]) for row in every]
    title = wave_captions.above_title(subject, beds)
    return bars_chart(labels, list(rows["share"]), [False] * len(rows), title, subject, colours)


def size_chart(rows: pd.DataFrame, past: Sequence[bool], subject: Subject, colours: Ink) -> alt.LayerChart:
    """Draw the chance of each size and week: a cell each, its chance printed in it.

    Parameters
    ----------
    rows
        As ``wave_frames.size_rows`` gives them.
    past
        Whether each week is over, in the order of the weeks.
    """
    weeks = pd.Series(rows["week"].unique())
    names = dict(zip(weeks, week_labels(weeks, pd.Series(past)), strict=True))
    bands = rows.drop_duplicates(["low", "high"])
    order = [_broken(low, high) for low, high in zip(bands["low"], bands["high"], strict=True)]
    shades = CELLS[colours.text]
    # No chance at all has the first colour; the others share the way to the highest chance equally.
    steps = np.ceil(rows["share"] / max(float(rows["share"].max()), LEAST_SHOWN) * (len(shades) - 1)).astype(int)
    cells = pd.DataFrame(
        {
            "week": rows["week"].map(names),
            "band": [_broken(low, high) for low, high in zip(rows["low"], rows["high"], strict=True)],
            "share": rows["share"],
            "text": [_printed(share) if share > 0 else "" for share in rows["share"]],
            "step": steps,
        }
    )
    x = alt.X(
        "band:N",
        title="patients a day in the highest week",
        sort=order,
        axis=alt.Axis(
            orient="top",
            # A phone is narrower than this title is long: from the right end it has the whole width.
            titleAnchor="end",
            labelAngle=0,
            labelExpr="split(datum.label, '|')",
            labelOverlap=False,
            labelFlush=False,
            ticks=False,
            domain=False,
            titleColor=colours.text,
            titleFontWeight="normal",
        ),
    )
    y = alt.Y("week:N", title=None, sort=list(names.values()), axis=_labels(colours))
    fill = alt.Color(
        "step:O", legend=None, scale=alt.Scale(domain=list(range(len(shades))), range=list(shades), type="ordinal")
    )
    base = alt.Chart(cells)
    ink = alt.condition(f"datum.step < {STRONG}", alt.value(colours.text), alt.value(cell_ink(STRONG, colours)))
    layers = [
        base.mark_rect(stroke=colours.grid, strokeWidth=1).properties(name="cells").encode(x=x, y=y, color=fill),
        base.mark_text(fontSize=13).encode(
            x=x,
            y=y,
            text="text:N",
            color=ink,
        ),
    ]
    height = max(CELL_STEP * len(weeks), LEAST_HEIGHT)
    title = wave_captions.size_title(subject)
    return framed(layers, title, captions.subtitle(subject.simulated), colours, height)


def cell_ink(step: int, colours: Ink) -> str:
    """Colour of the text in a cell."""
    return colours.text if step < STRONG else {LIGHT.text: "#ffffff", DARK.text: LIGHT.text}[colours.text]


def week_labels(weeks: pd.Series, past: pd.Series) -> list[str]:
    """Name weeks by their Monday, with the year where it begins, and mark those that are over."""
    said, year = [], 0
    for week, over in zip(weeks, past, strict=True):
        named = f"{week.day} {week:%b}" if week.year == year else f"{week.day} {week:%b} {week.year}"
        said.append(f"{named}, over" if over else named)
        year = week.year
    return said


def _labels(colours: Ink) -> alt.Axis:
    return alt.Axis(
        ticks=False,
        domain=False,
        labelColor=colours.text,
        labelLimit=160,
        labelOverlap=False,
        labelFlush=False,
        labelPadding=8,
    )


def _printed(share: float) -> str:
    return words.chance(share).replace("less than ", "<").replace("more than ", ">") if share > 0 else "0%"


def _broken(low: float, high: float) -> str:
    """Band of sizes in two lines so short that seven bands stand side by side on a phone."""
    if low <= 0:
        return f"under|{words.count(high)}"
    return f"over|{words.count(low)}" if high == float("inf") else f"{words.count(low)}–|{words.count(high)}"
