"""Files to take away from a run: a button each; a file is made when somebody asks for it, and kept for the next."""

from __future__ import annotations

from functools import partial

import streamlit as st

from forecast import export
from forecast.pages import cards, signing
from forecast.runs import Run, open_run
from forecast.runs.diary import Listing, listing
from forecast.wording import offer_words


def section(run: Run) -> None:
    """Offer the files."""
    st.header(offer_words.HEADING, anchor=False)
    st.html(cards.plain([offer_words.INTRO, *([offer_words.SIMULATED] if run.simulated else [])]))
    with st.container(horizontal=True):
        for kind, label in offer_words.LABELS.items():
            name = export.bundle_name(run, kind)
            st.download_button(
                label,
                partial(_asked, str(run.path), kind),
                file_name=name,
                mime=export.TYPES[name.rpartition(".")[2]],
                on_click="ignore",
                key=f"take away {kind}",
            )
    with st.expander("What is in each file"):
        st.html(cards.bullets(offer_words.tells()))


def _asked(path: str, kind: str) -> bytes:
    """Make the files of a kind, with what is recorded beside the run when somebody asks."""
    run = open_run(path)
    return _made(path, kind, signing.signed(run), listing(run.path.parent))


@st.cache_data(max_entries=12, show_spinner=False)
def _made(path: str, kind: str, signed: str, folders: Listing) -> bytes:
    """Make the files of a kind from the run in ``path``, once for each sign-off and each set of past runs."""
    return export.bundle(open_run(path), kind, signed=signed)
