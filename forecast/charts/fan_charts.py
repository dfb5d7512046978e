"""Charts, drawn to the UK government's guidance: accessible palette, direct labels, horizontal text, one axis."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from forecast.charts.ink import DARK as DARK
from forecast.charts.ink import LIGHT as LIGHT
from forecast.charts.ink import Ink as Ink
from forecast.charts.ink import every_day as every_day
from forecast.charts.ink import ink as ink
from forecast.charts.ink import spread_labels as spread_labels
from forecast.charts.ink import time_axis as time_axis
from forecast.figures.fan import Fan
from forecast.wording import captions, season_captions, words

PHONE = 460
HEIGHT = 360
HEADROOM = 1.22
OFF_CHART = 1.5
NAMED_OVER = 4
"""The published line is named over the highest value of this part of it, at its beginning."""
LABEL_GAP = 0.062
LABELS = {"high": "high {}", "median": "middle {}", "low": "low {}"}
RANGE = "likely range:"
PUBLISHED, NO_CHANGE = "published", "no change"


def fan_chart(fan: Fan, *, baseline: bool = False, colours: Ink = LIGHT, described: bool = True) -> alt.LayerChart:
    """Draw published values, the forecast's middle and its 1-in-2 and 9-in-10 bands, and the as-of day.

    Parameters
    ----------
    fan
        What to draw.
    baseline
        Add the baseline's 9-in-10 range as dashed lines.
    colours
        Colours for the background it will stand on.
    described
        Carry its text alternative as the chart's description; not where the page gives it as its accessible name.
    """
    said = season_captions if fan.weekly else captions
    low, top = _domain(fan, baseline)
    scale = alt.Scale(domain=[low, top], nice=False)
    y = alt.Y("value:Q", title=None, scale=scale, axis=alt.Axis(tickCount=6))
    layers = [
        *(band_layers(fan, colours, scale, top) if len(fan.forecast) else []),
        *_published(fan, colours, y),
        *(_baseline(fan, colours, y) if baseline and len(fan.baseline) else []),
        *_as_of(fan, colours, scale, low, top),
        _tooltips(fan),
    ]
    chart = framed(layers, said.title(fan), captions.subtitle(fan.simulated), colours, HEIGHT)
    return chart.properties(description=said.alternative(fan, baseline)) if described else chart


def framed(
    layers: Sequence[alt.Chart], title: list[str], subtitle: list[str], colours: Ink, height: int
) -> alt.LayerChart:
    """Put layers together and give the chart its title, size and colours of text and grid."""
    whole: alt.LayerChart = (
        alt.layer(*layers)
        .properties(
            height=height,
            width="container",
            title=alt.Title(
                _by_width(title),
                subtitle=subtitle,
                subtitleColor=colours.text,
                subtitleFontSize=13,
                subtitlePadding=5,
                anchor="start",
                frame="bounds",
                color=colours.text,
                fontSize=14,
                fontWeight=600,
                offset=14,
            ),
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        )
        .configure_view(stroke=None)
        .configure_axis(labelColor=colours.text, labelFontSize=13, gridColor=colours.grid, domainColor=colours.text)
    )
    return whole


def _by_width(lines: list[str]) -> alt.ExprRef:
    """Title in whole lines where the chart is wide enough, broken ones on a phone."""
    return alt.ExprRef(f"width < {PHONE} ? {json.dumps(captions.narrow(lines))} : {json.dumps(lines)}")


def _domain(fan: Fan, baseline: bool) -> tuple[float, float]:
    """Return the ends of the y axis: from zero, unless a value below it was published, to some room above the fan.

    A baseline far above everything else may run off the top, so that the forecast stays readable.
    """
    values = [*fan.published["value"], *fan.forecast["high"], 1.0]
    highest = float(max(values))
    if baseline and len(fan.baseline):
        highest = max(highest, min(float(fan.baseline["high"].max()), OFF_CHART * highest))
    return min(0.0, float(min(values))), HEADROOM * highest


def off_chart(fan: Fan) -> bool:
    """Whether the comparison with no change runs off the top."""
    return len(fan.baseline) > 0 and bool(fan.baseline["high"].max() > _domain(fan, baseline=True)[1])


def band_layers(fan: Fan, colours: Ink, scale: alt.Scale, top: float) -> list[alt.Chart]:
    """Layers of a forecast: its bands, its middle, and what they are at the end; ``top``: of the axis."""
    base = alt.Chart(fan.forecast).encode(x=time_axis(colours))
    last = fan.forecast.iloc[-1]
    names = list(reversed(LABELS))
    heights = [*(float(last[name]) for name in names), float(last["high"])]
    labels = pd.DataFrame(
        {
            "date": last["date"],
            "value": spread_labels(heights, LABEL_GAP * top, floor=0.02 * top),
            "text": [*(LABELS[name].format(words.count(last[name])) for name in names), RANGE],
            "weight": [*("bold" if name == "median" else "normal" for name in names), "normal"],
        }
    )
    text = alt.Chart(labels).encode(x="date:T", y=alt.Y("value:Q", scale=scale), text="text:N")
    style: dict[str, Any] = {"align": "left", "dx": 6, "fontSize": 13, "color": colours.text, "clip": False}
    edges = (
        alt.Chart(fan.forecast.melt("date", ["low", "high"], var_name="edge"))
        .mark_line(color=colours.forecast, strokeWidth=1)
        .encode(x=time_axis(colours), y=alt.Y("value:Q", scale=scale), detail="edge:N")
    )
    return [
        edges,
        base.mark_area(color=colours.forecast, opacity=0.2)
        .properties(name="band_9_in_10")
        .encode(y=alt.Y("low:Q", title=None, scale=scale), y2="high:Q"),
        base.mark_area(color=colours.forecast, opacity=0.38)
        .properties(name="band_1_in_2")
        .encode(y=alt.Y("quarter:Q", scale=scale), y2="three_quarters:Q"),
        base.mark_line(color=colours.forecast, strokeWidth=3)
        .properties(name="middle")
        .encode(y=alt.Y("median:Q", scale=scale)),
        text.transform_filter("datum.weight == 'normal'").mark_text(**style),
        text.transform_filter("datum.weight == 'bold'").mark_text(**style, fontWeight="bold"),
    ]


def _published(fan: Fan, colours: Ink, y: alt.Y) -> list[alt.Chart]:
    usable = fan.published.assign(value=fan.published["value"].where(~fan.published["flagged"]))
    days = pd.DataFrame({"date": every_day(fan.published["date"])})
    line = days.merge(usable[["date", "value"]], on="date", how="left")
    layers = [
        alt.Chart(line)
        .mark_line(color=colours.history, strokeWidth=2)
        .properties(name="published")
        .encode(x=time_axis(colours), y=y)
    ]
    alone = line[line["value"].notna() & line["value"].shift().isna() & line["value"].shift(-1).isna()]
    if len(alone):
        layers.append(
            alt.Chart(alone)
            .mark_point(color=colours.history, filled=True, size=14, opacity=1)
            .properties(name="alone")
            .encode(x="date:T", y=y)
        )
    if len(usable.dropna(subset="value")):
        layers.append(_published_name(usable.dropna(subset="value"), colours, y))
    flagged = fan.published[fan.published["flagged"]]
    if len(flagged):
        layers.append(
            alt.Chart(flagged)
            .mark_point(color=colours.history, filled=False, size=55, strokeWidth=1.5)
            .properties(name="flagged")
            .encode(
                x="date:T",
                y=y,
                tooltip=[
                    alt.Tooltip("date:T", title="Date", format="%A %-d %B %Y"),
                    alt.Tooltip("value:Q", title="Published, looks wrong", format=",.0f"),
                    alt.Tooltip("note:N", title="Why"),
                ],
            )
        )
    return layers


def _published_name(usable: pd.DataFrame, colours: Ink, y: alt.Y) -> alt.Chart:
    """Name the line at its beginning, above whatever it does there."""
    early = usable.head(max(len(usable) // NAMED_OVER, 1))
    name = pd.DataFrame({"date": [early["date"].iloc[0]], "value": [early["value"].max()], "text": [PUBLISHED]})
    chart: alt.Chart = (
        alt.Chart(name)
        .mark_text(align="left", baseline="bottom", dx=2, dy=-7, fontSize=13, fontWeight="bold", color=colours.history)
        .encode(x="date:T", y=y, text="text:N")
    )
    return chart


def _baseline(fan: Fan, colours: Ink, y: alt.Y) -> list[alt.Chart]:
    long = fan.baseline.melt("date", ["low", "high"], var_name="edge")
    # Named under its lower edge, which is always on the chart, where the forecast's own labels do not reach.
    named = fan.baseline.iloc[[2 * len(fan.baseline) // 3]].assign(text=NO_CHANGE)
    text = alt.Chart(named).mark_text(baseline="top", dy=5, fontSize=13, fontWeight="bold", color=colours.baseline)
    return [
        text.encode(x=time_axis(colours), y=alt.Y("low:Q", scale=y["scale"], title=None), text="text:N"),
        alt.Chart(long)
        .mark_line(color=colours.baseline, strokeWidth=2, strokeDash=[6, 4], clip=True)
        .properties(name="baseline")
        .encode(x=time_axis(colours), y=y, detail="edge:N"),
    ]


def _as_of(fan: Fan, colours: Ink, scale: alt.Scale, low: float, top: float) -> list[alt.Chart]:
    rule = pd.DataFrame({"date": [fan.as_of], "top": [top], "low": [low]})
    data_to = f"data to {words.short_day(fan.data_to)}" if fan.data_to is not None else "no usable data"
    text = pd.DataFrame(
        {
            "date": [fan.as_of] * 2,
            "value": [top, 0.94 * top],
            "text": [f"as of {words.short_day(fan.as_of)}", data_to],
        }
    )
    # On the side with more room: on a phone the words are half as long as the chart is wide.
    first = min([*fan.published["date"], fan.as_of])
    last = max([*fan.forecast["date"], fan.as_of])
    left: dict[str, Any] = {"align": "right", "dx": -7}
    right: dict[str, Any] = {"align": "left", "dx": 7}
    side = left if fan.as_of - first >= last - fan.as_of else right
    return [
        alt.Chart(rule)
        .mark_rule(color=colours.text, strokeDash=[3, 3], strokeWidth=1.5)
        .properties(name="as_of")
        .encode(x="date:T", y=alt.Y("low:Q", scale=scale), y2="top:Q"),
        alt.Chart(text)
        .mark_text(**side, baseline="top", fontSize=13, color=colours.text)
        .encode(x="date:T", y=alt.Y("value:Q", scale=scale), text="text:N"),
    ]


def _tooltips(fan: Fan) -> alt.Chart:
    """One invisible column a day, so that a pointer anywhere in the chart finds the day's figures."""
    ahead = fan.forecast.assign(
        what="Forecast",
        middle=fan.forecast["median"].map(words.count) if len(fan.forecast) else None,
        span=[words.span(a, b) for a, b in zip(fan.forecast["low"], fan.forecast["high"], strict=True)],
    )
    past = fan.published[~fan.published["flagged"]]
    past = past.assign(what="Published", middle=past["value"].map(words.count), span="")
    rows = pd.concat([past, ahead], ignore_index=True)[["date", "what", "middle", "span"]]
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_rule(opacity=0, strokeWidth=10)
        .properties(name="tooltips")
        .encode(
            x="date:T",
            tooltip=[
                alt.Tooltip("date:T", title="Week to" if fan.weekly else "Date", format="%A %-d %B %Y"),
                alt.Tooltip("what:N", title="Kind"),
                alt.Tooltip("middle:N", title="Figure, or middle of the forecast"),
                alt.Tooltip("span:N", title="Likely range (9 in 10)"),
            ],
        )
    )
    return chart
