"""The step in a spaCy pipeline: found by its name, claims and causes as spans, any text survived."""

from __future__ import annotations

import pytest

spacy = pytest.importorskip("spacy", reason="spaCy is an extra")

TEXT = (
    "Some $212.4 million was liquidated over the past 24 hours after bitcoin fell below $101,000, CoinGlass shows. "
    "Longs made up $171 million of it."
)


@pytest.fixture(scope="module")
def nlp():
    """Give a blank pipeline with our step, which spaCy finds by its entry point."""
    made = spacy.blank("en")
    made.add_pipe("newsdetect", config={"published": "2025-06-10T12:00:00Z"})
    return made


def test_claims_are_spans_with_their_metric(nlp):
    """Each claim's characters are a span, and the extraction stands on the document."""
    doc = nlp(TEXT)
    assert [(span.text, span.label_) for span in doc.spans["claims"]] == [
        ("$212.4 million", "liquidations"),
        ("$171 million", "liquidations"),
    ]
    assert [claim.side for claim in doc._.newsdetect.claims] == ["both", "long"]


def test_causes_are_spans_with_their_type(nlp):
    """A cause's words are a span, its type the label."""
    doc = nlp(TEXT)  # spans live as long as their document
    causes = doc.spans["causes"]
    assert {span.label_: "bitcoin fell" in span.text for span in causes}["price_drop"]


@pytest.mark.parametrize("text", ["", " \n ", "No figure here.", "$", "\u202e$5 million liquidated 🐻"])
def test_any_text_passes(nlp, text):
    """A text without claims comes through as it is."""
    assert nlp(text).text == text
