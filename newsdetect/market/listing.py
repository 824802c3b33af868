"""What the recorder asks of the venues over REST: contract sizes, and Bybit's symbols. Blocking: for a thread.

A 200 with another body than the one asked for is an error here, never "no contracts".
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from newsdetect.config_record import RecordSettings
from newsdetect.errors import MalformedMessage
from newsdetect.fetch.answer import Opener
from newsdetect.market.feeds import Feed
from newsdetect.market.venues import binance, bybit, okx
from newsdetect.market.venues.contracts import ContractSize

_MOST_PAGES = 50


def contract_sizes(opener: Opener, settings: RecordSettings, venue: str) -> dict[str, ContractSize]:
    """Ask a venue for its contracts' sizes; empty for one that counts coins.

    Raise FetchError, or MalformedMessage for an answer of another form.
    """
    if venue == okx.VENUE:
        found: dict[str, ContractSize] = {}
        for kind in okx.TYPES:
            url = f"{settings.okx.rest}/api/v5/public/instruments?instType={kind}"
            found |= okx.contract_sizes(_asked(opener, venue, url))
        return found
    if venue == binance.VENUE and settings.binance.coinm_stream:
        url = f"{settings.binance.coinm_rest}/dapi/v1/exchangeInfo"
        return binance.contract_sizes(_asked(opener, venue, url))
    return {}


def symbols(opener: Opener, settings: RecordSettings, feed: Feed) -> tuple[str, ...]:
    """Ask Bybit for a market's symbols that trade, page by page; errors as above."""
    found: dict[str, None] = {}
    cursor = ""
    for _ in range(_MOST_PAGES):
        url = f"{settings.bybit.rest}/v5/market/instruments-info?category={feed.market}&limit=1000"
        page, following = bybit.symbols_listed(
            _asked(opener, feed.venue, url + (f"&cursor={quote(cursor, safe='')}" if cursor else ""))
        )
        found |= dict.fromkeys(symbol for symbol in page if bybit.market_of(symbol) == feed.market)
        if not following or following == cursor:
            break
        cursor = following
    if not found:
        raise MalformedMessage(f"{feed.venue}: lists no symbol of {feed.market}", key=feed.venue)
    return tuple(found)


def _asked(opener: Opener, venue: str, url: str) -> Any:  # noqa: ANN401 -- whatever JSON can hold
    body = opener.get(url).body
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as fault:
        said = body[:80].decode("utf-8", "replace")
        raise MalformedMessage(f"{venue}: {url} answered with what is no JSON: {said!r}", key=url) from fault
