"""Charts of what the forecasts were worth: one forecast against what came, and how a record of them holds up."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from forecast.charts.fan_charts import HEADROOM, LIGHT, Ink, band_layers, every_day, framed, time_axis
from forecast.evaluation.scoring import BASELINE
from forecast.figures.fan import Fan
from forecast.wording import captions, track_words, words

HEIGHT = 380
SMALL = 260
ROW = 56
DOT = 110
RIGHT = 0.9
FOOT = 0.06


def replay_chart(fan: Fan, came: pd.DataFrame, *, colours: Ink = LIGHT) -> alt.LayerChart:
    """Draw one forecast and what came: the days before it, its bands, and every day since.

    Parameters
    ----------
    fan
        ``published``: days up to the forecast's newest datum; ``forecast``: the bands.
    came
        date, observed, low, median, high, held of each day forecast.
    """
    top = HEADROOM * float(max([*fan.published["value"], *fan.forecast["high"], *came["observed"].dropna(), 1.0]))
    scale = alt.Scale(domain=[0, top], nice=False)
    layers = [
        *band_layers(fan, colours, scale, top),
        *_line(fan.published[["date", "value"]], "before", colours, scale),
        *_line(_onwards(fan, came), "came", colours, scale),
        *_dots(came, colours, scale),
        *_made(fan, colours, scale, top),
        _tooltips(fan, came),
    ]
    return framed(layers, captions.title(fan), captions.subtitle(fan.simulated), colours, HEIGHT)


def _onwards(fan: Fan, came: pd.DataFrame) -> pd.DataFrame:
    """Return what came, from the newest day known before it on, so that the line goes on."""
    days = came.rename(columns={"observed": "value"})[["date", "value"]]
    return pd.concat([fan.published[["date", "value"]].tail(1), days], ignore_index=True)


def _line(rows: pd.DataFrame, name: str, colours: Ink, scale: alt.Scale) -> list[alt.Chart]:
    days = pd.DataFrame({"date": every_day(rows["date"])}).merge(rows, on="date", how="left")
    base = alt.Chart(days).encode(x=time_axis(colours), y=alt.Y("value:Q", title=None, scale=scale))
    return [base.mark_line(color=colours.history, strokeWidth=2).properties(name=name)]


def _dots(came: pd.DataFrame, colours: Ink, scale: alt.Scale) -> list[alt.Chart]:
    """Draw what came: a filled dot inside the likely range, a larger hollow one outside it."""
    known = came[came["observed"].notna()].assign(outside=[held is False for held in came["held"].dropna()])
    layers = []
    for name, outside, size in (("inside", False, 26), ("outside", True, 75)):
        rows = known[known["outside"] == outside]
        if len(rows):
            layers.append(
                alt.Chart(rows[["date", "observed"]])
                .mark_point(color=colours.history, filled=not outside, size=size, strokeWidth=2, opacity=1)
                .properties(name=name)
                .encode(x="date:T", y=alt.Y("observed:Q", scale=scale))
            )
    return layers


def _made(fan: Fan, colours: Ink, scale: alt.Scale, top: float) -> list[alt.Chart]:
    """Draw the day the forecast was made."""
    at = pd.DataFrame({"date": [fan.as_of], "low": [0.0], "top": [top]})
    said = at.assign(text=f"made {words.short_day(fan.as_of)}")
    return [
        alt.Chart(at)
        .mark_rule(color=colours.text, strokeDash=[3, 3], strokeWidth=1.5)
        .properties(name="made")
        .encode(x="date:T", y=alt.Y("low:Q", scale=scale), y2="top:Q"),
        alt.Chart(said)
        .mark_text(align="left", baseline="top", dx=7, fontSize=13, color=colours.text)
        .encode(x="date:T", y=alt.Y("top:Q", scale=scale), text="text:N"),
    ]


def _tooltips(fan: Fan, came: pd.DataFrame) -> alt.Chart:
    rows = pd.DataFrame(
        {
            "date": came["date"],
            "came": ["not known" if pd.isna(value) else words.count(value) for value in came["observed"]],
            "middle": came["median"].map(words.count),
            "span": [words.span(low, high) for low, high in zip(came["low"], came["high"], strict=True)],
            "held": [track_words.inside(value) for value in came["held"]],
        }
    )
    chart: alt.Chart = (
        alt.Chart(rows)
        .mark_rule(opacity=0, strokeWidth=10)
        .properties(name="tooltips")
        .encode(
            x="date:T",
            tooltip=[
                alt.Tooltip("date:T", title="Week to" if fan.weekly else "Date", format="%A %-d %B %Y"),
                alt.Tooltip("came:N", title="What came"),
                alt.Tooltip("middle:N", title="Middle of the forecast"),
                alt.Tooltip("span:N", title="Likely range (9 in 10)"),
                alt.Tooltip("held:N", title="Inside the likely range"),
            ],
        )
    )
    return chart


def week_chart(rows: pd.DataFrame, title: Sequence[str], simulated: bool, *, colours: Ink = LIGHT) -> alt.LayerChart:
    """Draw how often the range held by week ahead: week, share, days."""
    shown = rows.assign(name=[f"week {int(week)}" for week in rows["week"]])
    x = alt.X("name:N", title=None, sort=list(shown["name"]), axis=alt.Axis(labelAngle=0, tickColor=colours.text))
    tip = alt.Tooltip("name:N", title="Ahead")
    return _shares(shown, x, tip, title, simulated, colours, labels=True)


def origin_chart(rows: pd.DataFrame, title: Sequence[str], simulated: bool, *, colours: Ink = LIGHT) -> alt.LayerChart:
    """Draw how often the range of each forecast held: origin, share, days."""
    shown = rows.rename(columns={"origin": "date"})
    tip = alt.Tooltip("date:T", title="Made", format="%-d %B %Y")
    return _shares(shown, time_axis(colours), tip, title, simulated, colours, labels=len(rows) <= 8)


def _shares(
    rows: pd.DataFrame,
    x: alt.X,
    tip: alt.Tooltip,
    title: Sequence[str],
    simulated: bool,
    colours: Ink,
    labels: bool,
) -> alt.LayerChart:
    scale = alt.Scale(domain=[0, 1.2], nice=False)
    y = alt.Y("share:Q", title=None, scale=scale, axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format="%"))
    shown = rows.assign(text=rows["share"].map(track_words.share))
    base = alt.Chart(shown).encode(x=x, y=y)
    tips = [tip, alt.Tooltip("text:N", title="Held on"), alt.Tooltip("days:Q", title="Days known")]
    layers = [
        *_right(colours, scale),
        base.mark_circle(color=colours.forecast, size=DOT, opacity=1).properties(name="held").encode(tooltip=tips),
    ]
    if labels:
        # In a row at the foot, where neither dots nor the dashed line run through the figures.
        foot = base.encode(x=x, y=alt.datum(FOOT, type="quantitative", scale=scale), text="text:N")
        layers.append(foot.mark_text(fontSize=13, color=colours.text).properties(name="figures"))
    return framed(layers, list(title), captions.subtitle(simulated), colours, SMALL)


def _right(colours: Ink, scale: alt.Scale) -> list[alt.Chart]:
    """Draw the line at which nine in ten would hold, with its words above all dots."""
    at = pd.DataFrame({"share": [RIGHT], "top": [1.2], "text": ["Dashed line: about 90% would be right"]})
    rule = alt.Chart(at).mark_rule(color=colours.text, strokeDash=[6, 4], strokeWidth=1.5)
    text = alt.Chart(at).mark_text(align="left", baseline="top", dx=4, fontSize=13, color=colours.text)
    return [
        rule.properties(name="right").encode(y=alt.Y("share:Q", scale=scale, title=None)),
        text.encode(x=alt.value(0), y=alt.Y("top:Q", scale=scale, title=None), text="text:N"),
    ]


def relative_chart(
    rows: pd.DataFrame, title: Sequence[str], simulated: bool, *, colours: Ink = LIGHT
) -> alt.LayerChart:
    """Draw each model's score over that of no change: model, relative_wis; left is closer."""
    known = rows[rows["relative_wis"].notna()]
    shown = pd.DataFrame(
        {
            "place": range(len(known)),
            "ratio": known["relative_wis"].to_numpy(),
            "name": [track_words.model(name) for name in known["model"]],
            "said": [track_words.closer(ratio) for ratio in known["relative_wis"]],
        }
    )
    shown["text"] = shown["name"] + [
        "" if model == BASELINE else f": {said}" for model, said in zip(known["model"], shown["said"], strict=True)
    ]
    furthest = max(0.25, float((shown["ratio"] - 1).abs().max()) * 1.15)
    x = alt.X(
        "ratio:Q",
        title=None,
        scale=alt.Scale(domain=[1 - furthest, 1 + furthest], nice=False),
        axis=None,
    )
    y = alt.Y("place:Q", axis=None, scale=alt.Scale(domain=[len(shown) - 0.1, -0.75], nice=False))
    base = alt.Chart(shown).encode(x=x, y=y)
    # A short line at each row, so that none runs through the words between the rows.
    line = pd.DataFrame({"ratio": 1.0, "place": shown["place"] - 0.2, "to": shown["place"] + 0.2})
    ends = alt.Chart(
        pd.DataFrame({"ratio": [1.0], "place": [len(shown) - 0.35], "left": ["closer"], "right": ["further off"]})
    )
    words_at = ends.encode(x=x, y=y)
    layers = [
        alt.Chart(line)
        .mark_rule(color=colours.text, strokeWidth=2)
        .properties(name="no_change")
        .encode(x=x, y=y, y2="to:Q"),
        base.mark_rule(color=colours.forecast, strokeWidth=2).encode(x2=alt.datum(1.0)),
        base.mark_circle(color=colours.forecast, size=DOT, opacity=1)
        .properties(name="relative")
        .encode(tooltip=[alt.Tooltip("name:N", title="Model"), alt.Tooltip("said:N", title="Than no change")]),
        base.mark_text(align="left", baseline="bottom", dy=-9, fontSize=13, color=colours.text).encode(
            x=alt.value(0), text="text:N"
        ),
        words_at.mark_text(align="right", dx=-8, fontSize=13, color=colours.text).encode(text="left:N"),
        words_at.mark_text(align="left", dx=8, fontSize=13, color=colours.text).encode(text="right:N"),
    ]
    return framed(layers, list(title), captions.subtitle(simulated), colours, ROW * len(shown) + 40)


def reliability_chart(
    rows: pd.DataFrame, title: Sequence[str], simulated: bool, *, colours: Ink = LIGHT
) -> alt.LayerChart:
    """Draw the share of outcomes below each level of the forecast: level, share."""
    scale = alt.Scale(domain=[0, 1], nice=False)
    axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format="%", labelFlush=False)
    x = alt.X("level:Q", title=None, scale=scale, axis=axis)
    y = alt.Y("share:Q", title=None, scale=scale, axis=axis)
    ends = alt.Chart(pd.DataFrame({"level": [0.0, 1.0], "share": [0.0, 1.0]}))
    shown = rows.assign(
        should=rows["level"].map(lambda value: f"{100 * value:g}%"), did=rows["share"].map(track_words.share)
    )
    base = alt.Chart(shown).encode(x=x, y=y)
    layers = [
        ends.mark_line(color=colours.text, strokeDash=[6, 4], strokeWidth=1.5)
        .properties(name="right")
        .encode(x=x, y=y),
        base.mark_line(color=colours.forecast, strokeWidth=2),
        base.mark_circle(color=colours.forecast, size=70, opacity=1)
        .properties(name="reliability")
        .encode(
            tooltip=[alt.Tooltip("should:N", title="Should lie below"), alt.Tooltip("did:N", title="Did lie below")]
        ),
    ]
    return framed(layers, list(title), captions.subtitle(simulated), colours, SMALL)


def parts_chart(rows: pd.DataFrame, title: Sequence[str], simulated: bool, *, colours: Ink = LIGHT) -> alt.LayerChart:
    """Draw where in the forecast outcomes fell: part, share, should; highest part on top."""
    shown = rows.assign(
        name=list(track_words.PART_NAMES),
        text=[
            f"{name}: {track_words.share(share)}, {track_words.share(should)} would be right"
            for name, share, should in zip(track_words.PART_NAMES, rows["share"], rows["should"], strict=True)
        ],
    )
    most = max(0.3, 1.1 * float(max(rows["share"].max(), rows["should"].max())))
    x = alt.X(
        "share:Q",
        title=None,
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=alt.Axis(format="%", tickCount=4, grid=False),
    )
    y = alt.Y("part:Q", axis=None, scale=alt.Scale(domain=[-0.5, len(shown) - 0.25], nice=False))
    base = alt.Chart(shown).encode(x=x, y=y)
    marks = alt.Chart(shown).encode(x=alt.X("should:Q", scale=alt.Scale(domain=[0, most], nice=False)), y=y)
    layers = [
        base.mark_rule(color=colours.forecast, strokeWidth=10)
        .properties(name="parts")
        .encode(x2=alt.datum(0.0), tooltip=[alt.Tooltip("text:N", title="Part")]),
        marks.mark_tick(color=colours.text, size=24, thickness=3, orient="vertical").properties(name="should"),
        base.mark_text(align="left", baseline="bottom", dy=-13, fontSize=13, color=colours.text).encode(
            x=alt.value(2), text="text:N"
        ),
    ]
    return framed(layers, list(title), captions.subtitle(simulated), colours, 46 * len(shown) + 20)
