"""`demo`, `run`, `digest`, `serve`: the product at work."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Annotated

import typer

from newsdetect.cli.options import Config, Home, settings
from newsdetect.errors import ConfigError, UsageError

#: A round is never asked for more often than this, in seconds, whatever the feeds say.
_SHORTEST_PAUSE = 30.0


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (demo, run, digest, serve):
        app.command()(command)


def demo(
    folder: Annotated[Path, typer.Option("--to", help="Where its files go.")] = Path("newsdetect-demo"),
) -> None:
    """Do the main job on bundled articles and a simulated market, offline, in one go."""
    from newsdetect.cli.show import err, note
    from newsdetect.cli.show_events import print_demo
    from newsdetect.runners.demo import run_demo

    with err.status("reading …") as status:
        found = run_demo(folder, told=lambda words: status.update(f"{words} …"))
    print_demo(found)
    for fault in found.faults:
        note(f"{fault.key}: {fault.message}")


def run(
    *,
    once: Annotated[bool, typer.Option("--once", help="One round over the feeds that are due, then end.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Ask every feed in the first round, due or not.")] = False,
    home: Home = None,
    config: Config = None,
) -> None:
    """Poll the feeds that newsdetect.toml names, read and check what is new, for ever or once."""
    from newsdetect.cli.show import err, note, out
    from newsdetect.cli.show_rechecks import print_turned
    from newsdetect.cli.wiring import open_stored_desk
    from newsdetect.runners.local import LocalRunner, configured_feeds
    from newsdetect.runners.rechecking import Rechecker

    made = settings(home, config)
    feeds = configured_feeds(made)
    if not feeds:
        raise ConfigError(
            'no feeds: name them in newsdetect.toml as [[feeds]] with url = "…", or as opml = "FILE"', key="feeds"
        )
    with open_stored_desk(made) as desk:
        rechecker = None if desk.market is None else Rechecker(desk.store, desk.market)
        runner = LocalRunner(
            store=desk.store, opener=desk.opener, market=desk.market, max_text=made.max_text, rechecker=rechecker
        )
        while True:
            with err.status(f"asking {len(feeds)} feeds …"):
                done = runner.run_feeds(feeds, every=every)
            every = False
            for fault in done.faults:
                note(f"{fault.what} {fault.key}: {fault.message}")
            out.print(f"{done.feeds} feeds asked, {done.entries} entries, {done.new} new articles", soft_wrap=True)
            print_turned(done.rechecked)
            if once:
                return
            time.sleep(max(_SHORTEST_PAUSE, runner.next_due(feeds).total_seconds()))


def digest(
    *,
    date: Annotated[str | None, typer.Option(help="The UTC day, as 2025-08-25; by default yesterday.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the mail here: FILE.eml, or only its page or text as FILE.html, FILE.txt."),
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="Send it to the recipients that the settings name.")] = False,
    page: Annotated[str | None, typer.Option(help="Address of the events page, to link to.")] = None,
    home: Home = None,
    config: Config = None,
) -> None:
    """Write or send the daily digest: the day's events with their verdicts. No mail where there is nothing to say."""
    from newsdetect.cli.show import note
    from newsdetect.cli.show import out as console
    from newsdetect.cli.wiring import open_home
    from newsdetect.outputs.digest import build_digest, digest_text
    from newsdetect.outputs.mail import send as deliver
    from newsdetect.outputs.report import report_events

    if send and out is not None:
        raise UsageError("--out and --send exclude each other")
    made = settings(home, config)
    day = _day(date)
    start = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    with open_home(made) as (store, _):
        reports = report_events(store, since=start, until=start + dt.timedelta(days=1), limit=500)
    message = build_digest(reports, date=day, settings=made.mail, page=page)
    if message is None:
        note(f"{day}: no events, so no digest")
    elif send:
        deliver(message, made.mail)
        note(f"sent to {len(made.mail.recipients)} recipients: {message['Subject']}")
    elif out is None:
        console.print(digest_text(reports, date=day), markup=False, soft_wrap=True)
    else:
        from newsdetect.outputs.digest_files import write_digest

        write_digest(message, out)
        note(f"{out}: {message['Subject']}")


def _day(date: str | None) -> dt.date:
    if date is None:
        return dt.datetime.now(dt.UTC).date() - dt.timedelta(days=1)
    try:
        return dt.date.fromisoformat(date)
    except ValueError as fault:
        raise UsageError(f"--date {date}: write the day as 2025-08-25", key="--date") from fault


def serve(
    *,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen at.", min=0, max=65535)] = 8000,
    home: Home = None,
    config: Config = None,
) -> None:
    """Serve the HTTP API and the page of events."""
    import uvicorn

    from newsdetect.cli.show import note
    from newsdetect.cli.wiring import open_stored_desk
    from newsdetect.outputs.api.app import create_app

    with open_stored_desk(settings(home, config)) as desk:
        note(f"events: http://{host}:{port}/  API: http://{host}:{port}/openapi.json  (Ctrl-C ends)")
        uvicorn.run(create_app(desk), host=host, port=port, log_level="warning")
