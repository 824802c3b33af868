"""`newsdetect market`: fill the market archive from files, and ask it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from newsdetect.cli.options import AsJson, Config, Home, instant, settings
from newsdetect.errors import MarketFileError, UsageError

app = typer.Typer(name="market", help="Fill the market archive from files, and ask it.", no_args_is_help=True)

_KINDS = ("prints", "bars", "snapshots", "candles", "recorded")
_EXPORTS = ("coinglass", "coinalyze")


@app.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(help="CSV or Parquet files.")],
    *,
    kind: Annotated[
        str | None,
        typer.Option("--format", help=f"One of {', '.join((*_KINDS, *_EXPORTS))}; by default told by the columns."),
    ] = None,
    source: Annotated[str | None, typer.Option(help="Who tells it, for prints files without a source column.")] = None,
    venue: Annotated[str | None, typer.Option(help="Of a vendor's export: the venue it speaks of.")] = None,
    asset: Annotated[str | None, typer.Option(help="Of a vendor's export: the coin.")] = None,
    interval: Annotated[str | None, typer.Option(help="Of a vendor's export: the length of a bucket, as 1h.")] = None,
    hours: Annotated[float | None, typer.Option(help="Of an export of trailing totals: over how many hours.")] = None,
    retrieved: Annotated[str | None, typer.Option(help="Of a vendor's export: when it was read, ISO 8601.")] = None,
    usd: Annotated[bool, typer.Option("--usd", help="Coinalyze was asked with convert_to_usd=true.")] = False,
    home: Home = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Import market files. The same file twice adds nothing; bad rows are kept out, counted and named."""
    from newsdetect.cli.show import complain, out, print_json
    from newsdetect.cli.show_market import print_import
    from newsdetect.market.archive import MarketArchive
    from newsdetect.market.exports import Scope, import_export

    if kind is not None and kind not in (*_KINDS, *_EXPORTS):
        raise UsageError(f"--format {kind}: one of {', '.join((*_KINDS, *_EXPORTS))}", key="--format")
    scope = Scope(venue, asset and asset.upper(), interval, hours, instant(retrieved) if retrieved else None, usd)
    if kind not in _EXPORTS and scope != Scope():
        raise UsageError(f"only --format {' and '.join(_EXPORTS)} are told their scope", key="--format")
    made = settings(home, config)
    made.make_home()
    reports, bad = [], 0
    with MarketArchive(made.market_folder) as archive:
        for file in files:
            try:
                if kind in _EXPORTS:
                    report = import_export(archive, file, str(kind), scope)
                else:
                    report = archive.import_file(file, kind=kind, source=source)
            except MarketFileError as fault:
                complain(fault)
                bad += 1
                continue
            reports.append(report)
            if not as_json:
                print_import(report)
    if as_json:
        print_json(reports)
    elif len(files) > 1:
        out.print(f"{len(reports)} of {len(files)} files read, {sum(each.added for each in reports):,} rows new")
    if bad:
        raise typer.Exit(1)


@app.command("fetch")
def fetch(
    source: Annotated[Literal["candles", "coinglass", "coinalyze"], typer.Option(help="Whom to ask.")],
    *,
    venue: Annotated[
        list[str] | None, typer.Option(help="A venue; may come more than once. ALL: all that CoinGlass sums up.")
    ] = None,
    asset: Annotated[list[str] | None, typer.Option(help="A coin; may come more than once.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="Start, ISO 8601, included.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="End, ISO 8601, not included; by default now.")] = None,
    interval: Annotated[str, typer.Option(help="Length of a bucket: 1m, 5m, 15m, 30m, 1h, 4h, 1d.")] = "1h",
    market: Annotated[
        Literal["perp", "spot", "inverse"], typer.Option(help="Of candles: perpetual, spot, or settled in the coin.")
    ] = "perp",
    totals: Annotated[
        int | None,
        typer.Option(help="CoinGlass's trailing totals of now instead, over 1, 4, 12 or 24 hours; no window."),
    ] = None,
    home: Home = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Fetch candles or liquidation history into the archive, each row with its scope and when it was read.

    Keys: NEWSDETECT_HISTORY__COINGLASS__KEY, NEWSDETECT_HISTORY__COINALYZE__KEY. Rate limits are obeyed.
    """
    from datetime import UTC, datetime

    from newsdetect.cli.show import complain, out, plain, print_json
    from newsdetect.cli.show_market import print_faults
    from newsdetect.errors import FetchError
    from newsdetect.fetch import Fetcher
    from newsdetect.market.archive import MarketArchive
    from newsdetect.market.fetching import FetchReport, History, Wanted, said

    made = settings(home, config)
    assets = tuple(each.upper() for each in asset or ())
    if totals is None and start is None:
        raise UsageError("name the window: --from 2025-08-25T00:00Z --to …", key="--from")
    if totals is not None and source != "coinglass":
        raise UsageError("--totals are CoinGlass's: --source coinglass", key="--totals")
    if totals is not None and (start is not None or end is not None):
        raise UsageError("--totals are of now: leave --from and --to out, or --totals for history", key="--totals")
    made.make_home()
    with MarketArchive(made.market_folder) as archive, Fetcher(made.fetch) as fetcher:
        history = History(archive, fetcher, made.history)
        if totals is not None:
            found = history.totals(totals, assets, tuple(venue or ()))
        else:
            first, last = instant(str(start)), instant(end) if end else datetime.now(UTC)
            if first >= last:
                raise UsageError(f"--from {start} does not lie before --to {end or 'now'}", key="--from")
            found = history.fetch(Wanted(source, tuple(venue or ()), assets, first, last, interval, market))
        reports: list[FetchReport] = []
        try:
            for report in found:
                reports.append(report)
                if not as_json:
                    out.print(plain(said(report)), soft_wrap=True, markup=False)
                    print_faults(report.faults)
        finally:
            # What came before a fault is stored, and told.
            if as_json and reports:
                print_json(reports)
    fault = next((report.fault for report in reports if report.fault), None)
    if fault:
        complain(FetchError(f"{fault}; what came before it is stored"))
        raise typer.Exit(1)


@app.command("coverage")
def coverage(*, home: Home = None, config: Config = None, as_json: AsJson = False) -> None:
    """List what the archive holds: kind, source, venue, asset, from, to, rows, gaps."""
    from newsdetect.cli.show import print_json
    from newsdetect.cli.show_market import print_coverage
    from newsdetect.market.archive import MarketArchive

    with MarketArchive(settings(home, config).market_folder) as archive:
        rows = archive.coverage()
    if as_json:
        print_json(rows)
    else:
        print_coverage(rows)


@app.command("ranges")
def ranges(
    *,
    fit: Annotated[bool, typer.Option("--fit", help="Fit them anew to all that is held, and keep them.")] = False,
    home: Home = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """How far sources of one venue and coin lie apart, and parts' shares of their wholes, as the archive shows them.

    Checks read what was fitted last; without it, or where it rests on too few windows, the shipped priors.
    """
    from newsdetect.cli.show import print_json
    from newsdetect.cli.show_market import print_ranges
    from newsdetect.market.archive import MarketArchive
    from newsdetect.types import iso

    made = settings(home, config)
    if fit:
        made.make_home()
    with MarketArchive(made.market_folder) as archive:
        found = archive.fit_ranges() if fit else archive.ranges()
    if as_json:
        print_json({"made": iso(found.made) if found.made else None, "fitted": found.fitted})
    else:
        print_ranges(found)


@app.command("sum")
def window_sum(
    start: Annotated[str, typer.Option("--from", help="Start, ISO 8601, included.")],
    end: Annotated[str, typer.Option("--to", help="End, ISO 8601, not included.")],
    *,
    venue: Annotated[str | None, typer.Option(help="One venue; by default all.")] = None,
    asset: Annotated[str | None, typer.Option(help="One coin; by default all.")] = None,
    side: Annotated[Literal["long", "short"] | None, typer.Option(help="By default both.")] = None,
    home: Home = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Sum liquidations over a window: bounds, parts and coverage. Readings of one venue are never added up."""
    from newsdetect.cli.show import print_json
    from newsdetect.cli.show_market import print_sum
    from newsdetect.market.archive import MarketArchive

    first, last = instant(start), instant(end)
    if first >= last:
        raise UsageError(f"--from {start} does not lie before --to {end}", key="--from")
    with MarketArchive(settings(home, config).market_folder) as archive:
        found = archive.sum(first, last, venue=venue, asset=asset.upper() if asset else None, side=side)
    if as_json:
        print_json(found)
    else:
        print_sum(found)
