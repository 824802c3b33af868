"""Laws of extraction: whatever the text, offsets are exact, results repeat, and work grows with the length alone."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.claims.amounts import find_amounts
from newsdetect.claims.article import lay_out
from newsdetect.claims.extract import extract
from newsdetect.claims.sentences import split
from newsdetect.documents.document import Document
from tests.claims.builders import make_doc

#: Words that rules look at, beside what no rule expects: NUL, odd spaces, right-to-left marks, emoji, other scripts.
WORDS = [
    "$343 million", "$1\u202f250\u202f000", "240 BTC", "132,800 traders", "liquidated",
    "liquidations", "longs", "shorts", "Bitcoin", "ETH", "Binance", "on", "in the past 24 hours",
    "on Monday", "since May 19, when", "would", "if", "could", "according to CoinGlass", "Source:",
    "the largest single order", "of which", "respectively", "while", "and", ",", ".", "\n", "(",
    ")", "—", "“", "”", "\x00", "\u202e", "\u200f", "\u2066", "🚀", "🇺🇸", "שורט", "清算", "청산", "İ",
    "ẞ", "\ufeff", "lawsuit", "worth", "worth about", "$", "€", "~", "%", "40x", "1e9", "٣٤٣",
]  # fmt: skip
texts = st.one_of(st.text(max_size=400), st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))


@given(title=texts, text=texts)
def test_evidence_is_the_text_at_its_offsets(title: str, text: str) -> None:
    """For any text at all, a claim's and a cause's characters are those of the content, and intervals are in order."""
    doc = make_doc(text, title=title)
    found = extract(doc)
    for claim in found.claims:
        assert doc.content[claim.evidence.start : claim.evidence.end] == claim.evidence.text
        assert claim.value > 0
        assert claim.low is None or claim.high is None or claim.low <= claim.high
    for cause in found.causes:
        assert doc.content[cause.start : cause.end] == cause.text


@given(title=texts, text=texts)
def test_the_same_document_gives_the_same_extraction(title: str, text: str) -> None:
    """Reading twice changes nothing, and ids stay."""
    assert extract(make_doc(text, title=title)) == extract(make_doc(text, title=title))


@given(text=texts)
def test_an_id_belongs_to_its_document(text: str) -> None:
    """The same words in another document are another claim."""
    here = {claim.id for claim in extract(Document(id="a", title="", text=text)).claims}
    there = {claim.id for claim in extract(Document(id="b", title="", text=text)).claims}
    assert here.isdisjoint(there)


@given(text=texts)
def test_sentences_are_in_order_and_apart(text: str) -> None:
    """Sentences never overlap, never run backwards, and hold the content's own characters."""
    content = f"\n{text}"
    end = 0
    for sentence in split(content):
        assert end <= sentence.start < sentence.end
        assert content[sentence.start : sentence.end] == sentence.text
        end = sentence.end


@given(text=texts)
def test_amounts_are_apart_and_their_territories_hold_them(text: str) -> None:
    """No character belongs to two figures, and every figure stands inside its own territory."""
    end = 0
    for amount in find_amounts(text):
        assert end <= amount.start < amount.end
        end = amount.end
    for line in lay_out(make_doc(text)).lines:
        for figure in line.figures:
            assert 0 <= figure.low <= figure.start < figure.end <= figure.high <= len(line.text)


def _long(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


UNITS = {
    "dollars": "$",
    "digits": "7",
    "grouped digits": "1,000,",
    "one endless word": "liquidat",
    "figures": "$343 million liquidated, ",
    "sentences": "Bitcoin longs worth $343 million were liquidated on Binance in the past 24 hours. ",
    "open brackets": "(",
    "quotes": "“$5 million”, said ",
    "mixed hedges": "over more than about nearly ",
    "weekdays": "since Monday when ",
    "coins": "BTC ETH SOL and ",
}
#: More figures than any page has: forty thousand in a megabyte. Their law is that of the work.
DENSE = {"figures", "quotes"}


def _steps(text: str) -> int:
    """Count the Python lines that an extraction runs through."""
    doc, steps = make_doc(text, title="Liquidations"), 0

    def count(*_: object) -> object:
        nonlocal steps
        steps += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        extract(doc)
    finally:
        sys.settrace(before)
    return steps


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_work_grows_with_the_length(unit: str) -> None:
    """Four times the text is about four times the work, however the text repeats itself."""
    short, long = (_steps(_long(unit, length)) for length in (8_000, 32_000))
    assert long <= 4.6 * short + 2_000


@pytest.mark.parametrize("unit", [unit for name, unit in UNITS.items() if name not in DENSE])
def test_a_megabyte_is_read(unit: str) -> None:
    """A page of a megabyte comes to an end, with its offsets right to the last claim."""
    doc = make_doc(_long(unit, 1_000_000), title="Liquidations of $5 million")
    for claim in extract(doc).claims[-3:]:
        assert doc.content[claim.evidence.start : claim.evidence.end] == claim.evidence.text
