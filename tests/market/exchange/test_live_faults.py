"""The recorder under the faults of a live feed: every order stands once in the archive, every gap and fault is told."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.market.exchange.orders import FEEDS
from tests.market.exchange.recording import held, recording, stretches, told_once
from tests.market.exchange.sockets import Exchange, exchange

#: Feeds whose messages hold many orders.
BATCHED = ("Bybit linear", "Bybit inverse", "OKX swap")
ENDS = {"close": Exchange.close, "reset": Exchange.reset}


def _moment(ns: int) -> datetime:
    return datetime.fromtimestamp(ns / 1e9, UTC)


def _kept_once(home: Path, *venues: Exchange) -> None:
    """Hold the archive against what was told: each order, once."""
    told = sorted(row for venue in venues for row in told_once(venue))
    assert held(home) == told


def _gaps_told(home: Path, venue: Exchange) -> None:
    """Hold the recorded stretches against the exchange's own book of connections."""
    found = stretches(home, venue.feed.split(maxsplit=1)[0])
    assert found
    for link in venue.links:
        assert not [one for one in found if one.start < _moment(link.opened_ns) < one.end]
    for before, after in zip(venue.links, venue.links[1:], strict=False):
        assert [one for one in found if _moment(before.opened_ns) <= one.start <= one.end <= _moment(after.opened_ns)]
    assert max(one.end for one in found) >= _moment(max(order.time_ms for order in venue.told) * 1_000_000)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("feed", FEEDS)
def test_a_lost_connection_is_a_gap_and_loses_no_order(feed: str, end: str, tmp_path: Path) -> None:
    """Orders before and after an end of whatever kind are kept; the time between is told as not recorded."""
    with exchange(feed) as venue, recording(tmp_path, venue) as recorder:
        venue.wait_for_link(1)
        venue.tell(venue.make(20), batch=3)
        recorder.heard(20)
        ENDS[end](venue)
        venue.wait_for_link(2)
        venue.tell(venue.make(15), batch=4)
        seen = recorder.heard(35)
        recorder.stop()
    assert (seen.connections, seen.lost) == (2, 1)
    assert seen.fault
    _kept_once(tmp_path, venue)
    _gaps_told(tmp_path, venue)


@pytest.mark.parametrize("feed", FEEDS)
def test_what_is_told_twice_is_kept_once(feed: str, tmp_path: Path) -> None:
    """The same message again, in one connection and after the next, adds nothing."""
    with exchange(feed) as venue, recording(tmp_path, venue) as recorder:
        venue.wait_for_link(1)
        told = venue.make(12)
        venue.tell(told, batch=4)
        venue.tell(told[:5], batch=5)
        recorder.heard(17)
        venue.close()
        venue.wait_for_link(2)
        venue.tell([*told[3:], *venue.make(2)], batch=2)
        recorder.until(lambda one: one.orders + one.stale >= 17 + 11, "all that was told")
        status = recorder.stop()
    _kept_once(tmp_path, venue)
    assert (status.archived, status.duplicates) == (14, 14)


@pytest.mark.parametrize("feed", FEEDS)
def test_a_burst_is_kept_whole(feed: str, tmp_path: Path) -> None:
    """Thousands of orders in one go, and an end right behind them, lose nothing."""
    with exchange(feed) as venue, recording(tmp_path, venue) as recorder:
        venue.wait_for_link(1)
        venue.tell(venue.make(3000), batch=40)
        venue.close()
        recorder.heard(3000)
        recorder.stop()
    _kept_once(tmp_path, venue)


@pytest.mark.parametrize("feed", ["Binance usdm", "Bybit linear", "OKX swap"])
def test_the_order_of_arrival_does_not_matter(feed: str, tmp_path: Path) -> None:
    """Orders that come newest first, or mixed, are kept by their own time."""
    with exchange(feed) as venue, recording(tmp_path, venue) as recorder:
        venue.wait_for_link(1)
        told = [order for _ in range(30) for order in venue.make(2)]
        random.Random(3).shuffle(told)
        venue.tell(told, batch=7)
        recorder.heard(60)
        recorder.stop()
    _kept_once(tmp_path, venue)


@pytest.mark.parametrize("feed", BATCHED)
def test_twins_of_one_message_are_both_kept(feed: str, tmp_path: Path) -> None:
    """Three identical rows of one message are three orders, also where that message comes again."""
    with exchange(feed) as venue, recording(tmp_path, venue) as recorder:
        venue.wait_for_link(1)
        [one] = venue.make(1)
        venue.tell([one, one, one], batch=3)
        venue.tell([one, one, one], batch=3)
        recorder.heard(6)
        recorder.stop()
    assert held(tmp_path) == sorted(told_once(venue)) * 3


MALFORMED: tuple[str | bytes, ...] = (
    "", "{", "null", "[]", "17", '"words"', "<html><body>502 Bad Gateway</body></html>", '{"data":', "\u0000",
    "[" * 20_000, '{"e":17}', '{"topic":"allLiquidation.BTCUSDT","data":"none"}', b"\xff\xfe\x00\x01",
)  # fmt: skip


@pytest.mark.parametrize("feed", FEEDS)
def test_what_is_no_message_is_set_aside_and_counted(feed: str, tmp_path: Path) -> None:
    """Malformed messages end nothing: they are counted, and the orders around them are kept."""
    with exchange(feed) as venue, recording(tmp_path, venue) as recorder:
        venue.wait_for_link(1)
        for bad in MALFORMED:
            venue.say(bad)
            venue.tell(venue.make(1))
        seen = recorder.heard(len(MALFORMED))
        recorder.stop()
    assert seen.malformed >= len(MALFORMED) - 2, seen
    assert seen.connections == 1
    _kept_once(tmp_path, venue)
    assert b"502 Bad Gateway" in b"".join(path.read_bytes() for path in recorder.files())


BAD_ROWS = {
    "Binance usdm": ('"z":"{}"', "0", "-0.5", "NaN", "1e400", "many", ""),
    "Binance coinm": ('"z":"{}"', "0", "-3", "inf", ""),
    "Bybit linear": ('"v":"{}"', "0", "-0.5", "NaN", "1e400", ""),
    "Bybit inverse": ('"v":"{}"', "0", "-7", "none"),
    "OKX swap": ('"sz":"{}"', "0", "-7", "nan", ""),
}


@pytest.mark.parametrize("feed", FEEDS)
def test_rows_that_are_no_orders_are_refused_with_their_reason(feed: str, tmp_path: Path) -> None:
    """Sizes of zero, below it and not numbers, times in seconds and nanoseconds: refused, never zero dollars."""
    pattern, *sizes = BAD_ROWS[feed]
    with exchange(feed) as venue, recording(tmp_path, venue) as recorder:
        venue.wait_for_link(1)
        [one] = venue.make(1)
        [(_, good)] = venue.wire.messages([one], batch=1, now_ms=venue.now_ms())
        bad = [good.replace(pattern.format(one.size), pattern.format(size)) for size in sizes]
        bad += [good.replace(str(one.time_ms), str(time)) for time in (one.time_ms // 1000, one.time_ms * 1_000_000)]
        assert len({good, *bad}) == len(bad) + 1
        venue.say(*bad)
        venue.tell(venue.make(2))
        seen = recorder.heard(2)
        recorder.stop()
    assert sum(seen.rejected.values()) == len(bad), seen
    _kept_once(tmp_path, venue)
