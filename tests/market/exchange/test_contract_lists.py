"""What the recorder asks of the venues over REST meets faults: listening waits for no answer it can do without."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.market.exchange.links import until
from tests.market.exchange.orders import Instrument, Order, orders, row
from tests.market.exchange.recording import held, recording, told_once
from tests.market.exchange.rest import EMPTY, FIREWALL, PAGE, REGION, TORN, Says, Turn, banned, limited
from tests.market.exchange.sockets import exchange

FAULTS: list[tuple[Turn, str]] = [
    (FIREWALL, "403"), (limited(0), "429"), (banned(0), "418"), (REGION, "451"), (PAGE, "no JSON"), (EMPTY, "no JSON"),
    (TORN, "no JSON"), (Says({"retCode": 10006, "retMsg": "Too many visits!", "result": {}}), "10006"),
    (Says({"retCode": 0, "result": {"list": "none"}}), "result.list"), (Says([]), "retCode"), (Says(None), "retCode"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("turn", "words"), FAULTS, ids=[words + str(number) for number, (_, words) in enumerate(FAULTS)]
)
def test_bybits_symbols_are_asked_for_until_they_come(turn: Turn, words: str, tmp_path: Path) -> None:
    """An answer without symbols is a fault that the status shows; the stream opens once they come."""
    quick = {"symbols": (), "forbidden_s": 0.05, "blocked_s": 0.05}
    with exchange("Bybit linear") as venue, recording(tmp_path, venue, turns=[turn] * 9999, **quick) as recorder:
        recorder.until(lambda one: words in (one.fault or ""), f"the fault: {words}")
        recorder.host.turns.clear()
        venue.wait_for_link(1)
        venue.tell(venue.make(8), batch=3)
        recorder.heard(8)
        recorder.stop()
    assert held(tmp_path) == sorted(told_once(venue))
    assert {arg for text in venue.links[0].received for arg in json.loads(text).get("args", [])} == {
        "allLiquidation.BTCUSDT", "allLiquidation.ETHUSDT", "allLiquidation.XRPUSDT",
    }  # fmt: skip


@pytest.mark.parametrize(
    "turn", [FIREWALL, PAGE, EMPTY, Says({"code": "50011", "msg": "Too Many Requests", "data": []})]
)
def test_contract_sizes_that_cannot_be_had_stop_no_recording(turn: Turn, tmp_path: Path) -> None:
    """OKX's sizes fail to come: the table that ships serves, and the fault is told."""
    with exchange("OKX swap") as venue, recording(tmp_path, venue, turns=[turn] * 9999) as recorder:
        recorder.until(lambda one: one.fault, "the fault")
        venue.wait_for_link(1)
        venue.tell(venue.make(8), batch=3)
        recorder.heard(8)
        recorder.stop()
    assert held(tmp_path) == sorted(told_once(venue))


def test_an_order_of_an_unknown_contract_is_refused_by_name_never_zero(tmp_path: Path) -> None:
    """A contract without a size is no order until its size is known; its message stays in quarantine."""
    with exchange("OKX swap") as venue, recording(tmp_path, venue) as recorder:
        venue.wait_for_link(1)
        [known] = orders(venue.feed, 1, start_ms=venue.now_ms())
        new = Instrument("OKX", "swap", "NEWCOIN-USDT-SWAP", "NEWCOIN", known.of.unit, False, known.of.price)
        unknown = Order(new, "long", "1.25", "40", known.time_ms)
        venue.tell([unknown, known], batch=2)
        seen = recorder.heard(1)
        status = recorder.stop()
    assert sum(seen.rejected.values()) == 1
    assert "NEWCOIN-USDT-SWAP" in (seen.fault or "")
    assert held(tmp_path) == [row(known)]
    assert status.quarantined == 1


def test_orders_of_the_far_future_are_kept_out_and_counted(tmp_path: Path) -> None:
    """A clock that is hours ahead makes no prints of the future; those of a right clock are kept."""
    with exchange("Binance usdm") as venue, recording(tmp_path, venue) as recorder:
        venue.wait_for_link(1)
        venue.tell(venue.make(3))
        venue.skew_ms = 5 * 3_600_000
        venue.tell(future := venue.make(4))
        recorder.heard(7)
        status = recorder.stop()
    assert status.quarantined == 4
    assert held(tmp_path) == sorted(each for each in told_once(venue) if each not in set(map(row, future)))


def test_files_that_roll_over_lose_nothing(tmp_path: Path) -> None:
    """Orders and their duplicates on both sides of a file's end are kept once, in one stretch a coin."""
    with exchange("Binance usdm") as venue, recording(tmp_path, venue, segment_s=0.15) as recorder:
        venue.wait_for_link(1)
        for number in range(1, 6):
            venue.tell(venue.make(10))
            until(lambda n=number: len(recorder.files()) > n, "the next file")
            venue.tell(venue.told[-3:])
        recorder.heard(65)
        status = recorder.stop()
    assert held(tmp_path) == sorted(told_once(venue))
    assert (status.archived, status.duplicates) == (50, 15)


def test_a_slow_disk_leaves_messages_in_the_socket(tmp_path: Path) -> None:
    """With room for hardly a message, a burst is still kept whole."""
    with exchange("Bybit linear") as venue, recording(tmp_path, venue, max_unwritten=300) as recorder:
        venue.wait_for_link(1)
        venue.tell(venue.make(120), batch=2)
        recorder.heard(120)
        recorder.stop()
    assert held(tmp_path) == sorted(told_once(venue))
