"""Fit to leave: who is fit to leave but still in hospital, at all places, in the next weeks and in the season ahead."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from forecast.pages import cards, fans, findings, shell, side_by_side
from forecast.pages.address import choice
from forecast.pages.fans import Subject
from forecast.reading import by_name
from forecast.runs import Run
from forecast.wording import captions, explanations, season_captions, words

COUNTS = {
    by_name.BACKLOG: "Before the day's discharges",
    by_name.REMAINING: "Still in a bed at the end of the day",
}


def page(run: Run) -> None:
    """Draw the page."""
    names = by_name.places(run)
    counts = {metric: text for metric, text in COUNTS.items() if metric in run.metrics}
    if not counts:
        reasons = [words.skipped(by_name.label(m), run.skipped.get(m, "not in this run")) for m in COUNTS]
        st.html(cards.bullets(reasons))
        return
    metric = choice("count", counts, lambda key, values: _pick("Count", key, values, counts))
    place = choice("hospital", names, lambda key, values: _pick("Place", key, values, names))
    rarely = [words.rarely_counts(name, found) for name, found in by_name.rare(run, metric, place).items()]
    for caution in rarely:
        st.warning(caution)
    st.html(cards.lead(_story(run, metric, place)))
    _counts(run)
    side_by_side.metric(run, metric, place)
    subject = Subject(run, metric, place, " ".join(rarely))
    _days(subject)
    _season(subject)


def _pick(label: str, key: str, values: Sequence[str], names: dict[str, str]) -> str | None:
    return st.pills(label, values, format_func=lambda value: names[value], key=key, required=True)


def _story(run: Run, metric: str, place: str) -> list[str]:
    """Say what This week says of the same place, and why where nothing can be said."""
    who = explanations.WHO.get(metric, words.lower(by_name.label(metric)))
    directed = not by_name.rare(run, metric, place)
    name = by_name.places(run)[place]
    said = words.story(by_name.rows(run, metric, place), name, who, run.as_of, directed)
    reason = run.cannot_say(metric).get(place, "")
    return [*said, *filter(None, [reason and f"Reason: {words.sentence(reason)}", by_name.known(run, metric, place)])]


def _counts(run: Run) -> None:
    """Say what each count counts, and why one of them is not there."""
    with st.expander("What the two counts count"):
        st.html(cards.bullets([f"{text}: {explanations.COUNT_MEANS[one]}" for one, text in COUNTS.items()]))
    lacking = [words.skipped(by_name.label(one), run.skipped[one]) for one in COUNTS if one in run.skipped]
    if lacking:
        st.html(cards.plain(lacking))


def _days(subject: Subject) -> None:
    run, metric, place = subject.run, subject.metric, subject.place
    st.header(captions.DAYS_HEADING, anchor=False)
    fans.days(subject)
    if remarks := by_name.remarks(run, metric, [place]):
        st.html(cards.bullets(remarks))
    if known := findings.worth_knowing(run, metric, place):
        with st.expander(f"{findings.HEADING}: {words.plural(len(known), 'remark')}"):
            st.html(cards.bullets(known))


def _season(subject: Subject) -> None:
    """Draw the same paths far beyond the weeks of the forecast, or say why there are none."""
    run, metric, place = subject.run, subject.metric, subject.place
    st.header(season_captions.HEADING, anchor=False)
    if reason := run.no_outlook(metric):
        st.html(cards.plain([season_captions.missing(reason)]))
        return
    if fans.season_of(str(run.path), metric, place).forecast.empty:
        st.html(cards.plain([season_captions.missing(run.cannot_say(metric).get(place, "no usable value"))]))
        return
    first, handover = run.season_dates(metric)
    origin = run.last_observed(metric)
    known = season_captions.winters(first, origin)
    if warning := season_captions.too_short(first, known):
        st.warning(warning)
    story = [season_captions.handed_over(origin, handover, known), season_captions.learned(known)]
    fans.season(subject, story)


shell.show("Fit to leave", page)
