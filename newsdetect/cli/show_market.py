"""Tables of the market archive's answers, for people."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.table import Table
from rich.text import Text

from newsdetect.cli.show import err, out, plain
from newsdetect.market.ranges import Fitted, Ranges
from newsdetect.market.reports import CoverageRow, ImportReport, RowFault, WindowSum
from newsdetect.types import iso

_STATUS = {
    "covered": "covered throughout",
    "partly_covered": "covered in part: the sum is a lower bound",
    "no_data": "no data: the scope is known, but nothing is held of this time",
    "not_covered": "not covered: nothing is held of this scope",
}


def print_import(report: ImportReport) -> None:
    """Print what one import did, and on standard error what was kept out."""
    known = f", {report.known:,} held already" if report.known else ""
    repeated = f", {report.repeated:,} repeated" if report.repeated else ""
    said = f"{report.file}: {report.kind}, {report.rows:,} rows: {report.added:,} new{known}{repeated}"
    out.print(Text(plain(said)), soft_wrap=True)
    for notice in report.notices:
        err.print(Text(plain(f"  {notice}"), style="dim"), soft_wrap=True)
    print_faults(report.faults)


def print_faults(faults: Sequence[RowFault]) -> None:
    """Print on standard error what was kept out, and why."""
    for fault in faults:
        first = ", ".join(map(str, fault.first))
        err.print(Text(plain(f"  {fault.rows:,} rows kept out: {fault.reason} (row {first})"), style="yellow"))


def print_coverage(rows: Sequence[CoverageRow]) -> None:
    """Print what is held, a line a scope."""
    if not rows:
        out.print("The archive is empty: fill it with `newsdetect market import FILE…`.")
        return
    table = _table("kind", "source", "venue", "asset", "from", "to")
    table.add_column("rows", justify="right")
    table.add_column("gaps", justify="right")
    for row in rows:
        gaps = "unknown" if row.gaps is None else f"{len(row.gaps):,}"
        words = (
            row.kind,
            row.source,
            row.venue,
            row.asset,
            f"{row.start:%Y-%m-%d %H:%M}",
            f"{row.end:%Y-%m-%d %H:%M}",
            f"{row.rows:,}",
            gaps,
        )
        table.add_row(*(Text(plain(word)) for word in words))
    out.print(table)


def print_ranges(ranges: Ranges) -> None:
    """Print fitted ranges, a block a pair and length, a line a half-year; those of longs and shorts with --json."""
    if ranges.made is None:
        out.print("No ranges were fitted yet: `newsdetect market ranges --fit`.")
        return
    if not ranges.fitted:
        out.print("No two series of the archive tell of one thing, nor of a part and its whole: checks use the priors.")
        return
    shown = [one for one in ranges.fitted if one.side == "both"]
    for title, block in groupby(shown, key=_pair_of):
        out.print(plain(title), style="bold", soft_wrap=True, markup=False)
        table = _table("when")
        for name in ("windows", "10 %", "median", "90 %", "least", "most"):
            table.add_column(name, justify="right")
        for one in block:
            factors = (one.low, one.middle, one.high, one.least, one.most)
            told = ("∞" if value is None else f"{value:.3g}" for value in factors)
            table.add_row(one.era or "all", f"{one.windows:,}", *told)
        out.print(table)
    fitted = f"fitted {iso(ranges.made)}: {len(ranges.fitted):,} ranges, those of longs and of shorts with --json"
    out.print(fitted, soft_wrap=True)


def _pair_of(one: Fitted) -> str:
    """Say what a range is of: what `to` tells for each dollar that `of` tells, or what part of `to` is `of`."""
    hours = f"windows of {one.seconds / 3600:g} h"
    of, to = (f"{each.venue} {each.asset}" for each in (one.of, one.to))
    if one.kind == "share":
        return f"{of} as a share of {to}, told by {one.of.source}, {hours}"
    return f"{one.to.source} as a multiple of {one.of.source}, {of}, {hours}"


def print_sum(found: WindowSum) -> None:
    """Print a window's bounds, its parts and what the sources say of each."""
    simulated = " SIMULATED market data." if found.simulated else ""
    said = f"{iso(found.start)} to {iso(found.end)}, {found.side}: {_bounds(found.low, found.high)}"
    out.print(said, soft_wrap=True)
    told = found.status == "partly_covered" and found.coverage is not None
    share = f", {found.coverage:.0%} of the window" if told else ""
    out.print(f"{_STATUS[found.status]}{share}.{simulated}")
    if found.by:
        table = _table("venue", "asset", "side")
        table.add_column("USD", justify="right")
        for part in found.by:
            table.add_row(Text(plain(part.venue)), Text(plain(part.asset)), part.side, f"{part.usd:,.2f}")
        out.print(table)
    if found.readings:
        table = _table("reading", "source", "venue", "asset", "sum", "covered")
        for each in found.readings:
            share = "unknown" if each.coverage is None else f"{each.coverage:.0%}"
            words = (each.kind, each.source, each.venue, each.asset, _bounds(each.low, each.high), share)
            table.add_row(*(Text(plain(word)) for word in words))
        out.print(table)


def _bounds(low: float | None, high: float | None) -> str:
    if low is None:
        return "nothing to sum"
    return f"{low:,.2f} or more" if high is None else f"{low:,.2f} to {high:,.2f} USD"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in columns:
        table.add_column(name)
    return table
