"""A made-up REST service on the loopback: endpoints by path, and turns in which a request meets a fault instead.

An endpoint is a function of the query and the headers; what it gives is sent as JSON. Each fault is spent by one
request, so that a client which comes back as it was told finds the service well.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.market.exchange.links import Refusal
from tests.sources.web import Web, reply

HTML = b"<!DOCTYPE html><html><head><title>Attention Required!</title></head><body>Just a moment...</body></html>"
#: How a venue's firewall, a blocked region, a rate limit and a ban look on the wire.
FIREWALL = Refusal(403, HTML, (("Content-Type", "text/html"), ("Server", "CloudFront")))
REGION = Refusal(
    451,
    b'{"code":0,"msg":"Service unavailable from a restricted location according to \'b. Eligibility\'."}',
    (("Content-Type", "application/json"),),
)
PAGE = Refusal(200, HTML, (("Content-Type", "text/html"),))
EMPTY = Refusal(200, b"", (("Content-Type", "application/json"),))
TORN = Refusal(200, b'{"code":"0","msg":"success","data":[{"time":16', (("Content-Type", "application/json"),))


def limited(retry_after: int = 0) -> Refusal:
    """Give a 429 that tells when to come back, in seconds."""
    body = b'{"code":-1003,"msg":"Too many requests; current limit of IP is 2400 requests per minute."}'
    return Refusal(429, body, (("Content-Type", "application/json"), ("Retry-After", str(retry_after))))


def banned(retry_after: int = 120) -> Refusal:
    """Give Binance's 418, which follows on 429s that were not heeded."""
    body = b'{"code":-1003,"msg":"Way too many requests; IP banned until 1790000000000."}'
    return Refusal(418, body, (("Content-Type", "application/json"), ("Retry-After", str(retry_after))))


@dataclass(frozen=True, slots=True)
class Says:
    """A 200 whose body carries the fault itself."""

    body: Any


@dataclass(frozen=True, slots=True)
class Slow:
    """An answer that drips its first bytes for ever."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request that came."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    at: float


Endpoint = Callable[[Request], Any]
Turn = Refusal | Says | Slow


class Rest:
    """One host: its endpoints, its coming faults, and what it was asked."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self.url = web.url
        #: What the next requests meet; None is the endpoint itself.
        self.turns: deque[Turn | None] = deque()
        self.asked: list[Request] = []

    def add(self, path: str, endpoint: Endpoint) -> None:
        """Answer a path by a function; it may give a Refusal too."""
        self._web.answers[path] = lambda handler: self._answer(handler, endpoint)

    def _answer(self, handler: BaseHTTPRequestHandler, endpoint: Endpoint) -> None:
        parts = urlsplit(handler.path)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        request = Request(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), headers, time.monotonic())
        self.asked.append(request)
        turn = self.turns.popleft() if self.turns else None
        turn = endpoint(request) if turn is None else turn
        if isinstance(turn, Slow):
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n["
            self._web.drip(b" ", 0.01, head=head)(handler)
        elif isinstance(turn, Refusal):
            named = {name.replace("-", "_"): value for name, value in turn.headers}
            reply(turn.status, turn.body, **named)(handler)
        else:
            body = json.dumps(turn.body if isinstance(turn, Says) else turn, separators=(",", ":")).encode()
            reply(200, body, Content_Type="application/json")(handler)


@contextlib.contextmanager
def rest() -> Iterator[Rest]:
    """Run a host without endpoints for one test."""
    web = Web()
    web.start()
    try:
        yield Rest(web)
    finally:
        web.stop()
