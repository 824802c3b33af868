"""Examples to learn from: what is true of a figure in a passage, and of one in an article with a gold record."""

from __future__ import annotations

import numpy as np
import pytest

from newsdetect.claims.scene import FIELDS
from newsdetect.claims.scene_features import FIGURE_COLUMNS, PAIR_COLUMNS
from newsdetect.documents.article import read_record
from newsdetect.training.dataset import HEAD_ROLES, SIDES, STATUSES, UNKNOWN, Example, from_articles, from_passages
from newsdetect.training.passages import read_family

PASSAGE = """@ one 2025-08-25T21:04Z
# Longs lose [[$171 Million|liq, 24h, long, by=CoinGlass]]
Over [[$212.4 million|liq, 24h, at_least, by=CoinGlass]] was liquidated in the past 24 hours, CoinGlass shows, after
{{bitcoin slid under [[$101,000|price]]|price_drop trigger}}. Ether longs on Bybit lost
[[$40 million|liq, 24h, long, coin=ETH, venue=Bybit, by=CoinGlass]].
"""


@pytest.fixture
def example(tmp_path) -> Example:
    """Give the one scene of the passage."""
    (tmp_path / "wire.txt").write_text(PASSAGE.replace("after\n", "after ").replace("lost\n", "lost "))
    (found,) = from_passages(read_family(tmp_path / "wire.txt"))
    return found


def picked(example: Example, number: int, name: str) -> set[object]:
    """Give the values of the options that are right for a figure; NONE and FAR by their numbers."""
    right = example.targets[number].options[name]
    options = example.scene.options[name]
    return {o.start if o.line is None else str(o.value) for o, good in zip(options, right, strict=True) if good}


def test_every_figure_has_its_role(example):
    """Marked claims are claims, a price is none, in order of the text."""
    shown = [example.scene.text[view.start : view.end] for view in example.scene.views]
    assert shown == ["$000 Million", "$000.0 million", "$000,000", "$00 million"]
    assert [HEAD_ROLES[target.role] for target in example.targets] == ["liq", "liq", "none", "liq"]
    assert [STATUSES[target.status] for target in example.targets if target.role] == ["asserted"] * 3
    assert [SIDES[target.side] for target in example.targets if target.role] == ["long", "both", "long"]


def test_right_options_are_those_that_say_it(example):
    """The window's words, the coin's and the venue's mentions; NONE where nothing is said."""
    assert picked(example, 3, "asset") == {"ETH"}
    assert picked(example, 3, "venue") == {"Bybit"}
    assert picked(example, 1, "asset") == {-1}
    assert picked(example, 1, "side") == {-1}
    assert all("24" in value for value in picked(example, 3, "window"))


def test_tables_have_their_columns_and_no_hole(example):
    """One row a figure, one a pair, every number finite."""
    assert example.figures.shape == (4, len(FIGURE_COLUMNS))
    for name in FIELDS:
        assert example.pairs[name].shape == (4 * len(example.scene.options[name]), len(PAIR_COLUMNS))
        assert np.isfinite(example.pairs[name]).all()
    assert np.isfinite(example.figures).all()


def test_causes_stand_on_their_words(example):
    """A cause's place in the scene shows its words, digits of amounts hidden."""
    ((start, end, kind, role),) = example.causes
    assert example.scene.text[start:end] == "bitcoin slid under $000,000"
    assert (kind, role) == ("price_drop", "trigger")


def test_a_gold_record_marks_every_mention_of_its_values():
    """Each figure of a claim's value is one, a rounded one too; what claims disagree on is not learned from."""
    text = (
        "Liquidations hit $212.4 million in 24 hours. Some $212 million went, of $900 million in volume. "
        "$5 million, $5 million."
    )
    doc = read_record({"id": "a", "title": "", "text": text, "published": "2025-06-10T12:00:00Z"})
    claim = {"metric": "liquidations", "value": 212.4e6, "unit": "USD", "side": "both", "window": {"hours": 24}}
    five = {"metric": "liquidations", "value": 5e6, "unit": "USD", "status": "asserted"}
    gold = {"event": True, "claims": [claim, {**five, "side": "long"}, {**five, "side": "short"}], "causes": []}
    (found,) = from_articles([(doc, gold)], "real")
    assert [HEAD_ROLES[target.role] for target in found.targets] == ["liq", "liq", "none", "liq", "liq"]
    assert [target.side for target in found.targets][3:] == [UNKNOWN, UNKNOWN]
    assert found.targets[3].options["side"] is None
