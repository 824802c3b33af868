"""Real claims of the press and of public articles against real market files: nothing true is contradicted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsdetect.market.archive import MarketArchive
from tests.acceptance.press_figures import archive_of
from tests.acceptance.real_claims import dev_articles, press_articles, table

_SHARED = Path(os.environ.get("NEWSDETECT_SHARED", "../shared"))


@pytest.fixture(scope="module")
def market() -> Iterator[MarketArchive]:
    """Give an archive of the real market files."""
    folder = _SHARED / "data" / "market"
    if not folder.is_dir() or not (_SHARED / "eval" / "dev").is_dir():
        pytest.skip(f"{_SHARED} holds no data/market and eval/dev: set NEWSDETECT_SHARED to the folder that does")
    with archive_of(folder) as archive:
        yield archive


def test_no_true_claim_is_contradicted(market: MarketArchive) -> None:
    """Press figures and articles' claims as told: some do not add up in themselves, none is refuted by the market."""
    found = table([*press_articles(), *dev_articles(_SHARED / "eval" / "dev")], market, wrong=False)
    assert [check.explanation for *_, check in found.contradicted] == []
    assert len(found.rows) >= 150
    assert len(found.inconsistent) <= 9


def test_press_figures_made_wrong_are_caught_where_anything_can(market: MarketArchive) -> None:
    """A tenth of a figure is mostly caught, from below or by its article's other figures; ten times by the latter."""
    found = table(press_articles(), market)
    caught = {name: verdicts["contradicted"] + verdicts["inconsistent"] for name, verdicts in found.wrong.items()}
    assert caught["÷ 10"] >= 0.5 * found.wrong["÷ 10"].total()
    assert found.reasons["÷ 10"]["lower bound of a sum"] >= 6
    assert caught["× 10"] >= 10
