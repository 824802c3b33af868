"""Read finished spool files: their orders, each once, and the stretches in which each stream listened.

Messages are parsed anew, by the contract sizes known at the end of the files read, so that an order of a contract that
was unknown at first is not lost. A stretch ends where the session can have heard things last: at its close, or for a
session that goes on (or whose recorder was killed) at the last sign that it did.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsdetect.errors import MalformedMessage
from newsdetect.market.feeds import VENUES
from newsdetect.market.spool_rows import rows
from newsdetect.market.stretches import Stretch
from newsdetect.market.venues import binance, bybit, okx
from newsdetect.market.venues.contracts import Contracts, shipped
from newsdetect.market.venues.order import LiquidationOrder
from newsdetect.market.venues.parsed import Parsed

#: The end of what goes on.
END_OF_TIME = 2**63 - 1
_PARSERS: Mapping[str, Callable[[bytes | str, Contracts | None], Parsed]] = {
    binance.VENUE: binance.parse, bybit.VENUE: bybit.parse, okx.VENUE: okx.parse,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """What a stream listens to: each coin with the times in which it was subscribed, half-open."""

    venue: str
    assets: Mapping[str, tuple[Stretch, ...]]


@dataclass(slots=True)
class Reading:
    """What spool files hold."""

    orders: dict[str, LiquidationOrder] = field(default_factory=dict)
    #: Orders that came again.
    duplicates: int = 0
    #: Lines that say what was kept out and why, and how often each reason came.
    faults: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    #: By run: each stream's scope, and when it listened.
    scopes: dict[int, dict[str, Scope]] = field(default_factory=dict)
    listened: dict[int, dict[str, list[Stretch]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Open:
    """A session that has not ended yet in the file that is read."""

    stream: str
    start: int
    #: The last order, and the last sign of life.
    end: int
    alive: int
    #: Whether it ever told an order: a feed that did not may be mute, and its life proves nothing.
    fruitful: bool = False
    #: Until when a quiet market's connection is vouched for: its address told orders, and the line was good.
    vouched: int = 0
    #: Whether no message of orders was read yet: the first may be the last one of before, told again.
    first: bool = True


def read_spool(paths: Sequence[Path]) -> Reading:
    """Read finished files, in order."""
    reading = Reading()
    contracts = _contracts(paths)
    for path in paths:
        _File(path, reading, contracts).read()
    return reading


def _contracts(paths: Sequence[Path]) -> dict[str, Contracts]:
    found = {venue: shipped(venue) for venue in _PARSERS}
    for path in paths:
        for row, _ in rows(path):
            if row is not None and row["row"] == "contracts" and row.get("venue") in found:
                found[row["venue"]] = found[row["venue"]].updated(Contracts.from_json(row["sizes"]).sizes)
    return found


class _File:
    """One file on its way into a reading."""

    def __init__(self, path: Path, reading: Reading, contracts: Mapping[str, Contracts]) -> None:
        self._path, self._reading, self._contracts = path, reading, contracts
        self._run = 0
        self._open: dict[int, _Open] = {}
        self._ended = False
        self._takes: Mapping[str, Callable[[dict[str, Any]], None]] = {
            "segment": self._segment, "message": self._message, "malformed": self._malformed,
            "subscribed": self._listens, "carry": self._listens, "alive": self._alive,
            "idle": self._idle, "close": self._close,
            "end": self._end,
        }  # fmt: skip

    def read(self) -> None:
        for row, text in rows(self._path):
            take = None if row is None else self._takes.get(row["row"])
            if row is None:
                self._fault("a line of the spool is damaged", text.decode("utf-8", "backslashreplace"), {})
            elif take is not None:
                take(row)
        for one in self._open.values():
            # In a file that was closed in order, the next one tells on from the last order.
            lived = one.fruitful and not self._ended
            self._heard(one, max(one.end, one.vouched, one.alive if lived else 0))

    def _segment(self, row: dict[str, Any]) -> None:
        self._run = row["run"]
        told = self._reading.scopes.setdefault(self._run, {})
        for name, scope in row["streams"].items():
            told[name] = scope_of(scope["venue"], scope["assets"], scope["since"], scope.get("times"))
        # Symbols that had to be asked for first may now be spread over streams of other names.
        for name in [name for name in told if name not in row["streams"]]:
            del told[name]

    def _listens(self, row: dict[str, Any]) -> None:
        since = row.get("since", row["at"])
        self._open[row["session"]] = _Open(row["stream"], since, since, since, row.get("fruitful", False))

    def _message(self, row: dict[str, Any]) -> None:
        scope = self._reading.scopes.get(self._run, {}).get(row["stream"])
        venue = scope.venue if scope is not None else _venue(row["stream"])
        try:
            parsed = _PARSERS[venue](row["raw"], self._contracts[venue])
        except MalformedMessage as fault:
            self._fault(str(fault), row["raw"], row)
            return
        if parsed.kind != "orders":
            return
        for reason in parsed.rejected:
            self._fault(reason, row["raw"], row)
        orders = self._reading.orders
        for order in parsed.orders:
            key = order.key
            if key in orders:
                self._reading.duplicates += 1
            else:
                orders[key] = order
        one = self._open.get(row["session"])
        if one is None:
            return
        first, one.first = one.first and not one.fruitful, False
        if not (first and parsed.is_stale(row["at"] // 1_000_000)):
            one.end, one.fruitful = row["at"], True

    def _malformed(self, row: dict[str, Any]) -> None:
        self._fault(row.get("why", "malformed"), row["raw"], row)

    def _alive(self, row: dict[str, Any]) -> None:
        one = self._open.get(row["session"])
        if one is not None and row.get("vouched"):
            one.vouched = max(one.vouched, row["heard"])
        elif one is not None:
            one.alive = max(one.alive, row["heard"])

    def _idle(self, row: dict[str, Any]) -> None:
        # What still comes while the connection is being closed proves nothing of the silence before it.
        one = self._open.pop(row["session"], None)
        if one is not None:
            self._heard(one, max(one.end, row["heard"]))

    def _close(self, row: dict[str, Any]) -> None:
        one = self._open.pop(row["session"], None)
        if one is not None:
            self._heard(one, max(one.end, one.vouched, row["until"]))

    def _end(self, _: dict[str, Any]) -> None:
        self._ended = True

    def _heard(self, one: _Open, end: int) -> None:
        self._reading.listened.setdefault(self._run, {}).setdefault(one.stream, []).append((one.start, end))

    def _fault(self, reason: str, raw: str, row: Mapping[str, Any]) -> None:
        reading = self._reading
        reading.reasons[reason.partition(": ")[0]] += 1
        where = {name: row[name] for name in ("at", "stream", "session") if name in row}
        reading.faults.append(json.dumps({"file": self._path.name, **where, "reason": reason, "says": raw[:2000]}))


def scope_of(
    venue: str, assets: Sequence[str], since_ns: int, times: Mapping[str, Sequence[Sequence[int]]] | None
) -> Scope:
    """Read a stream's scope; a coin without `times` was subscribed from the stream's start on."""
    told = dict.fromkeys(assets, ((since_ns, END_OF_TIME),))
    given = {asset: tuple((start, end) for start, end in each) for asset, each in (times or {}).items()}
    return Scope(venue, {**told, **given})


def _venue(stream: str) -> str:
    """Tell the venue by a stream's name, in a file whose head is damaged."""
    return VENUES[stream.partition("-")[0]]
