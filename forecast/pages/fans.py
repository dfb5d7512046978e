"""Fan charts on a page, all drawn the same way: heading, finding, how to read it, chart, record, table, file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from forecast.charts import fan_charts
from forecast.figures.fan import Fan, season_fan
from forecast.pages import cards, downloads, drawing, shell
from forecast.pages.address import choice
from forecast.runs import Run, open_run
from forecast.wording import captions, explanations, season_captions, words

# A year back, so that the same weeks of last year stand beside those ahead.
PAST_WEEKS = 53
WINDOWS = {"60": "2 months", "120": "4 months", "365": "1 year", "all": "All"}
USUAL_WINDOW = "120"
BASELINE = {"no": "Forecast only", "yes": "Compare with no change"}


@dataclass(frozen=True)
class Subject:
    """Whose fan is drawn.

    Parameters
    ----------
    metric, place
        Measure and place by code.
    caution
        What a reader of a file of the figures must know; also said on the page that draws it.
    """

    run: Run
    metric: str
    place: str
    caution: str = ""


def days(subject: Subject) -> None:
    """Draw the section of the next weeks, day by day."""
    left, right = st.columns(2)
    with left:
        window = choice("history", WINDOWS, lambda key, values: _pick("History", key, values, WINDOWS), USUAL_WINDOW)
    with right:
        shown = choice("baseline", BASELINE, lambda key, values: _pick("Chart", key, values, BASELINE))
    run, metric, place = subject.run, subject.metric, subject.place
    fan = shell.fan_of(str(run.path), metric, place, None if window == "all" else int(window))
    baseline = shown == "yes"
    if baseline:
        st.html(cards.plain([captions.left_out(fan) or explanations.NO_CHANGE]))
    drawing.reading(captions.marks(fan, baseline, fan_charts.off_chart(fan)))
    _chart(subject, fan, baseline, captions.alternative(fan, baseline), f"{metric}-{place}")
    if said := shell.held(run, metric, place):
        st.html(cards.plain([said]))
    with st.expander("Figures behind the chart"):
        st.html(cards.plain([explanations.WEEKLY_AND_DAILY]))
        table(fan, "Day", f"{fan.place}: forecast of each day ({fan.unit}), with its {words.LIKELY}")
    _download("Download these figures (CSV)", f"{metric}-{place}", subject, fan)


def season(subject: Subject, story: Sequence[str], until: pd.Timestamp | None = None) -> None:
    """Draw the section of the season ahead, week by week; ``until``: where it ends, if before its last week."""
    run, metric, place = subject.run, subject.metric, subject.place
    fan = ends(season_of(str(run.path), metric, place), until)
    st.html(cards.bullets(season_captions.ahead(fan)))
    st.html(cards.plain(story))
    drawing.reading(season_captions.marks(fan))
    _chart(subject, fan, False, season_captions.alternative(fan), f"season-{metric}-{place}")
    with st.expander("Figures behind the chart of the season"):
        table(fan, "Week to", f"{fan.place}: average of each week ({fan.unit}), with its {words.LIKELY}")
    weekly = replace(fan, metric=f"{fan.metric}, average of the week to the date")
    _download("Download the season ahead (CSV)", f"season-{metric}-{place}", subject, weekly)


def ends(fan: Fan, until: pd.Timestamp | None) -> Fan:
    """Cut the outlook off after the week of a day, where it begins before."""
    if until is None:
        return fan
    within = fan.forecast["date"] <= until + pd.Timedelta(days=6)
    return replace(fan, forecast=fan.forecast[within].reset_index(drop=True)) if within.any() else fan


def table(fan: Fan, when: str, caption: str) -> None:
    """Show the forecast as a table; ``when`` heads its first column."""
    rows = [
        [words.table_day(row["date"]), *(words.count(row[name]) for name in ("low", "median", "high"))]
        for row in fan.forecast.to_dict("records")
    ]
    if rows:
        st.html(cards.table(caption, [when, "Low", "Middle", "High"], rows, kind=""))
    else:
        st.markdown("There is no forecast.")


@st.cache_data(max_entries=100, show_spinner=False)
def season_of(path: str, metric: str, place: str) -> Fan:
    """Fan of the season ahead of one metric and place of the run in ``path``."""
    run = open_run(path)
    every = shell.fan_of(path, metric, place, None)
    return season_fan(every, run.outlook(metric), place, run.history(metric), PAST_WEEKS)


def _pick(label: str, key: str, values: Sequence[str], names: dict[str, str]) -> str | None:
    return st.pills(label, values, format_func=lambda value: names[value], key=key, required=True)


def _chart(subject: Subject, fan: Fan, baseline: bool, text: str, name: str) -> None:
    chart = drawing.of(fan_charts.fan_chart, fan, baseline=baseline, colours=drawing.ink(), described=False)
    drawing.show(chart, text, subject.run, name, what="The season ahead" if fan.weekly else "The next weeks")


def _download(label: str, name: str, subject: Subject, fan: Fan) -> None:
    """Offer the fan as a CSV file."""
    found = downloads.fan_table(fan).assign(
        place=fan.place,
        location=subject.place,
        metric=subject.metric,
        measure=fan.metric,
        unit=fan.unit,
        caution=subject.caution,
    )
    downloads.button(label, found, subject.run, name, fan.data_to)
