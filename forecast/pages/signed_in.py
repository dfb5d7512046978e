"""The gate of the app: nothing of a forecast is shown before a person has signed in, where sign-in is asked for.

Streamlit checks the provider's token and keeps what it said in a signed cookie; whether that person may come in is
decided anew at every drawing of a page.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pandas as pd
import streamlit as st

from forecast.access import Access, Closed, Person, Refusal, decide, settings
from forecast.pages import cards
from forecast.wording import access_words, words

SWITCH, REQUIRED = "FORECAST_SIGN_IN", "required"
"""``required``: the app stays closed where there are no settings, say because a file was not mounted."""
WHO = "person signed in"
_LOG = logging.getLogger(__name__)


def gate() -> None:
    """Let a person in or stop here; called once a run, before anything of a forecast is read."""
    st.session_state.pop(WHO, None)
    try:
        access = settings(_secrets(), required=_required(os.environ.get(SWITCH, "")))
    except Closed as error:
        _LOG.error("nobody is let in: %s", error)
        _closed(str(error))
    if access is None:
        st.session_state[WHO] = Person()
        return
    if not st.user.get("is_logged_in"):
        _ask(access_words.PLEASE)
    _enter(access)


def _required(asked: str) -> bool:
    """Whether the switch asks for sign-in; a word that it does not know closes the app."""
    asked = asked.strip().casefold()
    if asked not in ("", REQUIRED):
        raise Closed(f"{SWITCH} is {asked[:20]!r}; set it to {REQUIRED!r}, or leave it out")
    return asked == REQUIRED


def person() -> Person:
    """Return who looks at the page; nobody who may do anything, where the gate has not been passed."""
    found = st.session_state.get(WHO)
    return found if isinstance(found, Person) else Person(approver=False)


def bar() -> None:
    """Show who is signed in, and the way out; nothing where nobody needs to be."""
    who = person()
    if not who.known:
        return
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        st.html(cards.facts(access_words.who(who)), width="content")
        st.button(access_words.OUT, on_click=st.logout, key="sign out")


def _enter(access: Access) -> None:
    found = decide(access, st.user.to_dict(), pd.Timestamp.now(tz="UTC"))
    if isinstance(found, Person):
        st.session_state[WHO] = found
        return
    # No address and no name: a log is read by more people than may know who tried.
    _LOG.warning("a person who signed in was not let in: %s", found.reason)
    if found.again:
        _ask(access_words.again(found.reason))
    _refuse(found)


def _ask(said: str) -> None:
    _page()
    st.markdown(words.literal(said))
    st.button(access_words.IN, on_click=st.login, type="primary", key="sign in")
    st.stop()


def _refuse(found: Refusal) -> None:
    _page()
    st.error(words.literal(access_words.refused(found.reason)))
    st.button(access_words.OTHER, on_click=st.logout, key="sign out")
    st.stop()


def _closed(reason: str) -> None:
    _page()
    st.error(words.literal(access_words.closed(reason)))
    st.stop()


def _page() -> None:
    st.set_page_config(page_title=access_words.TITLE)
    st.html(cards.STYLE)
    st.title(access_words.TITLE, anchor=False)


def _secrets() -> dict[str, object] | None:
    """Return Streamlit's secrets; None where there is no file of them.

    Raises
    ------
    Closed
        There is a file that cannot be read: Streamlit would go on as if there were none.
    """
    try:
        if st.secrets.load_if_toml_exists():
            return st.secrets.to_dict()
    except (OSError, ValueError) as error:
        raise Closed(f"the file of secrets cannot be read ({error.__class__.__name__})") from error
    if there := [path for path in st.get_option("secrets.files") if Path(path).exists()]:
        raise Closed(f"the file of secrets {Path(there[0]).name} cannot be read; check that it is valid TOML")
    return None
