"""Politeness: how long to wait between two requests to one host, and what its robots.txt allows.

RFC 9309 as we hold it: a robots.txt that is not there (4xx) allows everything; one that cannot be had (5xx, 429, no
connection) forbids everything until it can, and is asked for again after ten minutes; only its first 500 KiB count;
it is kept for a day. Crawl-delay is no part of that RFC; hosts mean it, so it holds where it asks for more than we do.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from newsdetect.errors import FetchError

ROBOTS_BYTES = 500 * 1024
_KEPT_S = 24 * 3600.0
_KEPT_AFTER_FAULT_S = 600.0
#: Longer waits than this are handed back as Retry-After, so that one host holds up no other.
_LONGEST_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Robots:
    """One host's rules; without a parsed file all is allowed, or all forbidden."""

    rules: Protego | None
    allow_all: bool
    until: float

    def allows(self, url: str, agent: str) -> bool:
        """Tell whether `agent` may ask for `url`."""
        return self.allow_all if self.rules is None else bool(self.rules.can_fetch(url, agent))

    def delay_s(self, agent: str) -> float:
        """Give the seconds that the host wants between two requests; 0 where it does not say."""
        asked = self.rules.crawl_delay(agent) if self.rules else None
        return float(asked or 0.0)


class RobotsCache:
    """The robots.txt of each origin, asked for once a day."""

    def __init__(self, ask: Callable[[str], bytes], *, clock: Callable[[], float] = time.monotonic) -> None:
        #: Gives the body of a robots.txt URL; raises FetchError.
        self._ask = ask
        self._clock = clock
        self._known: dict[str, Robots] = {}

    def of(self, origin: str) -> Robots:
        """Give the rules of an origin such as https://example.com."""
        known = self._known.get(origin)
        if known is None or known.until < self._clock():
            known = self._known[origin] = self._read(origin)
        return known

    def _read(self, origin: str) -> Robots:
        try:
            body = self._ask(f"{origin}/robots.txt")
        except FetchError as fault:
            missing = fault.status is not None and 400 <= fault.status < 500 and fault.status != 429
            kept = _KEPT_S if missing else _KEPT_AFTER_FAULT_S
            return Robots(rules=None, allow_all=missing, until=self._clock() + kept)
        rules = Protego.parse(body[:ROBOTS_BYTES].decode("utf-8", "replace"))
        return Robots(rules=rules, allow_all=True, until=self._clock() + _KEPT_S)


class HostClock:
    """Spaces out the requests to one host, over all threads of the process's fetcher."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, delay_s: float) -> None:
        """Sleep until the host may be asked again, and book the next turn `delay_s` after this one.

        Raise FetchError with `retry_after` when that is more than a minute away.
        """
        with self._lock:
            now = self._clock()
            turn = max(now, self._next.get(host, now))
            if turn - now > _LONGEST_WAIT_S:
                raise FetchError(
                    f"{host} wants {delay_s:.0f} s between requests: its turn comes in {turn - now:.0f} s",
                    key=host,
                    retry_after=turn - now,
                )
            self._next[host] = turn + delay_s
        if turn > now:
            self._sleep(turn - now)
