"""Mentions of one claim become one: the precise value stands, the most is kept of what each mention said."""

from __future__ import annotations

from dataclasses import replace

from newsdetect.claims.article import lay_out
from newsdetect.claims.extract import extract
from newsdetect.claims.merging import merge
from newsdetect.claims.reading import read_by_rules
from newsdetect.types import Window
from tests.claims.builders import claims_of, make_doc


def test_the_body_gives_the_precise_figure() -> None:
    """A headline's rounded figure and the body's precise one are one claim, the precise one."""
    found = claims_of(
        "Liquidations came to $311.53 million, according to CoinGlass.", title="$311M liquidated in 24 hours"
    )
    assert list(found) == ["$311.53 million"]
    assert found["$311.53 million"].window == Window(hours=24)
    assert found["$311.53 million"].attributed_to == "CoinGlass"


def test_a_lower_bound_joins_the_figure_it_bounds() -> None:
    """A headline's `over $40M` is the body's 44.3 million."""
    found = claims_of("Liquidations of the coin reached $44.32 million.", title="Over $40M in liquidations")
    assert list(found) == ["$44.32 million"]


def test_figures_that_differ_by_more_than_rounding_stay_two() -> None:
    """Nothing is merged that two careful writers would not call one figure."""
    found = claims_of("Liquidations came to $520 million.", title="$311M liquidated")
    assert set(found) == {"$311M", "$520 million"}


def test_the_headline_means_the_figure_of_its_side() -> None:
    """A headline of longs rounds the longs' figure, not a total that lies as near."""
    found = claims_of(
        "More than $630 million in positions were liquidated. Longs accounted for $583 million of it.",
        title="$600M in longs liquidated",
    )
    assert (found["$583 million"].side, found["$630 million"].side) == ("long", "both")


def test_a_side_lent_by_the_headline_falls_before_the_sides_own_sum() -> None:
    """Longs cannot be the total where the body tells their smaller sum."""
    found = claims_of(
        "Liquidations came to $462 million. Longs accounted for $418 million of it.",
        title="$462M in longs squeezed out",
    )
    assert {text: claim.side for text, claim in found.items()}["$418 million"] == "long"
    assert next(claim for claim in found.values() if claim.value == 462e6).side == "both"


def test_readings_of_other_times_stay_apart() -> None:
    """Two windows are two claims, though the value is one."""
    doc = make_doc("Some $80 million was liquidated in an hour. Over 24 hours as well, $80 million was liquidated.")
    windows = {claim.window.hours for claim in extract(doc).claims if claim.window}
    assert windows == {1.0, 24.0}


def test_a_time_beside_one_mention_counts_before_what_was_carried_to_the_others() -> None:
    """However many mentions there are, and in whatever order they join."""
    doc = make_doc(
        "Liquidations of $343 million came in a single hour. Few saw liquidations of $343 million coming.",
        title="Crypto liquidations reach $343 million",
    )
    read = read_by_rules(lay_out(doc))
    assert len(read) == 3
    carried = [
        reading if "window.own" in reading.rules else replace(reading, window=Window(hours=24), rules=("window.story",))
        for reading in read
    ]
    assert sum(reading.window == Window(hours=1) for reading in carried) == 1
    (claim,) = merge(doc, tuple(carried))
    assert claim.window == Window(hours=1)


def test_a_headline_repeated_under_the_text_is_no_mention() -> None:
    """`The post … appeared first on …` says nothing again."""
    title = "$1B in longs liquidated"
    found = claims_of(
        f"Liquidations came to $1.03 billion.\nThe post {title} appeared first on Harbour Ledger", title=title
    )
    assert list(found) == ["$1.03 billion"]


def test_claims_stand_in_the_order_of_the_text() -> None:
    """Claims come in the order of their evidence, each id once."""
    claims = extract(
        make_doc("Longs lost $5 million to liquidations, shorts $3 million.", title="$8 million liquidated")
    ).claims
    starts = [claim.evidence.start for claim in claims]
    assert starts == sorted(starts)
    assert len({claim.id for claim in claims}) == len(claims) == 3


def test_the_event_needs_a_figure_that_happened() -> None:
    """A count alone, a threat or history are no event; a sum told as recent is one."""
    assert not extract(make_doc("In the past day 90,000 traders were liquidated.")).event
    assert not extract(make_doc("If the price falls, $90 million would be liquidated.")).event
    assert not extract(make_doc("On October 10, 2024, $90 million was liquidated.")).event
    assert extract(make_doc("In the past day $90 million was liquidated.")).event


def test_trillions_are_rough_by_their_own_digits() -> None:
    """Above a trillion a bound of two digits is as rough as below, however a computer writes the number."""
    found = claims_of("Liquidations came to KRW 1.29 trillion.", title="Over KRW 1.2 trillion in liquidations")
    assert len(found) == 1
