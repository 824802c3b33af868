"""Causes: why the liquidations of an article's own event happened, as the article says."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.bundled import fixtures
from newsdetect.claims.causes import find_causes
from newsdetect.claims.causes_clauses import standing
from newsdetect.claims.claim import Cause, Claim
from newsdetect.claims.sentences import split
from newsdetect.documents.document import Document
from newsdetect.types import Side, Span, Status

EXAMPLES = tomllib.loads((fixtures() / "corpus" / "causes_examples.toml").read_text(encoding="utf-8"))

WORDS = [
    "bitcoin", "Ether's", "price", "fell", "surged", "by", "to", "$61,200", "12%", "liquidations", "$40 million", "as",
    "after", "amid", "due", "triggered", "tariffs", "the", "a", "sharp", "selloff", "drop", "in", "and", ",", ".", "(",
    ")", "whale", "Fed", "cascade", "over-leveraged", "traders", "sent", "\n", "U.S.", "—", "’", "\u202f", "\x00",
    "because of", "rattled", "rather than", "chain reaction", "of", "ETF outflows", "short squeeze", "war",
]  # fmt: skip


def make_doc(text: str, *, title: str = "") -> Document:
    return Document(id="d", title=title, text=text)


def make_claim(doc: Document, figure: str, *, side: Side = "both", status: Status = "asserted") -> Claim:
    start = doc.content.index(figure)
    evidence = Span(start=start, end=start + len(figure), text=figure)
    return Claim(
        id=figure, metric="liquidations", value=1e8, low=1e8, high=1e8, side=side, status=status, evidence=evidence
    )


def causes_of(text: str, figure: str, *, title: str = "", side: Side = "both") -> tuple[Cause, ...]:
    doc = make_doc(text, title=title)
    return find_causes(doc, sentences_of(doc), [make_claim(doc, figure, side=side)])


def sentences_of(doc: Document) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in split(doc.content)]


@pytest.mark.parametrize("example", EXAMPLES["positive"], ids=lambda one: f"{one['type']}: {one['span']}")
def test_a_told_cause_is_found_with_its_type_role_and_span(example: dict[str, str]) -> None:
    """Each way of saying in the corpus gives its cause, with the words that state it."""
    found = causes_of(example["text"], example["figure"], side=example.get("side", "both"))  # type: ignore[arg-type]
    assert (example["type"], example["role"], example["span"]) in [(c.type, c.role, c.text) for c in found]


@pytest.mark.parametrize("example", EXAMPLES["negative"], ids=lambda one: one["reason"])
def test_what_is_no_cause_is_left_alone(example: dict[str, str]) -> None:
    """Effects, background and bare figures give no causes of the types that they look like."""
    found = causes_of(example["text"], example["figure"])
    assert [c for c in found if c.type in example.get("types", [c.type])] == []


def test_the_seeds_wording_gives_mechanism_cascade_and_leverage_and_no_trigger() -> None:
    """A report that only infers a sudden move names no trigger; the loop and the leverage of its traders amplify."""
    found = causes_of(
        "Within an hour $343 million was liquidated.\n"
        "The liquidation of $343 million suggests a sudden and sharp price movement that hurt many leveraged traders. "
        "It also fed a feedback loop, in which forced selling set off more liquidations.",
        "$343 million",
    )
    assert {(c.type, c.role) for c in found} == {
        ("price_drop", "mechanism"),
        ("cascade", "amplifier"),
        ("leverage", "amplifier"),
    }
    assert found[0].text == "a sudden and sharp price movement"


@pytest.mark.parametrize("status", ["historical", "hypothetical"])
def test_without_a_figure_of_its_own_event_an_article_gives_no_causes(status: Status) -> None:
    """Causes are those of the article's own event: history and warnings have none."""
    doc = make_doc("Over $310 million in longs was liquidated as bitcoin slid below $61,200.")
    claim = make_claim(doc, "$310 million", status=status)
    assert find_causes(doc, sentences_of(doc), [claim]) == ()
    assert find_causes(doc, sentences_of(doc), []) == ()


def test_the_liquidated_side_gives_a_move_without_direction_its_own() -> None:
    """Shorts are liquidated by a rise, longs by a fall."""
    text = "The closing of $120 million was the work of a sudden price movement: $120 million was liquidated amid it."
    assert {c.type for c in causes_of(text, "$120 million", side="short")} == {"price_rally"}
    assert {c.type for c in causes_of(text, "$120 million", side="long")} == {"price_drop"}


def test_a_cause_is_given_once_at_the_mention_that_is_tied_best() -> None:
    """The same cause told again is one cause."""
    found = causes_of(
        "Bitcoin fell. Longs lost $40 million in liquidations as bitcoin fell to $61,200. The drop worried traders.",
        "$40 million",
        side="long",
    )
    assert [c.text for c in found if c.type == "price_drop"] == ["bitcoin fell to $61,200"]


def test_a_headline_is_read_like_the_text() -> None:
    """Offsets count in title, newline, text: a cause may stand in the headline."""
    found = causes_of("Nothing more is known.", "$40M", title="$40M in Longs Liquidated as Bitcoin Falls to $61,200")
    assert [(c.type, c.text) for c in found] == [("price_drop", "Bitcoin Falls to $61,200")]


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("payrolls missed by miles.", "macro", "payrolls missed by miles"),
    ],
)
def test_a_clause_that_no_connective_ties_may_name_a_cause(text: str, kind: str, piece: str) -> None:
    """A clause of its own is a candidate, cut before the words of an effect."""
    assert (kind, piece) in [(c.type, text[c.start : c.end]) for c in standing(text, 0, len(text))]


def check_laws(doc: Document, causes: tuple[Cause, ...]) -> None:
    """Assert what holds of all causes: exact offsets, trimmed words, no two of one type, the order of the text."""
    for cause in causes:
        assert doc.content[cause.start : cause.end] == cause.text
        assert cause.text == cause.text.strip() != ""
        assert 0 < cause.confidence < 1
        assert cause.rules
    assert len({c.type for c in causes}) == len(causes)
    assert [c.start for c in causes] == sorted(c.start for c in causes)


@given(st.lists(st.sampled_from(WORDS), max_size=60), st.sampled_from(["long", "short", "both"]))
def test_laws_hold_on_any_words_of_the_field(words: list[str], side: Side) -> None:
    """Whatever the words, spans are exact and no type comes twice, and a second reading gives the same."""
    doc = make_doc("$40 million " + " ".join(words))
    claims = [make_claim(doc, "$40 million", side=side)]
    causes = find_causes(doc, sentences_of(doc), claims)
    check_laws(doc, causes)
    assert find_causes(doc, sentences_of(doc), claims) == causes


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_makes_it_raise(before: str, after: str) -> None:
    """Any text is read without a fault, in whatever pieces it comes."""
    doc = make_doc(f"{before}$40 million{after}")
    claims = [make_claim(doc, "$40 million")]
    check_laws(doc, find_causes(doc, sentences_of(doc), claims))
    check_laws(doc, find_causes(doc, [(0, len(doc.content))], claims))
    assert find_causes(doc, [], claims) == ()


@pytest.mark.parametrize(
    "unit",
    [
        "liquidated as bitcoin fell by to as after ",
        "due to due to tariffs and war, ",
        "the sharp, sudden bitcoin (btc) and ",
        "liquidations sent prices down amid over-leveraged whale ",
        "9,",
        " \u202f",
        "$40 million ",
    ],
)
@pytest.mark.parametrize("whole", [True, False], ids=["one sentence", "sentences"])
def test_hostile_repetition_is_read_in_linear_time(unit: str, whole: bool) -> None:
    """A quarter of a megabyte of near-matches ends like any other text: a quadratic reading would hang here."""
    doc = make_doc("$40 million liquidated. " + unit * (250_000 // len(unit)))
    sentences = [(0, len(doc.content))] if whole else sentences_of(doc)
    check_laws(doc, find_causes(doc, sentences, [make_claim(doc, "$40 million")]))


def test_two_causes_in_one_list_are_two_causes() -> None:
    """A list gives each of its members that is of a sort of its own."""
    found = causes_of(
        "Some $25 million was liquidated. The slump was driven by hawkish Fed remarks and profit-taking.", "$25 million"
    )
    assert {(c.type, c.text) for c in found if c.type != "price_drop"} == {
        ("macro", "hawkish Fed remarks"),
        ("profit_taking", "profit-taking"),
    }
