"""What figures say of each other by their size: totals, parts, and the same once more."""

from __future__ import annotations

from newsdetect.claims.article import lay_out
from newsdetect.claims.scene_sums import SUM_COLUMNS, sum_columns
from newsdetect.claims.scenes import scenes
from tests.claims.builders import make_doc


def columns(text: str, title: str = "") -> dict[float, dict[str, float]]:
    """Give the columns of each figure of a text that is one scene, by its value; of two equal ones the last."""
    (scene,) = scenes(lay_out(make_doc(text, title=title)))
    return {
        view.figure.amount.value: dict(zip(SUM_COLUMNS, row, strict=True))
        for view, row in zip(scene.views, sum_columns(scene), strict=True)
    }


def test_two_sides_are_parts_of_their_total() -> None:
    seen = columns("Liquidations came to $352.1M: longs lost $300.1 million, shorts $52 million, ETH $120 million.")
    assert [value for value, row in seen.items() if row["sum.total"]] == [352.1e6]
    assert [value for value, row in seen.items() if row["sum.part"]] == [300.1e6, 52e6]
    assert [value for value, row in seen.items() if row["sum.largest.line"]] == [352.1e6]


def test_a_total_and_a_little_more_are_no_parts() -> None:
    seen = columns("Liquidations came to $343 million. A month ago it was $344 million, and $1 million in May.")
    assert not any(row["sum.total"] or row["sum.part"] for row in seen.values())


def test_figures_of_other_units_are_not_compared() -> None:
    seen = columns("Liquidated longs lost $300 million; 100 BTC and 200 BTC of 300 BTC went. 300,000,000 traders lost.")
    assert not seen[300e6]["sum.total"]
    assert seen[300.0]["sum.total"]


def test_the_headlines_figure_is_known_again() -> None:
    seen = columns("Liquidations came to $352.1M. Then $20 million went.", title="Liquidations hit $352M")
    assert (seen[352.1e6]["sum.titled"], seen[20e6]["sum.titled"]) == (1.0, 0.0)
    assert (seen[352e6]["sum.titled"], seen[352e6]["sum.again"]) == (0.0, 1.0)


def test_the_share_of_the_largest_falls_by_tens() -> None:
    seen = columns("Liquidations came to $500 million. Longs lost $50 million.")
    assert (seen[500e6]["sum.share"], seen[50e6]["sum.share"]) == (0.0, -0.25)
