"""The client: conditional GET with capped redirects, size, time and retries; robots.txt and per-host delay obeyed.

Redirects are followed by hand, because each hop is a new URL to judge: its scheme, its host's robots.txt, its address.
Brotli and zstd are asked for only where their packages are installed; an encoding that nobody asked for is a fault.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import httpx2
import stamina

from newsdetect.config import FetchSettings
from newsdetect.errors import FetchError, Gone, Refused, TooLarge
from newsdetect.fetch.answer import Fetched
from newsdetect.fetch.guard import DEADLINE, GuardedTransport
from newsdetect.fetch.hosts import ROBOTS_BYTES, HostClock, RobotsCache
from newsdetect.fetch.walls import bot_wall

_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_DECODED = {"", "identity", "gzip", "x-gzip", "deflate", "br", "zstd"}
#: An error's page is read this far, to name the bot wall it may be.
_FAULT_BYTES = 64 * 1024


class _Passing(FetchError):
    """A fault that may pass: no connection, a broken one, or a 5xx."""


class Fetcher(AbstractContextManager["Fetcher"]):
    """Asks the network, one answer at a time; safe to share between threads."""

    def __init__(
        self,
        settings: FetchSettings | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings or FetchSettings()
        self._agent = self._settings.user_agent.split("/", 1)[0].strip() or "newsdetect"
        self._hosts = HostClock(clock=clock, sleep=sleep)
        self._robots = RobotsCache(self._robots_body, clock=clock)
        self._client = httpx2.Client(
            transport=GuardedTransport(allow_private=self._settings.allow_private),
            headers={"User-Agent": self._settings.user_agent, "Accept": "*/*"},
            # Nothing is remembered of who we are: the jar takes no cookie.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx2.Timeout(self._settings.total_timeout_s, connect=self._settings.connect_timeout_s),
            trust_env=False,
            follow_redirects=False,
        )

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __enter__(self) -> Self:
        return self

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def get(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, max_bytes: int | None = None
    ) -> Fetched:
        """Ask for a URL; see `Opener.get`. FetchError carries `status`, and `retry_after` in seconds where told."""
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        told = {name: value for name, value in headers.items() if value}
        cap = self._settings.max_bytes if max_bytes is None else max_bytes
        for attempt in stamina.retry_context(on=_Passing, attempts=self._settings.attempts, timeout=None, wait_max=5.0):
            with attempt:
                return self._follow(url, told, cap, ask_robots=self._settings.obey_robots)
        raise AssertionError("stamina gives an answer or raises")

    def _follow(self, url: str, headers: dict[str, str], cap: int, *, ask_robots: bool, cut: bool = False) -> Fetched:
        """Ask, and go where redirects lead; the deadline counts from the first request."""
        here, permanent, all_permanent = _checked(url), None, True
        self._admit(here, url, ask_robots=ask_robots)
        with self._deadline():
            for _ in range(self._settings.max_redirects + 1):
                answer = self._ask(here, url, headers, cap, cut=cut)
                if isinstance(answer, Fetched):
                    return dataclasses.replace(answer, permanent_redirect=permanent)
                status, target = answer
                all_permanent = all_permanent and status in _PERMANENT
                here = _checked(url, here, target)
                permanent = str(here) if all_permanent else permanent
                if ask_robots:
                    self._allowed(here, url)
        raise FetchError(f"{url}: more than {self._settings.max_redirects} redirects, the last to {here}", key=url)

    def _admit(self, here: httpx2.URL, url: str, *, ask_robots: bool) -> None:
        """Wait for the host's turn, if its robots.txt lets us in at all."""
        delay = self._settings.host_delay_s
        if ask_robots:
            delay = max(delay, self._allowed(here, url))
        self._hosts.wait(here.host, delay)

    def _allowed(self, here: httpx2.URL, url: str) -> float:
        """Give the host's crawl-delay in seconds; raise Refused where its robots.txt forbids the address."""
        robots = self._robots.of(f"{here.scheme}://{here.netloc.decode('ascii')}")
        if not robots.allows(str(here), self._agent):
            why = "forbids it" if robots.rules else "cannot be had, which RFC 9309 takes for a no"
            raise Refused(f"{url}: the robots.txt of {here.host} {why}", key=url)
        return robots.delay_s(self._agent)

    def _robots_body(self, url: str) -> bytes:
        """Read a robots.txt: no rules apply to it, and more than its cap is left unread."""
        return self._follow(url, {}, ROBOTS_BYTES, ask_robots=False, cut=True).body

    def call(self, url: str, *, headers: Mapping[str, str]) -> Fetched:
        """Ask an API: whatever status it answers with is an answer, and comes with its body.

        No robots.txt is read, for an API is made to be asked by machines, and no redirect is followed, for `headers`
        may hold a key that is meant for this host alone. The caller keeps the API's pace (`api.ApiClient`).
        """
        here = _checked(url)
        for attempt in stamina.retry_context(on=_Passing, attempts=self._settings.attempts, timeout=None, wait_max=5.0):
            with attempt, self._deadline(), self._streamed(here, url, dict(headers)) as response:
                return _fetched(response, url, here, _read(response, url, self._settings.max_bytes, cut=False))
        raise AssertionError("stamina gives an answer or raises")

    def _ask(
        self, here: httpx2.URL, url: str, headers: dict[str, str], cap: int, *, cut: bool
    ) -> Fetched | tuple[int, str]:
        """Make one request: an answer, or the status and target of a redirect."""
        with self._streamed(here, url, headers) as response:
            target = response.headers.get("location")
            if response.status_code in _REDIRECTS and target:
                return response.status_code, target
            _raise_for(response, url)
            body = b"" if response.status_code == 304 else _read(response, url, cap, cut=cut)
            return _fetched(response, url, here, body)

    @contextmanager
    def _deadline(self) -> Iterator[None]:
        """Hold the time of one whole answer, from now on."""
        token = DEADLINE.set(time.monotonic() + self._settings.total_timeout_s)
        try:
            yield
        finally:
            DEADLINE.reset(token)

    @contextmanager
    def _streamed(self, here: httpx2.URL, url: str, headers: dict[str, str]) -> Iterator[httpx2.Response]:
        """Open one request's answer; what goes wrong until it is read becomes an error of ours."""
        try:
            with self._client.stream("GET", here, headers=headers) as response:
                yield response
        except Refused as refused:
            raise Refused(f"{url}: {refused}", key=url) from refused
        except httpx2.TimeoutException as fault:
            kind = _Passing if isinstance(fault, httpx2.ConnectTimeout) else FetchError
            raise kind(f"{url}: no whole answer within {self._settings.total_timeout_s:g} s", key=url) from fault
        except httpx2.DecodingError as fault:
            raise FetchError(f"{url}: its content-encoding is broken: {fault}", key=url) from fault
        except httpx2.InvalidURL as fault:
            raise Refused(f"{url}: no usable address: {fault}", key=url) from fault
        except httpx2.TransportError as fault:
            raise _Passing(f"{url}: {fault or type(fault).__name__}", key=url) from fault


def _fetched(response: httpx2.Response, url: str, here: httpx2.URL, body: bytes) -> Fetched:
    return Fetched(
        url=url,
        final_url=str(here),
        status=response.status_code,
        headers={name.lower(): value for name, value in response.headers.items()},
        body=body,
        not_modified=response.status_code == 304,
    )


def _checked(url: str, base: httpx2.URL | None = None, target: str = "") -> httpx2.URL:
    """Read the URL that was asked for, or a redirect's target; only http(s) with a host is let through."""
    try:
        parsed = httpx2.URL(url) if base is None else base.join(target)
    except (httpx2.InvalidURL, ValueError) as fault:
        raise Refused(f"{url}: {target or 'it'} is no usable address: {fault}", key=url) from fault
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise Refused(f"{url}: {target or 'it'} is no http(s) address", key=url)
    return parsed


def _read(response: httpx2.Response, url: str, cap: int, *, cut: bool) -> bytes:
    """Read a body piece by piece, decompressed, up to the cap; `cut` keeps what came before it."""
    encodings = {each.strip().lower() for each in response.headers.get("content-encoding", "").split(",")}
    if not encodings <= _DECODED:
        raise FetchError(f"{url}: came in an encoding nobody asked for: {', '.join(sorted(encodings))}", key=url)
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > cap:
            if cut:
                break
            raise TooLarge(f"{url}: more than {cap:,} bytes, reading stopped", key=url, status=response.status_code)
    return bytes(body[:cap])


def _raise_for(response: httpx2.Response, url: str) -> None:
    """Raise for a status that brings no usable bytes."""
    status = response.status_code
    if 200 <= status < 300 or status == 304:
        return
    if status == 410:
        raise Gone(f"{url}: gone for good (410)", key=url, status=status)
    wall = (
        bot_wall(_read(response, url, _FAULT_BYTES, cut=True), response.headers) if status in {403, 429, 503} else None
    )
    words = f"a bot wall stands before it ({wall})" if wall else response.reason_phrase or "no usable answer"
    wait = retry_after(response.headers.get("retry-after"), datetime.now(UTC)) if status in {418, 429, 503} else None
    kind = _Passing if status >= 500 and wait is None and wall is None else FetchError
    raise kind(f"{url}: HTTP {status}, {words}", key=url, status=status, retry_after=wait)


def retry_after(value: str | None, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or an HTTP date, as seconds from `now`; None where it says nothing."""
    if not value:
        return None
    # `str` takes more signs for space than `float` does.
    words = value.strip()
    if words.isdecimal():
        return float(words)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())
