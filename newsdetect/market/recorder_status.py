"""What the recorder tells of itself: one row a stream, written as `status.json` beside the spool."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

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
    """Read what the recorder of a spool told last; None where none ever ran.

    Raise SpoolError for a file that is damaged or cannot be read.
    """
    path = folder / _NAME
    try:
        return RecorderStatus.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as fault:
        raise SpoolError(f"{path}: is no status of a recorder; remove it", key=str(path)) from fault
    except OSError as fault:
        why = f"cannot be read ({fault.strerror}); see whose it is, or remove it"
        raise SpoolError(f"{path}: {why}", key=str(path)) from fault


def is_live(status: RecorderStatus, now: datetime) -> bool:
    """Tell whether a recorder that wrote this is still at work: it writes each second."""
    return status.running and (now - status.written_at).total_seconds() < _STALE_S


_NAME = "status.json"
_STALE_S = 15.0
