"""How often an API may be asked: so many calls in any stretch of a minute, some calls counting for several.

A sliding window, not a bucket that fills: who allows 40 calls a minute counts any 60 seconds. Limit: another process
with the same key is not seen; the API's own 429 tells of it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

#: Clocks and networks shift calls a little against each other.
_SPARE_S = 0.25


class Pace:
    """Spaces out the calls to one API; safe to share between threads."""

    def __init__(
        self,
        calls: int,
        *,
        per_s: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._calls = calls
        self._per_s = per_s + _SPARE_S
        self._clock = clock
        self._sleep = sleep
        self._made: deque[tuple[float, int]] = deque()
        self._lock = threading.Lock()

    @property
    def calls(self) -> int:
        """How many calls a stretch holds."""
        return self._calls

    def limit(self, calls: int) -> None:
        """Take another number of calls from now on, as the API tells it."""
        with self._lock:
            self._calls = max(1, calls)

    def wait(self, cost: int = 1) -> None:
        """Sleep until a call that counts for `cost` may be made, and count it; one dearer than all waits for none."""
        with self._lock:
            while (pause := self._pause(cost)) > 0:
                self._sleep(pause)
            self._made.append((self._clock(), cost))

    def _pause(self, cost: int) -> float:
        """Give the seconds until enough earlier calls are out of the stretch."""
        now = self._clock()
        while self._made and self._made[0][0] <= now - self._per_s:
            self._made.popleft()
        free = self._calls - sum(each for _, each in self._made)
        for at, each in self._made:
            if free >= cost:
                return 0.0
            free += each
            pause = at + self._per_s - now
            if free >= cost:
                return pause
        return 0.0 if free >= cost or not self._made else self._made[-1][0] + self._per_s - now
