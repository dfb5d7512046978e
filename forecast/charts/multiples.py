"""Small multiples: the fan of each place, small, on the same dates and, unless chosen otherwise, the same scale."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from forecast.charts.fan_charts import LIGHT, Ink, every_day, framed
from forecast.figures.multiple_frames import Panel
from forecast.wording import words

HEIGHT = 150
LINE_WIDTH = 36
"""Characters of a line that fit a chart of a quarter of a desk."""
TICKS = 3


def multiples(panels: Sequence[Panel], colours: Ink = LIGHT) -> list[alt.LayerChart]:
    """Draw every place, in their order; all have as many lines under their names, so that their axes stand level."""
    under = [[part for line in panel.lines for part in wrap(line, LINE_WIDTH)] for panel in panels]
    most = max((len(lines) for lines in under), default=0)
    return [
        panel_chart(panel, [*lines, *[" "] * (most - len(lines))], colours)
        for panel, lines in zip(panels, under, strict=True)
    ]


def panel_chart(panel: Panel, under: Sequence[str], colours: Ink) -> alt.LayerChart:
    """Draw one place: published values, the bands and the middle of the forecast, and the as-of day.

    Parameters
    ----------
    under
        Lines under its name.
    """
    fan = panel.fan
    x = _dates(panel, colours)
    scale = alt.Scale(domain=list(panel.counts), nice=False)
    y = alt.Y("value:Q", title=None, scale=scale, axis=alt.Axis(tickCount=TICKS, format=",.0f"))
    layers = [*_fan(panel, x, scale, colours), *_published(panel, x, y, colours)]
    layers += [_as_of(panel, x, scale, colours), _as_of_text(panel, x, scale, colours), _tooltips(panel, x)]
    marked = ["SIMULATED"] if fan.simulated else []
    return framed(layers, [fan.place], [*under, *marked], colours, HEIGHT)


def _dates(panel: Panel, colours: Ink) -> alt.X:
    """Axis of days from the first to the last of all places."""
    first, last = (alt.DateTime(year=day.year, month=day.month, date=day.day) for day in panel.dates)
    return alt.X(
        "date:T",
        title=None,
        scale=alt.Scale(domain=[first, last], nice=False),
        axis=alt.Axis(
            format="%-d %b",
            labelAngle=0,
            labelFlush=False,
            labelOverlap="greedy",
            grid=False,
            tickCount=TICKS,
            tickColor=colours.text,
        ),
    )


def _fan(panel: Panel, x: alt.X, scale: alt.Scale, colours: Ink) -> list[alt.Chart]:
    rows = panel.fan.forecast
    if rows.empty:
        return []
    base = alt.Chart(rows).encode(x=x)
    edges = alt.Chart(rows.melt("date", ["low", "high"], var_name="edge"))
    return [
        edges.mark_line(color=colours.forecast, strokeWidth=1)
        .properties(name="edges")
        .encode(x=x, y=alt.Y("value:Q", scale=scale, title=None), detail="edge:N"),
        base.mark_area(color=colours.forecast, opacity=0.2)
        .properties(name="band_9_in_10")
        .encode(y=alt.Y("low:Q", title=None, scale=scale), y2="high:Q"),
        base.mark_area(color=colours.forecast, opacity=0.38)
        .properties(name="band_1_in_2")
        .encode(y=alt.Y("quarter:Q", scale=scale), y2="three_quarters:Q"),
        base.mark_line(color=colours.forecast, strokeWidth=2.5)
        .properties(name="middle")
        .encode(y=alt.Y("median:Q", scale=scale)),
    ]


def _published(panel: Panel, x: alt.X, y: alt.Y, colours: Ink) -> list[alt.Chart]:
    past = panel.fan.published
    if past.empty:
        return []
    usable = past.assign(value=past["value"].where(~past["flagged"].astype(bool)))
    days = pd.DataFrame({"date": every_day(past["date"])})
    line = days.merge(usable[["date", "value"]], on="date", how="left")
    chart = alt.Chart(line).mark_line(color=colours.history, strokeWidth=2)
    return [chart.properties(name="published").encode(x=x, y=y)]


def _as_of(panel: Panel, x: alt.X, scale: alt.Scale, colours: Ink) -> alt.Chart:
    low, top = panel.counts
    rule = pd.DataFrame({"date": [panel.fan.as_of], "low": [low], "top": [top]})
    chart: alt.Chart = (
        alt.Chart(rule)
        .mark_rule(color=colours.text, strokeDash=[3, 3], strokeWidth=1.5)
        .properties(name="as_of")
        .encode(x=x, y=alt.Y("low:Q", scale=scale, title=None), y2="top:Q")
    )
    return chart


def _as_of_text(panel: Panel, x: alt.X, scale: alt.Scale, colours: Ink) -> alt.Chart:
    """Date of the as-of day beside its line: on the left, or on the right where nothing stands before it."""
    day, first = panel.fan.as_of, panel.dates[0]
    left = (day - first) > (panel.dates[1] - first) / 3
    rows = pd.DataFrame({"date": [day], "value": [panel.counts[1]], "text": [f"{day.day} {day:%b}"]})
    beside: dict[str, Any] = {"align": "right", "dx": -5} if left else {"align": "left", "dx": 5}
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_text(**beside, baseline="top", fontSize=12, color=colours.text)
        .properties(name="as_of_text")
        .encode(x=x, y=alt.Y("value:Q", scale=scale), text="text:N")
    )
    return chart


def _tooltips(panel: Panel, x: alt.X) -> alt.Chart:
    """One invisible column a day, so that a pointer anywhere finds the day's figures."""
    fan = panel.fan
    past = fan.published[~fan.published["flagged"].astype(bool)]
    past = past.assign(what="Published", middle=past["value"].map(words.count), span="")
    spans = [words.span(low, high) for low, high in zip(fan.forecast["low"], fan.forecast["high"], strict=True)]
    ahead = fan.forecast.assign(what="Forecast", middle=fan.forecast["median"].map(words.count), span=spans)
    rows = pd.concat([past, ahead], ignore_index=True)[["date", "what", "middle", "span"]]
    chart: alt.Chart = (
        alt.Chart(rows.assign(place=fan.place))
        .mark_rule(opacity=0, strokeWidth=6)
        .properties(name="tooltips")
        .encode(
            x=x,
            tooltip=[
                alt.Tooltip("place:N", title="Place"),
                alt.Tooltip("date:T", title="Date", format="%A %-d %B %Y"),
                alt.Tooltip("what:N", title="Kind"),
                alt.Tooltip("middle:N", title="Figure, or middle of the forecast"),
                alt.Tooltip("span:N", title="Likely range (9 in 10)"),
            ],
        )
    )
    return chart
