"""`make bench`: every number beside a peer or the limit that it can be held against, taken in the same run.

Times are CPU seconds of this process, the best of three rounds, so that a busy machine disturbs them least.
"""

from __future__ import annotations

import argparse
import platform
from pathlib import Path

from tests.benchmarks import archive, claims, fresh, grammars, importing, market, pages, recorder, training

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Run the benchmarks that are asked for and print their lines."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--shared", type=Path, default=ROOT.parent / "shared", help="real articles, pages and market files"
    )
    parser.add_argument("--fresh", action="store_true", help="also time both README commands in a fresh clone")
    parser.add_argument(
        "--only",
        choices=("archive", "claims", "grammars", "pages", "market", "import", "recorder", "training", "fresh"),
    )
    parser.add_argument("--prints", type=int, default=50_000_000, help="how many the simulated archive holds")
    parser.add_argument("--imported", type=int, default=2_000_000, help="how many prints are imported from a CSV")
    asked = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    if asked.only in (None, "claims"):
        claims.bench(asked.shared)
    if asked.only in (None, "grammars"):
        grammars.bench()
    if asked.only in (None, "pages"):
        pages.bench(asked.shared)
    if asked.only in (None, "market"):
        market.bench(asked.shared)
    if asked.only in (None, "archive"):
        archive.bench(asked.prints)
    if asked.only in (None, "import"):
        importing.bench(asked.imported)
    if asked.only in (None, "recorder"):
        recorder.bench()
    if asked.only in (None, "training"):
        training.bench()
    if asked.fresh or asked.only == "fresh":
        fresh.bench(ROOT)


main()
