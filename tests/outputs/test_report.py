"""Event reports: whose verdict stands for an event, and which words."""

from __future__ import annotations

import itertools

import pytest

from newsdetect.claims.claim import Extraction
from newsdetect.events.event import Figure
from newsdetect.outputs.report import SEVERITY, quote, report_events, severest
from newsdetect.types import Span, Window
from tests.storage.builders import make_article, make_check, make_claim, make_doc, make_event


def save_event(store, verdicts: list[str | None], **given):
    """Save an event whose headline figure is claimed by one document for each verdict, checked so or not at all."""
    articles = [make_article(f"Report {number}. Longs worth $343 million went.") for number in range(len(verdicts))]
    for (doc, extraction), verdict in zip(articles, verdicts, strict=True):
        claim = extraction.claims[0]
        store.save_article(doc, extraction, [make_check(claim, verdict, explanation=verdict)] if verdict else [])
    claims = tuple(extraction.claims[0] for _, extraction in articles)
    event = make_event(claims=claims, documents=tuple(doc.id for doc, _ in articles), **given)
    store.save_event(event)
    return articles


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations(SEVERITY, 2)])
def test_the_severer_verdict_stands(store, one, other):
    """Where the checks of the headline figure differ, the reader is warned rather than reassured."""
    save_event(store, [other, one])
    told = report_events(store)[0]
    assert (told.verdict, told.explanation) == (one, one)
    assert {check.verdict for check in told.checks} == {one, other}


def test_an_event_is_told_before_it_is_checked(store):
    """Without checks the verdict is null, and the first report is quoted."""
    (first, _), _ = save_event(store, [None, None])
    told = report_events(store)[0]
    assert (told.verdict, told.explanation, told.checks) == (None, "", ())
    assert told.quote == first.title
    assert [ref.title for ref in told.documents] == ["A wave", "A wave"]


def test_another_figures_verdict_is_not_the_events(store):
    """Only the headline figure decides, but all checks are told."""
    doc = make_doc()
    headline, other = make_claim(doc, 343), make_claim(doc, 852, window=Window(hours=24))
    checks = [make_check(headline, "plausible"), make_check(other, "contradicted", simulated=True)]
    store.save_article(doc, Extraction(id=doc.id, event=True, claims=(headline, other)), checks)
    figures = tuple(Figure(value=each.value, window=each.window, claim_ids=(each.id,)) for each in (headline, other))
    store.save_event(make_event(figures=figures, documents=(doc.id,)))
    told = report_events(store)[0]
    assert (told.verdict, told.simulated) == ("plausible", False)
    assert told.checks == tuple(checks)


def test_what_is_no_longer_stored_is_left_out(store):
    """An event whose claims and documents were read anew meanwhile is still told, without them."""
    store.save_event(make_event(claims=(make_claim(make_doc()),), documents=("gone",)))
    told = report_events(store)[0]
    assert (told.evidence, told.quote, told.verdict, told.documents) == ("", "", None, ())


def test_the_limit_holds_and_the_newest_comes_first(store):
    """No more events are told than asked for."""
    store.replace_events([make_event(f"e{hours}", hours=hours) for hours in range(5)])
    assert [told.event.id for told in report_events(store, limit=2)] == ["e4", "e3"]


def test_nothing_was_checked():
    """Of no checks none is picked."""
    assert severest([]) is None


@pytest.mark.parametrize("before", ["", "First one. ", "x " * 1000, "Before.\n"])
def test_the_quote_is_the_sentence_around(before):
    """The sentence that holds the figure, wherever it stands."""
    body = "Longs worth $343 million went. More followed."
    content = f"Title\n{before}{body}"
    start = content.index("$343")
    assert quote(content, Span(start=start, end=start + 4, text="$343")).endswith("Longs worth $343 million went.")


def test_a_quote_is_short_and_on_one_line():
    """A text without an end is cut around the figure."""
    content = "\n" + "word\n\u2028 " * 500 + "$343" + " word" * 5000
    start = content.index("$343")
    found = quote(content, Span(start=start, end=start + 4, text="$343"))
    assert "$343" in found
    assert "\n" not in found
    assert len(found) < 1000
