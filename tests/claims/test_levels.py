"""Named price levels: read where a coin moved to a price in the event's own sentences, and nowhere else."""

from __future__ import annotations

import pytest

from newsdetect.claims.extract import extract
from newsdetect.claims.levels import find_levels
from newsdetect.documents.article import read_record

LED = "Some $212 million was liquidated over the past 24 hours"


def levels(text: str) -> dict[str, float]:
    """Read the levels of a text."""
    doc = read_record({"title": "", "text": text, "published": "2025-06-10T12:00:00Z"})
    return find_levels(doc, extract(doc))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{LED} as bitcoin fell below $101,000.", {"BTC": 101_000}),
        (f"{LED} after Bitcoin dropped 4% to $101,200 and ether slid to $2,410.", {"BTC": 101_200, "ETH": 2410}),
        (f"{LED} as BTC plunged under $104,000 and then fell as low as $101,500.", {"BTC": 101_500}),
        (f"{LED} when Ethereum surged past $2,900.", {"ETH": 2900}),
        (f"{LED}. Bitcoin trades at $103,000.", {}),
        (f"{LED} as bitcoin fell from $104,000.", {}),
        (f"{LED}. More would follow if bitcoin fell below $98,000.", {}),
        (f"{LED} as it fell below $101,000.", {}),
        ("Bitcoin fell below $101,000 on Monday, and nobody was hurt.", {}),
        ("Longs worth $1.2 billion would be liquidated if bitcoin fell below $98,000.", {}),
    ],
)
def test_levels_are_read_where_the_text_leaves_no_doubt(text: str, expected: dict[str, float]) -> None:
    """A coin, a verb of movement in the past, "to" or "below" and a price; no condition, no other time's."""
    assert levels(text) == expected
