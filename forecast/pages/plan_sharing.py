"""A plan to send, keep and open again: link, file, ready-made plans, and the way back to as now."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from forecast.errors import InputError
from forecast.pages import cards, plan_state
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans import files as plan_files
from forecast.placements.scenarios import Scenario
from forecast.runs import Run
from forecast.wording import words

SHARE_HEADING = "Send or keep this plan"
FILE, FILE_WRONG, NAME = "plan file", "wrong in the plan file", "name of the plan"
RESET = "Back to as now"
USE = "Use it"
START = "Start from"
LARGEST_MB = 1


def start(county: str, found: tuple[Scenario, ...]) -> None:
    """Offer the ready-made plans to start from; as now is one of them."""
    plans = {one.key: one for one in found if not one.reason}
    left, middle, right = st.columns([3, 1, 1], vertical_alignment="bottom")
    key = left.selectbox(START, list(plans), format_func=lambda one: plans[one].name, key="ready-made plan")
    middle.button(USE, on_click=plan_state.replaced, args=(plans[key].plan,), width="stretch")
    now = (PlacementPlan.of(county),)
    right.button(RESET, on_click=plan_state.replaced, args=now, width="stretch")
    st.caption(f"{plans[key].name}: {plans[key].sentence}")


def share(plan: PlacementPlan, others: Mapping[str, str], run: Run) -> None:
    """Show the link to the page as it is, and offer the plan as a file; ``others``: choices beside the plan's."""
    st.header(SHARE_HEADING, anchor=False)
    query = {**others, **plan_state.link(plan)}
    st.html(cards.plain(["This link opens the page with this plan; what it does not change is as now."]))
    asked = f"?{urlencode(query)}" if query else ""
    st.code(f"{st.context.url or ''}{asked}", language=None, wrap_lines=True)
    left, right = st.columns(2)
    with left:
        name = st.text_input("Name of the plan, for its file", key=NAME, max_chars=80)
        st.download_button(
            "Save the plan as a file",
            plan_files.to_text(plan.values(), name=name),
            file_name=f"plan-{plan.location.lower()}-{run.as_of:%Y-%m-%d}.json",
            mime="application/json",
            on_click="ignore",
        )
    with right:
        st.file_uploader(
            "Open a plan saved before",
            type="json",
            key=FILE,
            on_change=_opened,
            args=(plan.location,),
            max_upload_size=LARGEST_MB,
        )
        if wrong := st.session_state.get(FILE_WRONG):
            st.error(words.literal(str(wrong)))


def _opened(county: str) -> None:
    """Put the plan of a file in place of the one on the screen, or keep what is wrong with it."""
    given = st.session_state.get(FILE)
    st.session_state[FILE_WRONG] = ""
    if given is None:
        return
    try:
        text = given.getvalue().decode("utf-8")
        name, settings = plan_files.from_text(text, where=given.name)
        plan = PlacementPlan.from_dict(settings)
    except UnicodeDecodeError:
        st.session_state[FILE_WRONG] = f"{given.name}: it is not a text file; choose a file saved as a plan"
    except InputError as error:
        said = str(error)
        st.session_state[FILE_WRONG] = said if said.startswith(given.name) else f"{given.name}: {said}"
    else:
        if plan.location != county:
            st.session_state[FILE_WRONG] = f"{given.name}: the plan is for {plan.location}; choose a place there first"
            return
        st.session_state[NAME] = name
        plan_state.replaced(plan)
