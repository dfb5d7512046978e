"""Files and folders of published data: which there are, and what each is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from forecast.errors import InputError, NotObservations
from forecast.observations.table import COLUMNS
from forecast.sources.nhs_england import read_workbook
from forecast.sources.reading import Reading
from forecast.sources.tidy import read_tidy

logger = logging.getLogger(__name__)

WORKBOOKS = (".xlsx", ".xlsm", ".xls")
TABLES = (".csv", ".csv.gz", ".parquet")


def read_file(path: str | Path, *, today: pd.Timestamp | None = None) -> Reading:
    """Read one published file: an NHS England workbook or a tidy table.

    Parameters
    ----------
    path
        The file.
    today
        Values dated after this day are refused.

    Raises
    ------
    NotObservations
        The file is recognised and holds nothing that is read.
    InputError
        The file cannot be used as it stands; the message names the sheet or column, the value and the remedy.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(
            f"{path}: {'is a folder; name a file in it' if path.is_dir() else 'no such file; check the path'}"
        )
    name = path.name.casefold()
    try:
        if name.endswith(WORKBOOKS):
            return read_workbook(path, today)
        if name.endswith(TABLES):
            return read_tidy(path, today)
    except PermissionError as error:
        raise InputError(f"{path}: the file may not be read ({error.strerror}); change its permissions") from error
    kind = path.suffix or "without an ending"
    raise NotObservations(f"{path}: a file {kind}, not a workbook, CSV or Parquet table; nothing in it was used")


def find_files(paths: Sequence[str | Path]) -> list[Path]:
    """Files under the given files and folders, sorted; hidden files and lock files of office programs left out.

    Raises
    ------
    InputError
        A path does not exist, or a folder holds no files.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.is_file():
            found[path] = None
        elif path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.is_file() and not _hidden(file.relative_to(path)))
            if not inside:
                raise InputError(f"{path}: the folder holds no files; name a folder with published files")
            found.update(dict.fromkeys(inside))
        else:
            raise InputError(f"{path}: no such file or folder; check the path")
    return sorted(found)


def read(path: str | Path, *, today: pd.Timestamp | None = None) -> pd.DataFrame:
    """Read a published file, or every file of a folder, as one tidy frame.

    Files of a folder that hold no observations are skipped and logged.

    Parameters
    ----------
    path
        A file or a folder.
    today
        Values dated after this day are refused.

    Returns
    -------
    DataFrame
        Columns of ``forecast.observations.table``; ``attrs["published"]`` as in `Reading`.

    Raises
    ------
    InputError
        A file cannot be used; of a folder every such file is named. Nothing of the folder is returned.
    """
    path = Path(path)
    if path.is_file():
        return read_file(path, today=today).frame
    readings: list[Reading] = []
    errors: list[str] = []
    for file in find_files([path]):
        try:
            readings.append(read_file(file, today=today))
        except NotObservations as reason:
            logger.info("skipped: %s", reason)
        except InputError as error:
            errors.append(str(error))
    if errors:
        listed = "\n".join(f"- {error}" for error in errors)
        raise InputError(f"{path}: {len(errors)} of its files cannot be used; mend or remove them:\n{listed}")
    if not readings:
        raise InputError(f"{path}: none of its files holds observations; name a folder with published files")
    for reading in readings:
        for note in reading.notes:
            logger.info("%s: %s", reading.path, note)
    return _together(readings)


def _together(readings: Sequence[Reading]) -> pd.DataFrame:
    """One frame of all readings; an edition that lies in the folder twice counts once."""
    frame = pd.concat([reading.frame for reading in readings], ignore_index=True)
    sources = pd.Series([source for reading in readings for source in reading.frame["source"].unique()])
    shared = set(sources[sources.duplicated()])
    if shared:
        rows = frame[frame["source"].isin(shared)]
        frame = frame.drop(rows[rows.duplicated(list(COLUMNS))].index).reset_index(drop=True)
    frame.attrs["published"] = {
        source: day for reading in readings for source, day in reading.frame.attrs.get("published", {}).items()
    }
    return frame


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.parts)
