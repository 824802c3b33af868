"""The recombining grammar: other names and forms in the words and in the labels alike, and every offset exact."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from newsdetect.documents.article import read_text
from newsdetect.training.passages import read_family
from newsdetect.training.recombining import recombined, recombined_article

FAMILY = """@ wire 2025-08-25T21:04Z
# Solana Longs Lose [[$12 Million|liq, 2025-08-25/2025-08-26, long, coin=SOL, venue=Bybit]]
On Bybit, [[$12.4 million|liq, 2025-08-25/2025-08-26, long, coin=SOL, venue=Bybit, by=CoinGlass]] of Solana longs went \
on Monday, CoinGlass says, after {{SOL slid to [[$190|price]]|price_drop trigger}}.
@ own 2025-08-25T21:04Z
The largest cryptocurrency cost Binance traders [[$80 million|liq, coin=BTC, venue=Binance]]; Bitcoin fell.
@ dated 2025-08-25T21:04Z
On Aug. 20, [[$5 million|liq, 2025-08-20/2025-08-21]] was liquidated.
@ spelled 2025-08-25T21:04Z
OKEx closed [[$5 million|liq, venue=OKX]] and Bybit [[$6 million|liq, venue=Bybit]].
""".replace("\\\n", "")


@pytest.fixture(scope="module")
def passages(tmp_path_factory):
    """Read three passages: one that may change, one that its words tie to its coin, one that names a date."""
    file: Path = tmp_path_factory.mktemp("corpus") / "wire.txt"
    file.write_text(FAMILY)
    return read_family(file)


def versions(passage, count: int = 40):
    """Recombine one passage many times."""
    generator = np.random.default_rng(7)
    return [recombined(passage, generator) for _ in range(count)]


def test_labels_stand_on_their_words(passages):
    """Every mark's span holds its own words, whatever was renamed before it; the first and the last stay in place."""
    for passage in passages:
        for told in versions(passage):
            for span in [each.span for each in (*told.labels, *told.causes)]:
                assert told.doc.content[span.start : span.end] == span.text
            assert [re.sub(r"[^\d.]", "", each.span.text) for each in told.labels] == [
                re.sub(r"[^\d.]", "", each.span.text) for each in passage.labels
            ]


def test_most_are_told_in_one_block(tmp_path):
    """Line breaks go, the headline's alone stays, and every mark stands where it stood."""
    file = tmp_path / "block.txt"
    file.write_text("@ block\n# Longs pay\nLongs\nSome [[$10 apiece|price]]\n[[$7\nmillion|liq, long]] was closed.\n")
    told = versions(read_family(file)[0])
    blocks = [each for each in told if "\n" not in each.doc.text]
    assert len(told) / 2 < len(blocks) < len(told)
    for each in blocks:
        span = each.labels[1].span
        assert each.doc.content.startswith("Longs pay\nLongs Some $10 apiece $7")
        assert each.doc.content[span.start : span.end] == span.text


def test_names_change_in_words_and_labels_alike(passages):
    """A label's coin, venue and source are those that the new words name."""
    seen = set()
    for told in versions(passages[0]):
        label = told.labels[1]
        assert label.venue in told.doc.text
        assert label.attributed_to in told.doc.text
        seen.add((label.asset, label.venue, label.attributed_to))
    assert len(seen) > 10


def test_weekdays_move_with_their_weeks(passages):
    """A passage without dates moves by whole weeks, its windows with it: Monday stays Monday."""
    for told in versions(passages[0]):
        label = told.labels[1]
        assert label.window.start.weekday() == 0
        assert told.doc.published.at.date() == label.window.start.date()


def test_what_is_tied_to_one_coin_or_date_keeps_it(passages):
    """`The largest cryptocurrency` stays bitcoin, and a passage that names a day keeps its time."""
    assert {told.labels[0].asset for told in versions(passages[1])} == {"BTC"}
    assert {told.doc.published.at for told in versions(passages[2])} == {passages[2].doc.published.at}


def test_a_unit_that_runs_into_the_next_word_stays():
    """`$460.1MShorts` is read as millions in that form alone."""
    doc = read_text("Liquidated: $460.1MShorts, of them $12 million on Bybit.", title="", published=None)
    labels = {"id": doc.id, "event": True, "claims": [], "causes": []}
    generator = np.random.default_rng(7)
    told = {recombined_article(doc, labels, generator)[0].content for _ in range(20)}
    assert len(told) > 3
    assert all("$460.1MShorts" in each for each in told)


def test_one_seed_gives_one_corpus(passages):
    """The same seed recombines alike."""
    assert versions(passages[0]) == versions(passages[0])


def test_a_name_in_a_spelling_of_its_own_stays(passages):
    """`OKEx` is OKX in its label whatever happens to Bybit, and Bybit never takes its name."""
    told = [tuple(label.venue for label in each.labels) for each in versions(passages[3])]
    assert {first for first, _ in told} == {"OKX"}
    assert "OKX" not in {second for _, second in told}
    assert len({second for _, second in told}) > 3


def test_an_article_keeps_its_labels_on_their_words():
    """An article's stand-off labels move with its words, take the new names, and keep values and windows."""
    text = "Bybit saw $12.4 million of Solana longs go on Aug. 25, CoinGlass says, and 9,000 SOL on OKX, as SOL slid."
    doc = read_text(text, title="Solana longs lose $12 million", published="2025-08-25T21:04Z")
    window = {"start": "2025-08-25", "end": "2025-08-26"}
    said = {"window": window, "side": "long", "asset": "SOL", "status": "asserted", "attributed_to": "CoinGlass"}

    def place(words: str) -> dict[str, int]:
        start = doc.content.index(words)
        return {"start": start, "end": start + len(words)}

    labels = {
        "id": doc.id,
        "event": True,
        "claims": [
            {
                "metric": "liquidations",
                "value": 12.4e6,
                "unit": "USD",
                "venue": "Bybit",
                **said,
                **place("$12.4 million"),
            },
            {"metric": "liquidations", "value": 9e3, "unit": "SOL", "venue": "OKX", **said, **place("9,000 SOL")},
        ],
        "causes": [{"type": "price_drop", "role": "trigger", **place("SOL slid")}],
    }
    generator, names = np.random.default_rng(7), set()
    for _ in range(40):
        told, moved = recombined_article(doc, labels, generator)
        dollars, coins = moved["claims"]
        assert told.published == doc.published
        assert told.content[dollars["start"] : dollars["end"]].startswith("$12.4")
        assert told.content[coins["start"] : coins["end"]] == f"9,000 {coins['unit']}"
        assert coins["asset"] == dollars["asset"] == coins["unit"]
        assert dollars["venue"] in told.text
        assert dollars["window"] == window
        (cause,) = moved["causes"]
        assert told.content[cause["start"] : cause["end"]].endswith("slid")
        names.add((dollars["asset"], dollars["venue"], dollars["attributed_to"]))
    assert len(names) > 10
