"""The command line under a home of its own, and an article to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import CommandLine

ARTICLE = """Longs Lose $171 Million as Bitcoin Slides

Over $212.4 million was liquidated over the past 24 hours, data from CoinGlass shows, after bitcoin slid.
Longs accounted for $171 million of that. The largest single order, worth $8.2 million, was closed on Binance.
"""


@pytest.fixture
def newsdetect(monkeypatch, capsys, tmp_path) -> CommandLine:
    """Give the command line with its state under a folder of the test's."""
    monkeypatch.setenv("NEWSDETECT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def article(tmp_path) -> Path:
    """Give a file with a short report."""
    file = tmp_path / "article.txt"
    file.write_text(ARTICLE)
    return file
