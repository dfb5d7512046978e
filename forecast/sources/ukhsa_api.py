"""The public interface of the UKHSA data dashboard: which areas and metrics there are, and whole series.

One request covers one topic, area and metric. Names of areas are looked up, never written down: an area is the one
whose rows carry the wanted code. A name that matches nothing is answered with an empty list, so that what the
interface does not list is an error here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from forecast.errors import FetchError, InputError
from forecast.reference import Reference
from forecast.sources.answers import TRIES_REFUSED, Again
from forecast.sources.cells import listed
from forecast.sources.web import Web

FILE = "ukhsa_series.csv"
PAGE_SIZE = 365
"""The most rows that the interface gives at once; without asking it gives 5."""
_THEME = ("themes", "infectious_disease", "sub_themes", "respiratory")
_WHOLE = "age=all&sex=all&stratum=default"
_LONGEST = 100
"""Pages of a series: 100 years of days."""
_STARTS = 3
"""How often a series is begun: a release while it is read moves its pages."""


TRUST = "NHS Trust"


@dataclass(frozen=True)
class Series:
    """A row of ``ukhsa_series.csv``: a metric of a topic at the area with a code."""

    topic: str
    geography_type: str
    geography_code: str
    metric: str
    our_metric: str
    source: str

    @property
    def name(self) -> str:
        """A short name: "influenza_testing_positivityByWeek-E92000001"."""
        return f"{self.metric}-{self.geography_code}"


def wanted_series(tables: Reference) -> list[Series]:
    """Rows of the table of series; what it names at one trust is wanted at every hospital of the counties.

    Raises
    ------
    InputError
        The table or a column is missing, or a metric is read by another name than the table says.
    """
    found = [Series(**row) for row in tables.table(FILE, tuple(Series.__dataclass_fields__))]
    for series in found:
        if tables.aliases.get(series.metric) != series.our_metric:
            raise InputError(
                f"{tables.folder / FILE}: {series.metric} is to be read as {series.our_metric!r}, but "
                f"metric_aliases.csv says {tables.aliases.get(series.metric, 'nothing')!r}; make them agree"
            )
    hospitals = [code for county in tables.counties() for code in tables.members(county.code)]
    every = [replace(one, geography_code=code) for one in found if one.geography_type == TRUST for code in hospitals]
    return list({(one.topic, one.name): one for one in (*found, *every)}.values())


class Dashboard:
    """The interface at ``base``; what it lists is asked for once."""

    def __init__(self, web: Web, base: str, tables: Reference, official: str = "") -> None:
        self._web = web
        self._base = base.rstrip("/")
        self._hosts = {urlsplit(address).netloc for address in (base, official) if address}
        self._tables = tables
        self._lists: dict[str, list[str]] = {}
        self._areas: dict[tuple[str, str, str], str] = {}

    def pages(self, series: Series) -> list[dict[str, Any]]:
        """Every page of a series, as served.

        Raises
        ------
        FetchError
            The interface refuses or fails, or does not list the area or the metric, or gives less than it says.
        Unreachable
            There is no connection.
        """
        area = self._area(series)
        where = self._areas_of(series)
        metrics = self._names(*where, area, "metrics")
        if series.metric not in metrics:
            raise FetchError(
                f"UKHSA lists no metric {series.metric!r} for {area} ({series.topic}), but "
                f"{listed(sorted(metrics)[:8])}; correct data/reference/{FILE}"
            )
        path = _path(*where, area, "metrics", series.metric)
        for _ in range(_STARTS):
            pages = list(self._read(path))
            rows = [row for page in pages for row in page["results"]]
            self._refuse_other_area(series, area, rows)
            if len({page["count"] for page in pages}) == 1 and len(rows) == pages[0]["count"]:
                return pages
        raise FetchError(
            f"{self._base}{path}: {len(rows):,} rows of {pages[-1]['count']:,}, {_STARTS} times; "
            "run the command again later"
        )

    def _read(self, path: str) -> Iterator[dict[str, Any]]:
        address = f"{path}?{_WHOLE}&page_size={PAGE_SIZE}&format=json"
        received = 0
        for number in range(1, _LONGEST + 1):
            try:
                page = self._answer(address)
            except FetchError as error:
                # Behind the last page there is none; whether something is lacking, the count tells.
                if error.status == 404 and number > 1:
                    return
                raise
            if not _is_page(page):
                raise FetchError(
                    f"{self._base}{address}: no page of a series; the interface has changed, please report it"
                )
            received += len(page["results"])
            if not page["count"]:
                raise FetchError(
                    f"{self._base}{address}: no rows; the metric is listed but nothing is published for this area yet"
                )
            yield page
            if page.get("next") is None or received > 2 * page["count"]:
                return
            address = self._next(str(page["next"]), path, number + 1)
        raise FetchError(f"{self._base}{path}: more than {_LONGEST} pages; the interface has changed, please report it")

    def _next(self, url: str, path: str, number: int) -> str:
        """Path and query of a following page; only the same series at the same host is followed."""
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        same = quote(parts.path, safe="/%").removeprefix(urlsplit(self._base).path) == path
        if parts.netloc not in self._hosts or not same or parse_qs(parts.query).get("page") != [str(number)]:
            raise FetchError(f"{self._base}{path}: its next page is said to be {url[:200]}, elsewhere; not followed")
        return f"{path}?{_WHOLE}&page_size={PAGE_SIZE}&page={number}&format=json"

    def _area(self, series: Series) -> str:
        """Name of the area with the series' code: likely ones first, each tried by a row of its own."""
        key = (series.topic, series.geography_type, series.geography_code)
        if key not in self._areas:
            names = self._names(*self._areas_of(series))
            scheme = "ukhsa" if series.geography_type == "UKHSA Region" else "nhs"
            ours = self._tables.find_location(series.geography_code) or series.geography_code
            likely = sorted(names, key=lambda name: self._tables.find_location(name, scheme) != ours)
            self._areas[key] = next((n for n in likely if self._code(series, n) == series.geography_code), "")
        if not self._areas[key]:
            raise FetchError(
                f"UKHSA has no area with code {series.geography_code} among its {series.geography_type} areas for "
                f"{series.topic}; correct data/reference/{FILE}"
            )
        return self._areas[key]

    def _code(self, series: Series, area: str) -> str | None:
        """Code of an area, from the first row of one of its metrics."""
        where = self._areas_of(series)
        metrics = self._names(*where, area, "metrics")
        metric = series.metric if series.metric in metrics else metrics[0]
        page = self._answer(f"{_path(*where, area, 'metrics', metric)}?{_WHOLE}&page_size=1&format=json")
        rows = page["results"] if _is_page(page) else None
        return rows[0].get("geography_code") if rows else None

    def _refuse_other_area(self, series: Series, area: str, rows: list[Any]) -> None:
        codes = {row.get("geography_code") for row in rows}
        if codes != {series.geography_code}:
            raise FetchError(
                f"{self._base}: rows of {series.metric} at {area} carry {listed(sorted(map(str, codes)))} instead "
                f"of {series.geography_code}; the interface has changed, please report it"
            )

    def _areas_of(self, series: Series) -> tuple[str, ...]:
        return (*_THEME, "topics", series.topic, "geography_types", series.geography_type, "geographies")

    def _names(self, *path: str) -> list[str]:
        """Names at a list level."""
        address = _path(*path)
        if address not in self._lists:
            answer = self._answer(f"{address}?format=json")
            rows = answer if isinstance(answer, list) else []
            names = [str(row["name"]) for row in rows if isinstance(row, dict) and "name" in row]
            if not names:
                raise FetchError(
                    f"{self._base}{address}: nothing is listed; a name in data/reference/{FILE} is wrong, or UKHSA "
                    "does not publish it any more"
                )
            self._lists[address] = names
        return self._lists[address]

    def _answer(self, address: str) -> Any:
        url = f"{self._base}{address}"
        return self._web.text(url, accept="application/json", parse=_json)


def _json(text: str) -> Any:
    """The JSON of an answer; a web page in its place may be gone next time."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        what = "a web page" if text.lstrip().startswith("<") else "something"
        raise Again(f"{what} instead of JSON", "wait an hour and run the command again", TRIES_REFUSED) from None


def _is_page(answer: Any) -> bool:
    """Whether an answer is a page of a series: a count and a list of rows."""
    if not isinstance(answer, dict) or type(answer.get("count")) is not int:
        return False
    rows = answer.get("results")
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _path(*parts: str) -> str:
    return "/" + "/".join(quote(part, safe="") for part in parts)
