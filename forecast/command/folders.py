"""Where a command finds the observations: what has been ingested, and the simulated twin beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forecast.observations.remote import below
from forecast.observations.store import Store

TWIN = "twin"
DataOption = Annotated[
    str, typer.Option("--data", envvar="FORECAST_DATA", help="Folder of observations, or a URL: s3://bucket/prefix.")
]


def stored(data: str) -> Store:
    """Return the store of what has been ingested, else that of the twin."""
    real = Store(data)
    return Store(below(data, TWIN)) if real.empty else real


def raw(data: str) -> Path:
    """Folder of what is fetched: beside the observations, in ``data`` of this machine where those are elsewhere."""
    return Path("data" if "://" in data else data) / "raw"
