"""The recorder's status as metrics in Prometheus's text form, and a small server on the loopback that gives them.

It answers from `status.json`, which is written each second: a scrape costs the recorder's loop nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal, NamedTuple

from newsdetect.errors import ConfigError, SpoolError
from newsdetect.market.recorder_status import RecorderStatus, is_live, read_status

_HOST = "127.0.0.1"
_FORM = "text/plain; version=0.0.4; charset=utf-8"
#: All that the form escapes in a label; whatever else a venue writes stands as it is, in UTF-8.
_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
#: A client that sends nothing is let go of.
_PATIENCE_S = 5.0


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
        labels = ",".join(f'{name}="{value.translate(_ESCAPED)}"' for name, value in one.labels.items())
        told.append(f"{one.name}{{{labels}}} {one.value:.15g}" if labels else f"{one.name} {one.value:.15g}")
    return "".join(f"{line}\n" for told in lines.values() for line in told)


@contextmanager
def serving_metrics(spool: Path, port: int) -> Iterator[str]:
    """Serve `/metrics` of a spool's recorder on the loopback; give the address. Port 0 takes any that is free.

    Raise ConfigError where the port cannot be had.
    """

    class Handler(_Handler):
        folder = spool

    try:
        server = ThreadingHTTPServer((_HOST, port), Handler)
    except (OSError, OverflowError) as fault:
        raise ConfigError(
            f"record.metrics_port: {_HOST}:{port} cannot be listened on ({fault}); name another with --metrics-port",
            key="record.metrics_port",
        ) from fault
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="recorder metrics", daemon=True)
    thread.start()
    try:
        yield f"http://{_HOST}:{server.server_address[1]}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Answers GET of `/metrics`; all else is not there."""

    folder: Path
    timeout = _PATIENCE_S

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != "/metrics":
            self._answer(HTTPStatus.NOT_FOUND, "there is /metrics alone\n")
            return
        try:
            status = read_status(self.folder)
        except SpoolError as fault:
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, f"{fault}\n")
            return
        up = _metric("up", "gauge", "1 while a recorder is running", {}, 0.0)
        self._answer(HTTPStatus.OK, metric_lines(metrics(status, datetime.now(UTC)) if status else [up]))

    def _answer(self, status: HTTPStatus, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", _FORM)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep scrapes out of the recorder's log."""


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
