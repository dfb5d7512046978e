"""Fit to leave: the chart of one place and one count, its table and its download."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from forecast.charts import fan_charts
from forecast.figures.fan import Fan
from forecast.pages import cards, fans, findings, shell
from forecast.pages.address import choice
from forecast.runs import Run
from forecast.wording import captions, explanations, season_captions, words

COUNTS = {
    shell.BACKLOG: "Before the day's discharges",
    shell.REMAINING: "Still in a bed at the end of the day",
}
WINDOWS = {"60": "2 months", "120": "4 months", "365": "1 year", "all": "All"}
USUAL_WINDOW = "120"
BASELINE = {"no": "Forecast only", "yes": "Compare with no change"}


def page(run: Run) -> None:
    """Draw the page."""
    names = shell.places(run)
    counts = {metric: text for metric, text in COUNTS.items() if metric in run.metrics}
    if not counts:
        reasons = [words.skipped(shell.label(m), run.skipped.get(m, "not in this run")) for m in COUNTS]
        st.html(cards.bullets(reasons))
        return
    place = choice("hospital", names, lambda key, values: _pick("Place", key, values, names))
    metric = choice("count", counts, lambda key, values: _pick("Count", key, values, counts))
    for one in COUNTS:
        st.markdown(f"**{COUNTS[one]}**: {explanations.COUNT_MEANS[one]}")
        if one in run.skipped:
            st.markdown(words.skipped(shell.label(one), run.skipped[one]))
    rarely = [words.rarely_counts(name, found) for name, found in shell.rare(run, metric, place).items()]
    for caution in rarely:
        st.warning(caution)
    st.html(cards.lead(_story(run, metric, place)))
    st.html(cards.plain([explanations.WEEKLY_AND_DAILY]))
    left, right = st.columns(2)
    with left:
        window = choice("history", WINDOWS, lambda key, values: _pick("History", key, values, WINDOWS), USUAL_WINDOW)
    with right:
        shown = choice("baseline", BASELINE, lambda key, values: _pick("Chart", key, values, BASELINE))
    days = None if window == "all" else int(window)
    fan = shell.fan_of(str(run.path), metric, place, days)
    _draw(fan, baseline=shown == "yes")
    if said := shell.held(run, metric, place):
        st.html(cards.plain([said]))
    if remarks := shell.remarks(run, metric, [place]):
        st.html(cards.bullets(remarks))
    if known := findings.worth_knowing(run, metric, place):
        with st.expander(f"{findings.HEADING}: {words.plural(len(known), 'remark')}"):
            st.html(cards.bullets(known))
    _figures(run, metric, place, fan, " ".join(rarely))
    _season(run, metric, place, " ".join(rarely))
    _others(run, place, days)


def _pick(label: str, key: str, values: Sequence[str], names: dict[str, str]) -> str | None:
    return st.pills(label, values, format_func=lambda value: names[value], key=key, required=True)


def _story(run: Run, metric: str, place: str) -> list[str]:
    """Say what This week says of the same place, and why where nothing can be said."""
    who = explanations.WHO.get(metric, words.lower(shell.label(metric)))
    directed = not shell.rare(run, metric, place)
    name = shell.places(run)[place]
    said = words.story(shell.rows(run, metric, place), name, who, run.as_of, directed)
    reason = run.cannot_say(metric).get(place, "")
    return [*said, *filter(None, [reason and f"Reason: {words.sentence(reason)}", shell.known(run, metric, place)])]


def _draw(fan: Fan, baseline: bool) -> None:
    if baseline:
        st.html(cards.plain([captions.left_out(fan) or explanations.NO_CHANGE]))
    st.html(cards.plain([captions.marks(fan, baseline, fan_charts.off_chart(fan))]))
    fans.chart(fan, baseline, captions.alternative(fan, baseline))


def _figures(run: Run, metric: str, place: str, fan: Fan, caution: str) -> None:
    with st.expander("Figures behind the chart"):
        fans.table(fan, "Day", f"{fan.place}: forecast of each day ({fan.unit}), with its {words.LIKELY}")
    fans.download("Download these figures (CSV)", f"{metric}-{place}", run, metric, place, fan, caution)


def _season(run: Run, metric: str, place: str, caution: str) -> None:
    """Draw the same paths far beyond the weeks of the forecast, or say why there are none."""
    st.header(season_captions.HEADING, anchor=False)
    if reason := run.no_outlook(metric):
        st.html(cards.plain([season_captions.missing(reason)]))
        return
    fan = fans.season_of(str(run.path), metric, place)
    if fan.forecast.empty:
        st.html(cards.plain([season_captions.missing(run.cannot_say(metric).get(place, "no usable value"))]))
        return
    first, handover = run.season_dates(metric)
    origin = run.last_observed(metric)
    known = season_captions.winters(first, origin)
    if warning := season_captions.too_short(first, known):
        st.warning(warning)
    st.html(cards.bullets(season_captions.ahead(fan)))
    said = [season_captions.handed_over(origin, handover, known), season_captions.learned(known)]
    st.html(cards.plain([*said, season_captions.marks(fan)]))
    fans.chart(fan, False, season_captions.alternative(fan))
    with st.expander("Figures behind the chart of the season"):
        fans.table(fan, "Week to", f"{fan.place}: average of each week ({fan.unit}), with its {words.LIKELY}")
    weekly = replace(fan, metric=f"{fan.metric}, average of the week to the date")
    fans.download("Download the season ahead (CSV)", f"season-{metric}-{place}", run, metric, place, weekly, caution)


def _others(run: Run, place: str, days: int | None) -> None:
    """Offer the same chart for the other measures of the run, one at a time."""
    others = {metric: shell.label(metric) for metric in run.metrics if metric not in COUNTS}
    if not others:
        return
    with st.expander("Other measures at the same place"):
        metric = choice(
            "measure",
            others,
            lambda key, values: st.selectbox("Measure", values, format_func=lambda one: others[one], key=key),
        )
        st.html(cards.plain(_story(run, metric, place)))
        _draw(shell.fan_of(str(run.path), metric, place, days), baseline=False)
        if said := shell.held(run, metric, place):
            st.html(cards.plain([said]))


shell.show("Fit to leave", page)
