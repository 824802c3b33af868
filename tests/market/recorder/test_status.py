"""What a recorder tells of itself: read back as written, as metrics, and told dead when it stops writing."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsdetect.errors import ConfigError, SpoolError
from newsdetect.market.recorder_metrics import metric_lines, metrics, serving_metrics
from newsdetect.market.recorder_status import RecorderStatus, StreamStatus, is_live, read_status, write_status
from newsdetect.market.recorder_tally import Tally

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)


def _status(**changes: object) -> RecorderStatus:
    stream = StreamStatus(
        stream="okx", venue="OKX", state="silent", orders=7, silences=1, skew_ms=1500.0,
        rejected={'size (sz) is "zero"': 2}, last_order_at=NOW - timedelta(seconds=90),
    )  # fmt: skip
    given = {"pid": 1, "started_at": NOW, "written_at": NOW, "running": True, "streams": (stream,)} | changes
    return RecorderStatus.model_validate(given)


def test_a_status_reads_back_as_written(tmp_path: Path) -> None:
    """The file beside the spool holds all of it."""
    write_status(tmp_path, _status())
    assert read_status(tmp_path) == _status()
    assert [path.name for path in tmp_path.iterdir()] == ["status.json"]


def test_no_recorder_ever_ran(tmp_path: Path) -> None:
    """No file is no status; a damaged one is an error that names it."""
    assert read_status(tmp_path) is None
    (tmp_path / "status.json").write_text("{")
    with pytest.raises(SpoolError, match=r"status\.json"):
        read_status(tmp_path)


def test_a_recorder_that_stops_writing_is_dead() -> None:
    """It writes each second: a minute without is a hang or a kill."""
    assert is_live(_status(), NOW + timedelta(seconds=2))
    assert not is_live(_status(), NOW + timedelta(minutes=1))
    assert not is_live(_status(running=False), NOW)


def test_metrics_are_prometheus_text() -> None:
    """Each stream's counters come with its name; a quote in a reason is escaped; alarms are gauges of one."""
    text = metric_lines(metrics(_status(), NOW))
    labels = 'stream="okx",venue="OKX"'
    assert "newsdetect_recorder_up 1\n" in text
    assert f"newsdetect_recorder_stream_orders_total{{{labels}}} 7\n" in text
    assert f"newsdetect_recorder_stream_silent{{{labels}}} 1\n" in text
    assert f"newsdetect_recorder_stream_order_age_seconds{{{labels}}} 90\n" in text
    assert f'newsdetect_recorder_stream_rejected_total{{{labels},reason="size (sz) is \\"zero\\""}} 2\n' in text
    assert text.count("# TYPE newsdetect_recorder_stream_orders_total counter\n") == 1


def test_labels_are_escaped_as_the_form_asks() -> None:
    """Backslash, quote and line feed alone; another escape is none that Prometheus knows."""
    stream = StreamStatus(stream="okx", venue="OKX", state="recording", rejected={'of 币安 "é"\n\\': 1})
    text = metric_lines(metrics(_status(streams=(stream,)), NOW))
    assert 'reason="of 币安 \\"é\\"\\n\\\\"} 1\n' in text


def _asked(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as fault:
        with fault:
            return fault.code, fault.read().decode()


def test_metrics_are_served_on_the_loopback(tmp_path: Path) -> None:
    """As the status stands at the moment; without one the recorder is down, a damaged one is a fault, told."""
    with serving_metrics(tmp_path, 0) as url:
        assert url.startswith("http://127.0.0.1:")
        assert _asked(url)[1].endswith("newsdetect_recorder_up 0\n")
        write_status(tmp_path, _status(written_at=datetime.now(UTC)))
        code, text = _asked(url)
        assert code == 200
        assert "newsdetect_recorder_up 1\n" in text
        assert 'stream_orders_total{stream="okx",venue="OKX"} 7\n' in text
        assert _asked(url.removesuffix("metrics"))[0] == 404
        (tmp_path / "status.json").write_text("{")
        assert _asked(url)[0] == 500
        (tmp_path / "status.json").unlink()
        (tmp_path / "status.json").mkdir()
        code, text = _asked(url)
        assert (code, "cannot be read" in text) == (500, True)
        with pytest.raises(ConfigError, match="--metrics-port"), serving_metrics(tmp_path, int(url.split(":")[2][:-8])):
            pass


def test_a_large_counter_is_told_to_the_last_digit() -> None:
    """A counter that is rounded stands still and then jumps."""
    assert "newsdetect_recorder_spool_bytes_total 123456789012\n" in metric_lines(
        metrics(_status(spooled=123_456_789_012), NOW)
    )


def test_reasons_are_counted_without_their_values_and_not_without_end() -> None:
    """A hostile feed with a new value or reason each time fills no memory."""
    tally = Tally("okx", "OKX")
    tally.reject([f"size (sz) is zero: '{number}'" for number in range(100)])
    tally.reject([f"the contract size of COIN{number}-USDT-SWAP is not known" for number in range(100)])
    assert tally.rejected["size (sz) is zero"] == 100
    assert sum(tally.rejected.values()) == 200
    assert len(tally.rejected) <= 41
    assert tally.wants_sizes
