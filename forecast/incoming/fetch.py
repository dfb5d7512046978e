"""Everything published into the archive.

Publishers side by side, and of each one thing after the other: the links of each publication's pages, each file whose
content is not known yet, each series of the UKHSA data dashboard. What fails is told with its remedy and the rest goes
on; the next call takes it up again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

from forecast.errors import FetchError, InputError, Unreachable
from forecast.incoming.archive import UNCHANGED, Archive
from forecast.reference import Reference, reference
from forecast.side_by_side import side_by_side
from forecast.sources.download import Validators, download, file_name
from forecast.sources.landing import Link, PublicationPage, files_of, links, publication_pages, subpages_of
from forecast.sources.ukhsa_api import Dashboard, Series, wanted_series
from forecast.sources.web import Web

UKHSA, NHS_ENGLAND = "ukhsa", "nhs_england"
PUBLISHERS = {NHS_ENGLAND: "NHS England", UKHSA: "UKHSA"}
ADDRESSES = {NHS_ENGLAND: "FORECAST_NHS_ENGLAND", UKHSA: "FORECAST_UKHSA"}
"""Environment variables that name a mirror of a publisher."""
FAILED, NOTED = "failed", "noted"
MAY_BE_GONE = "may be gone"
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Fetched:
    """What became of one file, series or page.

    Attributes
    ----------
    publication, label
        Name of the publication, and its name for people.
    state
        ``new``, ``changed`` and ``unchanged`` as in `Archive.keep`; ``failed``; ``noted``: a remark on the publication.
    name
        The file, series or page.
    message
        What is wrong and what to do; empty unless failed or noted.
    offline
        Failed because there is no connection to ``publisher``.
    done, of
        How many files of the publication have been looked at, of how many.
    file
        Where a new or changed file lies in the archive.
    """

    publication: str
    label: str
    publisher: str
    state: str
    name: str
    message: str = ""
    offline: bool = False
    done: int = 0
    of: int = 0
    file: Path | None = None


def chosen(names: Sequence[str], tables: Reference | None = None) -> list[PublicationPage]:
    """Rows of the publications with these names; all when there are none.

    Raises
    ------
    InputError
        Nothing is known of a publication.
    """
    pages = publication_pages(tables or reference())
    known = dict.fromkeys(page.publication for page in pages)
    for name in names:
        if name not in known:
            raise InputError(f"publication {name!r} is not known; there are {', '.join(known)}")
    return [page for page in pages if not names or page.publication in names]


def fetch_all(
    archive: Archive,
    pages: Sequence[PublicationPage],
    web: Web,
    *,
    since: date | None = None,
    addresses: Mapping[str, str] | None = None,
    now: Clock = lambda: datetime.now(UTC),
    tables: Reference | None = None,
) -> Generator[Fetched, None, None]:
    """Fetch what is new of publications into the archive, telling of each file as it comes.

    Publications of one host come one after the other, in the order of ``pages``; hosts do not wait for each other.

    Parameters
    ----------
    archive
        Where the files go; locked by the caller.
    pages
        Publications, as ``chosen`` gives them.
    since
        Leave out files that were put on the publisher's site in a month before this day: their figures are older.
        Series of the dashboard are fetched whole.
    addresses
        Base address of a mirror by publisher; ``FORECAST_NHS_ENGLAND`` and ``FORECAST_UKHSA`` where left out.
    now
        Time of retrieval, in UTC.
    """
    work = _Fetch(archive, web, since, _mirrors(addresses), now, tables or reference())
    by_host: dict[str, list[PublicationPage]] = {}
    for page in pages:
        by_host.setdefault(work.host(page), []).append(page)
    yield from side_by_side([work.publications(rows) for rows in by_host.values()], leave=web.stop)


def rows_hash(pages: Sequence[Mapping[str, object]]) -> str:
    """Hash of the rows of a series, which tells a new content from an old one whenever they were retrieved."""
    rows = json.dumps([page["results"] for page in pages], sort_keys=True)
    return hashlib.sha256(rows.encode()).hexdigest()


class _Fetch:
    """One fetch: what it has read of the pages, and which files it has seen."""

    def __init__(
        self, archive: Archive, web: Web, since: date | None, mirrors: Mapping[str, str], now: Clock, tables: Reference
    ) -> None:
        self._archive = archive
        self._web = web
        self._since = since
        self._mirrors = mirrors
        self._now = now
        self._tables = tables
        self._pages: dict[str, list[Link] | FetchError] = {}
        self._taken: set[str] = set()

    def host(self, row: PublicationPage) -> str:
        """The host that a publication is asked from."""
        return urlsplit(self._at(row, row.page)).netloc

    def publications(self, pages: Sequence[PublicationPage]) -> Iterator[Fetched]:
        """Fetch publications one after the other."""
        for _, rows in groupby(pages, key=lambda page: page.publication):
            yield from self._publication(list(rows))

    def _publication(self, rows: Sequence[PublicationPage]) -> Iterator[Fetched]:
        """Fetch one publication from all its pages."""
        if rows[0].publisher == UKHSA:
            yield from self._dashboard(rows[0])
            return
        wanted: dict[str, Link] = {}
        failed = False
        for row in rows:
            for found in self._links(row):
                if isinstance(found, Link):
                    wanted.setdefault(found.url, found)
                else:
                    failed |= found.state == FAILED
                    yield found
        if not wanted and not failed:
            message = (
                f"{rows[0].page}: no link on it fits {rows[0].publication}; look at the page, and correct the patterns "
                "in data/reference/publication_pages.csv where its words have changed"
            )
            yield _event(rows[0], FAILED, rows[0].page, message)
        fresh = [link for link in wanted.values() if link.url not in self._taken and not self._before(link)]
        self._taken |= set(wanted)
        for done, link in enumerate(fresh, 1):
            yield from self._file(rows[0], link, done, len(fresh))

    def _links(self, row: PublicationPage) -> Iterator[Link | Fetched]:
        """Links to files of a publication on one of its pages and the pages it leads to, and what went wrong."""
        start = self._at(row, row.page)
        try:
            landing = self._page(start)
        except FetchError as error:
            if not (row.status == MAY_BE_GONE and error.status in {404, 410}):
                yield _failed(row, start, error)
            return
        subpages = [link for link in subpages_of(landing, row) if self._allowed(row, link.url)]
        yield from self._known(row, files_of(landing, row))
        newest = max((link.season for link in subpages), default="")
        for subpage in subpages:
            if self._since and subpage.season and f"{self._since:%Y-%m}" > f"{int(subpage.season[:4]) + 1}-12":
                continue
            url = self._at(row, subpage.url)
            try:
                files = files_of(self._page(url), row)
            except FetchError as error:
                yield _failed(row, url, error)
                continue
            if not files and subpage.season == newest:
                yield _event(row, NOTED, url, f"{url}: nothing of {row.label} on the page of this season yet")
            yield from self._known(row, files)

    def _known(self, row: PublicationPage, files: Sequence[Link]) -> Iterator[Link | Fetched]:
        """Links that stay with the publisher, at its mirror where there is one."""
        for link in files:
            if self._allowed(row, link.url):
                yield Link(self._at(row, link.url), link.text, link.page)
            else:
                message = f"{link.url}: the link {link.text!r} of {link.page} leads to another site; not followed"
                yield _event(row, NOTED, link.url, message)

    def _page(self, url: str) -> list[Link]:
        """Links of a page, read once."""
        if url not in self._pages:
            try:
                self._pages[url] = links(self._web.text(url), url)
            except FetchError as error:
                self._pages[url] = error
        found = self._pages[url]
        if isinstance(found, FetchError):
            raise found
        return found

    def _file(self, row: PublicationPage, link: Link, done: int, of: int) -> Iterator[Fetched]:
        name = file_name(link.url)
        known = self._archive.newest(row.publication, link.url)
        partial = self._archive.partial(row.publication, link.url)
        try:
            said = download(self._web, link.url, partial, known.validators if known else None)
        except FetchError as error:
            yield _failed(row, link.url, error, done, of)
            return
        state, file = UNCHANGED, None
        if said is not None:
            told = {"url": link.url, "text": link.text, "page": link.page, "dated": link.day}
            state, kept = self._archive.keep(row.publication, partial, name, told, self._now(), said)
            file = self._archive.path(row.publication, kept) if state != UNCHANGED else None
            if state == UNCHANGED and known is None:
                message = (
                    f"{link.url}: new at this address, but the same to the last byte as {kept.file} fetched before; if "
                    "it should be another month's, run 'forecast fetch' again when the publisher has put it right"
                )
                yield _event(row, NOTED, link.url, message)
        yield _event(row, state, name, done=done, of=of, file=file)

    def _dashboard(self, row: PublicationPage) -> Iterator[Fetched]:
        dashboard = Dashboard(self._web, self._at(row, row.page), self._tables, official=row.page)
        wanted = wanted_series(self._tables)
        for done, series in enumerate(wanted, 1):
            try:
                pages = dashboard.pages(series)
            except FetchError as error:
                yield _failed(row, series.name, error, done, len(wanted))
            else:
                state, file = self._series(row, series, pages)
                yield _event(row, state, series.name, done=done, of=len(wanted), file=file)

    def _series(self, row: PublicationPage, series: Series, pages: list[dict[str, object]]) -> tuple[str, Path | None]:
        """Archive a series with the time of retrieval, unless all its rows are known."""
        now = self._now()
        url = "/".join([row.page, series.topic, series.geography_type, series.geography_code, series.metric])
        partial = self._archive.partial(row.publication, url)
        partial.parent.mkdir(parents=True, exist_ok=True)
        document = {"retrieved": now.isoformat(timespec="seconds"), "pages": pages}
        partial.write_text(json.dumps(document), encoding="utf-8")
        told = {"url": url, "text": series.name, "page": self._at(row, row.page), "dated": ""}
        name = f"{re.sub(r'[^A-Za-z0-9_-]+', '-', series.name)}.json"
        state, kept = self._archive.keep(row.publication, partial, name, told, now, Validators(), rows_hash(pages))
        return state, self._archive.path(row.publication, kept) if state != UNCHANGED else None

    def _before(self, link: Link) -> bool:
        return bool(self._since and link.uploaded and link.uploaded < self._since)

    def _allowed(self, row: PublicationPage, url: str) -> bool:
        return urlsplit(url).netloc in {urlsplit(row.page).netloc, urlsplit(self._at(row, row.page)).netloc}

    def _at(self, row: PublicationPage, url: str) -> str:
        """Address at the publisher's mirror, where there is one; at the publisher always as securely as its page."""
        there, own = urlsplit(url), urlsplit(row.page)
        if there.netloc != own.netloc:
            return url
        base = self._mirrors.get(row.publisher, "").rstrip("/") or f"{own.scheme}://{own.netloc}"
        return base + there._replace(scheme="", netloc="").geturl()


def _mirrors(addresses: Mapping[str, str] | None) -> dict[str, str]:
    if addresses is not None:
        return dict(addresses)
    found = {publisher: os.environ.get(name, "") for publisher, name in ADDRESSES.items()}
    for publisher, base in found.items():
        if base and urlsplit(base).scheme not in {"http", "https"}:
            raise InputError(f"{ADDRESSES[publisher]} is {base!r}, no web address; write https://host")
    return found


def _event(
    row: PublicationPage, state: str, name: str, message: str = "", done: int = 0, of: int = 0, file: Path | None = None
) -> Fetched:
    return Fetched(row.publication, row.label, row.publisher, state, name, message, False, done, of, file)


def _failed(row: PublicationPage, name: str, error: FetchError, done: int = 0, of: int = 0) -> Fetched:
    offline = isinstance(error, Unreachable)
    return Fetched(row.publication, row.label, row.publisher, FAILED, name, str(error), offline, done, of)
