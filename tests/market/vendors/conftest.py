"""The server of made-up history, and a fetcher that may ask it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from newsdetect.config import CandleVenues, CoinalyzeSettings, CoinGlassSettings, FetchSettings, HistorySettings
from newsdetect.fetch import Fetcher, Pace
from newsdetect.market.archive import MarketArchive
from newsdetect.market.fetching import History as Fetching
from tests.market.vendors.server import KEY, History
from tests.sources.web import serving


@pytest.fixture
def server() -> Iterator[History]:
    """Serve made-up history."""
    with serving() as web:
        yield History(web)


@pytest.fixture
def settings(server: History) -> HistorySettings:
    """Point every vendor to the server."""
    url = server.web.url
    return HistorySettings(
        candles=CandleVenues(binance=url, bybit=url, okx=url, coinbase=url),
        coinglass=CoinGlassSettings(url=url, key=SecretStr(KEY)),
        coinalyze=CoinalyzeSettings(url=url, key=SecretStr(KEY)),
        attempts=2,
        longest_wait_s=1.5,
    )


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    """Give a client that may ask the loopback."""
    with Fetcher(FetchSettings(allow_private=True, total_timeout_s=5.0, attempts=1)) as made:
        yield made


@pytest.fixture
def market(tmp_path: Path) -> Iterator[MarketArchive]:
    """Give an empty archive."""
    with MarketArchive(tmp_path / "market") as made:
        yield made


@pytest.fixture
def fetching(market: MarketArchive, fetcher: Fetcher, settings: HistorySettings) -> Fetching:
    """Give what fetches from the server into the archive."""
    return Fetching(market, fetcher, settings, pace=Pace(10_000))
