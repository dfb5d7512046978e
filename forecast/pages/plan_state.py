"""The plan a person is making: kept for the session by county, and written whole into the page's address."""

from __future__ import annotations

import streamlit as st

from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.fields import KEYS
from forecast.placements.plans.links import open_link

KEPT, WRITTEN, WRONG, ROUND = "plans kept", "plan in the address", "wrong in the link", "round of plan fields"
COUNTY = "county"
DRAWN = "shortage"
"""Choice that the address of a page holds once it has been drawn; that of a page newly asked for has none."""


def current(county: str) -> PlacementPlan:
    """Return the plan of a county: that of the address where it has been changed, else that kept, else as now."""
    asked = {key: str(st.query_params[key]) for key in KEYS if key in st.query_params and key != COUNTY}
    written = st.session_state.get(WRITTEN)
    if written and not asked and DRAWN in st.query_params:
        # The browser's Back button, to the page as it was before the first change.
        plan = PlacementPlan.of(county)
        replaced(plan)
        return plan
    if asked and asked != written:
        plan, wrong = open_link({**asked, COUNTY: county})
        replaced(plan, wrong)
        return plan
    kept = st.session_state.setdefault(KEPT, {})
    found = kept.get(county)
    return found if isinstance(found, PlacementPlan) else PlacementPlan.of(county)


def keep(plan: PlacementPlan) -> None:
    """Keep a plan and write it into the address."""
    st.session_state.setdefault(KEPT, {})[plan.location] = plan
    _write(plan)


def replaced(plan: PlacementPlan, wrong: dict[str, str] | None = None) -> None:
    """Put another plan in place of the one on the screen; ``wrong``: what of its link could not be used, by setting."""
    st.session_state.setdefault(KEPT, {})[plan.location] = plan
    st.session_state[WRONG] = wrong or {}
    st.session_state[ROUND] = turn() + 1
    _write(plan)


def wrong_in_link() -> dict[str, str]:
    """Return what of the link could not be used, by setting, until a person changes something."""
    return dict(st.session_state.get(WRONG, {}))


def forget_wrong() -> None:
    """The person has seen it: a setting was changed since."""
    st.session_state[WRONG] = {}


def turn() -> int:
    """Return how often the plan on the screen was replaced as a whole: its fields then start anew."""
    return int(st.session_state.get(ROUND, 0))


def link(plan: PlacementPlan) -> dict[str, str]:
    """Return the query of a link to the plan."""
    return plan.to_query()


def _write(plan: PlacementPlan) -> None:
    """Make the address say the plan, so that what it says is known when it comes back."""
    query = link(plan)
    for key in KEYS:
        if key in query:
            if st.query_params.get(key) != query[key]:
                st.query_params[key] = query[key]
        elif key in st.query_params:
            del st.query_params[key]
    st.session_state[WRITTEN] = {key: text for key, text in query.items() if key != COUNTY}
