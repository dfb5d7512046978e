"""Where the backlog stands this week, and where it goes in two and in four weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from forecast import words
from forecast.pages import cards, shell
from forecast.reference import reference
from forecast.runs import Run

Rows = Sequence[Mapping[str, Any]]


def page(run: Run) -> None:
    """Draw the page."""
    for county in run.counties:
        _headline(run, county)
    _cannot_say(run)
    if shell.BACKLOG in run.metrics:
        st.header("Fit to leave, at each hospital")
        st.markdown("Adults who no longer need an acute hospital bed, counted before that day's discharges.")
        for county in run.counties:
            _backlog_cards(run, county)
    _other_measures(run)
    if remarks := shell.all_remarks(run):
        st.html(cards.bullets(remarks, heading="Notes on these forecasts"))
    _how_to_read()


def _headline(run: Run, county: str) -> None:
    place = shell.places(run)[county]
    sentences = []
    if shell.BACKLOG in run.metrics:
        reason = shell.not_said(run, shell.BACKLOG).get(county, "")
        rows = _rows(run, shell.BACKLOG, county)
        what = "people fit to leave but still in hospital in the morning"
        sentences = [words.now(rows[0], place, what), *(words.outlook(row, reason) for row in rows)]
    for metric in _waves(run):
        reason = shell.not_said(run, metric).get(county, "")
        sentences.append(words.in_short(_rows(run, metric, county), shell.label(metric), reason))
    st.html(cards.lead(sentences or [f"{place}: no forecast of fit to leave this week."]))


def _backlog_cards(run: Run, county: str) -> None:
    names = shell.places(run)
    reasons = shell.not_said(run, shell.BACKLOG)
    st.html(
        cards.cards(
            [
                cards.card(
                    names[code],
                    _rows(run, shell.BACKLOG, code),
                    reasons.get(code, ""),
                    f"fit_to_leave?hospital={code}",
                    wide=code == county,
                )
                for code in (county, *run.members(county))
            ]
        )
    )


def _other_measures(run: Run) -> None:
    others = [metric for metric in run.metrics if metric != shell.BACKLOG]
    if not others:
        return
    st.header("Other measures")
    names = shell.places(run)
    place = st.selectbox("Place", list(names), format_func=lambda code: names[code], key="other_place", width=340)
    columns: list[str] = []
    body: list[list[str]] = []
    for metric in others:
        rows = _rows(run, metric, place)
        columns = ["Measure", "Now", *(words.day(row["date"]) for row in rows), "Data to"]
        figures = [words.cell(row) for row in rows]
        body.append(
            [
                shell.label(metric),
                words.stands(rows[0]),
                *figures,
                words.short_day(run.last_observed(metric)),
            ]
        )
    caption = f"{names[place]}: middle of the forecast, and the likely range (9 in 10) below it"
    st.html(cards.table(caption, columns, body))


def _cannot_say(run: Run) -> None:
    if said := shell.unsaid(run):
        st.html(cards.bullets(said, heading="What cannot be said, and why"))


def _how_to_read() -> None:
    with st.expander("How to read these figures"):
        st.html(cards.bullets(words.HOW_TO_READ))
    st.markdown("Where the figures come from, and how old they are: see Data.")


def _waves(run: Run) -> list[str]:
    """Epidemic measures that count people in hospital: flu and Covid beds."""
    known = {metric: reference().metric(metric) for metric in run.metrics}
    return [name for name, metric in known.items() if metric and metric.wave and metric.kind == "stock"]


def _rows(run: Run, metric: str, location: str) -> Rows:
    frame = run.summary
    chosen = frame[(frame["metric"] == metric) & (frame["location"] == location)].sort_values("weeks_ahead")
    return [{str(name): value for name, value in row.items()} for row in chosen.to_dict("records")]


shell.show("This week", page)
