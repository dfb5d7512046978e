"""The append-only files under a store: one Parquet file an ingest, written whole or not at all.

A vintage is written under a temporary name, flushed to disk and renamed; a process killed in between leaves a
temporary file that nobody reads and the next writer removes. Rows of one metric share row groups, so that
reading one metric touches only its bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from forecast.errors import StoreError

SCHEMA = pa.schema(
    [
        ("date", pa.date32()),
        ("location", pa.dictionary(pa.int32(), pa.string())),
        ("metric", pa.string()),
        ("value", pa.float64()),
        ("released", pa.date32()),
        ("published", pa.date32()),
        ("source", pa.dictionary(pa.int32(), pa.string())),
    ]
)
_NAME = re.compile(r"(\d{6})-([0-9a-f]{12})\.parquet")
_INDEX_KEY = b"forecast_index"


@dataclass(frozen=True)
class Vintage:
    """One immutable file: its number gives the order of ingest, its hash what is in it."""

    path: Path
    number: int
    digest: str
    simulated: bool
    metrics: dict[str, dict[str, Any]]

    @property
    def rows(self) -> int:
        """Rows in the file."""
        return sum(int(entry["rows"]) for entry in self.metrics.values())


def listed(folder: Path) -> list[Path]:
    """Return the vintage files of ``folder`` in the order of ingest."""
    return sorted(path for path in folder.glob("*.parquet") if _NAME.fullmatch(path.name))


def opened(path: Path) -> Vintage:
    """Read what a vintage holds from its footer.

    Raises
    ------
    StoreError
        The file is damaged; the message names it and the remedy.
    """
    match = _NAME.fullmatch(path.name)
    number, digest = (int(match[1]), match[2]) if match else (0, "")
    try:
        with path.open("rb") as handle:
            if hashlib.file_digest(handle, "sha256").hexdigest()[: len(digest)] != digest:
                raise ValueError("its content is not what was written")
        metadata = pq.read_metadata(path).metadata or {}
        index = json.loads(metadata[_INDEX_KEY])
    except (OSError, pa.ArrowInvalid, KeyError, ValueError) as error:
        raise StoreError(
            f"{path}: this file of the store is damaged ({error.__class__.__name__}); move it away and ingest its "
            "files again; the other vintages are untouched"
        ) from error
    return Vintage(path, number, digest, bool(index["simulated"]), index["metrics"])


def read(vintage: Vintage, metric: str, columns: Iterable[str]) -> pa.Table:
    """Rows of one metric, only the columns asked for."""
    groups = vintage.metrics[metric]["groups"]
    try:
        with pq.ParquetFile(vintage.path) as file:
            return file.read_row_groups(groups, columns=list(columns))
    except (OSError, pa.ArrowInvalid) as error:
        raise StoreError(
            f"{vintage.path}: cannot read {metric} ({error}); move the file away and ingest its files again"
        ) from error


def write(folder: Path, rows: pd.DataFrame, number: int, simulated: bool) -> Vintage:
    """Write ``rows`` as the next vintage: temporary name, flush, rename.

    Raises
    ------
    StoreError
        The disk is full or the folder cannot be written; nothing already stored is touched.
    """
    temporary = folder / f".{number:06d}-{os.getpid()}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _remove_left_overs(folder)
        _write_table(temporary, rows, simulated)
        digest = hashlib.sha256(temporary.read_bytes()).hexdigest()[:12]
        final = folder / f"{number:06d}-{digest}.parquet"
        temporary.replace(final)
        _flush_folder(folder)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StoreError(
            f"{folder}: cannot write ({error.strerror or error}); free some space or give the folder write "
            "permission and ingest again; what was stored before is untouched"
        ) from error
    return opened(final)


def _write_table(path: Path, rows: pd.DataFrame, simulated: bool) -> None:
    index: dict[str, dict[str, Any]] = {}
    tables: list[pa.Table] = []
    for group, (metric, part) in enumerate(rows.groupby("metric", sort=True)):
        part = part.sort_values(["location", "date"], kind="stable")
        tables.append(_table(part))
        index[str(metric)] = {
            "rows": len(part),
            "groups": [group],
            "first": f"{part['date'].min():%Y-%m-%d}",
            "last": f"{part['date'].max():%Y-%m-%d}",
            "released": f"{part['released'].max():%Y-%m-%d}",
            "locations": sorted(map(str, part["location"].unique())),
            "sources": sorted(map(str, part["source"].unique())),
        }
    metadata = {_INDEX_KEY: json.dumps({"simulated": simulated, "metrics": index}).encode()}
    schema = SCHEMA.with_metadata(metadata)
    with path.open("wb") as handle:
        with pq.ParquetWriter(handle, schema, compression="zstd") as writer:
            for table in tables:
                writer.write_table(table, row_group_size=max(len(table), 1))
        handle.flush()
        os.fsync(handle.fileno())


def _table(part: pd.DataFrame) -> pa.Table:
    arrays = []
    for field in SCHEMA:
        array = pa.Array.from_pandas(part[field.name])
        if pa.types.is_dictionary(field.type) and not pa.types.is_dictionary(array.type):
            array = array.cast(pa.string()).dictionary_encode()
        elif pa.types.is_date(field.type):
            array = array.cast(pa.timestamp("s")).cast(pa.date32())
        arrays.append(array.cast(field.type))
    return pa.table(arrays, schema=SCHEMA)


def _remove_left_overs(folder: Path) -> None:
    for path in folder.glob(".*.tmp"):
        path.unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
