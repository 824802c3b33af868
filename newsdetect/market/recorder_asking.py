"""Keep the recorder's knowledge of contracts up to date: sizes and symbols, asked of the venues now and again.

Each question runs in a thread. An answer that cannot be used is told in the streams' status and asked for again, after
as long a pause as the venue wants.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from functools import partial
from typing import TypeVar

import structlog

from newsdetect.config_record import RecordSettings
from newsdetect.errors import FetchError, MalformedMessage
from newsdetect.fetch.answer import Opener
from newsdetect.market import listing
from newsdetect.market.feeds import Feed
from newsdetect.market.recorder_ending import wait_of
from newsdetect.market.recorder_tally import Tally
from newsdetect.market.venues.contracts import ContractSize

_log = structlog.get_logger("newsdetect.record")
#: Contract sizes are not asked for more often than this because of an unknown contract.
_ASK_AGAIN_S = 60.0
_Answer = TypeVar("_Answer")


class Asking:
    """Asks until `stop` is set."""

    def __init__(self, settings: RecordSettings, opener: Opener, stop: asyncio.Event) -> None:
        self._settings, self._opener, self._stop = settings, opener, stop

    async def keep_sizes(
        self, venue: str, tallies: Callable[[], list[Tally]], take: Callable[[dict[str, ContractSize]], None]
    ) -> None:
        """Ask for contract sizes now, each few hours, and soon after an order of an unknown contract."""
        ask = partial(listing.contract_sizes, self._opener, self._settings, venue)
        while not self._stop.is_set():
            found = await self._asked(venue, ask, tallies())
            if found:
                take(found)
            asked_s = time.monotonic()
            for tally in tallies():
                tally.wants_sizes = False
            while not self._stop.is_set():
                await self._pause(min(_ASK_AGAIN_S, self._settings.listing_s))
                unknown = found is None or any(tally.wants_sizes for tally in tallies())
                if unknown or time.monotonic() - asked_s > self._settings.listing_s:
                    break

    async def keep_symbols(
        self,
        market: Feed,
        tallies: Callable[[], list[Tally]],
        taken: Callable[[], Collection[str]],
        take: Callable[[list[str]], None],
    ) -> None:
        """Ask for a market's symbols until they come, then each few hours for those that are not `taken` yet.

        A symbol that was let go because the venue did not list it is taken again once it does.
        """
        ask = partial(listing.symbols, self._opener, self._settings, market)
        failures = 0
        while not self._stop.is_set():
            mine = [tally for tally in tallies() if tally.stream.startswith(market.name)]
            found = await self._asked(market.venue, ask, mine)
            known = set(taken())
            new = [symbol for symbol in found or () if symbol not in known]
            if new:
                take(new)
            failures = failures + 1 if found is None else 0
            backoff = min(self._settings.backoff_most_s, self._settings.backoff_first_s * 2.0 ** min(failures, 30))
            await self._pause(backoff if failures else self._settings.listing_s)

    async def _asked(self, venue: str, ask: Callable[[], _Answer], tallies: list[Tally]) -> _Answer | None:
        """Ask in a thread; None where the answer cannot be used."""
        try:
            return await asyncio.to_thread(ask)
        except (FetchError, MalformedMessage) as fault:
            _log.warning("a venue's list cannot be had", venue=venue, why=str(fault))
            for tally in tallies:
                tally.wrong(str(fault), time.time_ns())
            if isinstance(fault, FetchError):
                await self._pause(wait_of(fault, self._settings))
            return None

    async def _pause(self, seconds: float) -> None:
        """Wait, but not beyond the end."""
        try:
            await asyncio.wait_for(self._stop.wait(), timeout=seconds)
        except TimeoutError:
            return
