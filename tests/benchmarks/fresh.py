"""The README's two commands in a fresh clone with an environment of its own: wall time, first and second run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def bench(root: Path) -> None:
    """Print the lines of this part."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "newsdetect"
        subprocess.run(["git", "clone", "--quiet", str(root), str(clone)], check=True)
        python = Path(sys.base_prefix) / "bin" / "python3.11"
        surroundings = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
        for command in ("demo", "demo", "test", "test"):
            start = time.monotonic()
            ran = subprocess.run(
                ["make", command, f"PYTHON={python}"],
                cwd=clone,
                env=surroundings,
                capture_output=True,
                text=True,
                check=False,
            )
            word = "ok" if ran.returncode == 0 else f"FAILED\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}"
            print(f"fresh   make {command}: {time.monotonic() - start:.0f} s wall, {word}", flush=True)
