"""Several processes on one archive: writers wait for each other, readers see whole imports only."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from newsdetect.market import manifest
from newsdetect.market.archive import MarketArchive
from tests.market.builders import NOW, at, row, write

_WRITER = """
import sys
from pathlib import Path
from newsdetect.market.archive import MarketArchive
with MarketArchive(Path(sys.argv[1])) as archive:
    for file in sys.argv[2:]:
        archive.import_file(Path(file))
"""
_HOURS = 24


def files(folder: Path) -> list[Path]:
    """Write one file a day's hour; each touches the same two months, so that writers meet."""
    starts = [(f"2025-05-31T{hour:02}:00:00Z", f"2025-06-10T{hour:02}:00:00Z") for hour in range(_HOURS)]
    return [
        write(folder / f"{hour}.csv", [row("bars", start=may), row("bars", start=june)])
        for hour, (may, june) in enumerate(starts)
    ]


def test_two_processes_lose_nothing_and_readers_see_whole_imports(tmp_path: Path) -> None:
    """Files imported at once by two processes are all there, and no reader ever saw half of one."""
    paths = [str(path) for path in files(tmp_path)]
    home = tmp_path / "market"
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(home), *some])
        for some in (paths[::2], paths[1::2] + paths[:2])
    ]
    uneven = []
    with MarketArchive(home) as reader:
        while any(writer.poll() is None for writer in writers):
            listed = manifest.read(home).parts.get("bars", {})
            counts = [part.rows for part in listed.values()]
            seen = len(reader.bars(at("2025-05-01T00:00Z"), at("2025-07-01T00:00Z")))
            if len(set(counts)) > 1 or seen % 2:
                uneven.append((counts, seen))
        assert [writer.returncode for writer in writers] == [0, 0]
        assert uneven == []
        assert len(reader.bars(at("2025-05-01T00:00Z"), at("2025-07-01T00:00Z"))) == 2 * _HOURS


def test_threads_share_one_archive(tmp_path: Path) -> None:
    """Questions and imports of several threads do not disturb each other."""
    faults: list[BaseException] = []
    with MarketArchive(tmp_path / "market") as archive:

        def work(path: Path) -> None:
            try:
                archive.import_file(path, now=NOW)
                assert archive.bars(at("2025-05-01T00:00Z"), at("2025-07-01T00:00Z"))
            except BaseException as fault:  # noqa: BLE001 -- a thread's fault is the test's
                faults.append(fault)

        threads = [threading.Thread(target=work, args=(path,)) for path in files(tmp_path)[:6]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert len(archive.bars(at("2025-05-01T00:00Z"), at("2025-07-01T00:00Z"))) == 12
