"""What lies in the archive and not in the store yet, into the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from forecast.incoming.archive import Archive
from forecast.incoming.ingest import Ingested, ingest_files
from forecast.observations.store import Store
from forecast.sources import Reading
from forecast.sources.web import program


def ingest_pending(
    store: Store,
    archive: Archive,
    publications: Sequence[str] = (),
    today: pd.Timestamp | None = None,
    read: Mapping[Path, Reading | Ingested] | None = None,
) -> tuple[int, Iterator[Ingested]]:
    """How many files of the archive the store lacks, and what becomes of each as it is ingested.

    ``read``: what ``read_one`` gave for those that have been read already.
    """
    names = list(dict.fromkeys(publications or archive.publications()))
    held = {vintage.digest for vintage in store.vintages()}
    files = [path for name in names for path in archive.pending(name, program(), held)]
    return len(files), _ingested(store, archive, files, today, read)


def ingest_archived(store: Store, archive: Archive, today: pd.Timestamp) -> list[Ingested]:
    """Store what the archive has and the store lacks; say what became of each file. Raises as ``Archive.locked``."""
    with archive.locked():
        return list(ingest_pending(store, archive, today=today)[1])


def _ingested(
    store: Store,
    archive: Archive,
    files: list[Path],
    today: pd.Timestamp | None,
    read: Mapping[Path, Reading | Ingested] | None,
) -> Iterator[Ingested]:
    for result in ingest_files(store, files, today=today, read=read):
        if not result.error:
            newest = "" if result.skipped else store.vintages()[-1].digest
            archive.note(result.path.parent.name, result.path, program(), newest)
        yield result
