"""The files of a run, read only where they are what was written."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pandas as pd
import pyarrow as pa

from forecast.errors import RunError

REMEDY = "run 'forecast refit' to make a new run"


def read_piece(run: Path, name: str, expected: str | None) -> pd.DataFrame:
    """Read a piece of a run.

    Parameters
    ----------
    run
        The run's folder.
    name
        Of the file in it.
    expected
        Hash of what was written, since a changed byte can pass as another figure; None where it was not kept.

    Raises
    ------
    RunError
        It is missing, is not what was written or is no Parquet file.
    """
    try:
        written = (run / name).read_bytes()
        if expected is not None and digest(written) != expected:
            raise RunError(f"run {run.name}: {name} cannot be read (it is not what was written); {REMEDY}")
        return pd.read_parquet(BytesIO(written))
    except (OSError, pa.ArrowInvalid) as error:
        raise RunError(f"run {run.name}: {name} cannot be read ({error.__class__.__name__}); {REMEDY}") from error


def digest_of(path: Path) -> str:
    """Hash of a file."""
    return digest(path.read_bytes())


def digest(content: bytes) -> str:
    """Hash of what stands in a file."""
    return hashlib.sha256(content).hexdigest()
