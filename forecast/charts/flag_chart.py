"""A published series with what looks wrong or worth knowing marked on it."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt
import pandas as pd

from forecast.charts import fan_charts
from forecast.charts.fan_charts import Ink
from forecast.wording import captions, flag_words, words

HEIGHT = 340
LEAST_TOP = 4.0
"""The axis of counts reaches at least this far, so that one patient does not fill the chart."""
FEW = 40
"""More marks than this are drawn smaller."""
NUMBER_GAP = 0.03
"""Numbers of marks stand at least this share of the window apart; a nearer mark is found by its day in the table."""
SHAPES = {"wrong": "cross", "gap": "triangle-down", "remark": "diamond"}
MEANS = {
    "wrong": "✚ Crosses: figures left out of the forecast.",
    "gap": "▼ Triangles at the foot: days without a figure that was due.",
    "remark": "◇ Diamonds: remarks; the figures are kept.",
}


@dataclass(frozen=True)
class Marked:
    """One measure at one hospital over a window, ready to draw and describe.

    Parameters
    ----------
    metric, place, unit
        What a person calls them.
    published
        One row a day: date, value.
    spells
        One row a run of days flagged for one reason, the newest first: number, first, last, flag, note.
    days
        One row a flagged day: date, number, note, kind (of ``SHAPES``), value (zero where there is none).
    simulated
        Whether the figures are the simulated twin's.
    """

    metric: str
    place: str
    unit: str
    published: pd.DataFrame
    spells: pd.DataFrame
    days: pd.DataFrame
    simulated: bool = False


def make_marked(
    *,
    metric: str,
    place: str,
    unit: str,
    values: pd.Series,
    flags: pd.DataFrame,
    spells: pd.DataFrame,
    since: pd.Timestamp | None = None,
    simulated: bool = False,
) -> Marked:
    """Put together what is drawn.

    Parameters
    ----------
    values
        The series as published, NaN where nothing was.
    flags
        date, flag, note of this series.
    spells
        The same in runs of days: first, last, flag, note.
    since
        Draw only what comes after this day; a remark on an earlier one is still listed.
    """
    there = values.dropna()
    there = there if since is None else there[there.index > since]
    published = pd.DataFrame({"date": there.index, "value": there.to_numpy(dtype=float)})
    kept = spells.sort_values(["last", "first"], ascending=False, kind="stable", ignore_index=True)
    kept = kept.assign(number=range(1, len(kept) + 1))
    rows = flags.assign(value=values.reindex(flags["date"]).to_numpy(dtype=float))
    rows["kind"] = [
        "remark" if flag_words.remark(str(flag)) else "gap" if pd.isna(value) else "wrong"
        for flag, value in zip(rows["flag"], rows["value"], strict=True)
    ]
    rows["number"] = [_number(kept, row) for row in rows.to_dict("records")]
    rows["value"] = rows["value"].fillna(0.0)
    rows = rows if since is None else rows[rows["date"] > since]
    return Marked(metric, place, unit, published, kept, rows, simulated)


def _number(spells: pd.DataFrame, row: dict[object, object]) -> int:
    inside = (spells["first"] <= row["date"]) & (row["date"] <= spells["last"]) & (spells["note"] == row["note"])
    return int(spells.loc[inside, "number"].iloc[0])


def alternative(marked: Marked) -> str:
    """Return the text alternative: what the chart shows and what it finds."""
    said = [f"Line chart of {words.lower(marked.metric)}, {marked.place} ({marked.unit}), as published."]
    rows = marked.published
    if len(rows):
        said.append(f"From {words.short_day(rows['date'].iloc[0])} to {words.short_day(rows['date'].iloc[-1])}.")
    else:
        said.append("No figure was published.")
    counts = marked.days["kind"].value_counts()
    wrong, gaps, remarks = (int(counts.get(kind, 0)) for kind in SHAPES)
    if wrong:
        said.append(f"{words.plural(wrong, 'figure')} looked wrong and {_were(wrong)} left out of the forecast.")
    if gaps:
        said.append(f"On {words.plural(gaps, 'day')} no figure came although one was due.")
    if remarks:
        said.append(f"{words.plural(remarks, 'remark')} on the series; the figures are kept.")
    if not len(marked.days):
        said.append("Nothing in it looks wrong.")
    return " ".join(said)


def _were(many: int) -> str:
    return "was" if many == 1 else "were"


def means(marked: Marked) -> list[str]:
    """Say what the shapes in this chart are."""
    there = set(marked.days["kind"])
    said = [text for kind, text in MEANS.items() if kind in there]
    return [*said, "The numbers are those of the list below the chart."] if said else []


def flag_chart(marked: Marked, colours: Ink) -> alt.LayerChart:
    """Draw the series with its marks and their numbers."""
    top = fan_charts.HEADROOM * max(LEAST_TOP, *marked.published["value"])
    low = min(0.0, *marked.published["value"])
    y = alt.Y(
        "value:Q", title=None, scale=alt.Scale(domain=[low, top], nice=False), axis=alt.Axis(tickCount=5, tickMinStep=1)
    )
    # Half a date on either side: nothing is drawn after the last day, and its name must not be cut off.
    x = fan_charts.time_axis(colours).scale(padding=22)
    out = marked.days.loc[marked.days["kind"] == "wrong", "date"]
    line = marked.published.assign(value=marked.published["value"].mask(marked.published["date"].isin(out)))
    every = pd.DataFrame({"date": fan_charts.every_day(line["date"])}).merge(line, on="date", how="left")
    layers = [
        alt.Chart(every)
        .mark_line(color=colours.history, strokeWidth=2)
        .properties(name="published")
        .encode(x=x, y=y, tooltip=_tooltip())
    ]
    if len(marked.days):
        layers += _marks(marked, x, y, colours)
    chart: alt.LayerChart = fan_charts.framed(
        layers,
        [marked.place, f"{marked.metric} ({marked.unit})"],
        captions.subtitle(marked.simulated),
        colours,
        HEIGHT,
    )
    return chart


def _marks(marked: Marked, x: alt.X, y: alt.Y, colours: Ink) -> list[alt.Chart]:
    days = marked.days.assign(what=[flag_words.label(str(flag)) for flag in marked.days["flag"]])
    scale = alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    solid = alt.Scale(domain=list(SHAPES), range=[colours.forecast, colours.text, colours.forecast])
    base = alt.Chart(days).encode(
        x=x,
        y=y,
        shape=alt.Shape("kind:N", scale=scale, legend=None),
        tooltip=[
            *_tooltip(),
            alt.Tooltip("what:N", title="What"),
            alt.Tooltip("note:N", title="Why"),
        ],
    )
    size, width = (90, 2.0) if len(days) <= FEW else (30, 1.2)
    points = base.mark_point(size=size, strokeWidth=width, filled=False).properties(name="marks")
    numbers = alt.Chart(numbered(marked)).encode(x=x, y=y, text="number:N")
    return [
        points.encode(color=alt.Color("kind:N", scale=solid, legend=None)),
        numbers.mark_text(dy=-15, fontSize=13, fontWeight="bold", color=colours.text).properties(name="numbers"),
    ]


def numbered(marked: Marked) -> pd.DataFrame:
    """First day of each spell, where its number stands; one too near the number before it goes without."""
    first = marked.days.sort_values("date", kind="stable").drop_duplicates("number")
    dates = pd.concat([marked.published["date"], marked.days["date"]])
    apart = NUMBER_GAP * (dates.max() - dates.min())
    kept, last = [], None
    for row in first.to_dict("records"):
        if last is None or row["date"] - last >= apart:
            kept.append(row)
            last = row["date"]
    return pd.DataFrame(kept, columns=first.columns)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("date:T", title="Date", format="%A %-d %B %Y"),
        alt.Tooltip("value:Q", title="Published", format=",.0f"),
    ]
