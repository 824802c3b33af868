"""Worker processes end with the one that started them, however it ended."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

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


def test_an_evaluation_that_is_killed_leaves_nobody_behind(tmp_path):
    """Its workers end while they are at work, too."""
    command = [sys.executable, "-m", "newsdetect", "evaluate", "checks", "--claims", "6000"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as parent:
        workers = at_work(psutil.Process(parent.pid))
        parent.send_signal(signal.SIGKILL)
    left = psutil.wait_procs(workers, timeout=20)[1]
    for worker in left:
        worker.kill()
    assert left == []


def at_work(parent: psutil.Process) -> list[psutil.Process]:
    """Wait until a process has workers that have computed for a while, and give them."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        busy = [child for child in parent.children() if child.cpu_times().user > 4]
        if busy:
            return busy
        time.sleep(0.2)
    raise AssertionError("no worker was at work within a minute")
