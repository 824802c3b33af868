"""The room that one import works in: a database of its own on disk, bounded in memory, gone when the import ends.

What does not fit into memory goes to files beside the archive: an import of any size needs room on the disk, not in
memory. Questions to the archive run in another database and are not slowed by it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from newsdetect.market.manifest import ROOMS

#: What the engine may hold; blocks of the file, and Python with its libraries, come on top of it.
MEMORY = "256MiB"
#: Files up to this size are worked on in memory, and spill where that is not enough (they may be packed).
_SMALL = 8 << 20
#: Each thread has buffers of its own.
_THREADS = 4


@contextmanager
def room(folder: Path, *, size: int = 0) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a room under an archive's folder for a file of `size` bytes; small ones need no file of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=ROOMS, dir=folder, ignore_cleanup_errors=True) as place:
        connection = duckdb.connect(
            str(Path(place) / "room.duckdb") if size > _SMALL else ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "memory_limit": MEMORY,
                "temp_directory": str(Path(place) / "spill"),
                # All orders that matter are asked for by name.
                "preserve_insertion_order": "false",
            },
        )
        try:
            connection.execute(f"SET threads = least(current_setting('threads')::BIGINT, {_THREADS})")
            # Nobody reads the room again: nothing of it need be put in order at the end.
            if size > _SMALL:
                connection.execute("PRAGMA disable_checkpoint_on_shutdown")
            yield connection
        finally:
            connection.close()
