"""Fetch history from a vendor into the archive: each row with its scope and the time it was read, each call noted.

What came before a fault is kept, and the fault is told after it. Beside the archive's rows stands `fetched.jsonl`: a
line a fetch with what was asked of whom, so that a figure's scope can be looked up (which venues `ALL` was, which
contract a coin).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from newsdetect.config import HistorySettings
from newsdetect.errors import FetchError, UsageError
from newsdetect.fetch import Fetcher, Pace
from newsdetect.market import manifest as lists
from newsdetect.market.archive import MarketArchive
from newsdetect.market.files import of_rows
from newsdetect.market.reports import FileKind, RowFault
from newsdetect.market.vendors import coinalyze, coinglass
from newsdetect.market.vendors.buckets import Collected, Stretch, Told, stretch
from newsdetect.types import ALL, Instant, Value, iso

Vendor = Literal["candles", "coinglass", "coinalyze"]


class FetchReport(Value):
    """What one fetch of one venue and coin brought; `missing` buckets are no data, never zeros."""

    source: str
    kind: FileKind
    venue: str
    asset: str
    #: Length of a bucket in seconds; null for trailing totals.
    seconds: int | None
    start: Instant | None
    end: Instant | None
    #: Of whom it is, in the vendor's own words: the venues that were summed, or the contract.
    scope: str
    calls: int
    rows: int
    added: int
    quarantined: int = 0
    faults: tuple[RowFault, ...] = ()
    unfinished: int = 0
    missing: int = 0
    fetched_at: Instant
    #: What ended it early, if anything did.
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be fetched: of which vendor, venues and coins, over which window."""

    vendor: Vendor
    venues: tuple[str, ...]
    assets: tuple[str, ...]
    start: datetime
    end: datetime
    interval: str
    market: Literal["spot", "perp", "inverse"] = "perp"


@dataclass(frozen=True, slots=True)
class _Scope:
    """Of whom rows are, as the archive names it and in the vendor's own words."""

    source: str
    venue: str
    asset: str
    words: str
    #: Of candles alone.
    market: str | None = None


class History:
    """Fetches into an archive; the vendors' paces hold over all its calls."""

    def __init__(
        self,
        archive: MarketArchive,
        fetcher: Fetcher,
        settings: HistorySettings,
        *,
        pace: Pace | None = None,
    ) -> None:
        self._archive = archive
        self._fetcher = fetcher
        self._settings = settings
        self._pace = pace

    def fetch(self, wanted: Wanted) -> Iterator[FetchReport]:
        """Fetch each venue and coin and store it, a report each; one with a `fault` is the last.

        Raise UsageError for what cannot be asked, ConfigError without a key, FetchError where nothing came of a scope.
        """
        asked = stretch(wanted.start, wanted.end, wanted.interval, datetime.now(UTC))
        if not wanted.venues or not wanted.assets:
            raise UsageError("name a venue (--venue) and a coin (--asset)", key="--venue")
        ask = {"candles": self._candles, "coinglass": self._coinglass, "coinalyze": self._coinalyze}[wanted.vendor]
        for report in ask(wanted, asked):
            yield report
            if report.fault:
                return

    def totals(self, hours: int, assets: Sequence[str], venues: Sequence[str] = ()) -> Iterator[FetchReport]:
        """Fetch CoinGlass's trailing totals of now: of every venue and their sum (`ALL`), or of those that are named.

        Raise UsageError for a venue that its answer does not tell, and then nothing of that answer is stored.
        """
        vendor = coinglass.CoinGlass(self._fetcher, self._settings, pace=self._pace)
        for asset in assets or (ALL,):
            yield self._stored_totals(vendor, hours, asset, venues)

    def _candles(self, wanted: Wanted, asked: Stretch) -> Iterator[FetchReport]:
        # ccxt is dear to load, and only candles need it.
        from newsdetect.market.vendors.candles import CandleVenue  # noqa: PLC0415

        for venue in wanted.venues:
            vendor = CandleVenue(self._fetcher, self._settings, venue, pace=self._pace)
            for asset in wanted.assets:
                calls = vendor.api.calls
                found = vendor.history(asset, wanted.market, asked)
                scope = _Scope(vendor.name, vendor.name, asset, f"{wanted.market} candles", wanted.market)
                yield self._stored(found, asked, scope, vendor.api.calls - calls)

    def _coinglass(self, wanted: Wanted, asked: Stretch) -> Iterator[FetchReport]:
        vendor = coinglass.CoinGlass(self._fetcher, self._settings, pace=self._pace)
        if ALL in wanted.assets:
            raise UsageError("CoinGlass's history is by coin: name one with --asset", key="--asset")
        known = {name.casefold(): name for name in vendor.venues()}
        for venue in wanted.venues:
            if venue.upper() != ALL and venue.casefold() not in known:
                raise UsageError(
                    f"--venue {venue}: CoinGlass sums up {', '.join(known.values())}; ALL is all of them", key="--venue"
                )
            venues = list(known.values()) if venue.upper() == ALL else [known[venue.casefold()]]
            name = ALL if venue.upper() == ALL else venues[0]
            for asset in wanted.assets:
                calls = vendor.api.calls
                found = vendor.history(venues, asset, asked)
                scope = _Scope(coinglass.SOURCE, name, asset, ",".join(venues))
                yield self._stored(found, asked, scope, vendor.api.calls - calls)

    def _coinalyze(self, wanted: Wanted, asked: Stretch) -> Iterator[FetchReport]:
        vendor = coinalyze.Coinalyze(self._fetcher, self._settings, pace=self._pace)
        for venue in wanted.venues:
            for asset in wanted.assets:
                calls = vendor.api.calls
                symbols = vendor.symbols(venue, asset)
                found = vendor.history(symbols, asked)
                scope = _Scope(coinalyze.SOURCE, venue, asset, ",".join(symbols))
                yield self._stored(found, asked, scope, vendor.api.calls - calls)

    def _stored(self, found: Collected, asked: Stretch, scope: _Scope, calls: int) -> FetchReport:
        """Store what came; raise its fault where nothing did."""
        if found.fault and not found.rows:
            raise found.fault
        same: dict[str, Told] = {"source": scope.source, "venue": scope.venue, "asset": scope.asset}
        same |= {"seconds": asked.seconds} | ({"market": scope.market} if scope.market else {})
        report = FetchReport(
            source=scope.source, kind="candles" if scope.market else "bars", venue=scope.venue, asset=scope.asset,
            seconds=asked.seconds, start=_at(asked.first), end=_at(asked.end), scope=scope.words, calls=calls,
            rows=len(found.rows), added=0, unfinished=found.unfinished, missing=found.missing,
            fetched_at=datetime.now(UTC), fault=str(found.fault) if found.fault else None,
        )  # fmt: skip
        return self._taken(report, [{**row, **same} for row in found.rows])

    def _stored_totals(self, vendor: coinglass.CoinGlass, hours: int, asset: str, venues: Sequence[str]) -> FetchReport:
        calls = vendor.api.calls
        rows = vendor.totals(hours, asset)
        if not rows:
            raise FetchError(f"CoinGlass tells no totals of {asset}: no venue in its answer", key="coinglass")
        if venues:
            rows = _of_venues(rows, venues)
        named = ",".join(str(row["venue"]) for row in rows) if venues else "each"
        report = FetchReport(
            source=coinglass.SOURCE, kind="snapshots", venue=named, asset=asset, seconds=None, start=None, end=None,
            scope=f"{hours} hours, {len(rows)} venues", calls=vendor.api.calls - calls, rows=len(rows), added=0,
            fetched_at=datetime.now(UTC),
        )  # fmt: skip
        return self._taken(report, rows)

    def _taken(self, report: FetchReport, rows: Sequence[dict[str, Told]]) -> FetchReport:
        if rows:
            name = f"{report.source} {report.venue} {report.asset}"
            done = self._archive.import_rows(of_rows(rows, report.kind, name=name))
            report = report.model_copy(
                update={"added": done.added, "quarantined": done.quarantined, "faults": done.faults}
            )
        self._note(report)
        return report

    def _note(self, report: FetchReport) -> None:
        """Write down what was asked and what came, a line a fetch."""
        line = json.dumps(report.model_dump(mode="json", exclude_none=True)).encode() + b"\n"
        with lists.locked(self._archive.folder), (self._archive.folder / "fetched.jsonl").open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())


def said(report: FetchReport) -> str:
    """Say in a line what a fetch brought."""
    window = f", {iso(report.start)} to {iso(report.end)}" if report.start and report.end else ""
    parts = [f"{report.rows:,} {report.kind}", f"{report.added:,} new", f"{report.calls:,} calls"]
    parts += [f"{report.quarantined:,} kept out"] if report.quarantined else []
    parts += [f"{report.unfinished:,} not ended yet and left out"] if report.unfinished else []
    parts += [f"{report.missing:,} not told: no data there, no zeros"] if report.missing else []
    return f"{report.source} on {report.venue} {report.asset} ({report.scope}){window}: {', '.join(parts)}"


def _of_venues(rows: Sequence[dict[str, Told]], venues: Sequence[str]) -> list[dict[str, Told]]:
    """Take the rows of some venues, each once; `ALL` is the row over all that the vendor sums up."""
    told = {str(row["venue"]).casefold(): row for row in rows}
    for venue in venues:
        if venue.casefold() not in told:
            known = ", ".join(str(row["venue"]) for row in rows)
            raise UsageError(f"--venue {venue}: CoinGlass tells totals of {known}", key="--venue")
    return [told[name] for name in dict.fromkeys(venue.casefold() for venue in venues)]


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
