"""Reading the files of a run."""

from __future__ import annotations

import hashlib
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
