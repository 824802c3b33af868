"""The recorder's spool: a folder of append-only files of JSON lines, written by one recorder at a time.

A line is handed to the operating system as soon as the event loop comes round, and to the disk on a short tick: a
killed process loses nothing it was handed, a power cut at most a tick. A line torn by either is cut off at the next
start. Where the disk takes no more, lines wait in memory, `full` tells readers to hold back, and the next tick tries
again: what does not fit stays in the sockets, and what the venue then drops is a gap that is told.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any, Self

from newsdetect.errors import SpoolError
from newsdetect.market import spool_rows

_SUFFIX = ".jsonl"
#: Files that the archive has taken, under the spool's folder.
TAKEN = "taken"


class Spool:
    """The open spool of one recorder; all methods but `sync` belong to one thread."""

    def __init__(self, folder: Path, *, max_unwritten: int, clock: Callable[[], int] = time.time_ns) -> None:
        """Lock the folder and cut torn lines; raise SpoolError where another recorder is writing there."""
        self.folder = folder
        self._most = max_unwritten
        self._clock = clock
        self._lock = _locked(folder)
        #: Bytes of torn lines that were cut off.
        self.cut = sum(cut_torn(path) for path in files(folder))
        #: The number of the file that is written, or was last.
        self.number, self._session = _counters(folder)
        self._file: int | None = None
        self._waiting: list[str] = []
        self._pending = b""
        self._size = 0
        #: Bytes handed to the operating system since the start, and those of them that are on the disk.
        self.written = 0
        self._synced = 0
        #: Held while the disk is asked, so that no file is closed meanwhile.
        self._syncing = threading.Lock()
        #: What keeps lines from being written; None where nothing does.
        self.fault: str | None = None
        #: When the file that is written was begun, in nanoseconds since 1970.
        self.begun_at = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def unwritten(self) -> int:
        """Bytes that are not on the disk yet."""
        return self._size + len(self._pending) + self.written - self._synced

    @property
    def full(self) -> bool:
        """Whether more is waiting for the disk than may."""
        return self.unwritten > self._most

    def next_session(self) -> int:
        """Give the number of a new session: larger than any this spool has seen."""
        self._session += 1
        return self._session

    def begin(self, head: dict[str, Any], lines: Iterable[str] = ()) -> None:
        """End the file that is written and begin the next with its head and `lines`.

        Where the disk takes nothing more, the old file goes on. Raise SpoolError where there is none.
        """
        path = self.folder / f"{self.number + 1:08d}{_SUFFIX}"
        try:
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        except OSError as fault:
            self.fault = f"{path}: cannot be made: {fault.strerror}"
            if self._file is None:
                raise SpoolError(self.fault, key=str(path)) from fault
            return
        if not self._end():
            os.close(opened)
            path.unlink()
            return
        _sync_folder(self.folder)
        self._file, self.number, self.begun_at = opened, self.number + 1, self._clock()
        numbers = {"version": spool_rows.VERSION, "segment": self.number, "session": self._session}
        for line in (spool_rows.line("segment", self.begun_at, **numbers, **head), *lines):
            self.append(line)
        self.write()

    def append(self, line: str) -> None:
        """Take one line; it is in memory alone until `write`."""
        self._waiting.append(line)
        self._size += len(line)

    def write(self) -> None:
        """Hand what waits to the operating system; what it does not take goes on waiting, and `fault` says why."""
        if self._file is None or not self._size + len(self._pending):
            return
        # Lines are ASCII: characters are bytes.
        pending = self._pending + "".join(self._waiting).encode("ascii")
        self._waiting.clear()
        self._size = 0
        try:
            while pending:
                done = os.write(self._file, pending)
                self.written += done
                pending = pending[done:]
            self.fault = None
        except OSError as fault:
            self.fault = f"{self.folder}: cannot be written: {fault.strerror}"
        self._pending = pending

    def sync(self) -> None:
        """Put what was written on the disk; may be called from another thread while lines are appended."""
        with self._syncing:
            file, written = self._file, self.written
            if file is None or written == self._synced:
                return
            try:
                os.fsync(file)
            except OSError as fault:
                self.fault = f"{self.folder}: cannot be put on the disk: {fault.strerror}"
                return
            self._synced = written

    @property
    def is_open(self) -> bool:
        """Whether a file is being written."""
        return self._file is not None

    def finish(self) -> None:
        """End the file that is written; raise SpoolError where lines could not be written."""
        if not self._end():
            left = self._size + len(self._pending)
            raise SpoolError(f"{self.fault}; {left:,} bytes are lost", key=str(self.folder))

    def close(self) -> None:
        """Let another recorder in; what `finish` did not end stays as it is, its last line maybe torn."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        self._lock.close()

    def _end(self) -> bool:
        """Close the file that is written with its last line, on the disk; False where the disk does not take it."""
        if self._file is None:
            return True
        self.write()
        if self._pending:
            return False
        self.append(spool_rows.line("end", self._clock()))
        self.write()
        self.sync()
        if self._pending or self._synced != self.written:
            return False
        os.close(self._file)
        self._file = None
        return True


def files(folder: Path) -> list[Path]:
    """Give the spool's files that the archive has not taken, in order."""
    return sorted(path for path in folder.glob(f"*{_SUFFIX}") if path.stem.isdecimal())


def taken(folder: Path) -> list[Path]:
    """Give the files that the archive has taken and that are still kept, in order."""
    return files(folder / TAKEN)


def cut_torn(path: Path) -> int:
    """Cut off what stands behind a file's last whole line; give how many bytes that were.

    A power cut can leave more than half a line: blocks of zeros, and lines of them.
    """
    with path.open("r+b") as file:
        size = good = file.seek(0, os.SEEK_END)
        while good and spool_rows.read_row(_last_line(file, good)) is None:
            good -= len(_last_line(file, good))
        if good < size:
            file.truncate(good)
            os.fsync(file.fileno())
    return size - good


def _last_line(file: IO[bytes], end: int) -> bytes:
    """Give the last line of a file's first `end` bytes, with its line break if it has one."""
    width = 1 << 16
    while True:
        start = max(0, end - width)
        file.seek(start)
        block = file.read(end - start)
        last = block.rfind(b"\n", 0, len(block) - 1) + 1
        if last or start == 0:
            return block[last:]
        width *= 4


def _locked(folder: Path) -> IO[str]:
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / ".lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        file.close()
        raise SpoolError(
            f"{folder}: another recorder is writing this spool; stop it, or name another home with --home",
            key=str(folder),
        ) from fault
    return file


def _counters(folder: Path) -> tuple[int, int]:
    """Give the last numbers of a file and a session that were used."""
    held = sorted([*files(folder), *taken(folder)], key=lambda path: path.stem)
    number = int(held[-1].stem) if held else 0
    for path in reversed(held):
        sessions = [row.get("session", 0) for row, _ in spool_rows.rows(path) if row is not None]
        if sessions:
            return number, max(sessions)
    return number, 0


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
