"""Timing: the best of three rounds in CPU seconds of this process; peak memory in a process of its own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


def best(work: Callable[[], Result], *, rounds: int = 3) -> tuple[float, Result]:
    """Give the CPU seconds of the quickest round, and what the work gave."""
    taken, result = [], None
    for _ in range(rounds):
        start = time.process_time()
        result = work()
        taken.append(time.process_time() - start)
    assert result is not None
    return min(taken), result


def peak_mb(work: Callable[..., object], *given: object) -> float:
    """Give the peak resident memory, in MB, of a fresh process that does the work once."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measured, args=(sender, work, given))
    process.start()
    sender.close()
    try:
        return float(receiver.recv())
    finally:
        process.join()


def _measured(sender, work, given) -> None:
    work(*given)
    # Not `ru_maxrss`: that of a started program counts what its parent held.
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    sender.send(int(told["VmHWM"].split()[0]) / 1024)
