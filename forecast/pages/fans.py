"""A fan chart on a page: the chart with its text alternative, the table behind it, its download."""

from __future__ import annotations

import streamlit as st

from forecast.charts import fan_charts
from forecast.figures.fan import Fan, season_fan
from forecast.pages import cards, downloads, shell
from forecast.runs import Run, open_run
from forecast.wording import words

# A year back, so that the same weeks of last year stand beside those ahead.
PAST_WEEKS = 53


def chart(fan: Fan, baseline: bool, text: str) -> None:
    """Draw the chart, and its text alternative for everybody."""
    colours = fan_charts.ink(st.context.theme.type)
    st.altair_chart(fan_charts.fan_chart(fan, baseline=baseline, colours=colours, described=False), alt=text)
    st.caption(text)


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


def download(label: str, name: str, run: Run, metric: str, place: str, fan: Fan, caution: str = "") -> None:
    """Offer the fan as a CSV file."""
    found = downloads.fan_table(fan).assign(
        place=fan.place, location=place, metric=metric, measure=fan.metric, unit=fan.unit, caution=caution
    )
    downloads.button(label, found, run, name, fan.data_to)


@st.cache_data(max_entries=100, show_spinner=False)
def season_of(path: str, metric: str, place: str) -> Fan:
    """Fan of the season ahead of one metric and place of the run in ``path``."""
    run = open_run(path)
    every = shell.fan_of(path, metric, place, None)
    return season_fan(every, run.outlook(metric), place, run.history(metric), PAST_WEEKS)
