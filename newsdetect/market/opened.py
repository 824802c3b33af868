"""An archive's folder, opened: a database to ask its parts by, and its lists, read anew once they were swapped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from newsdetect.market import fitted
from newsdetect.market import manifest as lists
from newsdetect.market.ranges import NO_RANGES, Ranges


class Opened:
    """What all questions to one archive share; cheap to make, safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # One database in memory serves every question; each runs on a cursor of its own.
        # Nothing of it may be fetched, and no cast of ours knows the machine's time zone (cleaning.py).
        self._connection = duckdb.connect(
            ":memory:",
            config={"autoinstall_known_extensions": "false", "temp_directory": str(folder / ".spill")},
        )
        self._guard = threading.Lock()
        self._listed: tuple[tuple[int, ...], lists.Manifest] = ((), lists.Manifest())
        self._ranges: tuple[tuple[int, ...], Ranges] = ((), NO_RANGES)

    def close(self) -> None:
        """Let go of the database in memory; the files need no closing."""
        self._connection.close()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor for one question."""
        with self._guard:
            cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def manifest(self) -> lists.Manifest:
        """Give the list of parts, read once for each time it was swapped."""
        stamp = lists.stamp(self._folder)
        if self._listed[0] != stamp:
            self._listed = (stamp, lists.read(self._folder))
        return self._listed[1]

    def ranges(self) -> Ranges:
        """Give the ranges between sources that were fitted last, read once for each time they were."""
        stamp = fitted.stamp(self._folder)
        if self._ranges[0] != stamp:
            self._ranges = (stamp, fitted.read(self._folder))
        return self._ranges[1]
