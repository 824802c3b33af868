"""Many documents in one go: each check is the one that its document alone is given, wherever prints are summed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest

from newsdetect.checks.check_claims import check_claims
from newsdetect.checks.check_many import Asked, check_many
from newsdetect.market.archive import MarketArchive
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


def test_prints_at_hand_are_those_on_disk(archive: MarketArchive) -> None:
    """Sums to the last bit and largest orders, for questions that move on, reach back or far."""
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
