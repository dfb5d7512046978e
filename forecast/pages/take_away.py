"""Files to take away from a run: a button each; a file is made when somebody asks for it, and kept for the next."""

from __future__ import annotations

from functools import partial

import streamlit as st

from forecast import export
from forecast.pages import cards
from forecast.runs import Run, open_run
from forecast.wording import offer_words


def section(run: Run, signed: str = "") -> None:
    """Offer the files; ``signed``: who signed the run off, in words."""
    st.header(offer_words.HEADING, anchor=False)
    st.html(cards.plain([offer_words.INTRO, *([offer_words.SIMULATED] if run.simulated else [])]))
    with st.container(horizontal=True):
        for kind, label in offer_words.LABELS.items():
            name = export.bundle_name(run, kind)
            st.download_button(
                label,
                partial(_made, str(run.path), kind, signed),
                file_name=name,
                mime=export.TYPES[name.rpartition(".")[2]],
                on_click="ignore",
                key=f"take away {kind}",
            )
    with st.expander("What is in each file"):
        st.html(cards.bullets(offer_words.tells()))


@st.cache_data(max_entries=12, show_spinner=False)
def _made(path: str, kind: str, signed: str) -> bytes:
    """Make the files of a kind from the run in ``path``, once for each sign-off."""
    return export.bundle(open_run(path), kind, signed=signed)
