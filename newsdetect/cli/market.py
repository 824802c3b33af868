"""`newsdetect market`: fill the market archive from files, and ask it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from newsdetect.cli.options import AsJson, Config, Home, instant, settings
from newsdetect.errors import MarketFileError, UsageError

app = typer.Typer(name="market", help="Fill the market archive from files, and ask it.", no_args_is_help=True)

_KINDS = ("prints", "bars", "snapshots", "candles", "recorded")


@app.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(help="CSV or Parquet files.")],
    *,
    kind: Annotated[
        str | None, typer.Option("--format", help=f"One of {', '.join(_KINDS)}; by default told by the columns.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Who tells it, for prints files without a source column.")] = None,
    home: Home = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Import market files. The same file twice adds nothing; bad rows are kept out, counted and named."""
    from newsdetect.cli.show import complain, out, print_json
    from newsdetect.cli.show_market import print_import
    from newsdetect.market.archive import MarketArchive

    if kind is not None and kind not in _KINDS:
        raise UsageError(f"--format {kind}: one of {', '.join(_KINDS)}", key="--format")
    made = settings(home, config)
    made.make_home()
    reports, bad = [], 0
    with MarketArchive(made.market_folder) as archive:
        for file in files:
            try:
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
