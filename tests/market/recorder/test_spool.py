"""The spool: what was handed over survives a kill, what is torn is cut, what does not fit waits and is told."""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.errors import SpoolError
from newsdetect.market import spool as module
from newsdetect.market.spool import Spool, cut_torn, files
from newsdetect.market.spool_rows import line, message_head, message_line, read_row, rows


def _opened(folder: Path, *, most: int = 1 << 20) -> Spool:
    made = Spool(folder, max_unwritten=most)
    made.begin({"run": 1, "streams": {}})
    return made


def _held(folder: Path) -> list[str]:
    return [row["raw"] for path in files(folder) for row, _ in rows(path) if row and row["row"] == "message"]


def _message(number: int) -> str:
    return message_line(number, message_head("okx", 1), f"message {number}")


@given(st.text(), st.text(max_size=20))
def test_a_message_reads_back_as_it_came(raw: str, stream: str) -> None:
    """Whatever a feed sends, quotes, line breaks and half surrogates too, is one line that holds it unchanged."""
    text = message_line(17, message_head(stream, 3), raw)
    assert text.count("\n") == 1
    assert json.loads(text) == {"at": 17, "row": "message", "stream": stream, "session": 3, "raw": raw}


def test_a_killed_recorder_loses_nothing_that_was_written(tmp_path: Path) -> None:
    """Lines are the operating system's once `write` has run: no end, no fsync, and all of them are there."""
    spool = _opened(tmp_path)
    for number in range(100):
        spool.append(_message(number))
    spool.write()
    assert _held(tmp_path) == [f"message {number}" for number in range(100)]
    spool.close()


@pytest.mark.parametrize(
    "torn",
    [b'{"at":1,"row":"mess', b"\0" * 5000, b'{"at":1\n{"at":2,"row":', b"\n", b"[]\n", b'{"at":1,"row":"x"}'],
    ids=["half a line", "zeros", "two bad lines", "an empty line", "no row", "no line break"],
)
def test_a_torn_tail_is_cut_and_counted(torn: bytes, tmp_path: Path) -> None:
    """At the next start all whole lines are there, the rest is gone, and its bytes are told."""
    with _opened(tmp_path) as spool:
        spool.append(_message(1))
        spool.write()
    path = files(tmp_path)[0]
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    with Spool(tmp_path, max_unwritten=1) as again:
        assert again.cut == len(torn)
    assert path.read_bytes() == whole


def test_a_file_of_nothing_but_a_torn_line_is_cut_empty(tmp_path: Path) -> None:
    """Also a line longer than the block that is read from the end is found from its start."""
    path = tmp_path / "00000001.jsonl"
    path.write_bytes(b'{"at":1,"raw":"' + b"x" * 300_000)
    assert cut_torn(path) == 300_015
    assert path.read_bytes() == b""


def test_a_long_last_line_is_not_torn(tmp_path: Path) -> None:
    """A whole line is left alone, whatever its length."""
    path = tmp_path / "00000001.jsonl"
    path.write_text(line("message", 1, raw="x" * 300_000))
    assert cut_torn(path) == 0


def test_numbers_of_files_and_sessions_never_come_again(tmp_path: Path) -> None:
    """A restart goes on counting where the last run ended, also after a run that opened no session."""
    with _opened(tmp_path) as spool:
        assert [spool.next_session(), spool.next_session()] == [1, 2]
        spool.append(line("open", 1, stream="okx", session=2))
        spool.finish()
    for _ in range(2):
        with _opened(tmp_path) as spool:
            spool.finish()
    with _opened(tmp_path) as spool:
        assert spool.number == 4
        assert spool.next_session() == 3


def test_one_recorder_at_a_time(tmp_path: Path) -> None:
    """A second one is refused by name, and let in once the first is gone."""
    first = _opened(tmp_path)
    with pytest.raises(SpoolError, match="another recorder"):
        Spool(tmp_path, max_unwritten=1)
    first.close()
    Spool(tmp_path, max_unwritten=1).close()


def test_a_full_disk_keeps_lines_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a line fits: the rest waits, readers are told to hold back, and all is whole once there is room."""
    spool = _opened(tmp_path, most=300)
    spool.sync()
    room = [30]
    true_write = os.write

    def write(file: int, text: bytes) -> int:
        if room[0] <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = true_write(file, text[: room[0]])
        room[0] -= done
        return done

    monkeypatch.setattr(module.os, "write", write)
    for number in range(5):
        spool.append(_message(number))
    spool.write()
    assert "No space left" in (spool.fault or "")
    assert spool.full
    spool.begin({"run": 1, "streams": {}})
    assert len(files(tmp_path)) == 1, "the old file goes on"
    room[0] = 1 << 20
    spool.write()
    spool.sync()
    assert spool.fault is None
    assert not spool.full
    assert _held(tmp_path) == [f"message {number}" for number in range(5)]
    spool.finish()
    spool.close()


def test_lines_that_could_not_be_written_are_an_error_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An end that loses lines says so, with their bytes."""
    spool = _opened(tmp_path)

    def write(file: int, text: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.os, "write", write)
    spool.append(_message(1))
    with pytest.raises(SpoolError, match=f"No space left on device; {len(_message(1))} bytes are lost"):
        spool.finish()
    spool.close()


def test_what_was_written_is_on_the_disk_after_a_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sync asks the disk once for all that was written, and not at all for nothing."""
    asked = []
    monkeypatch.setattr(module.os, "fsync", asked.append)
    spool = _opened(tmp_path)
    spool.sync()
    asked.clear()
    spool.append(_message(1))
    spool.write()
    assert spool.unwritten == len(_message(1))
    spool.sync()
    spool.sync()
    assert len(asked) == 1
    assert spool.unwritten == 0
    spool.close()


def test_a_file_is_not_closed_while_the_disk_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next file begins while a sync is under way in its thread: neither of them fails of the other."""
    spool, asked, true_sync = _opened(tmp_path), threading.Event(), os.fsync

    def fsync(file: int) -> None:
        if threading.current_thread() is syncing:
            asked.set()
            time.sleep(0.2)
        true_sync(file)

    spool.append(_message(1))
    spool.write()
    syncing = threading.Thread(target=spool.sync)
    monkeypatch.setattr(module.os, "fsync", fsync)
    syncing.start()
    assert asked.wait(10)
    spool.begin({"run": 1, "streams": {}})
    syncing.join()
    assert spool.fault is None
    spool.finish()
    spool.close()
    assert [sum(row is not None and row["row"] == "end" for row, _ in rows(path)) for path in files(tmp_path)] == [1, 1]


def test_a_line_that_is_no_row_is_none(tmp_path: Path) -> None:
    """A row has a time and a name; all else is damage."""
    assert read_row(b'{"at":1,"row":"end"}\n') == {"at": 1, "row": "end"}
    for bad in (b'{"at":"1","row":"end"}\n', b"17\n", b"\xff\n", b'{"at":1,"row":"end"}'):
        assert read_row(bad) is None
