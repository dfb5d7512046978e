"""The folder of finished tasks: one Parquet file each, so that a backtest that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from pathlib import Path

import pandas as pd
import pyarrow as pa

from forecast.errors import InputError
from forecast.evaluation import frames

KEY = "task"
_log = logging.getLogger(__name__)


class Kept:
    """Finished tasks in a folder, found by the text of what they follow from.

    A file appears whole: it is written under a temporary name and renamed.

    Raises
    ------
    InputError
        The folder cannot be used.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error) from error

    def read(self, name: str) -> pd.DataFrame | None:
        """Rows of a finished task; None where there are none, or the file is not what it should be."""
        path = self._path(name)
        if not path.is_file():
            return None
        try:
            rows = pd.read_parquet(path)
        except (OSError, ValueError, pa.ArrowException) as error:
            _log.warning("%s: cannot be read (%s); that task is done again", path, error)
            return None
        if rows.attrs.get(KEY) != _key(name) or not {"model", *frames.KEYS, *frames.QUANTILE_COLUMNS} <= set(rows):
            _log.warning("%s: does not hold the task it is named after; that task is done again", path)
            return None
        rows.attrs = {}
        return rows

    def write(self, name: str, rows: pd.DataFrame) -> None:
        """Keep the rows of a finished task.

        Raises
        ------
        InputError
            The folder cannot be written.
        """
        path = self._path(name)
        part = path.with_name(f".{path.stem}.{os.getpid()}-{secrets.token_hex(4)}.part")
        rows = rows.copy(deep=False)
        rows.attrs = {KEY: _key(name)}
        try:
            rows.to_parquet(part, index=False)
            part.replace(path)
        except OSError as error:
            raise self._unusable(error) from error
        finally:
            part.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / f"{_key(name)[:24]}.parquet"

    def _unusable(self, error: OSError) -> InputError:
        why = error.strerror or error
        return InputError(f"{self.folder}: cannot be used ({why}); name a folder that can be written")


def _key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
