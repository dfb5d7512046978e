"""Choices a person makes on a page: kept in the page's address, and while they look at another page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from forecast.wording import words


def choice(
    name: str, options: Mapping[str, str], draw: Callable[[str, Sequence[str]], str | None], default: str = ""
) -> str:
    """Let a person choose, and keep the choice in the page's address and for the session.

    Parameters
    ----------
    name
        Parameter in the address and key of the widget.
    options
        Value in the address to text on screen; a value chosen before that is no longer among them is dropped.
    draw
        Called with the key and the values; draws the widget.
    default
        Value of a first visit; the first of ``options`` unless given.
    """
    values = list(options)
    written, kept = f"{name} in the address", f"{name} kept"
    asked = st.query_params.get(name)
    gone = st.session_state.get(name) not in options
    if gone or asked != st.session_state.get(written):
        before = st.session_state.get(kept)
        usual = str(before) if before in options else default or values[0]
        old = asked is None or (gone and asked == st.session_state.get(written))
        st.session_state[name] = usual if old else _meant(name, str(asked), options, usual)
    chosen = draw(name, values) or values[0]
    st.query_params[name] = chosen
    st.session_state[written] = st.session_state[kept] = chosen
    return chosen


def select(label: str, name: str, options: Mapping[str, str], default: str = "") -> str:
    """Let a person choose from a list that opens; see ``choice``."""
    return choice(
        name,
        options,
        lambda key, values: st.selectbox(label, values, format_func=lambda value: options[value], key=key),
        default,
    )


def linked(*names: str) -> bool:
    """Whether the session began at an address that makes one of these choices: what they show then stands open."""
    key = f"{' '.join(names)} linked"
    return bool(st.session_state.setdefault(key, any(name in st.query_params for name in names)))


def _meant(name: str, asked: str, options: Mapping[str, str], usual: str) -> str:
    """Return the option an address asks for, in capitals or not; say so where there is none."""
    folded = {value.casefold(): value for value in options}
    if asked.casefold() in folded:
        return folded[asked.casefold()]
    st.warning(
        f"The address asks for {name} {words.literal(repr(asked[:80]))}, which this forecast does not have. "
        f"Showing {options[usual]} instead."
    )
    return usual
