"""A batch of documents checked on all cores: each process opens the archive for itself and takes a stretch of time."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path

from newsdetect.checks.check import Check
from newsdetect.checks.check_many import Asked, check_many, in_order_of_time
from newsdetect.market.archive import MarketArchive

#: From so many documents on, a second process is worth its start and its reading of the market.
_APART = 500
#: Each holds some weeks of prints in memory.
_MOST = 4


def check_batch(
    folder: Path, documents: Sequence[Asked], *, orders: bool = False, processes: int | None = None
) -> list[tuple[Check, ...]]:
    """Check the claims of many documents against the archive in a folder, as `check_many` does, in their order.

    `processes` are one a core where nothing is said, four at most, and fewer where the batch is small. A script that
    calls this needs the `if __name__ == "__main__":` that new processes ask of it.
    """
    count = processes or min(os.cpu_count() or 1, _MOST, max(1, len(documents) // _APART))
    order = in_order_of_time([one.doc.published for one in documents])
    shares = [order[len(order) * at // count : len(order) * (at + 1) // count] for at in range(count)]
    if count == 1:
        done = [_check(folder, [documents[place] for place in shares[0]], orders)]
    else:
        with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
            tasks = [
                pool.submit(_check_apart, folder, [documents[place] for place in share], orders) for share in shares
            ]
            done = [task.result() for task in tasks]
    found = dict(zip(chain(*shares), chain(*done), strict=True))
    return [found[place] for place in range(len(documents))]


def _check_apart(folder: Path, documents: Sequence[Asked], orders: bool) -> list[tuple[Check, ...]]:
    """Check a share in a process of its own, where most garbage may wait for its end."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    return _check(folder, documents, orders)


def _check(folder: Path, documents: Sequence[Asked], orders: bool) -> list[tuple[Check, ...]]:
    with MarketArchive(folder) as archive:
        return check_many(documents, archive, orders=orders)
