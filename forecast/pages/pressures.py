"""Pressures: every other measure that the weekly run forecasts, as compact cards, and one of them in full."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from forecast.charts.spark import as_source, spark
from forecast.pages import cards, drawing, fans, pressure_cards, shell
from forecast.pages.address import choice, linked
from forecast.pages.waves import METRICS as WAVES
from forecast.reading import by_name
from forecast.reference import reference
from forecast.runs import Run
from forecast.wording import explanations, words
from forecast.wording import pressure_words as said

# Measures with a page of their own. (A text standing alone here would be shown on the page.)
ELSEWHERE = (by_name.BACKLOG, by_name.REMAINING, *WAVES.values())
DAYS = 60
NOT_IN_RUN = "it is not in this run; run 'forecast refit' to make a new one"


def page(run: Run) -> None:
    """Draw the page."""
    others = [metric for metric in reference().forecast_metrics() if metric.name not in ELSEWHERE]
    # What a wave brings stands last: it has its page.
    every = [metric.name for metric in sorted(others, key=lambda metric: metric.wave)]
    known = [metric for metric in every if metric in run.metrics]
    lacking = {metric: run.skipped.get(metric, NOT_IN_RUN) for metric in every if metric not in known}
    _lead(run, known)
    # Who came by the link of a card wants its chart, not the board again.
    first = bool(known) and linked("measure")
    if first:
        _full(run, known)
    _board(run, known, lacking)
    if known and not first:
        _full(run, known)


def _lead(run: Run, known: Sequence[str]) -> None:
    for county in run.counties:
        rows = {by_name.label(metric): by_name.rows(run, metric, county)[-1] for metric in known}
        st.html(cards.lead(said.headline(by_name.places(run)[county], rows) or [said.NOT_FORECAST]))
    st.html(cards.plain([said.INTRO]))


def _board(run: Run, known: Sequence[str], lacking: dict[str, str]) -> None:
    group = choice(
        "group",
        said.GROUPS,
        lambda key, values: st.pills("Cards", values, format_func=lambda one: said.GROUPS[one], key=key, required=True),
    )
    drawing.reading(said.READING)
    names = {code: reference().label(code) for code in by_name.places(run)}
    if group == "place":
        for code, name in names.items():
            st.header(name, anchor=False)
            st.html(cards.small([_card(run, metric, code, by_name.label(metric)) for metric in known]))
    else:
        for metric in known:
            st.header(by_name.label(metric), anchor=False)
            meaning = reference().metric(metric)
            st.html(cards.plain([words.sentence(meaning.definition)] if meaning else []))
            st.html(cards.small([_card(run, metric, code, name) for code, name in names.items()]))
    if lacking:
        st.header(said.NOT_FORECAST, anchor=False)
        st.html(cards.small([pressure_cards.without(by_name.label(one), why) for one, why in lacking.items()]))


def _card(run: Run, metric: str, code: str, title: str) -> str:
    fan = shell.fan_of(str(run.path), metric, code, DAYS)
    rows = by_name.rows(run, metric, code)
    return pressure_cards.card(
        title,
        rows,
        fan.data_to,
        f"pressures?measure={metric}&hospital={code}",
        picture=as_source(spark(fan, drawing.ink())),
        alternative=said.alternative(fan, rows),
        reason=run.cannot_say(metric).get(code, ""),
    )


def _full(run: Run, known: Sequence[str]) -> None:
    """Draw one measure at one place, large."""
    st.header(said.FULL_HEADING, anchor=False)
    measures, names = {metric: by_name.label(metric) for metric in known}, by_name.places(run)
    metric = choice(
        "measure",
        measures,
        lambda key, values: st.selectbox("Measure", values, format_func=lambda one: measures[one], key=key),
    )
    place = choice(
        "hospital",
        names,
        lambda key, values: st.pills("Place", values, format_func=lambda one: names[one], key=key, required=True),
    )
    rows = by_name.rows(run, metric, place)
    who = explanations.WHO.get(metric, words.lower(by_name.label(metric)))
    reason = run.cannot_say(metric).get(place, "")
    story = [*words.story(rows, names[place], who, run.as_of), reason and said.why(reason)]
    st.html(cards.plain([*filter(None, [*story, by_name.known(run, metric, place)])]))
    fans.days(fans.Subject(run, metric, place))
    if remarks := by_name.remarks(run, metric, [place]):
        st.html(cards.bullets(remarks))


shell.show("Pressures", page)
