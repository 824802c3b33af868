"""Counts of one stream over all its sessions, kept while it records and told as a `StreamStatus`."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from newsdetect.market.instants import instant
from newsdetect.market.recorder_status import State, StreamStatus
from newsdetect.market.venues.parsed import Parsed

#: More different reasons than this are counted together: a hostile feed must not fill the memory.
_REASONS = 40
_OTHER = "other reasons"


@dataclass(slots=True)
class Tally:
    """What became of one stream's messages so far; the recorder's loop alone writes it."""

    stream: str
    venue: str
    symbols: int = 0
    state: State = "starting"
    session: int | None = None
    connected_ns: int | None = None
    last_order_ns: int | None = None
    orders: int = 0
    messages: int = 0
    malformed: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    stale: int = 0
    connections: int = 0
    lost: int = 0
    failed: int = 0
    silences: int = 0
    #: Our clock less the venue's, in milliseconds, of the latest messages.
    lags: deque[int] = field(default_factory=lambda: deque(maxlen=101))
    fault: str | None = None
    fault_ns: int | None = None
    retry_ns: int | None = None
    #: Clocks differ by more than the settings let pass.
    skewed: bool = False
    #: Orders came whose contract's size is not known: it is worth asking again.
    wants_sizes: bool = False

    def take(self, parsed: Parsed, at_ns: int, *, first: bool) -> bool:
        """Count a message of orders; tell whether it is a sign of life.

        A venue's first message after connecting may be its last one told again: such orders are `stale`.
        """
        at_ms = at_ns // 1_000_000
        self.orders += len(parsed.orders)
        if parsed.rejected:
            self.reject(parsed.rejected)
            self.wrong(f"a row is no order: {parsed.rejected[0]}", at_ns)
        if first and parsed.is_stale(at_ms):
            self.stale += len(parsed.orders)
            return False
        sent = parsed.sent_ms if parsed.sent_ms is not None else parsed.latest_ms
        if sent is not None:
            self.lags.append(at_ms - sent)
        self.last_order_ns = at_ns
        return True

    def reject(self, reasons: Sequence[str]) -> None:
        """Count rows that are no orders, by reason without the value it names."""
        for reason in reasons:
            kind = reason.partition(": ")[0]
            self.rejected[kind if kind in self.rejected or len(self.rejected) < _REASONS else _OTHER] += 1
            self.wants_sizes = self.wants_sizes or "contract size" in kind

    def wrong(self, fault: str, at_ns: int) -> None:
        """Note what went wrong last."""
        self.fault, self.fault_ns = fault[:500], at_ns

    def skew_ms(self) -> float | None:
        """Give how far the venue's clock is behind ours, its messages' way included; None where it does not tell."""
        return float(median(self.lags)) if self.lags else None

    def status(self) -> StreamStatus:
        """Tell it all at this moment."""
        return StreamStatus(
            stream=self.stream,
            venue=self.venue,
            state=self.state,
            session=self.session,
            symbols=self.symbols,
            connected_at=_at(self.connected_ns),
            last_order_at=_at(self.last_order_ns),
            orders=self.orders,
            messages=self.messages,
            malformed=self.malformed,
            rejected=dict(self.rejected),
            stale=self.stale,
            connections=self.connections,
            lost=self.lost,
            failed=self.failed,
            silences=self.silences,
            skew_ms=self.skew_ms(),
            skewed=self.skewed,
            fault=self.fault,
            fault_at=_at(self.fault_ns),
            retry_at=_at(self.retry_ns),
        )


def _at(at_ns: int | None) -> datetime | None:
    return None if at_ns is None else instant(at_ns)
