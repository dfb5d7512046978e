"""Track record: what the forecasts were worth, and any one of them against what came."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from forecast.figures import track_frames
from forecast.pages import address, cards, shell, track, track_drift, track_sections
from forecast.reading import by_name
from forecast.reading.held import made_again
from forecast.runs import Run
from forecast.runs.track import no_replays
from forecast.wording import track_help, track_words, words


def page(run: Run) -> None:
    """Draw the page."""
    names = by_name.places(run)
    place = address.choice("hospital", names, lambda key, values: _pills("Place", key, values, names))
    measures = {metric: by_name.label(metric) for metric in run.metrics}
    metric = address.select("Measure", "judged", measures)
    diary = track.past_runs(run, metric)
    told = diary.rows[diary.rows["location"] == place]
    enough = track_frames.forecasts(track_frames.ranges_of(told)) >= track_frames.FEWEST_RUNS
    usual = track_words.RUNS if enough else track_words.AGAIN
    sources = track_words.SOURCES
    source = address.choice(
        "record", sources, lambda key, values: _pills("What is judged", key, values, sources), usual
    )
    real = source == track_words.RUNS
    again = track.made_again(run, metric)
    rows = told if real else again[again["location"] == place]
    about = track_sections.About(run, metric, place, measures[metric], names[place], real)
    for hospital, found in by_name.rare(run, metric, place).items():
        st.warning(words.rarely_counts(hospital, found))
    for warning in track_drift.faults(about):
        st.warning(words.literal(warning))
    if rows.empty:
        _without(about)
    else:
        _judged(about, rows)
    track_drift.section(about)
    if real and diary.skipped:
        st.html(cards.bullets(track_words.left_out(diary.skipped)))


def _without(about: track_sections.About) -> None:
    """Say why there is nothing to judge; older runs kept ranges only, which say how often they held."""
    found = None if about.real else made_again(about.run, about.metric, about.place)
    if found is None:
        st.html(cards.lead([_nothing(about)]))
    else:
        st.html(cards.lead(track_words.lead(found, [])))
        st.html(cards.plain([track_words.basis(found, about.real), track_help.RANGES_ONLY]))


def _nothing(about: track_sections.About) -> str:
    """Say why there is nothing to judge."""
    if about.real:
        return track_help.FEW_RUNS
    reason = no_replays(about.run, about.metric) or about.run.cannot_say(about.metric).get(about.place, "")
    told = words.sentence(reason or "no usable record at this place")
    return f"{about.label}, {about.name}: no forecasts made again. Reason: {told}"


def _judged(about: track_sections.About, rows: pd.DataFrame) -> None:
    found = track_frames.scores(rows)
    table = [{str(key): value for key, value in row.items()} for row in found.to_dict("records")]
    held = track_frames.held(track_frames.ranges_of(rows))
    st.html(cards.lead(track_words.lead(held, table)))
    st.html(cards.plain([track_words.basis(held, about.real)]))
    track_sections.replay(about, rows)
    if table and held is not None:
        st.html(cards.plain([track_help.WINDOW, track_help.DOUBTED]))
        track_sections.compared(about, table)
        track_sections.coverage(about, rows)
        track_sections.calibration(about, rows)
    track_sections.whole(about, rows)


def _pills(label: str, key: str, values: Sequence[str], names: dict[str, str]) -> str | None:
    return st.pills(label, values, format_func=lambda value: names[value], key=key, required=True)


shell.show("Track record", page)
