"""Add figures from a file: read, preview, and store only when a person says so."""

from __future__ import annotations

import datetime as dt
import os
from typing import NamedTuple

import pandas as pd
import streamlit as st

from forecast.errors import ForecastError
from forecast.incoming.uploads import ENDINGS, LIMIT_MB, Preview, preview, read_upload
from forecast.observations.store import Store
from forecast.pages import cards, downloads, shell, signed_in, stored
from forecast.reading import by_name
from forecast.reference import reference
from forecast.runs import Run
from forecast.wording import upload_words, words

TITLE = "Add figures from a file"
SWITCH = "FORECAST_UPLOADS"
ADD = "Add these figures"
WAIT_SECONDS = 5
"""A person waits in front of the page: rather than for long, they are told that somebody else is writing."""
ROWS_SHOWN = 5
CHANGES_SHOWN = 10
_ROUND, _SEEN, _SAID = "upload round", "upload seen", "upload said"


class Seen(NamedTuple):
    """What reading an uploaded file gave, kept while its file and the store are the same."""

    key: tuple[str, ...]
    found: Preview | str


def switched_off() -> bool:
    """Whether the people who run the app do not want files to be added on the page."""
    return os.environ.get(SWITCH, "").strip().casefold() not in {"", "on", "yes", "true", "1"}


def draw(run: Run) -> None:
    """Draw the section."""
    st.header(TITLE, anchor=False)
    if switched_off():
        st.markdown(upload_words.OFF)
        return
    if not signed_in.person().approver:
        st.markdown(upload_words.ONLY_APPROVERS)
        return
    st.html(cards.plain(upload_words.INTRODUCTION))
    if run.simulated:
        st.markdown(f"{upload_words.INTO_REAL} `make app`.")
    turn = st.session_state.setdefault(_ROUND, 0)
    file = st.file_uploader(upload_words.KINDS, type=list(ENDINGS), max_upload_size=LIMIT_MB, key=f"upload {turn}")
    if file is None:
        _tell(run)
        return
    st.session_state.pop(_SAID, None)
    store = Store(shell.data_place())
    found = _seen(store, file.file_id, file.name, file.getvalue())
    if isinstance(found, str):
        st.error(f"Nothing was stored. {words.literal(found)}")
    else:
        _show(run, found)
        _confirm(store, found)


def _tell(run: Run) -> None:
    """Say what was stored last, until the next file."""
    said = st.session_state.get(_SAID)
    if said:
        st.success(words.literal(said))
        if run.simulated:
            st.markdown(f"{upload_words.INTO_REAL} `make app`.")
        else:
            st.markdown(f"{upload_words.NEXT_RUN} `forecast refit`.")


def _seen(store: Store, file_id: str, name: str, content: bytes) -> Preview | str:
    """Read a file once and look again only when the store has changed; a message where it cannot be used."""
    try:
        key = (file_id, *stored.key_of(store))
        before = st.session_state.get(_SEEN)
        if before is not None and before.key == key:
            return before.found  # type: ignore[no-any-return]
        with st.spinner("Reading the file"):
            found: Preview | str = preview(store, read_upload(name, content, pd.Timestamp(dt.date.today())))
    except ForecastError as error:
        return f"{error}"
    st.session_state[_SEEN] = Seen(key, found)
    return found


def _show(run: Run, found: Preview) -> None:
    named = {code: reference().label(code) for code in reference().locations}
    places = {**by_name.places(run), **{code: name for code, name in named.items() if code not in by_name.places(run)}}
    labels = {str(metric): by_name.label(str(metric)) for metric in found.frame["metric"].unique()}
    st.html(cards.table(f"What is in {found.name}", ["", ""], upload_words.facts(found, places, labels), "ff-pairs"))
    if found.notes:
        st.html(cards.bullets(found.notes, heading="Remarks on this file"))
    if len(found.differences):
        newest = found.differences.sort_values("date", ascending=False, kind="stable").head(CHANGES_SHOWN)
        rows = [upload_words.difference(row, places, labels) for row in newest.to_dict("records")]
        many = words.plural(len(found.differences), "figure")
        caption = f"{many} would change" + (
            f"; the newest {CHANGES_SHOWN}" if len(rows) < len(found.differences) else ""
        )
        st.html(cards.table(caption, ["Day", "Place", "Measure", "Stored now", "In this file"], rows))
        table = found.differences.assign(file=found.name, figures=downloads.REAL)
        st.download_button(
            "Download the figures that would change (CSV)",
            downloads.to_csv(table),
            file_name="would-change.csv",
            mime="text/csv",
            on_click="ignore",
        )
    if also := upload_words.others(found):
        st.markdown(also)
    with st.expander("First rows of the file, as read"):
        rows = [
            [
                words.table_day(row["date"]),
                places.get(row["location"], row["location"]),
                labels[row["metric"]],
                f"{row['value']:,g}",
            ]
            for row in found.frame.head(ROWS_SHOWN).to_dict("records")
        ]
        st.html(
            cards.table(
                f"The first {len(rows)} of {len(found.frame):,} rows", ["Day", "Place", "Measure", "Figure"], rows
            )
        )


def _confirm(store: Store, found: Preview) -> None:
    """Store only when the button is pressed."""
    if found.nothing_new:
        st.info(upload_words.NOTHING_NEW)
        return
    if not st.button(ADD, type="primary"):
        st.markdown("Nothing is stored yet.")
        return
    try:
        added = store.add(found.frame, wait=WAIT_SECONDS)
    except ForecastError as error:
        st.error(f"Nothing was stored. {words.literal(str(error))}")
        return
    st.session_state[_SAID] = upload_words.stored(found.name, added)
    st.session_state.pop(_SEEN, None)
    st.session_state[_ROUND] += 1
    st.rerun()
