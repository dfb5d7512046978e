"""Links of a publication page: found by what they say, because the files behind them are named by hand."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

from forecast.errors import InputError
from forecast.reference import Reference
from forecast.sources.cells import folded
from forecast.sources.download import ending

FILE = "publication_pages.csv"

# Words that say when, in which format or how long, but not what a file is.
_SILENT = re.compile(
    r"(?:jan|febr)(?:uary)?|feb|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d+(?:st|nd|rd|th|[km]b)?|v\d+|xlsx?|xlsm"
    r"|csv|excel|[km]b|bytes|download|click|here|this|link|files?|spreadsheet|data|table|revised|updated|final|new"
    r"|the|of|for|to|from|and|in|a"
)
_SEASON = re.compile(r"(?<!\d)(20\d\d)\D?(\d\d)(?!\d)")
_UPLOADED = re.compile(r"/(20\d\d)/(0[1-9]|1[0-2])/[^/]*$")
_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3})[a-z]* (20\d\d)\b")
_MONTHS = [name.casefold() for name in calendar.month_abbr]


@dataclass(frozen=True)
class PublicationPage:
    """A row of ``publication_pages.csv``: where a publication is, and by which words its files are known.

    Attributes
    ----------
    publication
        Name of the publication, and of its folder.
    publisher
        ``nhs_england`` or ``ukhsa``.
    page
        Address of its landing page; of an interface for programs, its base.
    subpages
        Pattern of the links that lead to further pages of it, one a season as a rule; empty: there are none.
    first_season
        Oldest season looked at: "2020-21"; empty: all.
    link_text, link_href, exclude
        Patterns in words, for ``said``: of a link's text, of the name of its file, and of either.
    otherwise
        Pattern of the links taken from a page on which no other fits.
    """

    publication: str
    label: str
    publisher: str
    page: str
    subpages: str
    first_season: str
    link_text: str
    link_href: str
    otherwise: str
    exclude: str
    source: str
    status: str


@dataclass(frozen=True)
class Link:
    """A link: its absolute address, what it says, and the page it stands on."""

    url: str
    text: str
    page: str

    @property
    def season(self) -> str:
        """The season that the link names: "2023-24"; empty where it names none."""
        for text in (self.text, unquote(urlsplit(self.url).path)):
            for first, second in _SEASON.findall(text):
                if (int(first) + 1) % 100 == int(second):
                    return f"{first}-{second}"
        return ""

    @property
    def day(self) -> str:
        """The date that the link's text names, as 2024-01-31; empty where it names none."""
        found = _DAY.search(said(self.text))
        try:
            return date(int(found[3]), _MONTHS.index(found[2]), int(found[1])).isoformat() if found else ""
        except ValueError:
            return ""

    @property
    def uploaded(self) -> date | None:
        """Last day of the month in whose folder the file lies: no figure in it is newer."""
        found = _UPLOADED.search(urlsplit(self.url).path)
        if found is None:
            return None
        year, month = int(found[1]), int(found[2])
        return date(year, month, calendar.monthrange(year, month)[1])


def publication_pages(tables: Reference) -> list[PublicationPage]:
    """Rows of the table of publications.

    Raises
    ------
    InputError
        The table or a column is missing, or a pattern cannot be read.
    """
    columns = tuple(PublicationPage.__dataclass_fields__)
    pages = [PublicationPage(**row) for row in tables.table(FILE, columns)]
    for page in pages:
        for name in ("subpages", "link_text", "link_href", "otherwise", "exclude"):
            try:
                re.compile(getattr(page, name))
            except re.error as error:
                raise InputError(
                    f"{tables.folder / FILE}: {page.publication}, column {name!r}: not a pattern ({error}); correct it"
                ) from error
    return pages


def links(html: str, page: str) -> list[Link]:
    """Links of a page to the web, absolute, without fragments; the same one counts once for each text."""
    parser = _Links()
    parser.feed(html)
    parser.close()
    base = _absolute(parser.base, page) or page
    found: dict[Link, None] = {}
    for href, text in parser.found:
        if url := _absolute(href, base):
            found[Link(url, " ".join(text.split()), page)] = None
    return list(found)


def files_of(found: Sequence[Link], publication: PublicationPage) -> list[Link]:
    """Links of a page to files of a publication, each file once.

    What a link says counts; where it says nothing but a date or a format, the name of the file does.
    """
    files = [link for link in found if ending(link.url) and not _excluded(link, publication)]
    wanted = [link for link in files if _fits(link, publication.link_text, publication.link_href)]
    if not wanted and publication.otherwise:
        wanted = [link for link in files if _fits(link, publication.otherwise, publication.otherwise)]
    return _once(wanted)


def subpages_of(found: Sequence[Link], publication: PublicationPage) -> list[Link]:
    """Links of a landing page to the further pages of a publication, from its first season on."""
    if not publication.subpages:
        return []
    pages = [link for link in found if "." not in urlsplit(link.url).path.rsplit("/", 1)[-1]]
    wanted = [link for link in pages if _matches(publication.subpages, said(link.text), said(link.url))]
    first = publication.first_season
    return _once(link for link in wanted if not (first and link.season and link.season < first))


def said(text: str) -> str:
    """Words of a text or address without case, with hyphens, dots and underscores as spaces."""
    return " ".join(re.sub(r"[-_.+/\\(),:;|]+", " ", folded(unquote(text))).split())


def _fits(link: Link, text: str, href: str) -> bool:
    words = said(link.text)
    if any(_SILENT.fullmatch(word) is None for word in words.split()):
        return _matches(text, words)
    return _matches(href, said(_name(link.url)))


def _excluded(link: Link, publication: PublicationPage) -> bool:
    return bool(publication.exclude) and _matches(publication.exclude, said(link.text), said(_name(link.url)))


def _matches(pattern: str, *texts: str) -> bool:
    return any(re.search(pattern, text) for text in texts)


def _name(url: str) -> str:
    return urlsplit(url).path.rsplit("/", 1)[-1]


def _once(found: Iterable[Link]) -> list[Link]:
    return list({link.url: link for link in reversed(list(found))}.values())[::-1]


def _absolute(href: str, base: str) -> str:
    """The address of a link; empty where it does not lead to the web."""
    try:
        url = urldefrag(urljoin(base, href.strip())).url
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ""
    return quote(url, safe="%/:?&=#+,;@!$'()*[]~")


class _Links(HTMLParser):
    """Collects the address and the text of every link; nothing on a page is ever run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.base = ""
        self.found: list[tuple[str, str]] = []
        self._href: str | None = None
        self._text: list[str] = []

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Skip a declaration such as ``<![if IE]>`` as browsers do; an odd one would end the reading of the page."""
        return self.parse_bogus_comment(i, report)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "base" and not self.base:
            self.base = values.get("href") or ""
        elif tag == "a":
            self._end()
            self._href = values.get("href")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end()

    def handle_data(self, data: str) -> None:
        if self._href is not None:
            self._text.append(data)

    def close(self) -> None:
        super().close()
        self._end()

    def _end(self) -> None:
        if self._href is not None:
            self.found.append((self._href, "".join(self._text)))
        self._href, self._text = None, []
