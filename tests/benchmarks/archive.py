"""The archive at size: one claim's windows over 6 hours of end times, beside plain DuckDB and numpy over all rows.

The tape is simulated, 50 million prints over 120 days unless told otherwise. Claims end at any time of the tape; their
windows are of 1, 4 and 24 hours. Each is asked of an open archive that has kept nothing of the claim before; its files
may lie in the system's cache.
"""

from __future__ import annotations

import math
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np

from newsdetect.market.archive import MarketArchive
from newsdetect.market.rolling import Span, span
from newsdetect.market.tape import Tape
from tests.benchmarks import checking
from tests.benchmarks.simulated import FIRST, fill
from tests.benchmarks.timing import peak_mb

DAYS = 120
_CLAIMS, _HOURS = 60, (1, 4, 24)
#: Documents checked in one go.
_DOCUMENTS = 2_500


def bench(orders: int) -> None:
    """Print the lines of this part."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "market"
        start = time.perf_counter()
        fill(folder, orders, DAYS)
        files = sorted(folder.glob("prints/*.parquet"))
        size, beside = (sum(f.stat().st_size for f in folder.glob(f"{kind}/*")) / 1e6 for kind in ("prints", "hours"))
        print(
            f"archive {orders:,} simulated prints in {len(files)} days written in {time.perf_counter() - start:.0f} s: "
            f"{size:,.0f} MB, roll-ups {beside:,.0f} MB"
        )
        _one_claim(folder, [str(file) for file in files])
        checking.bench(folder, DAYS, _DOCUMENTS)


def claims() -> list[Span]:
    """Give the windows of the claims: 6 hours of ends by a second, anywhere on the tape."""
    rng = np.random.default_rng(7)
    asked = []
    for number in range(_CLAIMS):
        end = FIRST + timedelta(seconds=int(rng.integers(2 * 86_400, DAYS * 86_400)))
        asked.append(span(end - timedelta(hours=6), end, length=timedelta(hours=_HOURS[number % 3])))
    return asked


def _one_claim(folder: Path, files: list[str]) -> None:
    asked = claims()
    with MarketArchive(folder) as archive:
        cold = [_timed(lambda one=one: _cold(archive, one)) for one in asked]
    for hours in _HOURS:
        mine = [taken for taken, one in zip(cold, asked, strict=True) if one.length_ns == hours * 3600 * 10**9]
        print(f"archive   windows of {hours:2} h: {_told(mine)}")
    print(f"archive one claim, 21,601 ends by venue and side, nothing kept: {_told(cold)}")
    with MarketArchive(folder) as archive:
        archive.rolling(asked[2])
        print(f"archive   the same asked again: {_told([_timed(lambda: archive.rolling(asked[2])) for _ in range(9)])}")
    print(f"archive   exact: {_exact(folder, files, asked[:6])}")
    print(f"archive   peak memory of a fresh process with one claim: {peak_mb(_ours, folder, asked[2]):,.0f} MB")
    _peers(folder, files, asked[2], statistics.median(cpu for _, cpu in cold))


def _ours(folder: Path, asked: Span) -> np.ndarray:
    with MarketArchive(folder) as archive:
        return archive.rolling(asked).curves()


def _cold(archive: MarketArchive, asked: Span) -> np.ndarray:
    archive._tape = Tape(archive.folder, archive._opened.cursor)
    return archive.rolling(asked).curves()


def _peers(folder: Path, files: list[str], asked: Span, ours: float) -> None:
    """Let DuckDB and numpy give the same curves."""
    for words, work in (
        ("DuckDB over per-second sums", lambda: _duckdb(files, asked)),
        ("DuckDB, ends joined with orders, one end a minute instead of 60", lambda: _plain_duckdb(files, asked)),
    ):
        wall, cpu = _timed(work)
        print(f"archive   {words}: {wall * 1000:,.0f} ms wall, {cpu * 1000:,.0f} ms CPU; {cpu / ours:,.1f} × ours")
    reading = _timed(lambda: _loaded.update(_load(files)))
    wall, cpu = _timed(lambda: _numpy(asked))
    rows = sum(len(times) for times, _ in _loaded.values())
    print(
        f"archive   numpy over all {rows:,} rows: {wall * 1000:,.0f} ms wall, {cpu * 1000:,.0f} ms CPU; "
        f"{cpu / ours:,.1f} × ours, after {reading[1]:.0f} CPU-s of reading them"
    )
    _loaded.clear()


def _duckdb(files: list[str], asked: Span) -> list[tuple]:
    """Sum by second, then over a frame of seconds: values where a curve rises, in floating point."""
    start = asked.first_ns - asked.length_ns
    return duckdb.execute(
        f"""WITH seconds AS (SELECT (time_ns - $start) // 1000000000 AS second, venue, side, sum(usd) AS usd
            FROM read_parquet($files) WHERE time_ns >= $start AND time_ns < $end GROUP BY ALL)
        SELECT venue, side, second, sum(usd) OVER (PARTITION BY venue, side ORDER BY second
            RANGE BETWEEN {asked.length_ns // 10**9 - 1} PRECEDING AND CURRENT ROW) FROM seconds""",
        {"files": files, "start": start, "end": asked.last_ns},
    ).fetchall()


def _plain_duckdb(files: list[str], asked: Span) -> list[tuple]:
    """Join each end with the orders of its window; one end in sixty, for all would take minutes."""
    return duckdb.execute(
        """WITH ends AS (SELECT $first + 60000000000 * unnest(range(361)) AS until),
        orders AS (SELECT time_ns, venue, side, usd FROM read_parquet($files)
            WHERE time_ns >= $first - $length AND time_ns < $end)
        SELECT until, venue, side, sum(usd) FROM ends JOIN orders ON time_ns >= until - $length AND time_ns < until
        GROUP BY ALL""",
        {"files": files, "first": asked.first_ns, "length": asked.length_ns, "end": asked.last_ns},
    ).fetchall()


#: Times and running sums of all orders, by venue and side: what numpy alone must hold.
_loaded: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = {}


def _load(files: list[str]) -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]:
    held = {}
    for venue, side in duckdb.execute("SELECT DISTINCT venue, side FROM read_parquet(?)", [files[:1]]).fetchall():
        columns = duckdb.execute(
            "SELECT time_ns, usd FROM read_parquet($files) WHERE venue = $venue AND side = $side ORDER BY time_ns",
            {"files": files, "venue": venue, "side": side},
        ).fetchnumpy()
        held[venue, side] = (np.asarray(columns["time_ns"]), np.asarray(columns["usd"]))
    return held


def _numpy(asked: Span) -> dict[tuple[str, str], np.ndarray]:
    """Run a sum over all rows of each group and look both edges of each window up."""
    curves = {}
    for name, (times, usd) in _loaded.items():
        running = np.concatenate([[0.0], np.cumsum(usd)])
        first, last = (np.searchsorted(times, asked.ends_ns - back) for back in (asked.length_ns, 0))
        curves[name] = running[last] - running[first]
    return curves


def _exact(folder: Path, files: list[str], many: list[Span]) -> str:
    """Hold some ends of some claims against `math.fsum` over the orders of their windows."""
    rng = np.random.default_rng(3)
    compared = 0
    for asked in many:
        with MarketArchive(folder) as archive:
            curve = archive.rolling(asked)
        curves = curve.curves()
        for place in rng.integers(0, asked.count, 5).tolist():
            end = int(asked.ends_ns[place])
            orders = duckdb.execute(
                "SELECT venue, side, usd FROM read_parquet($files) WHERE time_ns >= $start AND time_ns < $end",
                {"files": files, "start": end - asked.length_ns, "end": end},
            ).fetchall()
            by_name: dict[tuple[str, str], list[float]] = {name: [] for name in curve.names}
            for venue, side, usd in orders:
                by_name[venue, side].append(usd)
            for row, name in enumerate(curve.names):
                assert curves[row, place] == math.fsum(by_name[name]), (name, end)
                compared += 1
    return f"{compared} sums of {len(many)} claims equal math.fsum over their orders"


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Give wall and CPU seconds of one run."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _told(taken: list[tuple[float, float]]) -> str:
    wall, cpu = (sorted(one[place] * 1000 for one in taken) for place in (0, 1))
    return (
        f"{statistics.median(wall):.0f} ms wall, {statistics.median(cpu):.0f} ms CPU at the median "
        f"({wall[-1]:.0f} and {cpu[-1]:.0f} at the most)"
    )
