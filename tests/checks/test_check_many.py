"""Many documents in one go: each check is the one that its document alone is given, wherever prints are summed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from newsdetect.checks.check_claims import check_claims
from newsdetect.checks.check_many import Asked, check_many
from newsdetect.market import orders_at_hand
from newsdetect.market.archive import MarketArchive
from newsdetect.market.manifest import Part
from newsdetect.market.rolling import Chunk
from newsdetect.runners import checking as runners_checking
from newsdetect.runners.checking import check_batch
from tests.benchmarks import checking
from tests.benchmarks.simulated import FIRST, fill

_DAYS, _DOCUMENTS = 75, 60


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MarketArchive]:
    """Give an archive of some weeks of simulated prints, with bars, candles and recorded hours."""
    folder = tmp_path_factory.mktemp("many") / "market"
    fill(folder, 150_000, _DAYS)
    with MarketArchive(folder) as opened:
        for path in checking.files(folder.parent, _DAYS):
            opened.import_file(path, now=checking.NOW)
        yield opened


def test_many_documents_are_checked_as_each_alone(archive: MarketArchive) -> None:
    """In any order of time, with random windows that reach weeks back: verdict, evidence and words are the same."""
    asked = [Asked(*checking.document(archive, number, _DAYS)) for number in range(_DOCUMENTS)]
    assert check_many(asked, archive) == [check_claims(doc, claims, archive) for doc, claims, _ in asked]


def test_processes_share_a_batch(archive: MarketArchive) -> None:
    """Two processes, each with its own archive and its own stretch of time, give what one gives, in the same order."""
    asked = [Asked(*checking.document(archive, number, _DAYS)) for number in range(12)]
    assert check_batch(archive.folder, asked, processes=2) == check_many(asked, archive)


def test_a_batch_that_fails_here_is_given_up(archive: MarketArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    """What this process cannot check is told, and the other one is not waited for to the end of its stretch."""
    asked = [Asked(*checking.document(archive, number, _DAYS)) for number in range(12)]
    waiting: list[Future[object]] = []

    class Pool(ProcessPoolExecutor):
        def submit(self, *given: Any, **named: Any) -> Future[Any]:
            waiting.append(super().submit(*given, **named))
            return waiting[-1]

    monkeypatch.setattr(runners_checking, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(runners_checking, "_PIECE", 1)
    monkeypatch.setattr(runners_checking, "check_many", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        check_batch(archive.folder, asked, processes=2)
    assert sum(each.cancelled() for each in waiting) >= len(waiting) // 2


def test_no_time_holds_nothing(archive: MarketArchive) -> None:
    """A question of no length, where days are unpacked anew, is answered like any other."""
    start = FIRST + timedelta(days=-FIRST.toordinal() % 8 + 40)
    for days in range(9):
        at = start + timedelta(days=days)
        assert archive.at_hand(timedelta(days=20)).print_totals(at, at).keys == ()


@pytest.mark.parametrize("running", [1 << 30, 1 << 16])
def test_prints_at_hand_are_those_on_disk(
    archive: MarketArchive, running: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums to the last bit and largest orders, for questions that move on, reach back or far, by any steps."""
    monkeypatch.setattr(orders_at_hand, "_RUNNING", running)
    rng = np.random.default_rng(2)
    opened = archive.at_hand(timedelta(days=20))
    for day in (25, 26, 40, 41, 70, 30, 71, 2):
        end = FIRST + timedelta(days=day, seconds=int(rng.integers(86_400)))
        for length in (timedelta(hours=26), timedelta(days=19), timedelta(days=33)):
            mine, theirs = (one.print_totals(end - length, end) for one in (opened, archive))
            assert set(mine.keys) == set(theirs.keys)
            for _ in range(4):
                start, until = np.sort(rng.integers(0, int(length.total_seconds() * 1e6), 2)).tolist()
                window = tuple(end - length + timedelta(microseconds=at) for at in (start, until + 1))
                told, held = (one.window(*window, "both") for one in (mine, theirs))
                numbers = [
                    dict(zip(one.scopes, zip(one.usd, one.largest, strict=True), strict=True)) for one in (told, held)
                ]
                assert numbers[0] == numbers[1]


@pytest.mark.parametrize("scopes", [1, 240, 3_000, 60_000])
def test_running_sums_stay_within_their_bytes(scopes: int) -> None:
    """However many coins and venues there are; steps are of full minutes and fill a block."""
    chunks = [Chunk(np.zeros(1, np.int64), np.ones(1), np.zeros(1, np.int64))]
    block = orders_at_hand.Block.of(0, (), chunks, scopes)
    assert block.running.nbytes <= orders_at_hand._RUNNING
    assert block.step_ns % 60_000_000_000 == 0
    assert (len(block.running) - 1) * block.step_ns == 8 * 86_400 * 10**9


def test_more_orders_than_memory_should_hold_are_read_from_disk(
    archive: MarketArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dense archive gives the same sums, and no day of it is unpacked."""
    unpacked: list[Part] = []
    day = archive._tape.day
    monkeypatch.setattr(archive._tape, "day", lambda part: unpacked.append(part) or day(part))
    end = FIRST + timedelta(days=40)
    start, totals = end - timedelta(days=9), []
    for most in (10_000, 1_000_000):
        monkeypatch.setattr(orders_at_hand, "_MOST", most)
        window = archive.at_hand(timedelta(days=20)).print_totals(start, end).window(start, end, "both")
        totals.append((dict(zip(window.scopes, window.usd, strict=True)), len(unpacked)))
    (dense, none), (sparse, some) = totals
    assert dense == sparse
    assert none == 0 < some
