"""Spool files into the archive: each order once over sessions, files and restarts; only proven time is recorded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsdetect.market.archive import MarketArchive
from newsdetect.market.compaction import SOURCE, compact
from newsdetect.market.spool import files, taken
from newsdetect.market.spool_rows import line
from tests.market.recorder.feed import force_order

#: Noon of a day, in nanoseconds; rows are told in seconds after it.
NOON = 1_781_092_800 * 10**9
NOW = datetime(2026, 7, 1, tzinfo=UTC)
EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC))
USDM, COINM = "binance-usdm", "binance-coinm"


def _at(seconds: float) -> int:
    return NOON + int(seconds * 1e9)


def _file(
    folder: Path, number: int, *told: str, streams: Sequence[str] = (USDM,), run: float = 0, **scope: Any
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    scopes = {name: {"venue": "Binance", "assets": ["ALL"], "since": _at(run)} | scope for name in streams}
    head = line("segment", _at(0), version=1, segment=number, session=0, run=_at(run), streams=scopes)
    path = folder / f"{number:08d}.jsonl"
    path.write_text(head + "".join(told))
    return path


def _row(row: str, seconds: float, session: int, stream: str = USDM, **fields: Any) -> str:
    return line(row, _at(seconds), stream=stream, session=session, **fields)


def _order(seconds: float, session: int, number: int = 0, stream: str = USDM, **changes: Any) -> str:
    raw = force_order(number, at_ms=_at(seconds) // 10**6, **changes)
    return _row("message", seconds, session, stream, raw=raw)


def _told(archive: MarketArchive) -> list[tuple[str, float, float]]:
    """Give the recorded stretches as coin, first and last second after noon, joined where they touch."""
    found: list[tuple[str, float, float]] = []
    for one in sorted(archive.recorded(*EVER), key=lambda each: (each.asset, each.start)):
        assert one.source == SOURCE
        start, end = (each.timestamp() - NOON / 1e9 for each in (one.start, one.end))
        if found and found[-1][0] == one.asset and found[-1][2] == start:
            found[-1] = (one.asset, found[-1][1], end)
        else:
            found.append((one.asset, start, end))
    return found


def _count(archive: MarketArchive) -> int:
    return len(archive.prints(*EVER).usd)


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    """Give a spool's folder."""
    return tmp_path / "spool"


def test_a_session_is_orders_and_a_stretch(archive: MarketArchive, spool: Path) -> None:
    """From its acknowledgement to its close it listened; what it heard are prints of the source `recorded`."""
    _file(
        spool, 1, _row("open", 0, 1), _row("subscribed", 1, 1), _order(5, 1, 1), _order(6, 1, 2),
        _row("close", 9, 1, until=_at(9), why="stopped"), line("end", _at(9)),
    )  # fmt: skip
    done = compact(spool, archive, now=NOW)
    assert (done.orders, done.duplicates, done.quarantined) == (2, 0, 0)
    assert _told(archive) == [("ALL", 1, 9)]
    assert {key.source for key in archive.prints(*EVER).keys} == {SOURCE}


def test_again_adds_nothing(archive: MarketArchive, spool: Path, tmp_path: Path) -> None:
    """A compaction that was killed before its files were put away is done again without a trace."""
    told = (_row("subscribed", 1, 1), _order(5, 1, 1), _row("close", 9, 1, until=_at(9), why=""), line("end", _at(9)))
    _file(spool, 1, *told)
    compact(spool, archive, now=NOW)
    before = (_count(archive), _told(archive), archive.coverage())
    (spool / "listened.json").unlink()
    _file(spool, 1, *told)
    done = compact(spool, archive, now=NOW)
    assert (done.orders, done.duplicates, done.stretches) == (0, 1, 0)
    assert (_count(archive), _told(archive), archive.coverage()) == before


def test_an_order_of_two_sessions_and_files_is_one(archive: MarketArchive, spool: Path) -> None:
    """While a connection is replaced both tell the same; in later files it may come once more."""
    same = force_order(7, at_ms=_at(5) // 10**6)
    both = [_row("message", 5, session, raw=same) for session in (1, 2)]
    _file(spool, 1, *both, line("end", _at(6)))
    compact(spool, archive, now=NOW)
    _file(spool, 2, _row("message", 7, 2, raw=same), line("end", _at(8)))
    done = compact(spool, archive, now=NOW)
    assert (_count(archive), done.orders, done.duplicates) == (1, 0, 1)


def test_twins_of_one_message_are_two_orders(archive: MarketArchive, spool: Path) -> None:
    """Two identical rows of one message are both real; the message again adds none."""
    row = {"T": _at(5) // 10**6, "s": "BTCUSDT", "S": "Sell", "v": "0.2", "p": "64321.5"}
    raw = json.dumps({"topic": "allLiquidation.BTCUSDT", "ts": row["T"], "data": [row, row]})
    for number in (1, 2):
        message = _row("message", 5, number, "bybit-linear", raw=raw)
        _file(spool, number, message, line("end", _at(6)), streams=("bybit-linear",), venue="Bybit")
        compact(spool, archive, now=NOW)
        assert _count(archive) == 2


def test_a_session_goes_on_in_the_next_file(archive: MarketArchive, spool: Path) -> None:
    """A file tells its sessions' time to their last order; the next one tells on from there, without a gap."""
    _file(spool, 1, _row("subscribed", 1, 1), _order(5, 1, 1), line("end", _at(10)))
    compact(spool, archive, now=NOW)
    assert _told(archive) == [("ALL", 1, 5)]
    _file(
        spool, 2, _row("carry", 10, 1, since=_at(5)), _order(12, 1, 2), _row("close", 15, 1, until=_at(15), why=""),
        line("end", _at(15)),
    )  # fmt: skip
    compact(spool, archive, now=NOW)
    assert _told(archive) == [("ALL", 1, 15)]


def test_silence_is_no_recording(archive: MarketArchive, spool: Path) -> None:
    """After the alarm the session's time ends at its last order, also where a file lies between."""
    _file(spool, 1, _row("subscribed", 1, 1), _order(5, 1, 1), _row("alive", 9, 1, heard=_at(9)), line("end", _at(10)))
    _file(
        spool, 2, _row("carry", 10, 1, since=_at(5)), _row("idle", 20, 1, heard=_at(5)), _order(21, 1, 2),
        _row("close", 21, 1, until=_at(21), why="silent"), line("end", _at(21)),
    )  # fmt: skip
    compact(spool, archive, now=NOW)
    assert _told(archive) == [("ALL", 1, 5)]


def test_a_killed_recorder_was_alive_until_its_last_word(archive: MarketArchive, spool: Path) -> None:
    """A file without an end tells its sessions' time to the last sign of life, and the gap begins there."""
    _file(spool, 1, _row("subscribed", 1, 1), _order(5, 1, 1), _row("alive", 9, 1, heard=_at(8)))
    _file(spool, 2, _row("subscribed", 30, 2), _row("close", 40, 2, until=_at(40), why=""), line("end", 1), run=25)
    compact(spool, archive, now=NOW)
    assert _told(archive) == [("ALL", 1, 8), ("ALL", 30, 40)]


def test_a_killed_recorder_proves_nothing_of_a_feed_that_told_no_order(archive: MarketArchive, spool: Path) -> None:
    """A connection may live and be mute; only a feed that told an order was heard between its orders, too."""
    _file(spool, 1, _row("subscribed", 1, 1), _row("alive", 9, 1, heard=_at(9)))
    _file(spool, 2, _row("carry", 10, 1, since=_at(1), fruitful=True), _row("alive", 19, 1, heard=_at(18)))
    compact(spool, archive, now=NOW)
    assert _told(archive) == [("ALL", 1, 18)]


def test_an_old_message_told_again_proves_nothing(archive: MarketArchive, spool: Path) -> None:
    """OKX greets with its last message of before: one whose feed is mute behind it was not recorded."""
    detail = {"bkPx": "0.5", "posSide": "long", "side": "sell", "sz": "1", "ts": str(_at(-600) // 10**6)}
    row = {"details": [detail], "instId": "XRP-USDT-SWAP", "instType": "SWAP"}
    raw = json.dumps({"arg": {"channel": "liquidation-orders", "instType": "SWAP"}, "data": [row]})
    _file(
        spool, 1, _row("subscribed", 1, 1, "okx"), _row("message", 2, 1, "okx", raw=raw),
        _row("alive", 9, 1, "okx", heard=_at(9)), streams=("okx",), venue="OKX",
    )  # fmt: skip
    assert compact(spool, archive, now=NOW).orders == 1
    assert _told(archive) == []


def test_a_venue_is_recorded_while_all_its_streams_listen(archive: MarketArchive, spool: Path) -> None:
    """USD-M without COIN-M is not Binance; a quiet COIN-M proves its time by its next order, files later."""
    both = (USDM, COINM)
    _file(
        spool, 1, _row("subscribed", 1, 1), _row("subscribed", 2, 2, COINM), _order(5, 1, 1), _order(9, 1, 2),
        line("end", _at(10)), streams=both,
    )  # fmt: skip
    compact(spool, archive, now=NOW)
    assert _told(archive) == []
    _file(
        spool, 2, _row("carry", 10, 1, since=_at(9)), _row("carry", 10, 2, COINM, since=_at(2)), _order(15, 1, 3),
        _order(19, 2, 4, COINM, symbol="BTCUSD_PERP"), _row("close", 20, 1, until=_at(20), why=""),
        line("end", _at(20)), streams=both,
    )  # fmt: skip
    compact(spool, archive, now=NOW)
    assert _told(archive) == [("ALL", 2, 19)]


def test_a_quiet_market_is_vouched_for_by_its_line(archive: MarketArchive, spool: Path) -> None:
    """COIN-M's address told an order before and its line is good: its venue is told of without its next one."""
    both = (USDM, COINM)
    _file(
        spool, 1, _row("subscribed", 1, 1), _row("subscribed", 2, 2, COINM), _order(5, 1, 1), _order(9, 1, 2),
        _row("alive", 9, 2, COINM, heard=_at(8), vouched=True), line("end", _at(10)), streams=both,
    )  # fmt: skip
    compact(spool, archive, now=NOW)
    assert _told(archive) == [("ALL", 2, 8)]


def test_a_coin_is_recorded_while_it_was_subscribed(archive: MarketArchive, spool: Path) -> None:
    """A coin that was let go ends, one that came later begins then; the stream's own time goes on."""
    rows = (_row("subscribed", 1, 1), _order(5, 1, 1), _row("close", 9, 1, until=_at(9), why=""), line("end", _at(9)))
    times = {"BTC": [[_at(0), 2**63 - 1]], "ETH": [[_at(0), _at(3)], [_at(6), 2**63 - 1]], "XRP": [[_at(7), 2**63 - 1]]}
    _file(spool, 1, *rows, assets=["BTC", "ETH", "XRP"], times=times)
    compact(spool, archive, now=NOW)
    assert _told(archive) == [("BTC", 1, 9), ("ETH", 1, 3), ("ETH", 6, 9), ("XRP", 7, 9)]


def test_a_stream_that_joins_later_takes_nothing_back(archive: MarketArchive, spool: Path) -> None:
    """New listings get a stream of their own: before it was there, the others were all there was."""
    _file(spool, 1, _row("subscribed", 1, 1), _order(5, 1, 1), line("end", _at(10)))
    later = {USDM: _at(0), "binance-usdm-2": _at(10)}
    scopes = {name: {"venue": "Binance", "assets": ["ALL"], "since": since} for name, since in later.items()}
    head = line("segment", _at(10), version=1, segment=2, session=1, run=_at(0), streams=scopes)
    rest = [
        _row("carry", 10, 1, since=_at(5)), _row("subscribed", 12, 2, "binance-usdm-2"),
        _row("close", 20, 1, until=_at(20), why=""), _row("close", 20, 2, "binance-usdm-2", until=_at(20), why=""),
        line("end", _at(20)),
    ]  # fmt: skip
    (spool / "00000002.jsonl").write_text(head + "".join(rest))
    compact(spool, archive, now=NOW)
    assert _told(archive) == [("ALL", 1, 10), ("ALL", 12, 20)]


def test_picked_symbols_are_recorded_by_coin(archive: MarketArchive, spool: Path) -> None:
    """Who picked symbols listened to their coins, not to the venue."""
    closing = _row("close", 9, 1, until=_at(9), why="")
    _file(spool, 1, _row("subscribed", 1, 1), closing, line("end", _at(9)), assets=["BTC", "ETH"])
    compact(spool, archive, now=NOW)
    assert _told(archive) == [("BTC", 1, 9), ("ETH", 1, 9)]


def test_a_contract_that_becomes_known_later_is_not_lost(archive: MarketArchive, spool: Path) -> None:
    """The size came after the order: the order counts."""
    detail = {"bkPx": "2", "posSide": "long", "side": "sell", "sz": "10", "ts": str(_at(5) // 10**6)}
    row = {"details": [detail], "instId": "NEW-USDT-SWAP", "instType": "SWAP"}
    raw = json.dumps({"arg": {"channel": "liquidation-orders", "instType": "SWAP"}, "data": [row]})
    sizes = line("contracts", _at(6), venue="OKX", sizes={"NEW-USDT-SWAP": [5, "coin"]})
    message = _row("message", 5, 1, "okx", raw=raw)
    _file(spool, 1, message, sizes, line("end", _at(7)), streams=("okx",), venue="OKX")
    assert compact(spool, archive, now=NOW).quarantined == 0
    assert list(archive.prints(*EVER).usd) == [100.0]


def test_what_is_no_order_is_quarantined_with_its_reason(archive: MarketArchive, spool: Path) -> None:
    """Malformed messages, bad rows and damaged lines are kept with file, stream and reason, and counted."""
    bad = json.loads(force_order(1, at_ms=_at(5) // 10**6))
    bad["o"]["z"] = "0"
    _file(
        spool, 1, _order(4, 1, 1), _row("malformed", 5, 1, raw="<html>", why="Binance: a message is no JSON"),
        _row("message", 5, 1, raw=json.dumps(bad)), '{"at":1,"torn in the midd\n', line("end", _at(7)),
    )  # fmt: skip
    done = compact(spool, archive, now=NOW)
    assert (done.orders, done.quarantined) == (1, 3)
    [path] = (spool / "quarantine").glob("*.jsonl")
    told = [json.loads(each) for each in path.read_text().splitlines()]
    assert [each["reason"].partition(":")[0] for each in told] == [
        "Binance", "filled quantity (z) is zero", "a line of the spool is damaged",
    ]  # fmt: skip
    assert {each["file"] for each in told} == {"00000001.jsonl"}


def test_orders_of_the_future_are_kept_out_and_hold_nothing_up(archive: MarketArchive, spool: Path) -> None:
    """A venue's clock that runs a day ahead: no order is taken, all are counted, the file is done with."""
    _file(spool, 1, _order(5, 1, 1), _order(6, 1, 2), line("end", _at(7)))
    done = compact(spool, archive, now=datetime.fromtimestamp(NOON / 1e9 - 86_400, UTC))
    assert (done.orders, done.quarantined) == (0, 2)
    assert files(spool) == []


def test_the_file_that_is_written_is_left_alone(archive: MarketArchive, spool: Path) -> None:
    """Only files below the number given are taken."""
    for number in (1, 2):
        _file(spool, number, _order(number, 1, number), line("end", _at(7)))
    assert compact(spool, archive, before=2, now=NOW).orders == 1
    assert [path.stem for path in files(spool)] == ["00000002"]


def test_taken_files_go_in_time_but_never_the_last(archive: MarketArchive, spool: Path) -> None:
    """The last file knows which session numbers are used; older ones are swept once they are old."""
    for number in (1, 2):
        _file(spool, number, _order(number, 1, number), line("end", _at(7)))
    compact(spool, archive, now=NOW, keep_s=3600)
    assert len(taken(spool)) == 2
    compact(spool, archive, now=NOW, keep_s=0)
    assert [path.stem for path in taken(spool)] == ["00000002"]
