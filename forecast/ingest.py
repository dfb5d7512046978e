"""Files into the store, one at a time: a bad file says what is wrong with it and the others still go in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from forecast.errors import InputError, NotObservations, StoreError
from forecast.observations.store import Added, Store
from forecast.sources import Reading, read_file


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
) -> Iterator[Ingested]:
    """Read and store files, yielding what became of each.

    Files without a date of their own go in first and deeper folders before shallower ones, so that compilations
    never outrank the publications themselves; then dated files from oldest to newest, as they were published.

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
    """
    dated: list[Reading] = []
    for path in sorted(files, key=lambda path: (-len(path.parts), str(path))):
        try:
            reading = read_file(path, today=today, published=(published or {}).get(path))
        except NotObservations as reason:
            yield Ingested(path, skipped=str(reason))
        except InputError as error:
            yield Ingested(path, error=str(error))
        else:
            if reading.published is None:
                yield _stored(store, reading)
            else:
                dated.append(reading)
    for reading in sorted(dated, key=lambda reading: (reading.published, str(reading.path))):
        yield _stored(store, reading)


def _stored(store: Store, reading: Reading) -> Ingested:
    try:
        added = store.add(reading.frame)
    except (InputError, StoreError) as error:
        return Ingested(reading.path, error=f"{reading.path}: {error}")
    return Ingested(reading.path, reading.publication, added, reading.notes)
