"""Ask a JSON API: at its pace, with its key, patient where it is busy, and strict about what counts as an answer.

A 200 with an HTML page, an empty body or broken JSON is an error, never "no data". A busy server (429, 418, 503) is
waited for as long as it asks, up to a limit; beyond it the error says when to come back. The key travels in a header,
is kept as a secret, and is struck out of every message.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn
from urllib.parse import urlencode

from pydantic import SecretStr

from newsdetect.errors import BrokenAnswer, FetchError
from newsdetect.fetch.answer import Fetched
from newsdetect.fetch.client import Fetcher, retry_after
from newsdetect.fetch.pace import Pace
from newsdetect.fetch.walls import bot_wall
from newsdetect.types import Clock, utc_now

_BUSY = {418, 429, 503}
#: The first wait where a busy server names none; doubled each time.
_FIRST_WAIT_S = 2.0
_SHOWN = 160


class Busy(FetchError):
    """The server wants to be left alone for a while; it says so by its status, or in the body of a 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiAnswer:
    """One answer that is JSON."""

    url: str
    status: int
    headers: Mapping[str, str]
    #: What `json` makes of the body, and the body.
    data: Any
    text: str
    #: Just before the call was made, by our clock.
    asked_at: datetime
    #: The same by the slower of our clock and the server's: what had ended by then is whole.
    ended_by: datetime


#: Raises for an answer that is a fault of the API, `Busy` for one that may pass.
Judge = Callable[[ApiAnswer], None]


class ApiClient:
    """Asks one API through the one HTTP client."""

    def __init__(  # noqa: PLR0913 -- options by name
        self,
        fetcher: Fetcher,
        *,
        name: str,
        pace: Pace,
        secrets: Mapping[str, SecretStr] | None = None,
        refused: Callable[[str], FetchError] | None = None,
        hints: Mapping[int, str] | None = None,
        longest_wait_s: float = 90.0,
        attempts: int = 4,
        sleep: Callable[[float], None] = time.sleep,
        now: Clock = utc_now,
    ) -> None:
        #: Who is asked, for messages.
        self.name = name
        self.pace = pace
        #: Calls made, the repeated ones too.
        self.calls = 0
        self._fetcher = fetcher
        self._secrets = dict(secrets or {})
        #: Makes the error of a key that is not taken, of what the API says about it.
        self._refused = refused
        #: What a status of this API means, with the remedy.
        self._hints = dict(hints or {})
        self._longest_wait_s = longest_wait_s
        self._attempts = attempts
        self._sleep = sleep
        self._now = now

    def get(
        self,
        url: str,
        parameters: Mapping[str, str | int] | None = None,
        *,
        judge: Judge | None = None,
    ) -> ApiAnswer:
        """Ask for a URL; `judge` looks at answers of every status first.

        Raise BrokenAnswer for what is no JSON, FetchError for a status that is no success, with `retry_after` where the
        server wants more patience than we have.
        """
        full = f"{url}?{urlencode(parameters)}" if parameters else url
        for attempt in range(self._attempts):
            self.pace.wait()
            try:
                return self._once(full, judge)
            except Busy as busy:
                wait = _FIRST_WAIT_S * 2**attempt if busy.retry_after is None else busy.retry_after
                if wait > self._longest_wait_s or attempt + 1 == self._attempts:
                    self._give_up(busy, wait)
                self._sleep(wait)
        raise AssertionError("the last attempt gives an answer or raises")

    def hide(self, text: str) -> str:
        """Strike our secrets out of a text that somebody else wrote."""
        for secret in self._secrets.values():
            if secret.get_secret_value():
                text = text.replace(secret.get_secret_value(), "[key]")
        return text

    def key_refused(self, said: str) -> FetchError:
        """Make the error of a key that is not taken."""
        said = self.hide(said)[:_SHOWN]
        return self._refused(said) if self._refused else FetchError(f"{self.name}: {said}")

    def fault(self, kind: type[FetchError], answer: ApiAnswer | Fetched, said: str) -> FetchError:
        """Make an error of an answer: who was asked, what is wrong, under the URL as its key."""
        return kind(f"{self.name}: {self.hide(said)} ({answer.url})", key=answer.url, status=answer.status)

    def _once(self, url: str, judge: Judge | None) -> ApiAnswer:
        asked_at = self._now()
        self.calls += 1
        secrets = {name: value.get_secret_value() for name, value in self._secrets.items()}
        got = self._fetcher.call(url, headers={"Accept": "application/json", **secrets})
        if got.status in _BUSY:
            raise Busy(
                f"{self.name}: busy, HTTP {got.status} ({url})", key=url, status=got.status,
                retry_after=retry_after(got.headers.get("retry-after"), utc_now()),
            )  # fmt: skip
        if 300 <= got.status < 400:
            raise self.fault(FetchError, got, f"HTTP {got.status}, it sends us elsewhere: set its base URL anew")
        if got.status == 401 and self._refused:
            raise self.key_refused(f"HTTP 401, {got.body[:_SHOWN].decode('utf-8', 'replace')}")
        if got.status in self._hints:
            raise self.fault(FetchError, got, f"HTTP {got.status}: {self._hints[got.status]}")
        text, data = self._json(got)
        answer = ApiAnswer(
            url=url,
            status=got.status,
            headers=got.headers,
            data=data,
            text=text,
            asked_at=asked_at,
            ended_by=_earlier(asked_at, got),
        )
        if judge is not None:
            judge(answer)
        if got.status == 403 and self._refused:
            raise self.key_refused(f"HTTP 403, {text[:_SHOWN]}")
        if not 200 <= got.status < 300:
            raise self.fault(FetchError, got, f"HTTP {got.status}: {text[:_SHOWN]}")
        return answer

    def _json(self, got: Fetched) -> tuple[str, Any]:
        """Read a body as JSON; what is none is an error that says what it is."""
        status = f"HTTP {got.status}"
        if not got.body.strip():
            raise self.fault(BrokenAnswer, got, f"{status} with an empty body, which is no answer")
        try:
            text = got.body.decode("utf-8")
            return text, json.loads(text, parse_constant=_no_number)
        except (ValueError, RecursionError) as fault:
            wall = bot_wall(got.body, got.headers)
            if wall:
                said = f"a bot wall stands before it ({wall})"
            elif got.body.lstrip()[:1] == b"<":
                said = f"{status} with an HTML page instead of JSON"
            else:
                said = f"{status} with broken JSON: {fault}"
            raise self.fault(BrokenAnswer, got, said) from None

    def _give_up(self, busy: Busy, wait: float) -> NoReturn:
        again = self._now() + timedelta(seconds=min(wait, 1e7))
        raise FetchError(
            f"{busy}; it wants to be left alone for {wait:.0f} s: ask again after {again:%Y-%m-%d %H:%M:%S} UTC",
            key=busy.key, status=busy.status, retry_after=wait,
        ) from busy  # fmt: skip


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _earlier(asked_at: datetime, got: Fetched) -> datetime:
    """Give the earlier of our clock and the server's, less a second for what its Date leaves out."""
    try:
        told = parsedate_to_datetime(got.headers.get("date", ""))
    except (TypeError, ValueError):
        return asked_at
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    return min(asked_at, told.astimezone(UTC) - timedelta(seconds=1))
