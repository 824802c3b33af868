"""A batch of documents checked on all cores: each process opens the archive for itself and takes a stretch of time."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import accumulate, chain, pairwise
from pathlib import Path

from newsdetect.checks.check import Check
from newsdetect.checks.check_many import Asked, at_hand, check_many, in_order_of_time
from newsdetect.market.archive import MarketArchive
from newsdetect.market.provider import MarketData
from newsdetect.workers import end_with_parent

#: From so many documents on, a second process is worth its start and its reading of the market.
_APART = 500
#: Each holds some weeks of prints in memory.
_MOST = 4
#: Every stretch but the first also reads the weeks before it, and the last one's process takes in what the others
#: found: it is so much shorter, and all end about together.
_LATER = 0.9
#: Documents go to a process, and their checks come back, so many at a time: what is taken in while the last ones are
#: still being checked need not be waited for.
_PIECE = 50


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
    *earlier, mine = [order[first:last] for first, last in _stretches(len(order), count)]
    with ExitStack() as stack:
        pending = []
        if earlier:
            stack.enter_context(_little_garbage())
        for stretch in earlier:
            # A process of its own for each stretch, which reads the market once, in order of time.
            apart = _apart(folder, len(stretch))
            # Where this process fails, what waits for the others need not be checked any more.
            stack.callback(apart.shutdown, cancel_futures=True)
            pieces = [stretch[first : first + _PIECE] for first in range(0, len(stretch), _PIECE)]
            pending += [apart.submit(_check_piece, [documents[place] for place in piece], orders) for piece in pieces]
        with MarketArchive(folder) as archive:
            last = check_many([documents[place] for place in mine], archive, orders=orders)
        done = [*(piece.result() for piece in pending), last]
    found = dict(zip(chain(*earlier, mine), chain(*done), strict=True))
    return [found[place] for place in range(len(documents))]


def _stretches(many: int, count: int) -> list[tuple[int, int]]:
    """Give the places `[first, last)` of each process's documents."""
    weights = [1.0, *[_LATER] * (count - 1)]
    ends = [round(many * done / sum(weights)) for done in accumulate(weights)]
    return list(pairwise([0, *ends]))


@contextmanager
def _little_garbage() -> Iterator[None]:
    """Look for garbage seldom: checks are kept to the end, and what was worked out for them is let go of by itself."""
    thresholds, frozen = gc.get_threshold(), gc.get_freeze_count()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        # What whoever calls had put away stays away.
        if not frozen:
            gc.unfreeze()


def _apart(folder: Path, documents: int) -> ProcessPoolExecutor:
    """Start a process that checks one stretch of time."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=_open, initargs=(folder, documents))


#: Of a process that was started here alone: the market that it checks against, and what keeps it open.
_opened: MarketData | None = None
_kept = ExitStack()


def _open(folder: Path, documents: int) -> None:
    """Open the market for all documents of this process."""
    global _opened  # noqa: PLW0603 -- an executor's process has no other place for what its tasks share
    end_with_parent()
    _kept.enter_context(_little_garbage())
    _opened = at_hand(_kept.enter_context(MarketArchive(folder)), documents)


def _check_piece(documents: Sequence[Asked], orders: bool) -> list[tuple[Check, ...]]:
    """Check a few of this process's documents."""
    return check_many(documents, _opened, orders=orders)
