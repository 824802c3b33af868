"""The local runner: polls the feeds that are due, one after the other, in this process.

A fault of one feed, page or article is recorded and the rest goes on. Work is keyed by content, so that a run which was
cut off is simply run again: what was saved stays, what was not is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from newsdetect import pipeline
from newsdetect.claims.trained import extract
from newsdetect.config import FeedSettings, Settings
from newsdetect.errors import ConfigError, DocumentError, FetchError, NewsdetectError, SourceError, StoreError
from newsdetect.fetch.answer import Opener
from newsdetect.market.provider import MarketData
from newsdetect.runners.rechecking import Rechecked, Rechecker
from newsdetect.sources.collect import collect_feed, fetch_page
from newsdetect.sources.entry import Entry, entry_version, newest_first
from newsdetect.sources.opml import read_opml
from newsdetect.sources.schedule import FeedState, due
from newsdetect.storage.rows import Fault
from newsdetect.storage.store import Store
from newsdetect.types import Clock, utc_now

#: What is wrong with one page or text. A missing model or database is not: it ends the run, and nothing is marked read.
_OF_ONE_ARTICLE = (FetchError, SourceError, DocumentError)
_log = structlog.get_logger("newsdetect.run")


@dataclass(slots=True)
class Round:
    """What one round over feeds and pages came to."""

    feeds: int = 0
    entries: int = 0
    #: Articles that were not stored before.
    new: int = 0
    #: Stored claims that were checked anew, for data of their time have arrived.
    rechecked: Rechecked = field(default_factory=Rechecked)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class LocalRunner:
    """Runs the pipeline over feeds and pages; `told` hears what is being done, for a progress line."""

    store: Store
    opener: Opener
    market: MarketData | None
    max_text: int
    extractor: pipeline.Extractor = extract
    clock: Clock = utc_now
    told: Callable[[str], None] = lambda _: None
    #: Checks what is stored anew in each round over the feeds; null leaves old verdicts alone.
    rechecker: Rechecker | None = None

    def run_feeds(self, feeds: Iterable[FeedSettings], *, every: bool = False) -> Round:
        """Poll the feeds that are due (`every`: all that still stand), and read what is new in them."""
        done = Round()
        states = self._states(feeds)
        for state in [each for each in states if not each.stopped] if every else due(states, self.clock()):
            self.told(f"feed {state.outlet or state.url}")
            self._poll(state, done)
        self._recheck(done)
        return self._closed(done)

    def _recheck(self, done: Round) -> None:
        """Check anew what is stored; an archive or store that fails is a fault of the round, and the feeds go on."""
        if self.rechecker is None:
            return
        self.told("claims whose data have arrived")
        try:
            done.rechecked = self.rechecker.run()
        except StoreError as fault:
            self._fault(done, "recheck", fault.key or "store", fault)

    def next_due(self, feeds: Iterable[FeedSettings]) -> timedelta:
        """Give how long until the next feed is due; a day where none ever will be."""
        waits = [
            state.next_poll - self.clock() for state in self._states(feeds) if state.next_poll and not state.stopped
        ]
        return max(min(waits, default=timedelta(days=1)), timedelta(0))

    def _states(self, feeds: Iterable[FeedSettings]) -> list[FeedState]:
        """Give what is remembered of the configured feeds, or a first state."""
        known = {state.origin or state.url: state for state in self.store.feed_states()}
        return [known.get(each.url) or FeedState(url=each.url, outlet=each.outlet) for each in feeds]

    def run_pages(self, pages: Iterable[tuple[str, str | None]]) -> Round:
        """Fetch and read single pages, each an address with its outlet's name if it is known."""
        done = Round()
        articles = []
        for url, outlet in pages:
            self.told(f"page {url}")
            entry = Entry(key=url, url=url, outlet=outlet)
            done.entries += 1
            try:
                articles.append(self._article(fetch_page(self.opener, url, entry=entry)))
            except _OF_ONE_ARTICLE as fault:
                self._fault(done, "page", url, fault)
        done.new += pipeline.save(self.store, articles)
        return self._closed(done)

    def _poll(self, state: FeedState, done: Round) -> None:
        """Poll one feed, read its entries, save both."""
        done.feeds += 1
        got = collect_feed(self.opener, state, now=self.clock())
        if got.fault is not None:
            done.faults.append(Fault(what="feed", key=state.url, message=got.fault, at=self.clock()))
        done.faults += [Fault(what="feed", key=state.url, message=note, at=self.clock()) for note in got.notes]
        articles, read = [], []
        for entry in sorted(got.entries, key=newest_first):
            done.entries += 1
            version = entry_version(entry)
            # A page is asked for once; a feed's own full text is read again, for it may have been edited in silence.
            if entry.body == "feed_summary" and version in state.read:
                read.append(version)
                continue
            try:
                articles.append(self._article(entry))
            except _OF_ONE_ARTICLE as fault:
                self._fault(done, "entry", entry.url or entry.key, fault)
                if _may_pass(fault):
                    continue
            read.append(version)
        done.new += pipeline.save(self.store, articles)
        # Last: a run that is cut off before asks the feed again. An answer without entries (a 304) changes nothing.
        after = got.state.model_copy(update={"read": tuple(read)}) if got.entries else got.state
        self.store.save_feed_state(after, was=state.url)

    def _article(self, entry: Entry) -> pipeline.Article:
        doc = pipeline.document_of(entry, self.opener, max_text=self.max_text)
        return pipeline.process(doc, market=self.market, extractor=self.extractor)

    def _fault(self, done: Round, what: str, key: str, fault: NewsdetectError) -> None:
        _log.info("survived", what=what, key=key, fault=str(fault))
        done.faults.append(Fault(what=what, key=key, message=str(fault), at=self.clock()))

    def _closed(self, done: Round) -> Round:
        self.store.save_faults(done.faults)
        return done


def _may_pass(fault: NewsdetectError) -> bool:
    """Tell a fault that the next poll may not meet again: no answer, a server's trouble, a wait it asked for."""
    return isinstance(fault, FetchError) and (fault.status is None or fault.status == 429 or fault.status >= 500)


def configured_feeds(settings: Settings) -> tuple[FeedSettings, ...]:
    """Give the feeds of the settings and of their OPML file, each URL once.

    Raise SourceError for a file that is no OPML, ConfigError for one that cannot be read.
    """
    feeds = {each.url: each for each in settings.feeds}
    if settings.opml is not None:
        try:
            body = settings.opml.read_bytes()
        except OSError as fault:
            raise ConfigError(f"opml: {settings.opml}: {fault.strerror}", key=str(settings.opml)) from fault
        for each in read_opml(body, name=str(settings.opml)):
            feeds.setdefault(each.url, each)
    return tuple(feeds.values())
