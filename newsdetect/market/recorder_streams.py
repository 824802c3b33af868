"""All streams of one run: which there are, under which names and since when, and what the venues list for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from newsdetect.market import feeds
from newsdetect.market.feeds import Feed, Wanted
from newsdetect.market.recorder_session import Outlet, Session
from newsdetect.market.recorder_stream import Stream
from newsdetect.market.recorder_tally import Tally
from newsdetect.market.spool_rows import line
from newsdetect.market.venues.contracts import Contracts, ContractSize, shipped
from newsdetect.types import ALL


class Streams:
    """Opens streams as their markets' symbols become known, and tells the spool of them."""

    def __init__(
        self,
        markets: Sequence[Wanted],
        outlet: Outlet,
        *,
        since_ns: int,
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        changed: Callable[[], None],
    ) -> None:
        """`spawn` runs a stream, `changed` is told when there are other streams, or other coins, than before."""
        self._markets, self._outlet, self._started_ns = markets, outlet, since_ns
        self._spawn, self._changed = spawn, changed
        self._contracts = {one.feed.venue: shipped(one.feed.venue) for one in markets}
        self._streams: dict[str, Stream] = {}
        #: When each stream was added to the run: before, its market was told by the others alone.
        self._since: dict[str, int] = {}
        #: Markets whose symbols are not known yet, as streams that wait.
        self._unlisted: dict[str, Tally] = {}

    @property
    def venues(self) -> list[str]:
        """The venues listened to."""
        return list(self._contracts)

    @property
    def stopped(self) -> bool:
        """Whether no stream listens any more."""
        return all(stream.tally.state == "stopped" for stream in self._streams.values())

    def open(self) -> None:
        """Open the streams that need no symbols; the others wait for `listed`."""
        for one in self._markets:
            if one.listing == "needed":
                self._unlisted[one.feed.name] = Tally(one.feed.name, one.feed.venue, state="waiting")
        new = [feed for one in self._markets if one.listing == "none" for feed in feeds.split(one, None)]
        self._add(new, since_ns=self._started_ns)

    async def stop(self) -> None:
        """Let go of all venues."""
        await asyncio.gather(*(stream.stop() for stream in self._streams.values()), return_exceptions=True)
        for tally in self._unlisted.values():
            tally.state = "stopped"

    def tallies(self, venue: str | None = None) -> list[Tally]:
        """Give how the streams are, those that wait for symbols last; of one venue, if it is named."""
        tallies = [*(stream.tally for stream in self._streams.values()), *self._unlisted.values()]
        return [tally for tally in tallies if venue in (None, tally.venue)]

    # What a new file of the spool begins with.

    def told(self) -> dict[str, dict[str, object]]:
        """Tell of each stream what it listens to and since when."""
        told: dict[str, dict[str, object]] = {
            name: {
                "venue": stream.feed.venue,
                "market": stream.feed.market,
                "assets": list(stream.feed.assets),
                "since": self._since[name],
                "times": stream.times.told(),
            }
            for name, stream in self._streams.items()
        }
        # A market whose symbols are not known yet is not listened to, and must count as such.
        return told | {
            name: {"venue": tally.venue, "market": "", "assets": [ALL], "since": self._started_ns}
            for name, tally in self._unlisted.items()
        }

    def lines(self, at_ns: int) -> list[str]:
        """Give the contract sizes, and the sessions that go on."""
        sizes = [_sizes_line(at_ns, venue, table) for venue, table in self._contracts.items() if table.sizes]
        carried = [session.carry(at_ns) for stream in self._streams.values() for session in stream.sessions]
        return [*sizes, *(one for one in carried if one)]

    # What the venues say of their contracts.

    def sized(self, venue: str, found: dict[str, ContractSize]) -> None:
        """Take in a venue's contract sizes."""
        self._contracts[venue] = self._contracts[venue].updated(found)
        self._outlet.put(_sizes_line(time.time_ns(), venue, self._contracts[venue]))

    def listed(self, market: Wanted, new: list[str]) -> None:
        """Open a market's streams once its symbols are known; later take in what is new."""
        first = self._unlisted.pop(market.feed.name, None) is not None
        fitting = feeds.with_room(market.feed, [stream.feed for stream in self._streams.values()], new)
        if fitting is not None:
            self._streams[fitting].extend(tuple(new))
        else:
            self._add(feeds.split(market, new), since_ns=self._started_ns if first else time.time_ns())

    def subscribed(self, market: Feed) -> set[str]:
        """Give the symbols of a market that streams are subscribed to, or will be by their next connection."""
        mine = [stream.feed for stream in self._streams.values()]
        return {
            symbol
            for feed in mine
            if (feed.venue, feed.market) == (market.venue, market.market)
            for symbol in feed.symbols or ()
        }

    def _add(self, new: list[Feed], *, since_ns: int) -> None:
        """Open streams under names that are free, and tell the spool of them."""
        for feed in new:
            name, number = feed.name, 2
            while name in self._streams:
                name, number = f"{feed.name}-{number}", number + 1
            tally = Tally(name, feed.venue, symbols=len(feed.symbols or ()))
            stream = Stream(
                replace(feed, name=name), tally, self._outlet.settings, make=self._session, since_ns=since_ns,
                changed=self._changed,
            )  # fmt: skip
            self._streams[name] = stream
            self._since[name] = since_ns
            self._spawn(stream.run())
        self._changed()

    def _session(self, feed: Feed, tally: Tally) -> Session:
        venue = feed.venue
        contracts: Callable[[], Contracts] = lambda: self._contracts[venue]  # noqa: E731 -- read anew each time
        return Session(feed, tally, self._outlet, contracts=contracts)


def _sizes_line(at_ns: int, venue: str, table: Contracts) -> str:
    return line("contracts", at_ns, venue=venue, sizes=table.as_json())
