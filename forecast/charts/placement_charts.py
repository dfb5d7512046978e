"""Charts of flats and beds: need against places, chances by week, and the cost curve. Drawn as in ``charts``."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from forecast.charts.fan_charts import HEADROOM, HEIGHT, Ink, band_layers, framed, spread_labels, time_axis
from forecast.figures.fan import Fan
from forecast.placements.costs import CostCurve
from forecast.wording import captions, cost_captions, placement_captions, words
from forecast.wording.placement_captions import Place

CHANCE_HEIGHT = 240
COST_HEIGHT = 340
LABEL_GAP = 0.07
TICKS = 5
MOST_PRINTED = 8
"""Columns that have room for their figures on a phone."""
ROOM = 0.3
"""Of the width of the cost curve, what the name of a mark takes on a phone."""
LONG_DATE = "%A %-d %B %Y"
SHOWN_COSTS = 1.6
"""The curve is drawn to where the total is so many times that of nothing but waiting, or of the most places tried."""


def need_chart(
    fan: Fan, place: Place, product: str, capacity: pd.DataFrame | None, colours: Ink, *, described: bool = True
) -> alt.LayerChart:
    """Draw the people who need a place as a fan, and the places there are as steps.

    Parameters
    ----------
    fan
        Of the need; nothing is published of it.
    capacity
        Date and places; None where none stand against this need.
    described
        Carry the text alternative as the chart's description; not where the page gives it as its accessible name.
    """
    most = float(capacity["places"].max()) if capacity is not None else 0.0
    top = HEADROOM * max(float(fan.forecast["high"].max()), most, 1.0)
    scale = alt.Scale(domain=[0, top], nice=False)
    layers = [*band_layers(fan, colours, scale, top)]
    if capacity is not None:
        layers += _steps(capacity, product, colours, scale, top)
    layers.append(_need_tooltips(fan, capacity))
    title = placement_captions.need_title(place, product)
    chart = framed(layers, title, captions.subtitle(fan.simulated), colours, HEIGHT)
    if not described or capacity is None:
        return chart
    return chart.properties(description=placement_captions.need_alternative(fan, place, product, capacity))


def _steps(capacity: pd.DataFrame, product: str, colours: Ink, scale: alt.Scale, top: float) -> list[alt.Chart]:
    begins = capacity[capacity["places"].diff() != 0].assign(
        text=lambda rows: [placement_captions.some(product, places) for places in rows["places"]]
    )
    y = alt.Y("places:Q", scale=scale, title=None, axis=alt.Axis(tickCount=TICKS))
    line = alt.Chart(capacity).mark_line(
        interpolate="step-after", color=colours.history, strokeWidth=3, strokeDash=[8, 4]
    )
    text = alt.Chart(begins).mark_text(
        align="left", baseline="bottom", dx=4, dy=-5, fontSize=13, fontWeight="bold", color=colours.history
    )
    return [
        line.properties(name="places").encode(x=time_axis(colours), y=y),
        text.encode(x="date:T", y=y, text="text:N"),
    ]


def _need_tooltips(fan: Fan, capacity: pd.DataFrame | None) -> alt.Chart:
    rows = fan.forecast.assign(
        middle=fan.forecast["median"].map(words.count),
        span=[words.span(low, high) for low, high in zip(fan.forecast["low"], fan.forecast["high"], strict=True)],
    )[["date", "middle", "span"]]
    shown = [
        alt.Tooltip("date:T", title="Date", format=LONG_DATE),
        alt.Tooltip("middle:N", title="Middle of the forecast"),
        alt.Tooltip("span:N", title="Likely range (9 in 10)"),
    ]
    if capacity is not None:
        rows = rows.merge(capacity, on="date", how="left")
        shown.append(alt.Tooltip("places:Q", title="Places that can be used"))
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_rule(opacity=0, strokeWidth=10)
        .properties(name="tooltips")
        .encode(x="date:T", tooltip=shown)
    )
    return chart


def chance_chart(
    rows: pd.DataFrame, place: Place, product: str, longest_wait: int, long: bool, simulated: bool, colours: Ink
) -> alt.LayerChart:
    """Draw a column a week with its chance above it; ``rows``: week, share."""
    labelled = rows.assign(
        label=[f"{week.day} {week:%b}" for week in rows["week"]],
        text=[words.chance(share).replace("less than ", "<").replace("more than ", ">") for share in rows["share"]],
    )
    x = alt.X(
        "label:N",
        title="week of",
        sort=list(labelled["label"]),
        axis=alt.Axis(
            labelAngle=0, ticks=False, labelOverlap="greedy", titleColor=colours.text, titleFontWeight="normal"
        ),
    )
    y = alt.Y(
        "share:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1.12], nice=False),
        axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
    )
    base = alt.Chart(labelled)
    layers = [
        base.mark_bar(color=colours.forecast, width={"band": 0.6}).properties(name="chances").encode(x=x, y=y),
    ]
    if len(rows) <= MOST_PRINTED:
        text = base.mark_text(baseline="bottom", dy=-4, fontSize=13, color=colours.text)
        layers.append(text.encode(x=x, y=y, text="text:N"))
    title = placement_captions.chance_title(place, product, longest_wait, long)
    return framed(layers, title, captions.subtitle(simulated), colours, CHANCE_HEIGHT)


def cost_chart(
    curve: CostCurve, place: Place, days: int, planned: int, simulated: bool, colours: Ink
) -> alt.LayerChart:
    """Draw what places cost, what waiting costs and both together, by number of places; mark the cheapest."""
    rows = curve.rows[curve.rows["total"] <= SHOWN_COSTS * float(curve.rows["total"].iloc[0])]
    reach = max(float(rows["places"].max()), float(planned), 1.0)
    top = HEADROOM * max(float(rows["total"].max()), 1.0)
    x = alt.X(
        "places:Q",
        title=placement_captions.many(curve.product),
        scale=alt.Scale(domain=[0, reach], nice=False),
        axis=alt.Axis(grid=False, tickCount=6, titleColor=colours.text, titleFontWeight="normal", format=",.0f"),
    )
    scale = alt.Scale(domain=[0, top], nice=False)
    axis = alt.Axis(
        tickCount=TICKS,
        labelExpr="datum.value >= 1e6 ? '£' + format(datum.value / 1e6, '.1f') + 'm' : "
        "datum.value ? '£' + format(datum.value / 1e3, ',.0f') + 'k' : '0'",
    )
    styles: dict[str, dict[str, Any]] = {
        "total": {"color": colours.forecast, "strokeWidth": 3},
        "plan_cost": {"color": colours.history, "strokeWidth": 2, "strokeDash": [6, 4]},
        "waiting_cost": {"color": colours.baseline, "strokeWidth": 2, "strokeDash": [2, 3]},
    }
    layers = [
        alt.Chart(rows)
        .mark_line(**style)
        .properties(name=name)
        .encode(x=x, y=alt.Y(f"{name}:Q", title=None, scale=scale, axis=axis))
        for name, style in styles.items()
    ]
    layers += [_cost_names(rows, x, scale, top, colours), *_marked(curve, planned, x, scale, top, reach, colours)]
    layers.append(_cost_tooltips(rows, x))
    title = cost_captions.cost_title(place, curve.product, days)
    return framed(layers, title, captions.subtitle(simulated), colours, COST_HEIGHT)


def _cost_names(rows: pd.DataFrame, x: alt.X, scale: alt.Scale, top: float, colours: Ink) -> alt.Chart:
    last = rows.iloc[-1]
    named = sorted(
        {"total": "together", "plan_cost": "places", "waiting_cost": "waiting"}.items(), key=lambda one: last[one[0]]
    )
    heights = spread_labels([float(last[name]) for name, _ in named], LABEL_GAP * top, floor=0.02 * top)
    ends = pd.DataFrame({"places": last["places"], "height": heights, "text": [text for _, text in named]})
    chart: alt.Chart = (
        alt.Chart(ends)
        .mark_text(align="left", dx=6, fontSize=13, color=colours.text, clip=False)
        .encode(x=x, y=alt.Y("height:Q", scale=scale), text="text:N")
    )
    return chart


def _marked(
    curve: CostCurve, planned: int, x: alt.X, scale: alt.Scale, top: float, reach: float, colours: Ink
) -> list[alt.Chart]:
    """Mark the cheapest number of places and the plan's own."""
    total = float(curve.rows.set_index("places")["total"][curve.cheapest])
    best = pd.DataFrame({"places": [curve.cheapest], "total": [total], "top": [0.95 * top]})
    best["text"] = f"cheapest: {words.count(curve.cheapest)}"
    own = pd.DataFrame({"places": [planned], "top": [0.88 * top], "text": [f"plan: {words.count(planned)}"]})
    apart = abs(planned - curve.cheapest) > ROOM * reach
    layers = []
    for mark, dash, other in ((best, [3, 3], planned), (own, [1, 0], curve.cheapest)):
        at = float(mark["places"].iloc[0])
        # Marks that stand close together are named on their outer sides.
        left = at > (1 - ROOM) * reach if apart or at == other else at < other
        beside: dict[str, Any] = {"align": "right", "dx": -6} if left else {"align": "left", "dx": 6}
        layers += [
            alt.Chart(mark).mark_rule(color=colours.text, strokeDash=dash, strokeWidth=1.5).encode(x=x),
            alt.Chart(mark)
            .mark_text(**beside, fontSize=13, fontWeight="bold", color=colours.text)
            .encode(x=x, y=alt.Y("top:Q", scale=scale), text="text:N"),
        ]
    point = alt.Chart(best).mark_point(color=colours.forecast, filled=True, size=110, opacity=1)
    return [*layers, point.properties(name="cheapest").encode(x=x, y=alt.Y("total:Q", scale=scale))]


def _cost_tooltips(rows: pd.DataFrame, x: alt.X) -> alt.Chart:
    told = rows.assign(
        **{name: rows[name].map(cost_captions.pounds) for name in ("total", "plan_cost", "waiting_cost")}
    )
    chart: alt.Chart = (
        alt.Chart(told)
        .mark_rule(opacity=0, strokeWidth=16)
        .encode(
            x=x,
            tooltip=[
                alt.Tooltip("places:Q", title="Places"),
                alt.Tooltip("total:N", title="Together"),
                alt.Tooltip("plan_cost:N", title="Places"),
                alt.Tooltip("waiting_cost:N", title="Waiting"),
            ],
        )
    )
    return chart
