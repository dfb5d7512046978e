"""A vintage: one Parquet file an ingest, sealed, so that a flipped bit anywhere in it is noticed.

Rows of one metric share a row group, so that reading one metric touches only its bytes. The footer holds the hash of
every row group and, as the value of ``forecast_seal``, its own (taken with that value zeroed): opening a vintage reads
and checks its footer, reading a metric reads and checks that metric's bytes. Any Parquet reader reads the file.

Vintages of the first version have the hash of the whole file in their name; they are read as they are.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
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
TAIL = 64 * 1024
"""Bytes read from the end of a file to find its footer: holds that of thirty metrics at two hundred trusts."""
_NAME = re.compile(r"(\d{6})(?:-([0-9a-f]{12}))?\.parquet")
_INDEX_KEY = b"forecast_index"
_SEAL = re.compile(rb"sha256=([0-9a-f]{64})")
_UNSEALED = b"sha256=" + b"0" * 64
_MAGIC = b"PAR1"
_END = 8
"""The length of the footer (4 bytes) and the magic word."""


class DamagedVintage(StoreError):
    """What is in a vintage is not what was written; ``reason`` says how it shows."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.reason = reason
        folder = str(path).replace("\\", "/").rpartition("/observations/")[0] or "FOLDER"
        super().__init__(
            f"{path}: this file of the store is damaged ({reason}); 'forecast heal --data {folder}' sets it aside and "
            "names the files to ingest again; the other vintages are untouched"
        )


@dataclass(frozen=True)
class Vintage:
    """One immutable file: its number gives the order of ingest, its digest what is in it.

    Parameters
    ----------
    path
        Where it is; a URL for a store behind one.
    name, size
        Its file name, and bytes.
    number
        From 1, in order of ingest.
    digest
        Hash of its rows.
    simulated
        Whether they are the simulated England's.
    metrics
        Metric to what the file says of it: rows, sources, first and last date.
    footer
        Of the Parquet file.

    Examples
    --------
    >>> store = fc.Store("memory://vintages")
    >>> frame = pd.DataFrame({"date": pd.to_datetime(["2025-01-06"]), "location": "RM1", "metric": "nctr_patients"})
    >>> _ = store.add(frame.assign(value=200.0, source="by hand"))
    >>> vintage = store.vintages()[0]
    >>> vintage.number, vintage.rows, vintage.sources
    (1, 1, ['by hand'])
    >>> first, last = vintage.span("nctr_patients")
    >>> first < last <= vintage.size
    True
    """

    path: Path | str
    name: str
    number: int
    digest: str
    simulated: bool
    metrics: dict[str, dict[str, Any]]
    size: int
    footer: pq.FileMetaData = field(repr=False, compare=False)

    @property
    def rows(self) -> int:
        """Rows in the file."""
        return sum(int(entry["rows"]) for entry in self.metrics.values())

    @property
    def sources(self) -> list[str]:
        """Editions whose rows are in the file."""
        return sorted({source for entry in self.metrics.values() for source in entry["sources"]})

    def span(self, metric: str) -> tuple[int, int]:
        """Where in the file the rows of a metric lie: first byte, and the one after the last.

        Parameters
        ----------
        metric
            One of ``metrics``.

        Returns
        -------
        tuple of int
            Bytes from the start of the file.
        """
        entry = self.metrics[metric]
        if "bytes" in entry:
            return int(entry["bytes"][0]), int(entry["bytes"][1])
        groups = [self.footer.row_group(group) for group in entry["groups"]]
        columns = [group.column(k) for group in groups for k in range(group.num_columns)]
        starts = [column.dictionary_page_offset or column.data_page_offset for column in columns]
        return min(starts), max(s + c.total_compressed_size for s, c in zip(starts, columns, strict=True))


def number_of(name: str) -> int | None:
    """Number of the vintage of that file name; None where it is no vintage's."""
    match = _NAME.fullmatch(name)
    return int(match[1]) if match else None


def name_of(number: int) -> str:
    """File name of a vintage."""
    return f"{number:06d}.parquet"


def opened(path: Path | str, name: str, size: int, tail: bytes, read: Callable[[int, int], bytes]) -> Vintage:
    """Read what a vintage holds from its footer, and check the footer.

    Parameters
    ----------
    path
        What a message calls the file.
    name, size
        Its name in the folder and its bytes.
    tail
        Its last bytes.
    read
        From a first byte and the one after the last to what lies there; called where the tail is too short.

    Raises
    ------
    DamagedVintage
        The footer is not what was written.
    """
    number = number_of(name) or 0
    if size < len(_MAGIC) + _END or tail[-len(_MAGIC) :] != _MAGIC:
        raise DamagedVintage(path, "it is empty" if size == 0 else "its end is missing")
    length = int.from_bytes(tail[-_END:-4], "little")
    if length > size - _END - len(_MAGIC):
        raise DamagedVintage(path, "its end is not what was written")
    if length + _END > len(tail):
        tail = read(size - length - _END, size)
    footer = tail[-length - _END : -_END]
    digest = _seal(footer) or _seal_of_first_version(name, lambda: read(0, size))
    if digest is None:
        raise DamagedVintage(path, "its content is not what was written")
    try:
        metadata = pq.read_metadata(pa.BufferReader(_MAGIC + tail[-length - _END :]))
        index = json.loads((metadata.metadata or {})[_INDEX_KEY])
        return Vintage(path, name, number, digest, bool(index["simulated"]), index["metrics"], size, metadata)
    except (pa.ArrowInvalid, OSError, KeyError, ValueError) as error:
        raise DamagedVintage(path, f"it is no vintage, {error.__class__.__name__}") from error


def rows(vintage: Vintage, metric: str, content: bytes, columns: Iterable[str]) -> pa.Table:
    """Rows of one metric, only the columns asked for, from the bytes at ``vintage.span(metric)``.

    Raises
    ------
    DamagedVintage
        The bytes are not what was written.
    """
    check(vintage, metric, content)
    start, end = vintage.span(metric)
    # the footer gives places in the whole file: the rest of it is left blank
    whole = np.zeros(vintage.size, dtype=np.uint8)
    whole[start:end] = np.frombuffer(content, dtype=np.uint8)
    try:
        file = pq.ParquetFile(pa.BufferReader(pa.py_buffer(whole)), metadata=vintage.footer)
        return file.read_row_groups(vintage.metrics[metric]["groups"], columns=list(columns), use_threads=False)
    except (OSError, pa.ArrowInvalid) as error:
        raise DamagedVintage(vintage.path, f"{metric} cannot be read, {error}") from error


def check(vintage: Vintage, metric: str, content: bytes) -> None:
    """Compare the bytes of a metric with their hash.

    Raises
    ------
    DamagedVintage
        They are not what was written.
    """
    start, end = vintage.span(metric)
    written = vintage.metrics[metric].get("sha256")
    if len(content) != end - start or (written and hashlib.sha256(content).hexdigest() != written):
        raise DamagedVintage(vintage.path, f"the content of {metric} is not what was written")


def encoded(rows: pd.DataFrame, simulated: bool) -> bytes:
    """Return tidy rows as the content of a vintage, sealed."""
    index: dict[str, dict[str, Any]] = {}
    out = io.BytesIO()
    with pq.ParquetWriter(out, SCHEMA, compression="zstd") as writer:
        for group, (metric, part) in enumerate(rows.groupby("metric", sort=True)):
            start = out.tell() if group else 0
            writer.write_table(_table(part.sort_values(["location", "date"], kind="stable")), row_group_size=len(part))
            written = out.getbuffer()[start : out.tell()]
            index[str(metric)] = {
                "rows": len(part),
                "groups": [group],
                "bytes": [start, out.tell()],
                "sha256": hashlib.sha256(written).hexdigest(),
                "first": f"{part['date'].min():%Y-%m-%d}",
                "last": f"{part['date'].max():%Y-%m-%d}",
                "released": f"{part['released'].max():%Y-%m-%d}",
                "locations": sorted(map(str, part["location"].unique())),
                "sources": sorted(map(str, part["source"].unique())),
            }
            written.release()  # a buffer that is looked at cannot grow
        told = json.dumps({"simulated": simulated, "metrics": index})
        writer.add_key_value_metadata({_INDEX_KEY: told.encode(), "forecast_seal": _UNSEALED})
    content = out.getvalue()
    start = len(content) - _END - int.from_bytes(content[-_END:-4], "little")
    head, footer, end = content[:start], content[start:-_END], content[-_END:]
    digest = hashlib.sha256(footer).hexdigest().encode()
    return head + footer.replace(_UNSEALED, b"sha256=" + digest) + end


def _seal(footer: bytes) -> str | None:
    """The seal of a footer where it fits the footer, else None."""
    for found in _SEAL.finditer(footer):
        blank = footer[: found.start()] + _UNSEALED + footer[found.end() :]
        if hashlib.sha256(blank).hexdigest().encode() == found[1]:
            return found[1].decode()
    return None


def _seal_of_first_version(name: str, content: Callable[[], bytes]) -> str | None:
    """The hash in the name of a file of the first version where it fits the content, else None."""
    match = _NAME.fullmatch(name)
    if match is None or match[2] is None:
        return None
    return match[2] if hashlib.sha256(content()).hexdigest().startswith(match[2]) else None


def _table(part: pd.DataFrame) -> pa.Table:
    arrays = []
    for wanted in SCHEMA:
        array = pa.Array.from_pandas(part[wanted.name])
        if pa.types.is_dictionary(wanted.type) and not pa.types.is_dictionary(array.type):
            array = array.cast(pa.string()).dictionary_encode()
        elif pa.types.is_date(wanted.type):
            array = array.cast(pa.timestamp("s")).cast(pa.date32())
        arrays.append(array.cast(wanted.type))
    return pa.table(arrays, schema=SCHEMA)
