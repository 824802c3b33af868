"""Worker processes end with the one that started them, however it ended."""

from __future__ import annotations

import signal
import subprocess
import sys

import psutil
import pytest

POOL = """
import multiprocessing, os, sys, time
from concurrent.futures import ProcessPoolExecutor
from newsdetect.workers import end_with_parent

if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer={initializer})
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""


@pytest.fixture
def killed(tmp_path):
    """Give what starts a pool of one idle worker with an initializer, kills its parent, and gives the worker."""
    workers: list[psutil.Process] = []

    def start(initializer: str) -> psutil.Process:
        script = tmp_path / "pool.py"
        script.write_text(POOL.format(initializer=initializer))
        with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as parent:
            workers.append(psutil.Process(int(parent.stdout.readline())))
            parent.send_signal(signal.SIGKILL)
        return workers[-1]

    yield start
    for worker in workers:
        if worker.is_running():
            worker.kill()


def test_a_worker_ends_with_its_parent(killed):
    """An idle worker whose parent was killed is gone at once."""
    worker = killed("end_with_parent")
    assert psutil.wait_procs([worker], timeout=20)[1] == []


def test_without_it_it_would_wait_for_ever(killed):
    """What this is for: the worker of a plain pool is still there."""
    worker = killed("None")
    with pytest.raises(psutil.TimeoutExpired):
        worker.wait(1.5)
