"""What the recorder tells of itself: one row a stream, written as `status.json` beside the spool."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from newsdetect.errors import SpoolError
from newsdetect.types import Instant, Value

State = Literal["starting", "connecting", "recording", "silent", "waiting", "stopped"]


class StreamStatus(Value):
    """One stream: a venue's feed on one connection."""

    #: As `binance-usdm`, `bybit-linear-2`.
    stream: str
    venue: str
    #: `recording`: subscribed and heard; `silent`: connected, but the alarm went; `waiting`: before a new try.
    state: State
    #: The session's number; each connection has its own.
    session: int | None = None
    #: Symbols subscribed to; 0 means every contract of the market.
    symbols: int = 0
    connected_at: Instant | None = None
    #: When the last order came.
    last_order_at: Instant | None = None
    #: Orders kept, messages heard, and what was set aside: malformed messages, rows that are no orders (by reason),
    #: orders told again from before the connection.
    orders: int = 0
    messages: int = 0
    malformed: int = 0
    rejected: Mapping[str, int] = {}
    stale: int = 0
    #: Connections that were made and that were lost, tries that made none, and alarms of silence.
    connections: int = 0
    lost: int = 0
    failed: int = 0
    silences: int = 0
    #: The venue's clock behind ours, in milliseconds, the median of late messages; null where it does not tell.
    skew_ms: float | None = None
    #: Clocks differ by more than `record.skew_s`: orders keep the venue's time, recorded stretches have ours.
    skewed: bool = False
    #: What went wrong last, and when.
    fault: str | None = None
    fault_at: Instant | None = None
    #: When the next try is due.
    retry_at: Instant | None = None


class RecorderStatus(Value):
    """The recorder at one moment."""

    pid: int
    started_at: Instant
    written_at: Instant
    #: False once it has ended.
    running: bool
    streams: tuple[StreamStatus, ...]
    #: Bytes on disk since the start, and those not yet written.
    spooled: int = 0
    unwritten: int = 0
    #: What keeps the spool from being written; null where nothing does.
    spool_fault: str | None = None
    #: Torn bytes that were cut off when it started.
    cut: int = 0
    #: Taken into the archive since the start: orders, and those told twice, and those it would not take.
    archived: int = 0
    duplicates: int = 0
    quarantined: int = 0
    archive_fault: str | None = None


def write_status(folder: Path, status: RecorderStatus) -> None:
    """Write the status beside the spool, whole or not at all; a full disk is told by the spool itself."""
    beside = folder / f".{_NAME}.tmp"
    try:
        beside.write_text(status.model_dump_json(indent=1), encoding="utf-8")
        beside.replace(folder / _NAME)
    except OSError:
        beside.unlink(missing_ok=True)


def read_status(folder: Path) -> RecorderStatus | None:
    """Read what the recorder of a spool told last; None where none ever ran. Raise SpoolError for a damaged file."""
    path = folder / _NAME
    try:
        return RecorderStatus.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as fault:
        raise SpoolError(f"{path}: is no status of a recorder; remove it", key=str(path)) from fault


class Metric(NamedTuple):
    """One number for a monitoring system, by Prometheus's naming."""

    name: str
    kind: Literal["counter", "gauge"]
    about: str
    labels: Mapping[str, str]
    value: float


def metrics(status: RecorderStatus, now: datetime) -> list[Metric]:
    """Give the counters and gauges of each stream, and of the spool, for `/metrics`."""
    found = [
        _metric("up", "gauge", "1 while a recorder is running", {}, float(is_live(status, now))),
        _metric("spool_bytes_total", "counter", "Bytes written to the spool", {}, status.spooled),
        _metric("spool_unwritten_bytes", "gauge", "Bytes that are not on the disk yet", {}, status.unwritten),
        _metric("archived_orders_total", "counter", "Orders taken into the archive", {}, status.archived),
        _metric("duplicate_orders_total", "counter", "Orders that came more than once", {}, status.duplicates),
    ]
    for one in status.streams:
        labels = {"stream": one.stream, "venue": one.venue}
        found.append(_metric("stream_recording", "gauge", "1 while it listens", labels, one.state == "recording"))
        found.append(_metric("stream_silent", "gauge", "1 while connected but silent", labels, one.state == "silent"))
        found += [
            _metric(f"stream_{name}_total", "counter", about, labels, getattr(one, name))
            for name, about in _COUNTERS.items()
        ]
        found += [
            _metric("stream_rejected_total", "counter", "Rows that are no orders", {**labels, "reason": why}, count)
            for why, count in sorted(one.rejected.items())
        ]
        if one.skew_ms is not None:
            found.append(
                _metric("stream_skew_seconds", "gauge", "Our clock less the venue's", labels, one.skew_ms / 1000)
            )
        if one.last_order_at is not None:
            age = (now - one.last_order_at).total_seconds()
            found.append(_metric("stream_order_age_seconds", "gauge", "Since the last order", labels, age))
    return found


def metric_lines(found: Iterable[Metric]) -> str:
    """Write metrics in Prometheus's text form."""
    lines: dict[str, list[str]] = {}
    for one in found:
        told = lines.setdefault(one.name, [f"# HELP {one.name} {one.about}", f"# TYPE {one.name} {one.kind}"])
        labels = ",".join(f"{name}={json.dumps(value)}" for name, value in one.labels.items())
        told.append(f"{one.name}{{{labels}}} {one.value:.15g}" if labels else f"{one.name} {one.value:.15g}")
    return "".join(f"{line}\n" for told in lines.values() for line in told)


def is_live(status: RecorderStatus, now: datetime) -> bool:
    """Tell whether a recorder that wrote this is still at work: it writes each second."""
    return status.running and (now - status.written_at).total_seconds() < _STALE_S


_NAME = "status.json"
_STALE_S = 15.0
_COUNTERS = {
    "orders": "Orders kept",
    "messages": "Messages heard",
    "malformed": "Messages that are none of the venue",
    "stale": "Orders told again on connecting",
    "connections": "Connections made",
    "lost": "Connections lost",
    "failed": "Tries that made no connection",
    "silences": "Alarms: connected but silent",
}


def _metric(
    name: str, kind: Literal["counter", "gauge"], about: str, labels: Mapping[str, str], value: float
) -> Metric:
    return Metric(f"newsdetect_recorder_{name}", kind, about, labels, float(value))
