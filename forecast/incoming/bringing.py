"""Fetch what has been published and store what is new: what ``forecast fetch`` and the weekly job both do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from forecast.incoming import news
from forecast.incoming.archive import Archive
from forecast.incoming.fetch import FAILED, Fetched, chosen, fetch_all
from forecast.incoming.ingest import Ingested, read_one
from forecast.incoming.pending import ingest_pending
from forecast.observations.store import Store
from forecast.reference import reference
from forecast.sources import Reading
from forecast.sources.landing import PublicationPage
from forecast.sources.web import Web

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Brought:
    """What a fetch brought.

    Parameters
    ----------
    fetched
        What became of each file, in the order of the publications.
    ingested
        What became of each file that was to be stored.
    before, after
        Newest day stored of each measure that is forecast.
    problems
        What was found wrong with the archive and put aside.
    offline
        In words, where nobody could be reached; else empty.
    """

    fetched: Sequence[Fetched] = ()
    ingested: Sequence[Ingested] = ()
    before: Mapping[str, pd.Timestamp] = field(default_factory=dict)
    after: Mapping[str, pd.Timestamp] = field(default_factory=dict)
    problems: Sequence[str] = ()
    offline: str = ""

    @property
    def nothing(self) -> bool:
        """Whether all that was looked for failed."""
        return bool(self.fetched) and all(event.state == FAILED for event in self.fetched)

    @property
    def unreadable(self) -> bool:
        """Whether there was something to store and none of it could be read."""
        return bool(self.ingested) and all(result.error for result in self.ingested)


def bring(
    store: Store,
    archive: Archive,
    today: pd.Timestamp,
    *,
    publications: Sequence[str] = (),
    since: date | None = None,
    ingest: bool = True,
    tell: Tell = lambda *_: None,
) -> Brought:
    """Fetch into the archive, and from there into the store.

    Parameters
    ----------
    store, archive
        Where figures and files go.
    today
        Day on which this happens: figures of later days are refused.
    publications
        Only these; all without.
    since
        Leave out files published before the month of this day.
    ingest
        Whether to store what came, or only to archive it.
    tell
        Called with what is at work, files done and files in all.

    Raises
    ------
    InputError
        Nothing is known of a publication.
    StoreError
        Another fetch is at work, or a folder cannot be read or written.
    """
    pages = chosen(publications)
    before = news.stored_to(store, reference())
    ingested: list[Ingested] = []
    with archive.locked():
        fetched, read = _fetched(archive, pages, since, today if ingest else None, tell)
        if ingest:
            many, results = ingest_pending(store, archive, publications, today, read)
            tell("storing", 0, many or 1)
            for result in results:
                ingested.append(result)
                tell(result.path.name, len(ingested), many)
    after = news.stored_to(store, reference())
    offline = news.no_connection(fetched, news.newest_day(store))
    return Brought(fetched, ingested, before, after, tuple(archive.problems), offline)


def _fetched(
    archive: Archive, pages: Sequence[PublicationPage], since: date | None, today: pd.Timestamp | None, tell: Tell
) -> tuple[list[Fetched], dict[Path, Reading | Ingested]]:
    fetched: list[Fetched] = []
    read: dict[Path, Reading | Ingested] = {}
    tell("looking for publications", 0, 0)
    with Web() as web, closing(fetch_all(archive, pages, web, since=since)) as events:
        for event in events:
            fetched.append(event)
            tell(event.label, event.done, event.of)
            # Servers are waited for most of the time: what has come is read meanwhile.
            if event.file and today is not None:
                read[event.file] = read_one(event.file, today)
    order = [page.publication for page in pages]
    return sorted(fetched, key=lambda event: order.index(event.publication)), read
