"""Columns of the tables in which a person changes a plan."""

from __future__ import annotations

from typing import Any

import streamlit as st

from forecast.figures import placement_edits as edits
from forecast.placements.plans.names import PRODUCT_LABELS
from forecast.wording.placement_captions import first_up


def schedule_columns() -> dict[str, Any]:
    """Columns of the table of schedules."""
    return {
        edits.DATE: st.column_config.DateColumn("From", format="D MMM YYYY"),
        edits.PLACES: st.column_config.NumberColumn("Places", format="%d"),
    }


def route_columns() -> dict[str, Any]:
    """Columns of the table of routes."""
    return {
        product: st.column_config.NumberColumn(f"{first_up(label)} (%)", format="%.0f")
        for product, label in PRODUCT_LABELS.items()
    }


def event_columns() -> dict[str, Any]:
    """Columns of the table of events."""
    named = {"assessments": "Assessments", "home_care_starts": "Home-care starts", "placements": "Moves into places"}
    return {
        "name": st.column_config.TextColumn("Event"),
        "first": st.column_config.DateColumn("First day", format="D MMM YYYY"),
        "last": st.column_config.DateColumn("Last day", format="D MMM YYYY"),
        **{what: st.column_config.NumberColumn(f"{label} (%)", format="%.0f") for what, label in named.items()},
    }
