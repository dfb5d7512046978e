"""Control charts: the record of past forecasts week by week, between the limits of chance."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from forecast.charts.fan_charts import LIGHT, Ink, framed, time_axis
from forecast.watching.limits import MIDDLE_SHOULD, SHOULD
from forecast.wording import captions, track_words

HEIGHT = 240
DOT = 45
_TOP = 1.2


def share_chart(chart: pd.DataFrame, title: Sequence[str], simulated: bool, *, colours: Ink = LIGHT) -> alt.LayerChart:
    """Draw the share of days inside the range: ``drift.CHART_COLUMNS``."""
    return _drawn(chart, "share", ["lowest"], SHOULD, "Inside the range", title, simulated, colours)


def middle_chart(chart: pd.DataFrame, title: Sequence[str], simulated: bool, *, colours: Ink = LIGHT) -> alt.LayerChart:
    """Draw the share of days inside the middle half of the forecast: ``drift.CHART_COLUMNS``."""
    return _drawn(chart, "middle", ["highest"], MIDDLE_SHOULD, "In the middle half", title, simulated, colours)


def place_chart(chart: pd.DataFrame, title: Sequence[str], simulated: bool, *, colours: Ink = LIGHT) -> alt.LayerChart:
    """Draw where in the forecast what came fell: ``drift.CHART_COLUMNS``."""
    return _drawn(chart, "place", ["left", "right"], 0.5, "Where it fell", title, simulated, colours)


def _drawn(
    chart: pd.DataFrame,
    what: str,
    edges: Sequence[str],
    right: float,
    name: str,
    title: Sequence[str],
    simulated: bool,
    colours: Ink,
) -> alt.LayerChart:
    scale = alt.Scale(domain=[0, _TOP], nice=False)
    axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format="%")
    shown = chart.rename(columns={"made": "date"}).assign(text=chart[what].map(track_words.share))
    shown["limits"] = [" and ".join(track_words.share(row[edge]) for edge in edges) for row in chart.to_dict("records")]
    base = alt.Chart(shown).encode(x=time_axis(colours), y=alt.Y(f"{what}:Q", title=None, scale=scale, axis=axis))
    level = pd.DataFrame({"should": [right], "top": [_TOP]})
    said = level.assign(text=f"Dashed: {track_words.share(right)} would be right. Dotted: by chance")
    tips = [
        alt.Tooltip("date:T", title="To the forecast of", format="%-d %B %Y"),
        alt.Tooltip("text:N", title=name),
        alt.Tooltip("limits:N", title="Limits of chance" if len(edges) > 1 else "Limit of chance"),
        alt.Tooltip("points:Q", title="Forecasts"),
    ]
    layers = [
        alt.Chart(level)
        .mark_rule(color=colours.text, strokeDash=[6, 4], strokeWidth=1.5)
        .properties(name="should")
        .encode(y=alt.Y("should:Q", scale=scale, title=None)),
        *(
            alt.Chart(shown)
            .mark_line(color=colours.text, strokeDash=[2, 3], strokeWidth=2, interpolate="step-after")
            .properties(name=f"limit_{edge}")
            .encode(x=time_axis(colours), y=alt.Y(f"{edge}:Q", scale=scale, title=None))
            for edge in edges
        ),
        base.mark_line(color=colours.forecast, strokeWidth=2).properties(name="moving"),
        base.mark_circle(color=colours.forecast, size=DOT, opacity=1).properties(name="dots").encode(tooltip=tips),
        alt.Chart(said)
        .mark_text(align="left", baseline="top", dx=4, fontSize=13, color=colours.text)
        .properties(name="words")
        .encode(x=alt.value(0), y=alt.Y("top:Q", scale=scale, title=None), text="text:N"),
    ]
    return framed(layers, list(title), captions.subtitle(simulated), colours, HEIGHT)
