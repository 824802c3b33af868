"""`newsdetect record` as people call it: a run against a loopback feed, its status, and wrong usage."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from websockets.sync.server import ServerConnection, serve

from tests.market.recorder.feed import force_order

_ORDERS = 12


@contextmanager
def _feed() -> Iterator[str]:
    """Serve a USD-M feed that tells a dozen orders to whoever subscribes."""

    def handle(connection: ServerConnection) -> None:
        asked = json.loads(connection.recv())
        connection.send(json.dumps({"result": None, "id": asked["id"]}))
        for number in range(_ORDERS):
            connection.send(force_order(number))
        for _ in connection:
            pass

    with serve(handle, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        server.shutdown()
        thread.join()


def _start(home: Path, *words: str, url: str = "ws://127.0.0.1:9") -> subprocess.Popen[str]:
    settings = {"binance": {"usdm_stream": url, "coinm_stream": "", "coinm_rest": "http://127.0.0.1:9"}}
    told = {"NEWSDETECT_HOME": str(home), "NEWSDETECT_RECORD": json.dumps(settings)}
    return subprocess.Popen(
        [sys.executable, "-m", "newsdetect", "record", *words],
        env=os.environ | told,
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_a_recording_ends_after_its_time_and_can_be_asked_for(tmp_path: Path) -> None:
    """Orders are in the archive when the command ends; JSON stands alone on standard output."""
    with _feed() as url:
        code, out, err = _ended(_start(tmp_path, "--venue", "binance", "--for", "1.5", "--json", url=url))
    assert code == 0, err
    status = json.loads(out)
    assert status["archived"] == _ORDERS
    assert status["streams"][0]["orders"] == _ORDERS
    code, out, err = _ended(_start(tmp_path, "--status", "--json"))
    assert (code, json.loads(out)) == (0, status)
    code, out, err = _ended(_start(tmp_path, "--status"))
    assert code == 0
    assert "recorder ended" in out
    assert "binance-usdm" in out


def test_a_signal_ends_a_recording_in_order(tmp_path: Path) -> None:
    """SIGTERM, as a service manager sends it, loses nothing."""
    with _feed() as url:
        process = _start(tmp_path, "--venue", "binance", "--json", url=url)
        status = tmp_path / "spool" / "status.json"
        while process.poll() is None:
            if status.exists() and json.loads(status.read_bytes())["streams"][0]["orders"] == _ORDERS:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        code, out, err = _ended(process)
    assert code == 0, err
    assert json.loads(out)["archived"] == _ORDERS


def test_metrics_can_be_scraped_while_it_records(tmp_path: Path) -> None:
    """`--metrics-port` serves what the status says, until the recording ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with _feed() as url:
        process = _start(tmp_path, "--venue", "binance", "--metrics-port", str(port), "--json", url=url)
        text = ""
        while process.poll() is None and f"}} {_ORDERS}\n" not in text:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                text = answer.read().decode()
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        code, _, err = _ended(process)
    assert code == 0, err
    labels = '{stream="binance-usdm",venue="Binance"}'
    assert f"newsdetect_recorder_stream_orders_total{labels} {_ORDERS}\n" in text
    assert f"newsdetect_recorder_stream_recording{labels} 1\n" in text


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--venue", "kraken"), 2, "kraken: there are binance, bybit, okx"),
        (("--symbols", "nonsense"), 2, "symbol nonsense"),
        (("--status",), 1, "no recorder ever ran here"),
    ],
)
def test_wrong_usage_is_told(words: tuple[str, ...], code: int, said: str, tmp_path: Path) -> None:
    """A message with the remedy, the right exit code, and no traceback."""
    found, out, err = _ended(_start(tmp_path, *words))
    assert (found, out) == (code, "")
    assert said in " ".join(err.split())
    assert "Traceback" not in err
