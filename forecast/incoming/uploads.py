"""A file that a person gives: read, shown what it would change, and only then stored.

The file itself is not kept. It is read from a folder that exists only while it is read.
"""

from __future__ import annotations

import io
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from forecast.errors import InputError, NotObservations
from forecast.observations.preparing import SIMULATED
from forecast.observations.store import Added, Store
from forecast.observations.told import differences
from forecast.sources import Reading, read_file

LIMIT_MB = 20
"""Largest file; the largest publication, a season of all trusts by the day, is about a quarter of it."""
UNPACKED_MB = 400
"""A packed table may unpack to this much: a small file of one repeated character can fill any memory."""
UNPACKED_TEXT_MB = 100
"""A packed CSV may unpack to this much: reading takes five times as much memory, and a second for every megabyte."""
MOST_LINES = 2_500_000
"""Lines of a CSV, twice those of the largest compilation known; read they take about as much memory as 100 MB do."""
MOST_ROWS = 5_000_000
"""Rows of a table; the largest compilation known, eight winters of beds by the day, has a quarter of them."""
ENDINGS = ("xlsx", "xlsm", "xls", "csv", "gz", "parquet")
_BLOCK = 1 << 20
_NAMELESS = "upload.csv"
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(10))}
"""On Windows these are no files, whatever their ending."""
_LONGEST_NAME = 150
"""Bytes; file systems take 255."""


@dataclass(frozen=True)
class Preview:
    """What a file is and what storing it would do.

    Parameters
    ----------
    name, publication, published, notes
        As in ``Reading``.
    frame
        Its observations.
    added
        How many values are new, changed and stored already.
    differences
        Values that would change: metric, date, location, old, new.
    """

    name: str
    publication: str
    published: pd.Timestamp | None
    notes: tuple[str, ...]
    frame: pd.DataFrame
    added: Added
    differences: pd.DataFrame

    @property
    def nothing_new(self) -> bool:
        """Whether the store holds all of it already."""
        return self.added.new + self.added.changed == 0


def read_upload(name: str, content: bytes, today: pd.Timestamp | None = None) -> Reading:
    """Read a file given as bytes.

    Parameters
    ----------
    name
        Its name, which tells what kind of file it is.
    content
        Its bytes.
    today
        Values dated after this day are refused.

    Raises
    ------
    InputError
        The file cannot be used, is too large, or holds nothing that is read; the message names it, not a folder.
    """
    name = _plain(name)
    if len(content) > LIMIT_MB * _BLOCK:
        raise InputError(f"{name}: {len(content) / _BLOCK:.0f} MB; files to {LIMIT_MB} MB are read, so split it")
    _refuse_vast(name, content)
    with tempfile.TemporaryDirectory(prefix="forecast-") as folder:
        path = Path(folder) / name
        try:
            path.write_bytes(content)
            reading = read_file(path, today=today)
        except (InputError, NotObservations) as error:
            raise InputError(str(error).replace(f"{folder}/", "").replace(str(path), name)) from error
        except OSError as error:
            raise InputError(f"{name}: cannot be kept to be read ({error.strerror or error}); try again") from error
    _refuse_simulated(name, reading.frame)
    return reading


def preview(store: Store, reading: Reading) -> Preview:
    """Say what storing a file would do; nothing is stored.

    Raises
    ------
    InputError, StoreError
        As ``Store.preview``.
    """
    kept, added = store.proposed(reading.frame)
    found = [
        differences(store.history(str(metric)), part).assign(metric=str(metric))
        for metric, part in kept.groupby("metric")
    ]
    columns = ["metric", "date", "location", "old", "new"]
    changes = pd.concat(found, ignore_index=True)[columns] if found else pd.DataFrame(columns=columns)
    return Preview(
        reading.path.name, reading.publication, reading.published, reading.notes, reading.frame, added, changes
    )


def _plain(name: str) -> str:
    """File name without folders and characters that no file name has."""
    last = name.replace("\\", "/").split("/")[-1]
    plain = "".join(character for character in last if character.isprintable()).strip()
    plain = plain.translate(dict.fromkeys(map(ord, '<>:"|?*'), "_"))
    if plain.split(".")[0].strip().upper() in _DEVICES:
        plain = f"_{plain}"
    while len(plain.encode()) > _LONGEST_NAME:
        plain = plain[1:]
    return plain if plain.strip(".") else _NAMELESS


def _refuse_vast(name: str, content: bytes) -> None:
    """Refuse a packed table that unpacks to too much, before anything unpacks it; a damaged one the reader refuses."""
    if content.startswith(b"PAR1"):
        try:
            about = pq.read_metadata(io.BytesIO(content))
        except (pa.ArrowException, OSError):
            return
        size = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
        # a column of one repeated value takes no bytes, but every row of it takes memory
        if size > UNPACKED_MB * _BLOCK or about.num_rows > MOST_ROWS:
            raise InputError(
                f"{name}: {about.num_rows:,} rows, {size / _BLOCK:,.0f} MB unpacked; tables to {MOST_ROWS:,} rows and "
                f"{UNPACKED_MB} MB are read, so split it"
            )
    packed = content.startswith(b"\x1f\x8b")
    if not packed and not name.casefold().endswith(".csv"):
        return
    size, lines = 0, 0
    for block in _unpacked(content) if packed else [content]:
        size, lines = size + len(block), lines + block.count(b"\n")
        if packed and size > UNPACKED_TEXT_MB * _BLOCK:
            raise InputError(f"{name}: unpacks to more than {UNPACKED_TEXT_MB} MB; split it")
        if lines > MOST_LINES:
            raise InputError(f"{name}: more than {MOST_LINES:,} lines; split it")


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Yield what a gzip file holds, all its members, a block at a time; up to where it is damaged."""
    unpacker, rest = zlib.decompressobj(wbits=31), content
    try:
        while rest:
            yield unpacker.decompress(rest, _BLOCK)
            rest = unpacker.unconsumed_tail
            if unpacker.eof:
                unpacker, rest = zlib.decompressobj(wbits=31), unpacker.unused_data
    except zlib.error:
        return


def _refuse_simulated(name: str, frame: pd.DataFrame) -> None:
    sources = frame["source"].astype("str")
    simulated = sources[sources.str.strip().str.casefold().str.startswith(SIMULATED)]
    if len(simulated):
        raise InputError(
            f"{name}, column 'source': {simulated.iloc[0]!r} marks simulated figures, which never stand among "
            "published ones; give a file of published figures"
        )
