"""Processes that share one job: each ends with the process that started it, however that one ended."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.connection import wait
from threading import Thread


def end_with_parent() -> None:
    """Let this process end as soon as the one that started it is gone; for an executor's `initializer`.

    A pool's idle workers wait for their next task and would never learn that nobody is left to give it, where the
    asking process was killed and could not tell them.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    # Not `sys.exit`: that would end this thread alone.
    os._exit(1)
