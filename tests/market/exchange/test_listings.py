"""Contracts come and go while the recorder runs: a delisted coin is recorded no longer, a relisted one again."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsdetect.market import recorder_watch
from newsdetect.market.instants import nanoseconds
from tests.market.exchange.links import until
from tests.market.exchange.orders import Order, row
from tests.market.exchange.recording import held, recording, stretches, told_once
from tests.market.exchange.sockets import Exchange, exchange
from tests.market.exchange.wires import Bybit

_GONE = "XRPUSDT"


def _unlisted(venue: Exchange) -> set[str]:
    assert isinstance(venue.wire, Bybit)
    return venue.wire.unlisted


def _of(venue: Exchange, symbol: str) -> list[Order]:
    """Make an order of one symbol."""
    return [next(one for one in venue.make(60) if one.of.symbol == symbol)]


def _subscribed(venue: Exchange, number: int, *, gone: bool) -> None:
    """Wait until a connection from the `number`th on is subscribed, with or without the symbol that goes."""
    topic = f"allLiquidation.{_GONE}"
    until(
        lambda: any(link.known.is_set() and (topic in link.topics) != gone for link in venue.links[number - 1 :]),
        "such a subscription",
    )


def test_a_picked_symbol_that_is_not_listed_is_not_recorded(tmp_path: Path) -> None:
    """The others are; of the coin that nobody told, nothing is claimed."""
    with exchange("Bybit linear") as venue:
        _unlisted(venue).add(_GONE)
        with recording(tmp_path, venue) as recorder:
            _subscribed(venue, 1, gone=True)
            venue.tell(_of(venue, "BTCUSDT"))
            recorder.heard(1)
            assert recorder.stop().streams[0].symbols == 2
    assert {one.asset for one in stretches(tmp_path)} == {"BTC", "ETH"}


def test_a_coin_ends_with_its_delisting_and_begins_with_its_relisting(tmp_path: Path) -> None:
    """Picked symbols are tried again; what lies between is a gap of that coin alone."""
    with exchange("Bybit linear") as venue, recording(tmp_path, venue, listing_s=0.4) as recorder:
        _subscribed(venue, 1, gone=False)
        venue.tell(_of(venue, _GONE))
        recorder.heard(1)
        _unlisted(venue).add(_GONE)
        venue.close()
        _subscribed(venue, 2, gone=True)
        gone_ns = venue.links[0].closed_ns
        venue.tell(_of(venue, "BTCUSDT"))
        recorder.heard(2)
        back = len(venue.links)
        _unlisted(venue).clear()
        _subscribed(venue, back + 1, gone=False)
        back_ns = next(link.opened_ns for link in venue.links[back:] if f"allLiquidation.{_GONE}" in link.topics)
        recorder.until(lambda one: one.symbols == 3 and one.state == "recording", "all three symbols")
        venue.tell(_of(venue, _GONE))
        recorder.heard(3)
        recorder.stop()
    assert held(tmp_path) == sorted(told_once(venue))
    assert gone_ns is not None
    times = [(nanoseconds(one.start), nanoseconds(one.end)) for one in stretches(tmp_path) if one.asset == "XRP"]
    assert min(start for start, _ in times) < gone_ns
    assert any(start >= back_ns for start, _ in times)
    # To the millisecond: two clocks' rows of one closing.
    assert all(end <= gone_ns + 5_000_000 or start >= back_ns for start, end in times)
    between = [one for one in stretches(tmp_path) if one.asset == "BTC" and nanoseconds(one.end) > gone_ns]
    assert min(nanoseconds(one.start) for one in between) < back_ns


def test_a_market_takes_a_relisted_symbol_in_again(tmp_path: Path) -> None:
    """Refused once, it is subscribed again as long as the venue lists it; the market was recorded all the while."""
    with exchange("Bybit linear") as venue:
        _unlisted(venue).add(_GONE)
        with recording(tmp_path, venue, symbols=(), listing_s=0.1) as recorder:
            _subscribed(venue, 1, gone=True)
            venue.tell(_of(venue, "BTCUSDT"))
            recorder.heard(1)
            _unlisted(venue).clear()
            _subscribed(venue, 2, gone=False)
            recorder.until(lambda one: one.symbols == 3 and one.state == "recording", "all three symbols")
            venue.tell(told := _of(venue, _GONE))
            recorder.heard(2)
            recorder.stop()
    assert row(told[0]) in held(tmp_path)
    assert {one.asset for one in stretches(tmp_path)} == {"ALL"}


def test_a_quiet_market_does_not_hold_its_venue_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """COIN-M told an order and rests: Binance's time is told on, by the line that is good, without another order."""
    monkeypatch.setattr(recorder_watch, "_VOUCH_S", 0.05)
    monkeypatch.setattr(recorder_watch, "_LINE_NS", 0)
    with exchange("Binance usdm") as busy, exchange("Binance coinm") as quiet:
        whole = {"symbols": (), "segment_s": 0.2}
        with recording(tmp_path, busy, quiet, **whole) as recorder:
            quiet.wait_for_link(1)
            busy.wait_for_link(1)
            quiet.tell(last := quiet.make(1))
            for number in range(1, 8):
                busy.tell(busy.make(1))
                recorder.heard(number, "binance-usdm")
                until(lambda n=number: len(recorder.files()) > n, "the next file")
            until(
                lambda: any(
                    nanoseconds(one.end) > last[0].time_ms * 1_000_000 + 5 * 10**8 for one in stretches(tmp_path)
                ),
                "time after COIN-M's last order",
            )
            assert recorder.stream("binance-coinm").orders == 1
            recorder.stop()
