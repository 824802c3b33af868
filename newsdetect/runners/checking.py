"""A batch of documents checked on all cores: each process opens the archive for itself and takes a stretch of time."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import accumulate, chain, pairwise
from pathlib import Path

from newsdetect.checks.check import Check
from newsdetect.checks.check_many import Asked, check_many, in_order_of_time
from newsdetect.market.archive import MarketArchive

#: From so many documents on, a second process is worth its start and its reading of the market.
_APART = 500
#: Each holds some weeks of prints in memory.
_MOST = 4
#: Every stretch but the first also reads the weeks before it; it is so much shorter, and all end about together.
_LATER = 0.85


def check_batch(
    folder: Path, documents: Sequence[Asked], *, orders: bool = False, processes: int | None = None
) -> list[tuple[Check, ...]]:
    """Check the claims of many documents against the archive in a folder, as `check_many` does, in their order.

    `processes` are one a core where nothing is said, four at most, and fewer where the batch is small; this one takes
    the last stretch of time. A script that calls this needs the `if __name__ == "__main__":` that new processes ask of
    it.
    """
    count = processes or min(os.cpu_count() or 1, _MOST, max(1, len(documents) // _APART))
    order = in_order_of_time([one.doc.published for one in documents])
    shares = [order[first:last] for first, last in _stretches(len(order), count)]
    asked = [[documents[place] for place in share] for share in shares]
    if count == 1:
        done = [_check(folder, asked[0], orders)]
    else:
        with ProcessPoolExecutor(count - 1, mp_context=multiprocessing.get_context("spawn")) as pool:
            others = [pool.submit(_check_apart, folder, share, orders) for share in asked[:-1]]
            last = _check_apart(folder, asked[-1], orders)
            done = [*(other.result() for other in others), last]
    found = dict(zip(chain(*shares), chain(*done), strict=True))
    return [found[place] for place in range(len(documents))]


def _stretches(many: int, count: int) -> list[tuple[int, int]]:
    """Give the places `[first, last)` of each process's documents."""
    weights = [1.0, *[_LATER] * (count - 1)]
    ends = [round(many * done / sum(weights)) for done in accumulate(weights)]
    return list(pairwise([0, *ends]))


def _check_apart(folder: Path, documents: Sequence[Asked], orders: bool) -> list[tuple[Check, ...]]:
    """Check one share of several."""
    with _little_garbage():
        return _check(folder, documents, orders)


@contextmanager
def _little_garbage() -> Iterator[None]:
    """Look for garbage seldom: checks are kept to the end, and what was worked out for them is let go of by itself."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _check(folder: Path, documents: Sequence[Asked], orders: bool) -> list[tuple[Check, ...]]:
    with MarketArchive(folder) as archive:
        return check_many(documents, archive, orders=orders)
