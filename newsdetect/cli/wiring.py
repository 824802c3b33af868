"""Where the parts are put together: the one place that knows which opener, market and store a command works with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from newsdetect.config import Settings
from newsdetect.fetch import Fetcher
from newsdetect.market.archive import MarketArchive
from newsdetect.outputs.desk import Desk, StoredDesk
from newsdetect.storage.store import Store, open_store


@contextmanager
def open_home(settings: Settings) -> Iterator[tuple[Store, MarketArchive]]:
    """Open the store and the market archive under the home folder, which is made if need be."""
    settings.make_home()
    with open_store(settings.database_url) as store, MarketArchive(settings.market_folder) as market:
        yield store, market


@contextmanager
def open_desk(settings: Settings) -> Iterator[Desk]:
    """Open a desk without a store: nothing is written; the market is the archive's, empty where there is none."""
    with Fetcher(settings.fetch) as opener, MarketArchive(settings.market_folder) as market:
        yield Desk(opener=opener, market=market, max_text=settings.max_text)


@contextmanager
def open_stored_desk(settings: Settings) -> Iterator[StoredDesk]:
    """Open a desk with the store beside it."""
    with open_home(settings) as (store, market), Fetcher(settings.fetch) as opener:
        yield StoredDesk(opener=opener, market=market, max_text=settings.max_text, store=store)
