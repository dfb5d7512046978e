"""The files of a run: reading one, and whether all are as they were written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa

from forecast.errors import RunError


def digest_of(path: Path) -> str:
    """Hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_piece(folder: Path, run: str, name: str) -> pd.DataFrame:
    """Read one file of a run.

    Raises
    ------
    RunError
        It is missing or cannot be read.
    """
    try:
        return pd.read_parquet(folder / name)
    except (OSError, pa.ArrowInvalid) as error:
        raise RunError(
            f"run {run}: {name} cannot be read ({error.__class__.__name__}); run 'forecast refit' to make a new run"
        ) from error


def check_files(folder: Path, run: str, files: Mapping[str, str]) -> None:
    """Compare every file of a run with its hash.

    Raises
    ------
    RunError
        A file is missing or differs.
    """
    for name, expected in files.items():
        path = folder / name
        if not path.is_file():
            raise RunError(f"run {run}: {name} is missing; run 'forecast refit' to make a new run")
        if digest_of(path) != expected:
            raise RunError(f"run {run}: {name} has been changed; run 'forecast refit' to make a new run")
