"""Figures that go on with a story's liquidations without the word, and those that look like it and do not."""

from __future__ import annotations

import pytest

from tests.claims.builders import claims_of

OPENER = "Some $900 million was liquidated over the past 24 hours. "


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("By noon the total had risen to $930 million.", "$930 million"),
        ("It stood at $740 million an hour before.", "$740 million"),
        ("The bulk of it, $610 million, was long.", "$610 million"),
        ("Four hours: $88 million.", "$88 million"),
        ("08:00: $120 million.", "$120 million"),
        ("Of the shorts, $41 million were in ether.", "$41 million"),
        ("$52 million in SOL came on top.", "$52 million"),
        ("Saturday had $310 million.", "$310 million"),
        ("Ether had the largest share, $219 million.", "$219 million"),
    ],
)
def test_a_story_goes_on_without_the_word(text: str, figure: str) -> None:
    """Sums, later readings, parts, rows and other days carry a liquidation figure on."""
    assert figure in claims_of(OPENER + text)


@pytest.mark.parametrize(
    "text",
    [
        "A trader opened a $40 million short on bitcoin.",
        "Spot funds took in $300 million on Thursday.",
        "That is $200 million more than shorts lost.",
        "Kraken seeks $500 million from investors.",
    ],
)
def test_other_money_does_not_go_on(text: str) -> None:
    """A position held, a fund's inflow, a difference and a raise are no parts of the list."""
    assert len(claims_of(OPENER + text)) == 1


def test_a_heading_opens_a_list() -> None:
    """Rows under a heading of liquidations need no figure before them."""
    found = claims_of(
        "Liquidations by venue, past 12 hours\nBybit: $131 million\nBinance: $89 million\nTotal: $311 million"
    )
    assert set(found) == {"$131 million", "$89 million", "$311 million"}


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Bulls lost $200 million in an hour.", "$200 million"),
        ("The rally cost shorts some $75 million.", "$75 million"),
    ],
)
def test_a_sides_loss_is_a_liquidation(text: str, figure: str) -> None:
    """What longs or shorts lost was closed by force, though no word says so."""
    assert figure in claims_of(text)


def test_an_order_said_to_be_the_largest_behind_its_size() -> None:
    """The largest order may be called so behind its figure."""
    found = claims_of(OPENER + "An $88 million bitcoin short on HTX was the largest.")
    assert found["$88 million"].metric == "largest_liquidation"


def test_a_count_in_a_row() -> None:
    """A row of a list of liquidations may count traders by its label alone."""
    found = claims_of(OPENER + "\n- Traders hit: 470,000")
    assert found["470,000"].metric == "traders_liquidated"
