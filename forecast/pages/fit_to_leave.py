"""Fit to leave: the chart of one place and one count, its table and its download."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from forecast import charts, words
from forecast.fan import Fan, rarely_counts
from forecast.pages import cards, downloads, shell
from forecast.runs import Run

COUNTS = {
    shell.BACKLOG: "Before the day's discharges",
    shell.REMAINING: "Still in a bed at the end of the day",
}
WINDOWS = {"120": "4 months", "60": "2 months", "365": "1 year", "all": "All of it"}
BASELINE = {"no": "Forecast only", "yes": "Compare with no change"}


def page(run: Run) -> None:
    """Draw the page."""
    names = shell.places(run)
    counts = {metric: text for metric, text in COUNTS.items() if metric in run.metrics}
    if not counts:
        reasons = [words.skipped(shell.label(m), run.skipped.get(m, "not in this run")) for m in COUNTS]
        st.html(cards.bullets(reasons))
        return
    place = shell.choice("hospital", names, lambda key, values: _pick("Place", key, values, names))
    metric = shell.choice("count", counts, lambda key, values: _pick("Count", key, values, counts))
    for one in COUNTS:
        st.markdown(f"**{COUNTS[one]}**: {words.COUNT_MEANS[one]}")
        if one in run.skipped:
            st.markdown(words.skipped(shell.label(one), run.skipped[one]))
    _cautions(run, metric, place)
    left, right = st.columns(2)
    with left:
        window = shell.choice("history", WINDOWS, lambda key, values: _pick("History", key, values, WINDOWS))
    with right:
        shown = shell.choice("baseline", BASELINE, lambda key, values: _pick("Chart", key, values, BASELINE))
    _chart(run, metric, place, None if window == "all" else int(window), baseline=shown == "yes")
    _others(run, place, None if window == "all" else int(window))


def _pick(label: str, key: str, values: Sequence[str], names: dict[str, str]) -> str | None:
    return st.pills(label, values, format_func=lambda value: names[value], key=key, required=True)


def _cautions(run: Run, metric: str, place: str) -> None:
    """Warn where the chosen count does not tell who waits."""
    if metric != shell.REMAINING or shell.BACKLOG not in run.metrics:
        return
    remaining, patients = run.history(metric), run.history(shell.BACKLOG)
    names = shell.places(run)
    for code in run.members(place) if place in run.counties else [place]:
        if found := rarely_counts(remaining[code], patients[code]):
            st.warning(words.rarely_counts(names[code], found))


def _chart(run: Run, metric: str, place: str, days: int | None, baseline: bool) -> None:
    fan = shell.fan_of(str(run.path), metric, place, days)
    reason = shell.not_said(run, metric).get(place)
    if reason:
        st.warning(words.cannot_say(fan.metric, fan.place, reason))
    st.html(cards.lead([words.finding(fan)]))
    _draw(fan, baseline)
    st.html(cards.bullets(shell.remarks(run, metric, [place])))
    _figures(run, metric, place, fan)


def _draw(fan: Fan, baseline: bool) -> None:
    colours = charts.ink(st.context.theme.type)
    text = words.alternative(fan, baseline)
    chart = charts.fan_chart(fan, baseline=baseline, colours=colours, described=False)
    st.altair_chart(chart, alt=text)
    st.caption(text)


def _figures(run: Run, metric: str, place: str, fan: Fan) -> None:
    table = downloads.fan_table(fan)
    with st.expander("Figures behind the chart"):
        st.dataframe(
            fan.forecast[["date", "low", "median", "high"]],
            hide_index=True,
            column_config={
                "date": st.column_config.DateColumn("Date", format="dddd D MMMM YYYY"),
                "low": st.column_config.NumberColumn("Likely low", format="localized"),
                "median": st.column_config.NumberColumn("Middle", format="localized"),
                "high": st.column_config.NumberColumn("Likely high", format="localized"),
            },
            alt=f"Forecast of each day: likely low, middle and likely high. {words.finding(fan)}",
        )
    full = downloads.with_origin(table.assign(place=fan.place, location=place, metric=metric), run, fan.data_to)
    st.download_button(
        "Download these figures (CSV)",
        downloads.to_csv(full),
        file_name=f"{'simulated-' if run.simulated else ''}{metric}-{place}-{run.as_of:%Y-%m-%d}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _others(run: Run, place: str, days: int | None) -> None:
    """Offer the same chart for the other measures of the run, one at a time."""
    others = [metric for metric in run.metrics if metric not in COUNTS]
    if not others:
        return
    with st.expander("Other measures at the same place"):
        metric = st.selectbox("Measure", others, format_func=shell.label, key="other_measure")
        fan = shell.fan_of(str(run.path), metric, place, days)
        if reason := shell.not_said(run, metric).get(place):
            st.warning(words.cannot_say(fan.metric, fan.place, reason))
        st.markdown(words.finding(fan))
        _draw(fan, baseline=False)


shell.show("Fit to leave", page)
