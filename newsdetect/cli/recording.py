"""`newsdetect record`: live liquidations into the market archive, until stopped."""

from __future__ import annotations

import asyncio
import signal
from typing import Annotated

import typer

from newsdetect.cli.options import AsJson, Config, Home, settings
from newsdetect.config import Settings
from newsdetect.errors import SpoolError
from newsdetect.market.recorder_status import RecorderStatus, read_status

#: For one answer of a venue's REST interface, in seconds.
_ANSWER_S = 15.0


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(record)


def record(
    *,
    venue: Annotated[
        list[str] | None, typer.Option(help="binance, bybit or okx; again for more. By default those in the settings.")
    ] = None,
    symbols: Annotated[
        str | None, typer.Option(help="Only these, as their venue writes them, with commas: BTCUSDT,BTCUSD_PERP.")
    ] = None,
    seconds: Annotated[float | None, typer.Option("--for", help="End after so many seconds.", min=0)] = None,
    metrics_port: Annotated[
        int | None, typer.Option(help="Serve /metrics for Prometheus on 127.0.0.1 at this port.", min=0, max=65_535)
    ] = None,
    status: Annotated[bool, typer.Option("--status", help="Tell how the recorder is, and end.")] = False,
    as_json: AsJson = False,
    home: Home = None,
    config: Config = None,
) -> None:
    """Record live liquidations until stopped (Ctrl-C): every order once, each gap and silence told."""
    from newsdetect.cli.show import note, print_json
    from newsdetect.cli.show_recorder import print_recorder

    made = settings(home, config)
    found: RecorderStatus | None
    if status:
        found = read_status(made.spool_folder)
        if found is None:
            raise SpoolError(f"{made.spool_folder}: no recorder ever ran here; start one with `newsdetect record`")
    else:
        picked = tuple(each.strip() for each in symbols.split(",") if each.strip()) if symbols else None
        given = {"venues": tuple(venue) if venue else None, "symbols": picked, "metrics_port": metrics_port}
        asked = made.record.model_copy(update={name: value for name, value in given.items() if value is not None})
        made = made.model_copy(update={"record": asked})
        made.make_home()
        note(f"recording into {made.spool_folder} (Ctrl-C ends; `newsdetect record --status` tells how it is)")
        found = asyncio.run(_recorded(made, seconds))
    if as_json:
        print_json(found)
    else:
        print_recorder(found)


async def _recorded(made: Settings, seconds: float | None) -> RecorderStatus:
    """Record with a market archive and a client beside it, until a signal or the end of the time."""
    from newsdetect.fetch import Fetcher
    from newsdetect.market.archive import MarketArchive
    from newsdetect.market.recorder import record as run

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if seconds is not None:
        loop.call_later(seconds, stop.set)
    # An API is there to be asked: robots.txt speaks to those who read pages.
    asking = made.fetch.model_copy(update={"obey_robots": False, "total_timeout_s": _ANSWER_S, "attempts": 1})
    with Fetcher(asking) as opener, MarketArchive(made.market_folder) as archive:
        return await run(made.record, made.spool_folder, opener=opener, archive=archive, stop=stop)
