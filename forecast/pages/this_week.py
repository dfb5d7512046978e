"""Where the backlog stands this week, and where it goes in two and in four weeks."""

from __future__ import annotations

import streamlit as st

from forecast.pages import background, cards, shell
from forecast.pages.address import choice
from forecast.reference import reference
from forecast.runs import Run
from forecast.wording import explanations, words


def page(run: Run) -> None:
    """Draw the page."""
    for county in run.counties:
        _headline(run, county)
    if shell.BACKLOG in run.metrics:
        st.header("Fit to leave, at each hospital", anchor=False)
        st.markdown("Adults who no longer need an acute hospital bed, counted before that day's discharges.")
        for county in run.counties:
            _backlog_cards(run, county)
        if not run.no_outlook(shell.BACKLOG):
            st.page_link("forecast/pages/fit_to_leave.py", label="The season ahead, week by week: see Fit to leave")
    _other_measures(run)
    _cannot_say(run)
    _notes(run)
    _how_to_read()


def _headline(run: Run, county: str) -> None:
    place = shell.places(run)[county]
    if shell.BACKLOG in run.metrics:
        who = explanations.WHO[shell.BACKLOG]
        st.html(cards.lead(words.story(shell.rows(run, shell.BACKLOG, county), place, who, run.as_of)))
        st.html(cards.plain(background.what_is_counted(county)))
    else:
        st.html(cards.lead([f"{place}: no forecast of fit to leave this week."]))
    waves = [_wave(run, metric, county) for metric in _waves(run)]
    st.html(cards.plain(waves))
    if waves:
        st.page_link("forecast/pages/covid_flu.py", label="When it peaks, and how high: see Covid & flu")


def _wave(run: Run, metric: str, county: str) -> str:
    said = words.in_short(shell.rows(run, metric, county), shell.label(metric), run.as_of)
    return " ".join(filter(None, [said, shell.known(run, metric, county)]))


def _backlog_cards(run: Run, county: str) -> None:
    names = shell.places(run)
    reasons = run.cannot_say(shell.BACKLOG)
    independent = county in run.notes(shell.BACKLOG)
    notes = {county: [shell.known(run, shell.BACKLOG, county), explanations.INDEPENDENT if independent else ""]}
    st.html(
        cards.cards(
            [
                cards.card(
                    names[code],
                    shell.rows(run, shell.BACKLOG, code),
                    run.as_of,
                    f"fit_to_leave?hospital={code}",
                    reason=words.sentence(reasons[code]) if code in reasons else "",
                    notes=notes.get(code, ()),
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
    st.header("Other measures", anchor=False)
    names = shell.places(run)
    place = choice(
        "place",
        names,
        lambda key, codes: st.selectbox("Place", codes, format_func=lambda code: names[code], key=key, width=340),
    )
    ahead = [f"Week to {words.day(row['date'])}" for row in shell.rows(run, others[0], place)]
    caption = (
        f"{names[place]}: averages a day; ahead the middle of the forecast, and the likely range (9 in 10) below it"
    )
    columns = ["Measure", "Latest published", *ahead, "Data to"]
    st.html(cards.table(caption, columns, [_row(run, metric, place) for metric in others], "ff-folds ff-short"))


def _row(run: Run, metric: str, place: str) -> list[str]:
    rows = shell.rows(run, metric, place)
    rarely = list(shell.rare(run, metric, place))
    data_to = shell.data_to(run, metric, place)
    return [
        "\n".join(filter(None, [shell.label(metric), words.caution(rarely)])),
        words.stands(rows[0]),
        *(words.cell(row, directed=not rarely) for row in rows),
        "no usable value" if data_to is None else words.short_day(data_to),
    ]


def _cannot_say(run: Run) -> None:
    """Give the reasons that do not stand on a card already."""
    others = [metric for metric in run.metrics if metric != shell.BACKLOG]
    if said := shell.unsaid(run, others):
        st.html(cards.bullets(said, heading="What cannot be said, and why"))


def _notes(run: Run) -> None:
    """Give the remarks on hospitals; those on a county stand on its card and, in full, on Data."""
    hospitals = [code for code in shell.places(run) if code not in run.counties]
    if remarks := shell.all_remarks(run, hospitals):
        st.html(cards.bullets(remarks, heading="Notes on these forecasts"))


def _how_to_read() -> None:
    with st.expander("How to read these figures"):
        st.html(cards.bullets(explanations.HOW_TO_READ))
    st.page_link("forecast/pages/data.py", label="What came, and how old it is: see Data")


def _waves(run: Run) -> list[str]:
    """Epidemic measures that count people in hospital: flu and Covid beds."""
    known = {metric: reference().metric(metric) for metric in run.metrics}
    return [name for name, metric in known.items() if metric and metric.wave and metric.kind == "stock"]


shell.show("This week", page)
