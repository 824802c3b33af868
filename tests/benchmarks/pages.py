"""Page to body: our extraction beside trafilatura alone, on real pages with known bodies, by their own scorer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PAIR = {
    "newsdetect": "newsdetect.documents.article:article_body",
    "trafilatura": "tests.benchmarks.pages_baseline:article_body",
}


def bench(shared: Path) -> None:
    """Print the lines of this part."""
    scorer = shared / "eval" / "pages" / "score.py"
    if not scorer.is_file():
        print(f"pages   {scorer} is not here: nothing to measure page extraction on")
        return
    for name, function in _PAIR.items():
        ran = subprocess.run(
            [sys.executable, str(scorer), function], cwd=ROOT, capture_output=True, text=True, check=True
        )
        print(f"pages   {name:12} {ran.stdout.strip()}")
