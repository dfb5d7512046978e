"""The plan a person is making: kept for the session by county, and said whole by the page's address."""

from __future__ import annotations

import streamlit as st

from forecast.pages import address
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.fields import KEYS
from forecast.placements.plans.links import open_link

KEPT, SAID, WRONG, ROUND = "plans kept", "plan in the address", "wrong in the link", "round of plan fields"
OF = "county of the plan in the address"
COUNTY = "county"


def current(county: str) -> PlacementPlan:
    """Return the plan of a county: that of the address where it is another one, else that kept, else as now."""
    asked = {key: text for key, text in address.query().items() if key in KEYS and key != COUNTY}
    if asked != st.session_state.get(SAID, {}):
        plan, wrong = open_link({**asked, COUNTY: county})
        _anew(plan, wrong)
        st.session_state[SAID] = asked
        return plan
    found = st.session_state.setdefault(KEPT, {}).get(county)
    return found if isinstance(found, PlacementPlan) else PlacementPlan.of(county)


def keep(plan: PlacementPlan) -> None:
    """Keep a plan, and say it in the address where a person has changed it or looks at another county."""
    kept = st.session_state.setdefault(KEPT, {})
    if kept.get(plan.location) != plan or st.session_state.get(OF) != plan.location:
        kept[plan.location] = plan
        _say(plan)


def replaced(plan: PlacementPlan) -> None:
    """Put another plan in place of the one on the screen."""
    _anew(plan, {})
    _say(plan)


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


def _anew(plan: PlacementPlan, wrong: dict[str, str]) -> None:
    """Hold a plan whose fields start anew; ``wrong``: what of its link could not be used, by setting."""
    st.session_state.setdefault(KEPT, {})[plan.location] = plan
    st.session_state[OF] = plan.location
    st.session_state[WRONG] = wrong
    st.session_state[ROUND] = turn() + 1


def _say(plan: PlacementPlan) -> None:
    """Make the address say the plan, so that what it says is known when it comes back."""
    query = link(plan)
    address.put({key: query.get(key) for key in KEYS})
    st.session_state[OF] = plan.location
    st.session_state[SAID] = {key: text for key, text in query.items() if key != COUNTY}
