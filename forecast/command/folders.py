"""Where a command finds the observations: what has been ingested, and the simulated twin beside it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from forecast.reference import FOLDER
from forecast.runs.place import place

ReferenceOption = Annotated[
    Path | None,
    typer.Option(
        "--reference",
        envvar=FOLDER,
        help="Folder of reference tables: another county's. Stands before the command's name.",
        show_default="those of the package",
    ),
]
DataOption = Annotated[
    str, typer.Option("--data", envvar="FORECAST_DATA", help="Folder of observations, or a URL: s3://bucket/prefix.")
]
ModelsOption = Annotated[
    Path,
    typer.Option(
        "--models",
        envvar="FORECAST_MODELS",
        parser=place,
        metavar="PLACE",
        help="Folder of runs, or a URL: s3://bucket/prefix.",
    ),
]


def use_reference(reference: Path | None) -> None:
    """Let every part of the command, and the app it starts, read the reference tables of a folder."""
    if reference is not None:
        # The app runs elsewhere, and so may the processes of a forecaster: a path from here would lead nowhere there.
        os.environ[FOLDER] = str(reference.resolve())


def raw(data: str) -> Path:
    """Folder of what is fetched: beside the observations, in ``data`` of this machine where those are elsewhere."""
    return Path("data" if "://" in data else data) / "raw"
