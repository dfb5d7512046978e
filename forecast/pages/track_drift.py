"""The section of Track record that says whether forecasts are still as good as they say, and since when not."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from forecast.charts import drift_charts
from forecast.pages import cards, downloads, drawing
from forecast.pages.track_sections import About
from forecast.reading import by_name
from forecast.watching.drift import Watched, watched
from forecast.wording import drift_words, track_words, words

HEADS = ["Measure and place", "How they are", "Range held on", "Lowest by chance", "In the middle half"]
HEADS += ["Highest by chance", "What came fell at", "Rests on"]


def faults(about: About) -> list[str]:
    """Return what is wrong with the forecasts that are looked at, in words."""
    return drift_words.warnings(_own(about, watched(about.run)), about.label, about.name)


def section(about: About) -> None:
    """Draw it, for what is looked at; the table tells all measures and places."""
    every = watched(about.run)
    own = _own(about, every)
    st.header(drift_words.HEADING, anchor=False)
    st.html(cards.plain(drift_words.finding(own, about.label, about.name)))
    if own.chart is not None:
        _charts(about, own, own.chart)
    st.html(cards.plain([drift_words.overall(every)]))
    for one in every:
        if one.faults and one is not own:
            st.html(cards.bullets(drift_words.warnings(one, by_name.label(one.metric), _place(about, one))))
    with st.expander("Every measure and place"):
        st.html(cards.plain([drift_words.WHAT_IT_IS]))
        st.html(cards.table("How the forecasts have done of late", HEADS, _rows(about, every)))
    name = f"in-control-{about.run.as_of:%Y-%m-%d}"
    downloads.button("Download how all of them do (CSV)", table(about), about.run, name)


def _own(about: About, every: Sequence[Watched]) -> Watched:
    return next(one for one in every if (one.metric, one.location) == (about.metric, about.place))


CHARTS = {
    "share": (drift_charts.share_chart, drift_words.HOW_SHARE, "Likely range held", "held"),
    "middle": (drift_charts.middle_chart, drift_words.HOW_MIDDLE, "Middle half held", "middle"),
    "place": (drift_charts.place_chart, drift_words.HOW_PLACE, "Where what came fell", "fell"),
}
"""What is charted -> how it is drawn, how to read it, its title and the name of its file."""


def _charts(about: About, own: Watched, chart: pd.DataFrame) -> None:
    simulated, name = about.run.simulated, f"{about.metric}-{about.place}"
    for column, (what, (draw, how, title, file)) in zip(st.columns(len(CHARTS)), CHARTS.items(), strict=True):
        with column:
            drawing.reading(how)
            text = drift_words.alternative(own, words.lower(about.label), about.name, what)
            head = [about.name, f"{title}, {drift_words.over(own)}"]
            made = drawing.of(draw, chart, head, simulated, colours=drawing.ink())
            drawing.show(made, text, about.run, f"{file}-of-late-{name}", what=f"{title} of late")
    with st.expander("Figures behind these charts"):
        rows = [
            [
                words.table_day(row["made"]),
                track_words.share(row["share"]),
                track_words.share(row["lowest"]),
                _share(row["middle"]),
                track_words.share(row["highest"]),
                track_words.share(row["place"]),
                f"{track_words.share(row['left'])} to {track_words.share(row['right'])}",
            ]
            for row in chart.to_dict("records")
        ]
        heads = ["To the forecast of", "Range held on", "Lowest by chance", "In the middle half", "Highest by chance"]
        heads += ["What came fell at", "By chance"]
        st.html(cards.table(f"{about.label}, {about.name}: {drift_words.over(own)}", heads, rows, ""))


def _rows(about: About, every: Sequence[Watched]) -> list[list[str]]:
    return [
        [
            f"{by_name.label(one.metric)}\n{_place(about, one)}",
            drift_words.state(one),
            *(_share(value) for value in _figures(one)),
            words.sentence(one.reason) if one.reason else drift_words.rests_on(one),
        ]
        for one in every
    ]


def table(about: About) -> pd.DataFrame:
    """Return the state of every measure and place, with the figures behind it."""
    every = watched(about.run)
    found = []
    for one in every:
        held, lowest, middle, highest, fell = _figures(one)
        who = {"place": _place(about, one), "location": one.location, "metric": one.metric}
        found.append(
            {
                **who,
                "measure": by_name.label(one.metric),
                "state": drift_words.state(one),
                "share_inside": held,
                "lowest_by_chance": lowest,
                "in_the_middle_half": middle,
                "highest_middle_by_chance": highest,
                "what_came_fell_at": fell,
                "weeks": one.weeks,
                "forecasts": one.points,
                "made_afterwards": one.afterwards,
                "rests_on": one.reason or drift_words.rests_on(one),
            }
        )
    return pd.DataFrame(found)


def _figures(one: Watched) -> tuple[float, ...]:
    lowest = highest = float("nan")
    if one.chart is not None:
        lowest, highest = map(float, one.chart[["lowest", "highest"]].iloc[-1])
    return one.share, lowest, one.middle, highest, one.place


def _share(value: float) -> str:
    return "" if pd.isna(value) else track_words.share(value)


def _place(about: About, one: Watched) -> str:
    return by_name.places(about.run)[one.location]
