"""Sign-off on the page: who answers for these figures, and the form in which an approver says so."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from forecast.errors import ForecastError
from forecast.pages import cards, signed_in
from forecast.runs import Run
from forecast.runs.sign_off import LONGEST, Standing, sign_off, sign_offs, standing
from forecast.wording import sign_off_words as said
from forecast.wording import words

TITLE, FORM = "Sign-off", "sign off"
SIGN, TAKE_BACK = "Sign off these figures", "Withdraw the sign-off"
_TOLD = "sign-off told"


def signed(run: Run, *, comments: bool = True) -> str:
    """Return who signed a run off, in words, for headers and exports."""
    return said.signed_words(_standing(run), comments=comments)


def section(run: Run) -> None:
    """Draw the section: what holds, what was recorded, and for approvers the form."""
    st.header(TITLE, anchor=False)
    now = _standing(run)
    st.html(cards.plain([words.sentence(said.signed_words(now))]))
    for problem in now.problems:
        st.warning(words.literal(problem))
    entries = sign_offs(run.path.parent, run.id).entries
    if len(entries) > 1:
        with st.expander("Everything recorded"):
            st.html(cards.bullets([said.history(entry) for entry in reversed(entries)]))
    who = signed_in.person()
    if not who.approver:
        st.html(cards.plain([said.ONLY_APPROVERS]))
        return
    with st.expander("Sign these figures off"):
        st.html(cards.plain([said.INTRODUCTION]))
        _form(run, bool(now.signed))
    if told := st.session_state.pop(_TOLD, ""):
        st.success(words.literal(told))


def _form(run: Run, held: bool) -> None:
    who = signed_in.person()
    with st.form(f"{FORM} {run.id}", border=False, enter_to_submit=False):
        if who.known:
            st.html(cards.plain([f"{said.OWN_NAME} {who.name} ({who.email})"]))
            name = who.name
        else:
            name = st.text_input("Your name", max_chars=LONGEST["name"], key="sign-off name", autocomplete="name")
        comment = st.text_input("What you have looked at", max_chars=LONGEST["comment"], key="sign-off comment")
        with st.container(horizontal=True):
            yes = st.form_submit_button(SIGN, type="primary")
            no = st.form_submit_button(TAKE_BACK) if held else False
    if yes or no:
        _record(run, name, comment, withdrawn=no)


def _record(run: Run, name: str, comment: str, *, withdrawn: bool) -> None:
    # The name goes with the person whom the gate let in at this very drawing, whatever the browser sent.
    who = signed_in.person()
    if not who.known and not name.strip():
        st.error(said.NAME_FIRST)
        return
    try:
        entry = sign_off(
            run.path.parent,
            run,
            name=who.name if who.known else name,
            comment=comment,
            at=pd.Timestamp.now(),
            by=who.email,
            withdrawn=withdrawn,
        )
    except ForecastError as error:
        st.error(f"Nothing was recorded. {words.literal(str(error))}")
        return
    st.session_state[_TOLD] = said.recorded(entry)
    st.rerun()


def _standing(run: Run) -> Standing:
    return standing(run.path.parent, run)
