"""The time told of the market's move: figures without a time of their own have it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newsdetect.types import Window
from tests.claims.builders import claims_of

WEEKEND = Window(start=datetime(2025, 7, 12, tzinfo=UTC), end=datetime(2025, 7, 14, tzinfo=UTC))
TUESDAY = Window(start=datetime(2025, 7, 15, tzinfo=UTC), end=datetime(2025, 7, 16, tzinfo=UTC))
LAST_FRIDAY = Window(start=datetime(2025, 7, 11, tzinfo=UTC), end=datetime(2025, 7, 12, tzinfo=UTC))


def window_of(text: str, title: str = "") -> Window | None:
    (claim,) = claims_of(text, title=title).values()
    return claim.window


@pytest.mark.parametrize(
    ("text", "window"),
    [
        pytest.param(
            "Bitcoin tumbled in a matter of hours. That crash liquidated $60 million. Few saw it. The crash came "
            "over a quiet weekend.",
            WEEKEND,
            id="a sentence that dates the move",
        ),
        pytest.param(
            "Bitcoin sank below $91,400 and $70 million was liquidated. Dealers blamed the banks. Others shrugged. On "
            "Tuesday the price first dropped below $91,400.",
            TUESDAY,
            id="the same price told with its day",
        ),
        pytest.param(
            "Traders gave two reasons for the jump on Tuesday. One is a bill. It taxes trades. Another is a poll. "
            "It was close. The sudden rise liquidated $50 million in shorts.",
            TUESDAY,
            id="a move taken up again",
        ),
        pytest.param(
            "What happened on Tuesday? Ether had a hard time. Some $30 million of longs was liquidated.",
            TUESDAY,
            id="a heading that asks",
        ),
        pytest.param(
            "Bitcoin fell 12% over the past week and ether dropped 4% in 24 hours. It forced $20 million in bitcoin "
            "liquidations.",
            Window(hours=168),
            id="of several times the one of the figure's coin",
        ),
        pytest.param(
            "On Friday, liquidations of $19 million hit in minutes.",
            LAST_FRIDAY,
            id="a day with its minutes",
        ),
        pytest.param(
            "Solana is up 7% in the last 24 hours. Across the crypto market $40 million was liquidated.",
            None,
            id="a small coin's own change",
        ),
        pytest.param(
            "The market sank this week. Charts looked poor. Also, liquidations rose by 90% to $12 million.",
            None,
            id="measured against the time before",
        ),
        pytest.param(
            "Prices fell, triggering $10 million in liquidations Acme stock sank 14% on Tuesday.",
            None,
            id="a company's day",
        ),
    ],
)
def test_a_figure_has_the_time_of_its_move(text: str, window: Window | None) -> None:
    """A time told of the very move is the figure's; one told of something else is not."""
    assert window_of(text) == window


def test_a_column_is_no_time() -> None:
    """What a column is called, or a headline told again, says nothing of when."""
    title = "Crypto Price Today: $40M in Longs Liquidated"
    assert window_of(f"The post {title} appeared first on Some Site Bitcoin held on.", title=title) is None
