"""The market archive: Parquet files under one folder, filled from market files and asked through DuckDB.

Every row keeps its scope (source, venue, asset, bucket). Importing is idempotent and all or nothing; several processes
may write, one at a time, while others read. Several sources of one venue and time stand side by side, always.

Prints become evidence of quiet only by `recorded` stretches (a fifth kind of file: source, venue, asset, start, end):
imported prints alone are a lower bound, for nobody said when their recorder listened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Self

from newsdetect.errors import UsageError
from newsdetect.market import fitted, rows
from newsdetect.market import manifest as lists
from newsdetect.market.at_hand import AtHand
from newsdetect.market.columns import BarSeries, CandleSeries, RecordedSeries, SnapshotSeries
from newsdetect.market.coverage import coverage
from newsdetect.market.files import MarketFile, size_of
from newsdetect.market.instants import nanoseconds
from newsdetect.market.opened import Opened
from newsdetect.market.orders_at_hand import OrdersAtHand
from newsdetect.market.provider import Bar, Candle, Prints, Recorded, Snapshot
from newsdetect.market.ranges import Ranges
from newsdetect.market.reports import CoverageRow, FileKind, ImportReport, WindowSum
from newsdetect.market.rolling import BY, Rolling, Scope, Span, grouped
from newsdetect.market.room import room
from newsdetect.market.series import bar_sums, print_readings, window_sum
from newsdetect.market.shelf import Shelf
from newsdetect.market.staging import stage, stage_opened
from newsdetect.market.taking import take
from newsdetect.market.tape import Tape
from newsdetect.market.totals import PrintTotals
from newsdetect.types import ALL, Period, Side

#: The kinds that a sum is made of.
_LIQUIDATIONS: tuple[FileKind, ...] = ("prints", "recorded", "bars")
_EVER = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


class MarketArchive:
    """Market data on disk, as `MarketData` for the checks; cheap to make, safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opened = Opened(folder)
        self._tape = Tape(folder, self._opened.cursor)
        self._shelf = Shelf(folder, self._opened.cursor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database in memory; the files need no closing."""
        self._opened.close()

    def import_file(
        self, path: Path, *, kind: str | None = None, source: str | None = None, now: datetime | None = None
    ) -> ImportReport:
        """Take a CSV or Parquet file into the archive; rows already there add nothing.

        The columns tell the kind unless `kind` does. `source` names who recorded prints whose file does not say (else
        `imported`); a generator's must start with `simulated`. `now` is the time after which rows are from the future.
        Raise MarketFileError for a file of no kind or without a usable row, UsageError for a kind that does not exist;
        single bad rows are kept out, written under `quarantine/` and counted in the report.
        """
        with room(self.folder, size=size_of(path)) as connection:
            told = stage(connection, path, kind=kind, source=source, now=now or datetime.now(UTC))
            return take(connection, self.folder, told)

    def import_rows(self, told: MarketFile, *, now: datetime | None = None) -> ImportReport:
        """Take rows that are no file of their own (`files.of_rows`), by the same rules and with the same report."""
        with room(self.folder) as connection:
            staged = stage_opened(connection, told, source=None, now=now or datetime.now(UTC))
            return take(connection, self.folder, staged)

    def prints(
        self, start: datetime, end: datetime, *, venue: str | None = None, assets: Sequence[str] | None = None
    ) -> Prints:
        """Give the liquidation orders of `[start, end)`, in order of time."""
        with self._opened.cursor() as cursor:
            return rows.prints(cursor, self._asked("prints", start, end, venue, assets))

    def recorded(self, start: datetime, end: datetime, *, venue: str | None = None) -> list[Recorded]:
        """Give the stretches in which prints were recorded, cut to `[start, end)`."""
        with self._opened.cursor() as cursor:
            return rows.recorded(cursor, self._asked("recorded", start, end, venue))

    def bars(
        self, start: datetime, end: datetime, *, venue: str | None = None, assets: Sequence[str] | None = None
    ) -> list[Bar]:
        """Give every bucket that touches `[start, end)`; where one was read more than once, the latest reading."""
        with self._opened.cursor() as cursor:
            return rows.bars(cursor, self._asked("bars", start, end, venue, assets))

    def snapshots(
        self, start: datetime, end: datetime, *, venue: str | None = None, assets: Sequence[str] | None = None
    ) -> list[Snapshot]:
        """Give the snapshots with `retrieved_before` in `[start, end)`."""
        with self._opened.cursor() as cursor:
            return rows.snapshots(cursor, self._asked("snapshots", start, end, venue, assets))

    def candles(self, start: datetime, end: datetime, *, assets: Sequence[str] | None = None) -> list[Candle]:
        """Give every candle that touches `[start, end)`, in order of time."""
        with self._opened.cursor() as cursor:
            return rows.candles(cursor, self._asked("candles", start, end, None, assets))

    def version(self, start: datetime | None = None, end: datetime | None = None) -> str:
        """Give a word that changes with the parts that may touch `[start, end)` (null: any); empty where none does.

        A part is written anew whenever a row of its day (prints) or month (all else) is added, so the word may change
        by a row that lies outside; it never stays the same by mistake.
        """
        since = 0 if start is None else nanoseconds(start)
        until = 2**63 - 1 if end is None else nanoseconds(end)
        held = self._opened.manifest()
        files = sorted(part.file for kind in held.parts for part in held.touching(kind, since, until))
        made = [str(made)] if (made := self.ranges().made) else []
        return hashlib.sha256("\n".join(files + made).encode()).hexdigest()[:16] if files else ""

    def coverage(self) -> list[CoverageRow]:
        """Give what is held, one row a kind, source, venue and asset: from, to, rows and gaps."""
        with self._opened.cursor() as cursor:
            return coverage(cursor, str(self.folder), self._opened.manifest())

    def sum(
        self,
        start: datetime,
        end: datetime,
        *,
        venue: str | None = None,
        asset: str | None = None,
        side: Side | None = None,
    ) -> WindowSum:
        """Sum the liquidations of `[start, end)` by prints and bars; null or ALL mean all, both sides if none is named.

        Raise UsageError for a window that ends before it starts, or a time without a zone.
        """
        if start.tzinfo is None or end.tzinfo is None or start >= end:
            raise UsageError(
                f"no window: {start.isoformat()} to {end.isoformat()}; both in UTC, the end after the start"
            )
        window = Period(start=start, end=end)
        venue = None if venue in (None, ALL) else venue
        assets = None if asset in (None, ALL) else [str(asset).upper()]
        with self._opened.cursor() as cursor:
            seen = rows.print_sums(cursor, self._asked("prints", start, end, venue, assets))
        stretches = self.recorded(start, end, venue=venue)
        if assets is not None:
            # Who listened to all coins of a venue listened to this one.
            stretches = [replace(one, asset=assets[0]) for one in stretches if one.asset in (*assets, ALL)]
        found = print_readings(seen, stretches, window)
        found += bar_sums(self.bars(start, end, venue=venue, assets=assets), window)
        return window_sum(found, window, side or "both", known=bool(found) or self._knows(venue, assets))

    def rolling(
        self, asked: Span, *, by: Sequence[Scope] = BY, venue: str | None = None, assets: Sequence[str] | None = None
    ) -> Rolling:
        """Sum prints over a moving window (`span` makes one), at each of its ends, exactly.

        `by` tells which sums stay apart, of source, venue, asset and side; null or ALL mean all venues or assets.
        Several sources of one venue are readings of one thing: keep `source` in `by` where there may be more than one.
        Raise UsageError for curves of too many numbers.
        """
        parts = self._opened.manifest().touching("prints", asked.first_ns - asked.length_ns, asked.last_ns)
        scope = None if assets is None or ALL in assets else assets
        group = partial(grouped, by=by, venue=None if venue in (None, ALL) else venue, assets=scope)
        return self._tape.rolling(parts, asked, group)

    def print_totals(self, start: datetime, end: datetime) -> PrintTotals:
        """Give the sums of the prints of `[start, end)` over any windows within it, exactly."""
        start_ns, end_ns = nanoseconds(start), nanoseconds(end)
        return self._tape.totals(lambda: self._opened.manifest().touching("prints", start_ns, end_ns), start_ns, end_ns)

    def ranges(self) -> Ranges:
        """Give the ranges between sources that were fitted last, read once for each time they were."""
        return self._opened.ranges()

    def fit_ranges(self, *, now: datetime | None = None) -> Ranges:
        """Fit the ranges between all that is held, and keep them in place of those of before."""
        recorded = self.recorded(*_EVER)
        with self._opened.cursor() as cursor:
            found = tuple(fitted.fit(cursor, self.folder, self._opened.manifest(), recorded))
        ranges = Ranges(found, now or datetime.now(UTC))
        with lists.locked(self.folder):
            fitted.write(self.folder, ranges)
        return ranges

    def bar_series(self, start: datetime, end: datetime) -> list[BarSeries]:
        """Give every bar that touches `[start, end)`, as columns."""
        return self._shelf.bars(*self._touched("bars", start, end))

    def snapshot_series(self, start: datetime, end: datetime) -> list[SnapshotSeries]:
        """Give the snapshots with `retrieved_before` in `[start, end)`, as columns."""
        return self._shelf.snapshots(*self._touched("snapshots", start, end))

    def recorded_series(self, start: datetime, end: datetime) -> list[RecordedSeries]:
        """Give the stretches in which prints were recorded, cut to `[start, end)`, as columns."""
        return self._shelf.recorded(*self._touched("recorded", start, end))

    def candle_series(self, start: datetime, end: datetime, *, assets: Collection[str]) -> list[CandleSeries]:
        """Give every candle of some coins that touches `[start, end)`, as columns."""
        return self._shelf.candles(*self._touched("candles", start, end), assets)

    def at_hand(self, behind: timedelta) -> AtHand:
        """Give the same data with prints unpacked in memory, for thousands of questions in order of time.

        A question may reach `behind` the end of those before it; what reaches further, or over more orders than memory
        should hold, is read from disk.
        """
        orders = OrdersAtHand(
            lambda start_ns, end_ns: self._opened.manifest().touching("prints", start_ns, end_ns),
            self._tape.day,
            lambda: self._tape.keys,
            nanoseconds(datetime(1970, 1, 1, tzinfo=UTC) + behind),
        )
        return AtHand(self, orders)

    def _touched(self, kind: FileKind, start: datetime, end: datetime) -> tuple[list[lists.Part], int, int]:
        """Give the parts that a time touches, and the time."""
        start_ns, end_ns = nanoseconds(start), nanoseconds(end)
        return self._opened.manifest().touching(kind, start_ns, end_ns), start_ns, end_ns

    def _knows(self, venue: str | None, assets: Sequence[str] | None) -> bool:
        """Tell whether liquidations of a scope are held at any time."""
        scope = None if assets is None else [*assets, ALL]
        with self._opened.cursor() as cursor:
            return any(rows.holds(cursor, self._asked(kind, *_EVER, venue, scope)) for kind in _LIQUIDATIONS)

    def _asked(
        self,
        kind: FileKind,
        start: datetime,
        end: datetime,
        venue: str | None,
        assets: Sequence[str] | None = None,
    ) -> rows.Question:
        start_ns, end_ns = nanoseconds(start), nanoseconds(end)
        files = tuple(str(self.folder / part.file) for part in self._opened.manifest().touching(kind, start_ns, end_ns))
        return rows.Question(kind, files, start_ns, end_ns, venue, None if assets is None else tuple(assets))
