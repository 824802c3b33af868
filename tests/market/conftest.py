"""An empty archive for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsdetect.market.archive import MarketArchive


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[MarketArchive]:
    """Give an empty archive in a folder of its own."""
    with MarketArchive(tmp_path / "market") as made:
        yield made
