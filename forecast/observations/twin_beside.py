"""Published observations, and the simulated twin's beside them."""

from __future__ import annotations

from forecast.observations.remote import below
from forecast.observations.store import Store

TWIN = "twin"
"""Folder of the simulated twin, in that of the published observations."""


def stored(data: str) -> Store:
    """Return the store of what has been ingested, else that of the twin."""
    real = Store(data)
    return Store(below(data, TWIN)) if real.empty else real
