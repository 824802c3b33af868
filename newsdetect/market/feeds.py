"""Which streams a recorder opens: venues and symbols of the settings, split over connections where a venue limits them.

A stream covers a whole market, or the coins of the symbols that were picked. A picked symbol stands for its coin: who
wants a coin's coverage told truly picks all its contracts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from newsdetect.config_record import RecordSettings
from newsdetect.errors import ConfigError, UsageError
from newsdetect.market.coins import coin_of
from newsdetect.market.venues import binance, bybit, okx
from newsdetect.market.venues.contracts import Contracts
from newsdetect.market.venues.parsed import Parsed
from newsdetect.types import ALL

#: A market that never rests this long, one that may, and a few picked symbols.
_BUSY_S, _QUIET_S, _PICKED_S = 600.0, 6 * 3600.0, 3600.0
#: Binance's streams and Bybit's topics of these markets are quiet.
_QUIET = ("coinm", "inverse")
VENUES = {"binance": binance.VENUE, "bybit": bybit.VENUE, "okx": okx.VENUE}


@dataclass(frozen=True, slots=True)
class Feed:
    """One stream to open: where, what for, and how to read it."""

    name: str
    venue: str
    market: str
    url: str
    parse: Callable[[bytes | str, Contracts | None], Parsed]
    #: What to send for these symbols, and the ping if the venue wants one.
    subscriptions: Callable[[Sequence[str]], list[str]]
    ping: str | None
    #: Silence that is an alarm, in seconds.
    silent_s: float
    #: None: every contract of the market, by one subscription.
    symbols: tuple[str, ...] | None
    #: Coins that it covers; ALL alone for a whole market.
    assets: tuple[str, ...] = (ALL,)
    #: Whether hours without an order are nothing unusual.
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """One market of one venue that is wanted, before its symbols are known."""

    feed: Feed
    #: Whether the venue has no stream of all symbols, so that they must be asked for.
    listing: Literal["none", "needed"] = "none"


def wanted(settings: RecordSettings) -> list[Wanted]:
    """Give the markets to record; raise UsageError for a venue or symbol that does not exist."""
    unknown = [name for name in settings.venues if name.lower() not in VENUES]
    if unknown or not settings.venues:
        raise UsageError(f"venue {', '.join(unknown) or 'none'}: there are {', '.join(VENUES)}", key="record.venues")
    markets = [one for name in dict.fromkeys(settings.venues) for one in _markets(name.lower(), settings)]
    picked = settings.symbols
    for symbol in picked:
        if not any(_takes(one.feed, symbol) for one in markets):
            told = ", ".join(one.feed.name for one in markets)
            raise UsageError(
                f"symbol {symbol}: is none of {told}; write it as its venue does: BTCUSDT, BTCUSD_PERP, BTC-USDT-SWAP",
                key="record.symbols",
            )
    if not picked:
        return markets
    with_symbols = [
        replace(one, listing="none", feed=replace(one.feed, symbols=mine, silent_s=_patience(settings, one.feed)))
        for one in markets
        if (mine := tuple(symbol for symbol in dict.fromkeys(picked) if _takes(one.feed, symbol)))
    ]
    return [_named_coins(one) for one in with_symbols]


def split(one: Wanted, symbols: Sequence[str] | None) -> list[Feed]:
    """Split a market over connections; `symbols` are those the venue lists, where they had to be asked for."""
    feed = one.feed
    taken = feed.symbols if feed.symbols is not None else symbols
    if taken is None or feed.venue == okx.VENUE:
        return [feed]
    if feed.venue == bybit.VENUE:
        shares = bybit.shares(taken)
    else:
        most = binance.SYMBOLS_A_CONNECTION
        shares = [tuple(taken[first : first + most]) for first in range(0, len(taken), most)]
    named = [feed.name, *(f"{feed.name}-{number}" for number in range(2, len(shares) + 1))]
    return [replace(feed, name=name, symbols=share) for name, share in zip(named, shares, strict=True)]


def with_room(market: Feed, streams: Sequence[Feed], new: Sequence[str]) -> str | None:
    """Name a stream of the market that takes more symbols; None where all are full or there is none yet.

    A stream of new symbols alone would tell so little that nothing proved it alive.
    """
    for one in streams:
        of_market = (one.venue, one.market) == (market.venue, market.market)
        if of_market and one.symbols is not None and bybit.fits([*one.symbols, *new]):
            return one.name
    return None


def assets_of(feed: Feed) -> tuple[str, ...]:
    """Give the coins of a feed's symbols, each once."""
    return tuple(dict.fromkeys(_asset(feed.venue, symbol) for symbol in feed.symbols or ()))


def _patience(settings: RecordSettings, feed: Feed) -> float:
    """Give the silence that alarms where symbols are picked; OKX tells all contracts all the same."""
    return feed.silent_s if settings.silent_s or feed.venue == okx.VENUE else max(feed.silent_s, _PICKED_S)


def _named_coins(one: Wanted) -> Wanted:
    # OKX's channel tells all contracts, whatever is picked.
    if one.feed.venue == okx.VENUE:
        return replace(one, feed=replace(one.feed, symbols=None))
    return replace(one, feed=replace(one.feed, assets=assets_of(one.feed)))


def _asset(venue: str, symbol: str) -> str:
    if venue == okx.VENUE:
        return coin_of(symbol.partition("-")[0]).asset
    return (binance if venue == binance.VENUE else bybit).asset_of(symbol) or symbol


def _takes(feed: Feed, symbol: str) -> bool:
    market = _MARKET_OF[feed.venue](symbol)
    return market is not None and (feed.venue == okx.VENUE or market == feed.market)


_MARKET_OF: Mapping[str, Callable[[str], str | None]] = {
    binance.VENUE: binance.market_of, bybit.VENUE: bybit.market_of, okx.VENUE: okx.market_of,
}  # fmt: skip


def _markets(venue: str, settings: RecordSettings) -> list[Wanted]:
    """Give a venue's markets; one whose address is empty is left out."""
    urls = {
        "binance": (("usdm", settings.binance.usdm_stream), ("coinm", settings.binance.coinm_stream)),
        "bybit": (("linear", settings.bybit.linear_stream), ("inverse", settings.bybit.inverse_stream)),
        "okx": (("", settings.okx.stream),),
    }[venue]
    module = {"binance": binance, "bybit": bybit, "okx": okx}[venue]
    found = []
    for market, url in urls:
        if not url:
            continue
        if not url.startswith(("ws://", "wss://")):
            raise ConfigError(f"record.{venue}: {url} is no address of a WebSocket (wss://…)", key=f"record.{venue}")
        silent = settings.silent_s or (_QUIET_S if market in _QUIET else _BUSY_S)
        feed = Feed(
            name=f"{venue}-{market}" if market else venue,
            venue=VENUES[venue],
            market=market,
            url=url,
            parse=module.parse,
            subscriptions=module.subscriptions,
            ping=module.ping(),
            silent_s=silent,
            symbols=None,
            quiet=market in _QUIET,
        )
        found.append(Wanted(feed, "needed" if venue == "bybit" else "none"))
    return found
