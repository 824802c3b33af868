"""The demo: the main job on the bundled documents and the simulated market, without a network.

Two things differ from the service: URLs are answered from a folder, and the market's sources are called `simulated …`.
Everything else is the product. Run twice into one folder, it adds nothing the second time.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from newsdetect.bundled import fixtures
from newsdetect.config import FeedSettings, MailSettings, Settings
from newsdetect.errors import UsageError
from newsdetect.market.archive import MarketArchive
from newsdetect.outputs.desk import StoredDesk
from newsdetect.outputs.digest import build_digest
from newsdetect.outputs.digest_files import write_digest
from newsdetect.outputs.report import EventReport, report_events
from newsdetect.runners.local import LocalRunner
from newsdetect.sources.folder import FolderOpener
from newsdetect.storage.rows import Fault
from newsdetect.storage.store import Store, open_store

#: The day of the digest, and the newsletter that is annotated: both tell of the seed article's event.
_DAY = datetime(2025, 8, 25, tzinfo=UTC)
_LETTER = "breakwater.html"
_LETTER_DATE = "2025-08-26T05:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demo came to."""

    reports: tuple[EventReport, ...]
    feeds: int
    entries: int
    new: int
    claims: int
    market_rows: int
    notes: int
    faults: tuple[Fault, ...]
    folder: Path
    #: The files left behind, with what each is.
    files: tuple[tuple[Path, str], ...]


def run_demo(folder: Path, *, told: Callable[[str], None] = lambda _: None) -> Demo:
    """Do the main job and leave database, market archive, digest and newsletter in `folder`.

    Raise UsageError where that cannot be written.
    """
    settings = Settings(home=folder / "home")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        settings.make_home()
        told("importing the simulated market")
        with open_store(settings.database_url) as store, MarketArchive(settings.market_folder) as market:
            return _run(folder, store, market, settings, told)
    except OSError as fault:
        raise UsageError(f"{folder}: cannot be written: {fault.strerror}", key=str(folder)) from fault


def _run(folder: Path, store: Store, market: MarketArchive, settings: Settings, told: Callable[[str], None]) -> Demo:
    files = sorted([*fixtures().glob("market/*.csv"), *fixtures().glob("market/*.parquet")])
    rows = sum(market.import_file(file).rows for file in files)
    plan = tomllib.loads((fixtures() / "demo.toml").read_text(encoding="utf-8"))
    opener = _opener(plan)
    runner = LocalRunner(store=store, opener=opener, market=market, max_text=settings.max_text, told=told)
    feeds = [FeedSettings(url=each["url"], outlet=each.get("outlet")) for each in plan["feeds"]]
    from_feeds = runner.run_feeds(feeds, every=True)
    from_pages = runner.run_pages((each["url"], each.get("outlet")) for each in plan["pages"])
    told("telling")
    reports = tuple(report_events(store))
    desk = StoredDesk(opener=opener, market=market, max_text=settings.max_text, store=store)
    notes, letter = _annotate(desk, folder)
    return Demo(
        reports=reports,
        feeds=from_feeds.feeds,
        entries=from_feeds.entries + from_pages.entries,
        new=from_feeds.new + from_pages.new,
        claims=len({ident for each in reports for figure in each.event.figures for ident in figure.claim_ids}),
        market_rows=rows,
        notes=notes,
        faults=(*from_feeds.faults, *from_pages.faults),
        folder=folder,
        files=(*_digest(store, folder), (letter, f"an editor's newsletter with {notes} notes")),
    )


def _opener(plan: dict[str, Any]) -> FolderOpener:
    return FolderOpener({each["url"]: fixtures() / each["file"] for each in plan["feeds"] + plan["pages"]})


def _digest(store: Store, folder: Path) -> list[tuple[Path, str]]:
    """Write the digest of the seed's day as a mail and as a page."""
    reports = report_events(store, since=_DAY, until=_DAY + timedelta(days=1))
    # The demo's mail is dated by its day: the same files come out of every run.
    sent = _DAY + timedelta(days=1, hours=6)
    message = build_digest(reports, date=_DAY.date(), settings=MailSettings(), sent_at=sent)
    if message is None:
        return []
    mail, page = folder / "digest.eml", folder / "digest.html"
    write_digest(message, mail)
    write_digest(message, page)
    return [(mail, "the day's digest as a mail"), (page, "the same as a page")]


def _annotate(desk: StoredDesk, folder: Path) -> tuple[int, Path]:
    """Annotate a newsletter: how many notes it got, and where it is."""
    source = (fixtures() / "newsletters" / _LETTER).read_bytes().decode("utf-8", "surrogateescape")
    content, notes = desk.enrich("html", source, _LETTER_DATE)
    letter = folder / "newsletter.html"
    letter.write_bytes(content.encode("utf-8", "surrogateescape"))
    return len(notes), letter
