"""The archive's list of parts: which Parquet file holds which kind and partition, swapped in one step.

A reader opens what the list names; a writer adds files beside it and then replaces the list, so that an import is seen
whole or not at all, and what a killed writer left is no part of the archive. Replaced files stay for a while, for
readers that hold the list of before.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from newsdetect.errors import StoreError
from newsdetect.market.reports import FileKind

_VERSION = 1
_NAME = "manifest.json"
#: How long a replaced file stays for readers of the list before.
_KEEP_S = 600.0
#: How the folders of imports at work begin (room.py), and longer than any import takes.
ROOMS = ".importing-"
_IMPORT_S = 2 * 86_400.0


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file: its place under the archive's folder, its rows, and the time `[start_ns, end_ns)` of them."""

    file: str
    rows: int
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """All parts, by kind and partition (`2025-08` or `2025-08-25`)."""

    parts: Mapping[FileKind, Mapping[str, Part]] = field(default_factory=dict)
    #: Replaced files, with the time since which they are.
    retired: Mapping[str, float] = field(default_factory=dict)
    #: The parts of each kind in order of time, once they were asked for.
    _ordered: dict[FileKind, list[Part]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def touching(self, kind: FileKind, start_ns: int, end_ns: int) -> list[Part]:
        """Give the parts of a kind with rows that may touch `[start_ns, end_ns)`, in order of time."""
        return [part for part in self._all(kind) if part.start_ns < end_ns and part.end_ns > start_ns]

    def all(self, kind: FileKind) -> list[Part]:
        """Give all parts of a kind, in order of time."""
        return list(self._all(kind))

    def _all(self, kind: FileKind) -> list[Part]:
        if kind not in self._ordered:
            self._ordered[kind] = [part for _, part in sorted(self.parts.get(kind, {}).items())]
        return self._ordered[kind]

    def replaced(self, kind: FileKind, written: Mapping[str, Part]) -> Manifest:
        """Give the list with partitions of a kind replaced."""
        before = self.parts.get(kind, {})
        gone = {before[name].file: time.time() for name in written if name in before}
        return Manifest({**self.parts, kind: {**before, **written}}, {**self.retired, **gone})


def read(folder: Path) -> Manifest:
    """Read the list; an archive without one is empty. Raise StoreError for one that this version cannot read."""
    path = folder / _NAME
    try:
        raw = json.loads(path.read_bytes())
        if raw["version"] != _VERSION:
            raise StoreError(f"{path}: is of archive version {raw['version']}, not {_VERSION}", key=str(path))
        parts = {kind: {name: Part(**one) for name, one in many.items()} for kind, many in raw["parts"].items()}
        return Manifest(parts, raw["retired"])
    except FileNotFoundError:
        return Manifest()
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise StoreError(f"{path}: is no list of an archive's parts ({fault}); restore it or import again") from fault


def write(folder: Path, manifest: Manifest) -> Manifest:
    """Swap the list, then sweep what no reader can hold any more; the caller holds the lock."""
    since = time.time() - _KEEP_S
    kept = {file: at for file, at in manifest.retired.items() if at > since}
    swept = Manifest(manifest.parts, kept)
    parts = {kind: {name: asdict(part) for name, part in many.items()} for kind, many in swept.parts.items()}
    raw = json.dumps({"version": _VERSION, "parts": parts, "retired": kept}, indent=1, sort_keys=True)
    put(folder / _NAME, raw.encode())
    _sweep(folder, swept)
    return swept


def put(path: Path, content: bytes) -> None:
    """Write a small file so that it is there whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    beside.write_bytes(content)
    settle(beside, path)


def settle(beside: Path, path: Path) -> None:
    """Move a finished file to its place, on disk before it is seen."""
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the writers' lock of an archive, across threads and processes; it goes with the process that held it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def stamp(folder: Path) -> tuple[int, ...]:
    """Give what changes whenever the list is swapped."""
    try:
        stat = os.stat(f"{folder}/{_NAME}")  # noqa: PTH116 -- asked before each question: a path costs more than this
    except FileNotFoundError:
        return ()
    return (stat.st_mtime_ns, stat.st_ino, stat.st_size)


def rollup_of(part: str) -> str:
    """Name the file of a part's roll-up (rollups.py), which lives as long as the part."""
    return f"hours/{part.rpartition('/')[2]}"


def _sweep(folder: Path, manifest: Manifest) -> None:
    """Remove files that the list does not name: replaced long ago, or left by a writer that was killed."""
    named = {part.file for many in manifest.parts.values() for part in many.values()} | manifest.retired.keys()
    named |= {rollup_of(file) for file in named if file.startswith("prints/")}
    for file in folder.glob("*/*.parquet"):
        if file.relative_to(folder).as_posix() not in named:
            file.unlink(missing_ok=True)
    for file in folder.glob("*/.*.tmp"):
        file.unlink(missing_ok=True)
    for place in folder.glob(f"{ROOMS}*"):
        # The room of an import that was killed; one that is at work is younger, and may end while we look.
        with suppress(FileNotFoundError):
            if place.stat().st_mtime < time.time() - _IMPORT_S:
                shutil.rmtree(place, ignore_errors=True)
