"""Files and folders of published data: which there are, and what each is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from forecast.errors import InputError, NotObservations
from forecast.observations.table import COLUMNS
from forecast.sources.cells import shortened
from forecast.sources.loading import column_names
from forecast.sources.monthly.discharge_csv import is_discharge_csv, read_discharge_csv
from forecast.sources.monthly.emergency_csv import is_emergency_csv, read_emergency_csv
from forecast.sources.nhs_england import read_workbook
from forecast.sources.reading import Reading
from forecast.sources.tidy import read_tidy
from forecast.sources.ukhsa import read_ukhsa

logger = logging.getLogger(__name__)

WORKBOOKS = (".xlsx", ".xlsm", ".xls")
TABLES = (".csv", ".csv.gz", ".parquet")
OTHER_SPREADSHEETS = (".xlsb", ".ods")


def read_file(path: str | Path, *, today: pd.Timestamp | None = None, published: pd.Timestamp | None = None) -> Reading:
    """Read one published file: an NHS England workbook or CSV, JSON of the UKHSA dashboard, or a tidy table.

    Parameters
    ----------
    path
        The file.
    today
        Values dated after this day are refused.
    published
        Day the file came out, where it is known from elsewhere. Used for an NHS England CSV, which does not say it
        itself; other files are dated by what they say.

    Raises
    ------
    NotObservations
        The file is recognised and holds nothing that is read.
    InputError
        The file cannot be used as it stands; the message names the sheet or column, the value and the remedy.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(_no_file(path))
    try:
        return _read(path, today, published)
    except (InputError, NotObservations):
        raise
    except PermissionError as error:
        raise InputError(f"{path}: the file may not be read ({error.strerror}); change its permissions") from error
    except BaseException as error:
        # The spreadsheet reader's own panics are no Exception; an interrupt by a person is none either.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        logger.exception("%s: reading failed unexpectedly", path)
        raise InputError(
            f"{path}: reading failed unexpectedly ({type(error).__name__}: {shortened(str(error))}); please report it"
        ) from error


def _read(path: Path, today: pd.Timestamp | None, published: pd.Timestamp | None) -> Reading:
    name = path.name.casefold()
    if name.endswith(WORKBOOKS):
        return read_workbook(path, today)
    if name.endswith(TABLES):
        names = column_names(path)
        if is_discharge_csv(names):
            return read_discharge_csv(path, today, published)
        if is_emergency_csv(names):
            return read_emergency_csv(path, today, published)
        return read_tidy(path, today)
    if name.endswith(".json"):
        return read_ukhsa(path, today)
    if name.endswith(OTHER_SPREADSHEETS):
        raise InputError(f"{path}: a spreadsheet {path.suffix}, which is not read; open it and save as .xlsx")
    kind = path.suffix or "without an ending"
    raise NotObservations(f"{path}: a file {kind}, not a workbook, CSV or Parquet table; nothing in it was used")


def find_files(paths: Sequence[str | Path]) -> list[Path]:
    """Files under the given files and folders, sorted; hidden files and lock files of office programs left out.

    "Book.xlsx" comes before its re-issue "Book-1.xlsx": where both bear one date, what is read last counts.
    A path that does not exist and a folder without files are listed as they are, so that ``read_file`` says what is
    wrong with them and the other paths still go in.

    Raises
    ------
    InputError
        Nothing was found under any of the paths.
    """
    found: dict[Path, None] = {}
    wrong: dict[Path, None] = {}
    if any(path == "" for path in paths):
        raise InputError("an empty path; name a file or a folder ('.' for the current one)")
    for path in map(Path, paths):
        inside = _inside(path)
        found.update(dict.fromkeys(inside))
        if not inside:
            wrong[path] = None
    if not found:
        raise InputError("; ".join(_no_file(path) for path in wrong) or "no path was given; name a file or a folder")
    return sorted({**found, **wrong}, key=lambda path: [part.split(".") for part in path.parts])


def _inside(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [file for file in path.rglob("*") if file.is_file() and not _hidden(file.relative_to(path))]


def _no_file(path: Path) -> str:
    if not path.is_dir():
        return f"{path}: no such file or folder; check the path"
    return f"{path}: {'a folder; name a file in it' if _inside(path) else 'the folder holds no files; name another'}"


def read(path: str | Path, *, today: pd.Timestamp | None = None) -> pd.DataFrame:
    r"""Read a published file, or every file of a folder, as one tidy frame.

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

    Examples
    --------
    >>> _ = Path("counts.csv").write_text("date,location,metric,value\n2025-01-06,RM1,nctr_patients,200\n")
    >>> frame = fc.read("counts.csv")
    >>> frame[["location", "metric", "value"]].values.tolist()
    [['RM1', 'nctr_patients', 200.0]]
    >>> fc.read("nowhere.csv")
    Traceback (most recent call last):
        ...
    forecast.errors.InputError: nowhere.csv: no such file or folder; check the path
    """
    files = find_files([path])
    if Path(path).is_file():
        return read_file(path, today=today).frame
    readings: list[Reading] = []
    errors: list[str] = []
    for file in files:
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
