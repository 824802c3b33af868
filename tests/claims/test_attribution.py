"""Whose figure it is, where its own sentence does not say."""

from __future__ import annotations

import pytest

from tests.claims.builders import claims_of


@pytest.mark.parametrize(
    ("text", "evidence", "source"),
    [
        ("Longs worth $40 million were liquidated. That is CoinGlass's count.", "$40 million", "CoinGlass"),
        (
            "Some $90 million was liquidated. Most of the liquidations were shorts, going by Coinglass.",
            "$90 million",
            "CoinGlass",
        ),
        (
            "Analyst Jane Example expects more. Example noted that $70 million was liquidated.",
            "$70 million",
            "Jane Example",
        ),
        (
            "Jane Example noted that ether led. Over $70 million of longs were liquidated. Example added that it hurt.",
            "$70 million",
            "Jane Example",
        ),
        (
            "Shorts just got wiped out, $60 million liquidated in an hour. — Jane Example (@jane_ex) May 19, 2025",
            "$60 million",
            "Jane Example",
        ),
        (
            "According to a CryptoQuant post by analyst Jane Example, $50 million of longs were liquidated.",
            "$50 million",
            "Jane Example",
        ),
        (
            "A report by Glassnode and Orchard counts $80 million in liquidations.",
            "$80 million",
            "Glassnode and Orchard",
        ),
        ("코인글래스에 따르면 $80 million liquidated.", "$80 million", "CoinGlass"),
    ],
)
def test_the_source_may_stand_around_the_figure(text: str, evidence: str, source: str) -> None:
    """A closing sentence, a speaker heard again, a post's author and an expert's name count as sources."""
    assert claims_of(text)[evidence].attributed_to == source


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        (
            "Open interest in bitcoin futures. Source: CoinGlass. The rally liquidated $30 million of shorts.",
            "$30 million",
        ),
        ("When asked about a liquidation of $74 million, Jane Example explained that it was small.", "$74 million"),
        ("Related Reading: $100 million liquidated. According to Santiment whales bought.", "$100 million"),
        ("$30 million was liquidated. — Example News (@example) May 19, 2025", "$30 million"),
    ],
)
def test_another_thing_s_source_is_none(text: str, evidence: str) -> None:
    """A chart of something else, the asker's own figure, a teaser and an outlet's post name no source."""
    assert claims_of(text)[evidence].attributed_to is None


@pytest.mark.parametrize("party", ["Orchard", "Alder Lending", "Inverness"])
def test_a_party_that_sues_is_the_source_of_what_it_alleges(party: str) -> None:
    """In a court's story the plaintiff says what was liquidated, by its whole name."""
    found = claims_of(
        f"{party}’s lawsuit against Tether may proceed. Tether improperly liquidated 39,500 BTC, it alleges."
    )
    assert found["39,500 BTC"].attributed_to == party


def test_the_body_says_whose_the_headlines_figure_is() -> None:
    """A counter named for another figure is not the source of a total that the body tells as its own."""
    title = "$600 Million Liquidated as Bitcoin Falls"
    text = (
        "Traders had $600 million liquidated.\nAccording to Coinglass, longs worth $80 million were liquidated on OKX."
    )
    assert claims_of(text, title=title)["$600 Million"].attributed_to is None


def test_a_named_source_of_a_total_holds_for_the_sentence_that_splits_it() -> None:
    """What a wire reports as a total and then splits up is all from the wire."""
    found = claims_of("Examplar Wire reports $343 million of liquidations in a day. Longs made up $200 million of it.")
    assert {claim.attributed_to for claim in found.values()} == {"Examplar Wire"}


def test_an_unnamed_he_goes_on_for_the_speaker_before() -> None:
    """The next sentence's "he claims" says whose figure stood between."""
    found = claims_of(
        "Analyst Jan Beispiel noted that the exchange had bought. Shorts of $31 million were liquidated in that hour. "
        "He claims that it was on purpose."
    )
    assert found["$31 million"].attributed_to == "Jan Beispiel"


def test_the_levels_map_of_a_counter_is_no_source_of_totals() -> None:
    """A heatmap's caption names who drew the levels, not who counted what was liquidated."""
    text = "Ether saw $152 million in liquidations in 24 hours. It is crowded. ETH 24-hour heatmap. Source: CoinGlass."
    assert claims_of(text)["$152 million"].attributed_to is None


def test_a_count_of_today_does_not_cover_earlier_events() -> None:
    """Two sentences behind a count of today, another event's sum has no source of its own."""
    text = (
        "Some $343 million was liquidated in 24 hours, according to CoinGlass. Traders were calm. "
        "In March 2020, $1.2 billion was liquidated in a day."
    )
    assert claims_of(text)["$1.2 billion"].attributed_to is None


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "Trader Jane Example bought more. By her reckoning, $70 million of longs would be liquidated.",
            "Jane Example",
        ),
        ("Analyst Jane Example blames a fund. According to her, $70 million was liquidated.", "Jane Example"),
        (
            "According to a weekly review by Orchard Research, trade was calm. Some $70 million was liquidated.",
            "Orchard Research",
        ),
        ("Orchard's researchers conclude that $70 million of longs was liquidated.", "Orchard"),
        ("By Orchard's count, $70 million of longs was liquidated.", "Orchard"),
        ("If the newsletter Orchard is right, a fall, it says, might liquidate $70 million of longs.", "Orchard"),
        ("A trader who posts under the name of Orchard says that $70 million was liquidated.", "Orchard"),
    ],
)
def test_persons_and_houses_are_sources(text: str, source: str) -> None:
    assert claims_of(text)["$70 million"].attributed_to == source


@pytest.mark.parametrize(
    "text",
    [
        "Shorts worth $70 million were liquidated.“It was loud,” analyst Jane Example said.",
        "Shorts worth $70 million were liquidated, he said.“It was loud,” analyst Jane Example said.",
        "Liquidated: $70 million JUST IN: Jane Example says that the coin will double.",
        "Ether sees $70 million of longs liquidated.",
        "A bad day, $70 million liquidated. — Coin Gazette (@coingazette) May 19, 2025",
    ],
)
def test_what_another_part_says_is_none(text: str) -> None:
    assert claims_of(text)["$70 million"].attributed_to is None


def test_a_counter_s_part_of_a_total_covers_the_total() -> None:
    text = "Some $70 million was liquidated. CoinGlass puts the bearish share at $50 million."
    assert claims_of(text)["$70 million"].attributed_to == "CoinGlass"


LONG_LIST = (
    "Over $650 million was liquidated in 24 hours, data from CoinGlass shows. Ether longs lost $182 million."
    + " Traders were nervous." * 10
    + " Solana saw $37 million in liquidations."
)


def test_an_article_s_only_counter_covers_a_long_list_of_parts() -> None:
    assert claims_of(LONG_LIST)["$37 million"].attributed_to == "CoinGlass"


@pytest.mark.parametrize(
    "text",
    [
        LONG_LIST.replace("Ether longs lost $182 million.", "Ether fell."),
        LONG_LIST + " Coinalyze counts fewer.",
        LONG_LIST.replace("Solana saw", "In March 2020, Solana saw"),
    ],
)
def test_it_covers_no_other_event_and_no_list_that_it_did_not_open(text: str) -> None:
    assert claims_of(text)["$37 million"].attributed_to is None
