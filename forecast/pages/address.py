"""Choices a person makes: all of them stand in the address, and one choice is one step of the browser's Back button.

The address holds every choice that is not the usual one, of whatever page, so a page is a function of its address and
a first visit adds nothing to the browser's history. A person's choice is written once, when the page has been drawn.

What Streamlit's own menu does: it opens a page without the choices in the address. They are put there before the
pages are named to Streamlit, so that the browser makes one step of the new page and the old choices. ``arrive`` does
that, and takes over an address that a link or the buttons Back and Forward brought.

What no page can help (Streamlit 1.67): who presses Back or Forward to another page, and again within the blink before
it has answered, finds that the browser has taken the page it then names for a new step, and Forward ends there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from forecast.wording import words

LONGEST = 10_001
"""Characters of one value that are looked at: one more than any setting may have, so that it is told as too long."""
MOST = 100
"""Choices of one address; all pages together have about sixty."""
_KEPT, _SEEN, _CHANGED, _PAGE = "choices", "address seen", "choices changed", "page drawn"
_ASKED, _WRONG, _OF = "choices asked for", "choices not to be had", "pages of choices"
_SHOWN = "choices shown"


def arrive() -> None:
    """Take over what the address asks for; called once a run, before the pages are named to Streamlit."""
    asked = st.query_params.to_dict()
    seen = st.session_state.get(_SEEN)
    moved = _page() != st.session_state.get(_PAGE)
    if seen is None or _by_history(asked != seen) or (moved and asked):
        _take(asked)
    elif seen and not asked:
        # The menu, also where the page before was left while it was still being drawn.
        st.query_params.from_dict(seen)
    elif any(_chosen_anew(name) for name in _shown()):
        # Known before anything is drawn: what was wrong with the address is no longer told.
        st.session_state[_CHANGED] = True


def settle() -> None:
    """Write what was chosen into the address, in one step; called once the page has been drawn."""
    st.session_state[_PAGE] = _page()
    if not st.session_state.get(_CHANGED):
        return
    kept = _kept()
    for name in st.session_state.pop(_WRONG, set()):
        kept.pop(name, None)
    if kept != st.query_params.to_dict():
        st.query_params.from_dict(kept)
    st.session_state[_SEEN] = dict(kept)
    st.session_state[_CHANGED] = False


def choice(
    name: str, options: Mapping[str, str], draw: Callable[[str, Sequence[str]], str | None], default: str = ""
) -> str:
    """Let a person choose, and keep the choice in the address, on this page and on the others.

    Parameters
    ----------
    name
        Parameter in the address and key of the widget.
    options
        Value in the address to text on screen; a value chosen before that is no longer among them is dropped.
    draw
        Called with the key and the values; draws the widget.
    default
        The usual value, which the address does not say; the first of ``options`` unless given.
    """
    values = list(options)
    usual = default if default in options else values[0]
    now = st.session_state.get(name)
    if now in options and _chosen_anew(name):
        put({name: None if now == usual else str(now)})
    value = _asked_for(name, options, usual)
    if now != value or _shown().get(name, ("", ""))[1] != _page():
        # On another page the browser has forgotten it, though Streamlit still has what it was.
        st.session_state[name] = value
    chosen = draw(name, values) or value
    if chosen != value:
        put({name: None if chosen == usual else chosen})
    _shown()[name] = (chosen, _page())
    return chosen


def select(label: str, name: str, options: Mapping[str, str], default: str = "", *, width: int | None = None) -> str:
    """Let a person choose from a list that opens; see ``choice``."""
    return choice(
        name,
        options,
        lambda key, values: st.selectbox(
            label, values, format_func=lambda value: options[value], key=key, width=width or "stretch"
        ),
        default,
    )


def put(choices: Mapping[str, str | None]) -> None:
    """Keep choices, those that are None as usual again; ``settle`` writes them into the address."""
    kept = _kept()
    for name, value in choices.items():
        if kept.get(name) == value:
            continue
        if value is None:
            del kept[name]
        else:
            kept[name] = value
        st.session_state[_CHANGED] = True
        st.session_state.setdefault(_OF, {})[name] = _page()
        for odd in (_ASKED, _WRONG):
            st.session_state.get(odd, set()).discard(name)


def changed() -> bool:
    """Whether a person has chosen something that the address does not say yet."""
    return bool(st.session_state.get(_CHANGED))


def query(**choices: str) -> dict[str, str]:
    """Return the choices that are not the usual ones, with others beside them: the query of a link."""
    return {**_kept(), **choices}


def linked(*names: str) -> bool:
    """Whether the session began at an address that makes one of these choices: what they show then stands open."""
    key = f"{' '.join(names)} linked"
    return bool(st.session_state.setdefault(key, any(name in _kept() for name in names)))


def _take(asked: Mapping[str, str]) -> None:
    kept = {name: value[:LONGEST] for name, value in list(asked.items())[:MOST]}
    st.session_state[_KEPT], st.session_state[_SEEN] = kept, dict(asked)
    st.session_state[_ASKED], st.session_state[_WRONG] = set(kept), set()
    st.session_state[_OF] = {}
    st.session_state[_CHANGED] = False


def _kept() -> dict[str, str]:
    if _KEPT not in st.session_state:
        _take(st.query_params.to_dict())
    found: dict[str, str] = st.session_state[_KEPT]
    return found


def _shown() -> dict[str, tuple[str, str]]:
    """Return what each choice showed when it was drawn last, and on which page."""
    found: dict[str, tuple[str, str]] = st.session_state.setdefault(_SHOWN, {})
    return found


def _chosen_anew(name: str) -> bool:
    """Whether a person has just chosen something else on this page."""
    before, page = _shown().get(name, ("", ""))
    return page == _page() and st.session_state.get(name) not in (None, before)


def _asked_for(name: str, options: Mapping[str, str], usual: str) -> str:
    """Return the option that is kept, in capitals or not; say so where an address asks for one that is not there."""
    kept = _kept()
    # An address is of the page that draws the first choice after it has come.
    first = st.session_state[_OF].setdefault("", _page())
    if name not in kept:
        return usual
    folded = {value.casefold(): value for value in options}
    asked = kept[name]
    if (found := folded.get(asked.casefold())) is not None:
        if found == usual:
            del kept[name]
        else:
            kept[name] = found
        return found
    if st.session_state[_OF].get(name, first) != _page():
        # Another page's choice by the same name: it stays there, and is none here.
        return usual
    if changed() or name not in st.session_state[_ASKED]:
        # Another choice has taken it away: the person sees what there is instead.
        put({name: None})
        return usual
    st.session_state[_WRONG].add(name)
    st.warning(
        f"The address asks for {name} {words.literal(repr(asked[:80]))}, which this forecast does not have. "
        f"Showing {words.literal(options[usual])} instead."
    )
    return usual


def _page() -> str:
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""


def _by_history(other: bool) -> bool:
    """Whether the buttons Back or Forward brought the address; ``other`` decides where Streamlit does not tell.

    A choice made while the last one is still on its way brings an old address too, which must not undo that one.
    """
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", other))
