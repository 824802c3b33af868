"""The recorder is killed and started again: what it had heard is kept once, torn files are mended, the gap is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from newsdetect.config_record import RecordSettings
from newsdetect.market.recorder_status import RecorderStatus
from tests.market.exchange.candles import serve_binance
from tests.market.exchange.links import until
from tests.market.exchange.recording import held, recording, settings, stretches, told_once
from tests.market.exchange.rest import rest
from tests.market.exchange.sockets import exchange

TORN = (b'{"at":1764000000000000000,"row":"mess', b"\0" * 4096, b'{"at":17,"row"\n')


def _last_file(home: Path) -> Path:
    return max((home / "spool").glob("*.jsonl"))


def _spooled(home: Path) -> int:
    """Count the orders in the spool; answers to subscriptions stand there too."""
    return sum(path.read_bytes().count(rb"\"e\":\"forceOrder\"") for path in (home / "spool").rglob("*.jsonl"))


def _command(home: Path, given: RecordSettings) -> subprocess.Popen[bytes]:
    told = {
        "NEWSDETECT_HOME": str(home), "NEWSDETECT_RECORD": given.model_dump_json(),
        "NEWSDETECT_FETCH": '{"allow_private":true,"attempts":1}',
    }  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "newsdetect", "record"], cwd=home, env=os.environ | told,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def test_a_killed_recorder_loses_nothing_it_heard(tmp_path: Path) -> None:
    """SIGKILL in the middle of a burst, a torn last line, and a second run: each order heard stands once."""
    with exchange("Binance usdm") as venue, rest() as host:
        serve_binance(host, now_ms=lambda: time.time_ns() // 1_000_000)
        given = settings(host, venue)
        first = _command(tmp_path, given)
        venue.wait_for_link(1)
        venue.tell(venue.make(400))
        until(lambda: _spooled(tmp_path) >= 400, "400 orders in the spool")
        first.kill()
        first.communicate(timeout=60)
        killed = datetime.now(UTC)
        with _last_file(tmp_path).open("ab") as file:
            file.write(TORN[0])
        second = _command(tmp_path, given)
        opened = venue.wait_for_link(2).opened_ns
        venue.tell(venue.make(50))
        until(lambda: _spooled(tmp_path) >= 450, "50 orders more")
        second.send_signal(signal.SIGTERM)
        told, _ = second.communicate(timeout=60)
    assert second.returncode == 0, told.decode()
    status = RecorderStatus.model_validate_json((tmp_path / "spool" / "status.json").read_bytes())
    assert status.cut == len(TORN[0])
    assert not status.running
    assert held(tmp_path) == sorted(told_once(venue))
    found = stretches(tmp_path, "Binance")
    assert len({(one.start, one.end) for one in found}) == 2, found
    assert not [one for one in found if one.start < datetime.fromtimestamp(opened / 1e9, UTC) < one.end]
    assert min(one.end for one in found) <= killed


def test_every_torn_end_is_cut_and_told(tmp_path: Path) -> None:
    """Half a line, a block of zeros and a line that is no row are cut off at the next start, and counted."""
    with exchange("OKX swap") as venue:
        for number, torn in enumerate(TORN, start=1):
            with recording(tmp_path, venue) as recorder:
                venue.wait_for_link(number)
                venue.tell(venue.make(6), batch=2)
                seen = recorder.heard(6)
                if number > 1:
                    assert recorder.status().cut == len(TORN[number - 2])
                recorder.cancel()
            assert seen.orders == 6
            with _last_file(tmp_path).open("ab") as file:
                file.write(torn)
        with recording(tmp_path, venue) as recorder:
            venue.wait_for_link(len(TORN) + 1)
            status = recorder.stop()
            assert status.cut == len(TORN[-1])
            assert status.quarantined == 0
    assert held(tmp_path) == sorted(told_once(venue))
    assert not [path for path in (tmp_path / "spool").rglob("*.jsonl") if not path.read_bytes().endswith(b"}\n")]


def test_taking_the_spool_again_adds_nothing(tmp_path: Path) -> None:
    """An archive that already took the files takes them again without a second copy of any order."""
    with exchange("Bybit linear") as venue:
        with recording(tmp_path, venue) as recorder:
            venue.wait_for_link(1)
            venue.tell(venue.make(30), batch=5)
            recorder.heard(30)
            recorder.stop()
        before = held(tmp_path)
        for path in (tmp_path / "spool" / "taken").glob("*.jsonl"):
            path.rename(tmp_path / "spool" / path.name)
        with recording(tmp_path, venue) as recorder:
            venue.wait_for_link(2)
            status = recorder.stop()
    assert before == held(tmp_path) == sorted(told_once(venue))
    assert status.archived == 0
