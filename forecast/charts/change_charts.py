"""What each cause added to a forecast since the run before, as steps. Drawn as in ``fan_charts``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from forecast.charts.fan_charts import Ink, framed
from forecast.figures.change_frames import CHANGE
from forecast.wording import captions
from forecast.wording.change_words import SHORT, signed

ROW = 26
LEAST_REACH = 2.0
"""People a day that the axis reaches on either side at the least: a change of one is no mountain."""
NAMES, FIGURES = 0.8, 0.3
"""Room left of the steps for their names, and right of them for their figures, as a share of the steps' own width."""
WHOLE = "whole change"


def change_chart(
    steps: pd.DataFrame, names: Mapping[str, str], title: Sequence[str], simulated: bool, colours: Ink
) -> alt.LayerChart:
    """Draw, of each place, what each cause added, one step after the other, and the whole change as a bar.

    Parameters
    ----------
    steps
        Columns ``change_frames.STEP_COLUMNS``.
    names
        Place to the line that heads its steps: "Norfolk: about 380 then, 374 now".
    title
        Lines above the chart.
    simulated
        Mark the chart as simulated.
    colours
        Colours of the background it stands on.
    """
    rows = steps.assign(
        label=[WHOLE if part == CHANGE else SHORT[part] for part in steps["part"]],
        text=[signed(amount) for amount in steps["amount"]],
        shape=["right" if amount > 0 else "left" if amount < 0 else "none" for amount in steps["amount"]],
        whole=steps["part"] == CHANGE,
        far=steps[["start", "end"]].max(axis=1),
    )
    low = min(-LEAST_REACH, float(steps[["start", "end"]].to_numpy().min()))
    high = max(LEAST_REACH, float(rows["far"].max()))
    heads = steps.groupby("place", sort=False)["row"].min().sub(1).reset_index()
    heads = heads.assign(text=heads["place"].map(names))
    count = int(steps["row"].max()) + 1
    y = _rows("row", count)
    wide = high - low
    scale = alt.Scale(domain=[low - NAMES * wide, high + FIGURES * wide], nice=False)
    x = alt.X(
        "start:Q",
        title="people a day more or fewer than then",
        scale=scale,
        axis=alt.Axis(
            tickMinStep=1,
            tickCount=6,
            labelExpr=f"inrange(datum.value, [{low}, {high}]) ? datum.value ? format(datum.value, '+,d') : '0' : ''",
            grid=False,
            ticks=False,
            titleColor=colours.text,
            titleFontWeight="normal",
            titleFontSize=13,
        ),
    )
    base = alt.Chart(rows).encode(y=y)
    single, total = (base.transform_filter(f"datum.whole == {flag}") for flag in ("false", "true"))
    labels = alt.Chart(rows).encode(y=y, x=alt.value(0), text="label:N")
    figures = base.encode(x=alt.X("far:Q", scale=scale), text="text:N")
    style: dict[str, Any] = {"fontSize": 13, "color": colours.text, "baseline": "middle"}
    layers = [
        # Broken where a place is named, so that it strikes nothing through.
        alt.Chart(_zero(steps)).mark_rule(color=colours.text, strokeWidth=1.5).encode(x=x, y=y, y2="last:Q"),
        single.mark_bar(color=colours.history, height=8).properties(name="steps").encode(x=x, x2="end:Q"),
        total.mark_bar(color=colours.forecast, height=14).properties(name="changes").encode(x=x, x2="end:Q"),
        *(
            single.transform_filter(f"datum.shape == '{side}'")
            .mark_point(shape=f"triangle-{side}", filled=True, size=90, color=colours.history, opacity=1)
            .encode(x=alt.X("end:Q", scale=scale))
            for side in ("left", "right")
        ),
        labels.transform_filter("!datum.whole").mark_text(align="left", **style),
        labels.transform_filter("datum.whole").mark_text(align="left", fontWeight="bold", **style),
        figures.transform_filter("!datum.whole").mark_text(align="left", dx=9, **style),
        figures.transform_filter("datum.whole").mark_text(align="left", dx=9, fontWeight="bold", **style),
        alt.Chart(heads)
        .mark_text(align="left", fontWeight="bold", dy=3, **style)
        .properties(name="places")
        .encode(y=y, x=alt.value(0), text="text:N"),
    ]
    return framed(layers, list(title), captions.subtitle(simulated), colours, ROW * count + ROW)


def _zero(steps: pd.DataFrame) -> pd.DataFrame:
    """The line of no change beside the rows of each place."""
    rows = steps.groupby("place", sort=False)["row"].agg(["min", "max"])
    return pd.DataFrame({"start": 0, "row": rows["min"] - 0.45, "last": rows["max"] + 0.45})


def _rows(field: str, count: int) -> alt.Y:
    """Rows from the top, without an axis: each row is named in place."""
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[-0.6, count - 0.4], reverse=True, nice=False))
