"""The recorder and the exchange's door: refusals, silence, clocks, dead connections; each shows in the status."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.market.exchange.links import Refusal, Stall, until
from tests.market.exchange.orders import FEEDS, row
from tests.market.exchange.recording import held, recording, stretches, told_once
from tests.market.exchange.rest import FIREWALL, PAGE, REGION, banned, limited
from tests.market.exchange.sockets import Exchange, exchange

PINGED = ("Bybit linear", "OKX swap")


def _kept_once(home: Path, venue: Exchange) -> None:
    assert held(home) == sorted(told_once(venue))


@pytest.mark.parametrize(
    ("feed", "refusal"),
    [
        ("Binance usdm", FIREWALL), ("Binance usdm", banned(1)), ("Binance usdm", limited(1)),
        ("Binance coinm", REGION),
        ("Bybit linear", FIREWALL), ("Bybit inverse", PAGE), ("OKX swap", Refusal(502)), ("OKX swap", PAGE),
    ],
    ids=lambda one: str(one.status) if isinstance(one, Refusal) else one,
)  # fmt: skip
def test_a_refused_connection_is_told_with_its_status(feed: str, refusal: Refusal, tmp_path: Path) -> None:
    """A handshake answered by HTTP is a fault that names the status and says when the next try is due."""
    with exchange(feed) as venue:
        venue.turns.append(refusal)
        with recording(tmp_path, venue) as recorder:
            seen = recorder.until(lambda one: one.fault and str(refusal.status) in one.fault, f"{refusal.status}")
            assert seen.state in {"waiting", "connecting", "recording"}
            assert seen.orders == 0
            recorder.stop()
    assert held(tmp_path) == []


@pytest.mark.parametrize("status", [429, 418])
def test_retry_after_is_obeyed(status: int, tmp_path: Path) -> None:
    """The venue's own wait overrules our shorter one; then all goes on."""
    with exchange("Binance usdm") as venue:
        venue.turns.append({429: limited(1), 418: banned(1)}[status])
        with recording(tmp_path, venue) as recorder:
            venue.wait_for_link(1)
            venue.tell(venue.make(3))
            recorder.heard(3)
            recorder.stop()
    refused, let_in, *_ = venue.asked_ns
    assert let_in - refused >= 1_000_000_000
    _kept_once(tmp_path, venue)


def test_a_handshake_that_is_not_answered_is_given_up(tmp_path: Path) -> None:
    """A connection that hangs is tried anew after its time."""
    with exchange("OKX swap") as venue:
        venue.turns.append(Stall())
        with recording(tmp_path, venue, connect_timeout_s=1.0) as recorder:
            recorder.until(lambda one: one.fault, "a fault")
            venue.wait_for_link(1)
            venue.tell(venue.make(3))
            recorder.heard(3)
            recorder.stop()
    assert len(venue.asked_ns) >= 2
    _kept_once(tmp_path, venue)


def test_connected_but_silent_is_an_alarm(tmp_path: Path) -> None:
    """Binance's old address acknowledges and tells nothing: the alarm goes, and that time was not recorded."""
    with exchange("Binance usdm") as venue:
        mute = {"usdm_stream": f"{venue.url}/ws", "coinm_rest": "http://127.0.0.1:9"}
        with recording(tmp_path, venue, silent_s=0.3, binance=mute) as recorder:
            seen = recorder.until(lambda one: one.silences >= 2 and one.fault, "two alarms")
            venue.tell(venue.make(3))
            recorder.stop()
    assert len(venue.withheld) == 3
    assert "silent" in (seen.fault or "").lower()
    assert seen.orders == 0
    alarms = [datetime.fromtimestamp(link.closed_ns / 1e9, UTC) for link in venue.links if link.closed_ns][:2]
    assert not [one for one in stretches(tmp_path) for at in alarms if one.start < at < one.end]


def test_a_mute_feed_proves_nothing_even_before_the_alarm(tmp_path: Path) -> None:
    """Recording ends before anyone could tell that the feed is mute: no time was recorded, for zero was not seen."""
    with ExitStack() as stack:
        venue = stack.enter_context(exchange("Binance usdm"))
        mute = {"usdm_stream": f"{venue.url}/ws", "coinm_stream": ""}
        recorder = stack.enter_context(recording(tmp_path, venue, binance=mute))
        for connection in (1, 2):
            venue.wait_for_link(connection)
            recorder.until(lambda one, n=connection: one.state == "recording" and one.connections == n, "listening")
            venue.tell(venue.make(3))
            if connection == 1:
                venue.close()
        recorder.stop()
    assert len(venue.withheld) == 6
    assert stretches(tmp_path) == []


def test_silence_after_orders_is_a_gap_from_the_last_one(tmp_path: Path) -> None:
    """A feed that dries up was heard until its last order; what follows until the next connection is a gap."""
    with exchange("Bybit linear") as venue, recording(tmp_path, venue, silent_s=2.0) as recorder:
        venue.wait_for_link(1)
        venue.tell(venue.make(4))
        recorder.heard(4)
        seen = recorder.until(lambda one: one.silences >= 1 and one.fault_at, "the alarm")
        venue.wait_for_link(2)
        venue.tell(venue.make(4))
        recorder.heard(8)
        recorder.stop()
    _kept_once(tmp_path, venue)
    assert seen.fault_at is not None
    assert not [one for one in stretches(tmp_path, "Bybit") if one.start < seen.fault_at < one.end]
    assert len([one for one in stretches(tmp_path, "Bybit") if one.asset == "BTC"]) >= 2


@pytest.mark.parametrize("feed", PINGED)
def test_a_ping_without_answer_is_a_dead_connection(feed: str, tmp_path: Path) -> None:
    """A connection that still stands but answers no ping is let go; pings go out in the venue's own words."""
    with exchange(feed) as venue:
        venue.pongs = False
        with recording(tmp_path, venue, ping_s=0.05, pong_timeout_s=1.0) as recorder:
            recorder.until(lambda one: one.lost >= 1, "the dead connection")
            venue.pongs = True
            number = len(venue.links)
            venue.close()  # it may wait for an answer still
            venue.wait_for_link(number + 1)
            venue.tell(venue.make(3))
            recorder.heard(3)
            recorder.stop()
    assert any("ping" in text for text in venue.links[0].received)
    _kept_once(tmp_path, venue)


def test_okx_tells_its_last_message_again_on_connecting(tmp_path: Path) -> None:
    """The old first message of each connection is kept once, counted as stale, and is no sign of life."""
    with exchange("OKX swap") as venue:
        old = [replace(one, time_ms=one.time_ms - 600_000) for one in venue.make(3)]
        [(_, stale)] = venue.wire.messages(old, batch=3, now_ms=venue.now_ms())
        venue.greetings.append(stale)
        with recording(tmp_path, venue) as recorder:
            for connection in (1, 2):
                venue.wait_for_link(connection)
                venue.tell(venue.make(2))
                recorder.heard(5 * connection)
                venue.greetings.append(stale)
                venue.close()
            venue.wait_for_link(3)
            seen = recorder.until(lambda one: one.stale >= 9, "the third time")
            recorder.stop()
    assert seen.orders == 13
    assert held(tmp_path) == sorted([*told_once(venue), *map(row, old)])


@pytest.mark.parametrize(
    ("feed", "skew_ms"),
    [("Binance usdm", -90_000), ("Binance usdm", 90_000), ("Bybit linear", -90_000), ("OKX swap", 90_000)],
)
def test_a_venues_other_clock_is_told(feed: str, skew_ms: int, tmp_path: Path) -> None:
    """Orders keep the venue's time; how far its clock is off stands in the status."""
    with exchange(feed) as venue, recording(tmp_path, venue) as recorder:
        venue.skew_ms = skew_ms
        venue.wait_for_link(1)
        for _ in range(20):
            venue.tell(venue.make(1))
        recorder.heard(20)
        if not feed.startswith("OKX"):  # OKX does not say when it sent a message
            seen = recorder.until(lambda one: one.skew_ms is not None, "the clock's skew")
            assert seen.skew_ms is not None
            assert abs(seen.skew_ms + skew_ms) < 30_000
        recorder.stop()
    _kept_once(tmp_path, venue)


def test_a_subscription_that_is_refused_is_told(tmp_path: Path) -> None:
    """A venue that takes no such topic is a fault with the venue's words, not a silent stream."""
    with exchange("Bybit linear") as venue:
        venue.wire.answer = lambda text: (  # type: ignore[method-assign]
            ['{"success":false,"ret_msg":"error:handler not found,topic:allLiquidation.BTCUSDT","op":"subscribe"}'],
            set(),
        )
        with recording(tmp_path, venue) as recorder:
            seen = recorder.until(lambda one: one.fault and "handler not found" in one.fault, "the venue's words")
            recorder.stop()
    assert seen.orders == 0
    assert stretches(tmp_path) == []


def test_the_daily_cut_leaves_no_gap(tmp_path: Path) -> None:
    """A connection is replaced before its venue ends it: the next one listens before the old one goes."""
    with exchange("Binance usdm") as venue, recording(tmp_path, venue, rotate_s=0.5) as recorder:
        for number in (1, 2, 3):
            venue.wait_for_link(number)
            venue.tell(venue.make(5))
            recorder.heard(5 * number)
        until(lambda: venue.links[0].closed_ns and venue.links[1].closed_ns, "the end of what was replaced")
        recorder.stop()
    _kept_once(tmp_path, venue)
    assert sorted(one.asset for one in stretches(tmp_path, "Binance")) == ["BTC", "ETH", "SOL"]


def test_all_feeds_at_once(tmp_path: Path) -> None:
    """Five feeds with faults of their own do not disturb each other."""
    with ExitStack() as stack:
        venues = [stack.enter_context(exchange(feed)) for feed in FEEDS]
        recorder = stack.enter_context(recording(tmp_path, *venues))
        for venue in venues:
            venue.wait_for_link(1)
            venue.tell(venue.make(40), batch=6)
        until(lambda: sum(each.orders for each in recorder.status().streams) >= 200, "all orders")
        venues[0].reset()
        venues[2].say("<html>")
        venues[4].close()
        for venue in venues:
            venue.tell(venue.make(10), batch=6)
        until(lambda: sum(each.orders for each in recorder.status().streams) >= 250, "all orders")
        recorder.stop()
    assert held(tmp_path) == sorted(row for venue in venues for row in told_once(venue))
