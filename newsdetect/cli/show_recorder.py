"""How the live recorder is, for people."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.table import Table
from rich.text import Text

from newsdetect.cli.show import err, out, plain
from newsdetect.market.recorder_status import RecorderStatus, State, StreamStatus, is_live

_STYLES: dict[State, str] = {
    "recording": "green",
    "silent": "bold red",
    "waiting": "bold yellow",
    "connecting": "yellow",
    "starting": "yellow",
    "stopped": "dim",
}


def print_recorder(status: RecorderStatus) -> None:
    """Print a line a stream, and below what each of them suffers from."""
    now = datetime.now(UTC)
    live = is_live(status, now)
    words = "recording" if live else "ended" if not status.running else "gone: it was killed, or hangs"
    since = f"{status.started_at:%Y-%m-%d %H:%M:%S} UTC"
    out.print(
        f"recorder {words} (process {status.pid}, since {since}): {status.archived:,} orders in the archive, "
        f"{status.duplicates:,} came twice, {status.quarantined:,} kept out, {status.spooled:,} bytes spooled",
        soft_wrap=True,
    )
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("stream", "state"):
        table.add_column(name, no_wrap=True)
    for name in ("symbols", "orders", "last", "refused", "lost", "failed", "silent", "skew"):
        table.add_column(name, justify="right")
    for one in status.streams:
        table.add_row(Text(plain(one.stream)), Text(one.state, style=_STYLES[one.state]), *_numbers(one, now))
    out.print(table)
    for one in status.streams:
        if one.fault is not None and one.fault_at is not None:
            retry = f"; next try {one.retry_at:%H:%M:%S}" if one.retry_at is not None and live else ""
            err.print(
                Text(plain(f"{one.stream}, {one.fault_at:%H:%M:%S}: {one.fault}{retry}"), style="yellow"),
                soft_wrap=True,
            )
    for fault in (status.spool_fault, status.archive_fault):
        if fault is not None:
            err.print(Text(plain(fault), style="bold red"))
    if status.cut:
        err.print(Text(f"{status.cut:,} bytes of torn lines were cut off at the start", style="yellow"))


def _numbers(one: StreamStatus, now: datetime) -> list[str]:
    age = "never" if one.last_order_at is None else f"{(now - one.last_order_at).total_seconds():,.0f} s"
    return [
        f"{one.symbols:,}" if one.symbols else "all",
        f"{one.orders:,}",
        age,
        f"{one.malformed + sum(one.rejected.values()):,}",
        f"{one.lost:,}",
        f"{one.failed:,}",
        f"{one.silences:,}",
        "unknown" if one.skew_ms is None else f"{one.skew_ms:+,.0f} ms{' !' if one.skewed else ''}",
    ]
