"""Files into the store, many at a time: a bad file says what is wrong with it and the others still go in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from forecast.errors import InputError, NotObservations, StoreError
from forecast.observations.store import Added, Store
from forecast.sources import Reading, read_file

ROWS_TOGETHER = 1_000_000
"""Rows stored in one go: three winters of all trusts in a few, each of some hundred megabytes of memory."""


@dataclass(frozen=True)
class Ingested:
    """What became of one file: added, skipped (with the reason) or in error (with the message)."""

    path: Path
    publication: str = ""
    added: Added | None = None
    notes: tuple[str, ...] = ()
    skipped: str = ""
    error: str = ""


def ingest_files(
    store: Store,
    files: Sequence[Path],
    today: pd.Timestamp | None = None,
    published: Mapping[Path, pd.Timestamp] | None = None,
    read: Mapping[Path, Reading | Ingested] | None = None,
) -> Iterator[Ingested]:
    """Read and store files, yielding what became of each.

    Files without a date of their own go in first and deeper folders before shallower ones, so that compilations
    never outrank the publications themselves; then dated files from oldest to newest, as they were published. Where
    that says nothing, the file that is listed later counts.

    Parameters
    ----------
    store
        Where the observations go.
    files
        Files, as listed by ``forecast.sources.find_files``.
    today
        Values dated after this day are refused.
    published
        Day a file came out, for files that do not say it themselves, such as the CSV files of NHS England.
    read
        What ``read_one`` gave for files that have been read already.
    """
    undated: list[Reading] = []
    dated: list[tuple[pd.Timestamp, Reading]] = []
    done = read or {}
    for path in sorted(files, key=lambda path: -len(path.parts)):
        found = done[path] if path in done else read_one(path, today, (published or {}).get(path))
        if isinstance(found, Ingested):
            yield found
        elif found.published is None:
            undated.append(found)
            if _rows(undated) >= ROWS_TOGETHER:
                yield from _stored(store, undated)
                undated = []
        else:
            dated.append((found.published, found))
    waiting = undated
    for _, reading in sorted(dated, key=lambda one: one[0]):
        waiting.append(reading)
        if _rows(waiting) >= ROWS_TOGETHER:
            yield from _stored(store, waiting)
            waiting = []
    yield from _stored(store, waiting)


def read_one(
    path: Path, today: pd.Timestamp | None = None, published: pd.Timestamp | None = None
) -> Reading | Ingested:
    """What a file holds; where nothing can be used of it, what became of it."""
    try:
        return read_file(path, today=today, published=published)
    except NotObservations as reason:
        return Ingested(path, skipped=str(reason))
    except InputError as error:
        return Ingested(path, error=str(error))


def _rows(readings: Sequence[Reading]) -> int:
    return sum(len(reading.frame) for reading in readings)


def _stored(store: Store, readings: Sequence[Reading]) -> list[Ingested]:
    """Store readings in one go; where one of them cannot be stored, one by one, so that the others still go in."""
    try:
        added = store.add_all([reading.frame for reading in readings])
    except (InputError, StoreError) as error:
        if len(readings) == 1:
            return [Ingested(readings[0].path, error=f"{readings[0].path}: {error}")]
        return [result for reading in readings for result in _stored(store, [reading])]
    return [
        Ingested(reading.path, reading.publication, counts, reading.notes)
        for reading, counts in zip(readings, added, strict=True)
    ]
