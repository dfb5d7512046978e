"""Polite requests to publishers: paced, with time-outs, retries and redirects; a failure says what to do about it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Any, NoReturn, TypeVar

import httpx

from forecast.errors import FetchError, Unreachable
from forecast.sources.answers import TOO_MUCH, TRIES_REFUSED, Again, NoConnection, no_connection, refuse

T = TypeVar("T")
Headers = Callable[[], Mapping[str, str]]

PAGE_BYTES = 10_000_000
"""The longest pages are below 1 MB; more than ten times that is no page."""
TIMEOUT_SECONDS = 30.0
PACE_SECONDS = 0.2
"""Between two requests to one host: 1,500 in 5 minutes; UKHSA's firewall blocks an address above about 2,000."""
SLOWEST_PACE_SECONDS = 15.0
"""A client that the dashboard had limited needed 8 to 15 seconds between calls."""
GIVEN_UP = 3
"""How many things in a row a host may fail to give before it is left alone: a hundred more would fail as slowly."""
BACKOFF_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 120.0
REDIRECTS = 5


def program() -> str:
    """Name and version of this program."""
    try:
        return f"norfolk-forecast/{version('norfolk-forecast')}"
    except PackageNotFoundError:
        return "norfolk-forecast"


class Web:
    """A client that keeps its distance between two requests to one host; several threads may share it.

    Parameters
    ----------
    pace
        Seconds between two requests to one host; doubled whenever it says that there are too many.
    timeout
        Seconds without a byte after which a request is given up.
    sleep, jitter, clock
        Waiting (left out: until ``stop`` at the longest), a number from 0 to 1 that spreads retries, and a clock that
        only runs forwards.
    """

    def __init__(
        self,
        *,
        pace: float = PACE_SECONDS,
        timeout: float = TIMEOUT_SECONDS,
        sleep: Callable[[float], object] | None = None,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pace = pace
        self._stopped = threading.Event()
        self._sleep = sleep or self._stopped.wait
        self._lock = threading.Lock()
        self._jitter = jitter
        self._clock = clock
        self._paces: dict[str, float] = {}
        self._asked: dict[str, float] = {}
        self._in_a_row: dict[str, int] = {}
        self._left_alone: dict[str, FetchError] = {}
        self._client = httpx.Client(timeout=timeout, headers={"User-Agent": program()}, follow_redirects=False)

    def __enter__(self) -> Web:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def stop(self) -> None:
        """Wait for nothing and ask nobody any more."""
        self._stopped.set()

    def text(self, url: str, accept: str = "text/html", parse: Callable[[str], Any] = str) -> Any:
        """Return a page, or what ``parse`` makes of it, which may raise `Again`.

        Raises
        ------
        FetchError
            The server refuses or fails, or the page is empty or too long.
        Unreachable
            There is no connection.
        """

        def use(response: httpx.Response) -> Any:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > PAGE_BYTES:
                    raise FetchError(f"{url}: longer than {PAGE_BYTES // 1_000_000} MB, which no page is; not read")
            if not body.strip():
                self.slower(url)
                raise Again("an empty page", "wait an hour and run the command again", TRIES_REFUSED)
            return parse(body.decode(response.encoding or "utf-8", errors="replace"))

        return self.ask(url, lambda: {"Accept": accept}, use)

    def ask(self, url: str, headers: Headers, use: Callable[[httpx.Response], T]) -> T:
        """Return what ``use`` makes of the answer; ask again where that may help.

        Parameters
        ----------
        url
            An http or https address.
        headers
            Called before every try.
        use
            Reads the open response, whose status is 2xx, 304 or 416; may raise `Again`.

        Raises
        ------
        FetchError
            The server refuses or fails for good; ``status`` is its answer.
        Unreachable
            There is no connection to the host. It is not asked again, nor is one that failed three times in a row.
        """
        host = _host(url)
        if host in self._left_alone:
            raise self._left_alone[host]
        tried = 0
        while True:
            tried += 1
            try:
                found = self._once(url, headers(), use)
                self._in_a_row[host] = 0
                return found
            except Again as failure:
                if tried >= failure.tries or (failure.wait or 0) > LONGEST_WAIT_SECONDS:
                    self._give_up(url, failure, tried)
                self._sleep(self._pause(tried, failure.wait))

    def slower(self, url: str) -> None:
        """Ask the host of a URL half as often from now on."""
        pace = self._paces.get(_host(url), self._pace)
        self._paces[_host(url)] = min(max(2 * pace, 1.0), max(SLOWEST_PACE_SECONDS, pace))

    def _once(self, url: str, headers: Mapping[str, str], use: Callable[[httpx.Response], T]) -> T:
        try:
            with self._opened(url, headers) as response:
                if response.status_code in TOO_MUCH:
                    self.slower(url)
                refuse(url, response)
                return use(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise no_connection(url, error) from error
        except httpx.TimeoutException as error:
            raise Again("no answer in time") from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise Again(f"the connection broke off ({_short(error)})") from error
        except httpx.InvalidURL as error:
            raise FetchError(
                f"{url}: no web address ({_short(error)}); correct the link or the table it is in"
            ) from error

    @contextmanager
    def _opened(self, url: str, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        address = httpx.URL(url)
        for _ in range(REDIRECTS + 1):
            if address.scheme not in {"http", "https"}:
                raise FetchError(f"{url}: leads to {str(address)[:100]}, which is not the web; not followed")
            self._keep_pace(address.netloc.decode())
            with self._client.stream("GET", address, headers=dict(headers)) as response:
                if not response.has_redirect_location:
                    yield response
                    return
                target = address.join(response.headers["location"])
            if (address.scheme, target.scheme) == ("https", "http"):
                raise FetchError(f"{url}: leads from https to {str(target)[:100]}, which is not safe; not followed")
            if target.host and not _same_site(httpx.URL(url).host, target.host):
                raise FetchError(
                    f"{url}: leads to another site, {str(target)[:100]}; not followed: look whether the publisher has "
                    "moved, and correct data/reference/publication_pages.csv"
                )
            address = target
        raise FetchError(f"{url}: redirected more than {REDIRECTS} times; correct the address of the page")

    def _give_up(self, url: str, failure: Again, tried: int) -> NoReturn:
        host = _host(url)
        if isinstance(failure, NoConnection):
            self._left_alone[host] = Unreachable(f"{host}: {failure.problem}; {failure.remedy}")
            raise self._left_alone[host] from failure
        asked = failure.wait or 0.0
        wait = f", asks to wait {asked / 60:.0f} minutes" if asked > LONGEST_WAIT_SECONDS else ""
        times = f" {tried} times" if tried > 1 else ""
        self._in_a_row[host] = self._in_a_row.get(host, 0) + 1
        if self._in_a_row[host] >= GIVEN_UP:
            message = (
                f"{host}: {failure.problem}, {GIVEN_UP} pages or files in a row; it was left alone: {failure.remedy}"
            )
            self._left_alone[host] = FetchError(message, failure.status)
        raise FetchError(f"{url}: {failure.problem}{times}{wait}; {failure.remedy}", failure.status) from failure

    def _pause(self, tried: int, asked: float | None) -> float:
        """Seconds until the next try: what the server asks for, else 1, 2, 4, ... times 0.5 to 1.5."""
        if asked is not None:
            return asked
        return float(min(BACKOFF_SECONDS * 2 ** (tried - 1), LONGEST_WAIT_SECONDS) * (0.5 + self._jitter()))

    def _keep_pace(self, host: str) -> None:
        with self._lock:
            now = self._clock()
            turn = max(self._asked.get(host, float("-inf")) + self._paces.get(host, self._pace), now)
            self._asked[host] = turn
        if turn > now:
            self._sleep(turn - now)
        if self._stopped.is_set():
            raise FetchError(f"{host}: not asked, the fetch was ended; run the command again")


def _host(url: str) -> str:
    try:
        return httpx.URL(url).netloc.decode()
    except httpx.InvalidURL:
        return ""


def _same_site(one: str, other: str) -> bool:
    """Whether two hosts are the same, or one is below the other: www.england.nhs.uk and england.nhs.uk."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120] or type(error).__name__
