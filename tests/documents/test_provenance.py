"""Lineage: what a document says it has its report from, each statement with its kind."""

from __future__ import annotations

import pytest

from newsdetect.documents.article import read_html, read_text
from newsdetect.documents.provenance import canonical, split_byline, split_title, statements
from tests.documents.builders import PROSE, make_page

CMC = "https://coinmarketcap.com/community/articles/68accfed9de84b22569c1284/"


def kinds(citations) -> list[tuple]:
    return [(each.kind, each.outlet) for each in citations]


def test_a_numbered_source_list_is_cited_and_bounds_the_date():
    """The seed's shape: a mark, a title, an address whose id tells when the source was made."""
    doc = read_text("\n".join([*PROSE, "Source:", f"[1] Thin Books Cost Traders – {CMC}"]), title="T")
    (found,) = doc.citations
    assert (found.kind, found.mark, found.title, found.url) == ("reference", 1, "Thin Books Cost Traders", CMC)
    assert (found.outlet, found.created.isoformat()) == ("coinmarketcap.com", "2025-08-25T21:04:45+00:00")
    assert (doc.published.at, doc.published.kind, doc.published.bound) == (found.created, "objectid", "not_before")
    assert "Source" not in doc.text


@pytest.mark.parametrize(
    ("theirs", "ours", "found"),
    [
        ("https://original.example/a", "https://copy.example/a", [("canonical", "original.example")]),
        ("https://www.one.example/a", "https://amp.one.example/a", []),
        ("https://news.co.uk/a", "https://other.co.uk/a", [("canonical", "news.co.uk")]),
        (None, "https://copy.example/a", []),
        ("https://original.example/a", None, []),
    ],
)
def test_a_canonical_link_to_another_house_is_cited(theirs: str | None, ours: str | None, found: list):
    """The same house's other host is no source."""
    assert kinds(canonical(theirs, ours)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The post Thin books appeared first on Quay Notes.", [("appeared_first", "Quay Notes")]),
        ("This article Thin books first appeared on BitcoinWorld.", [("appeared_first", "BitcoinWorld")]),
        ("That is per CoinGlass data cited by CoinDesk.", [("named", "CoinDesk")]),
        ("Open interest fell, figures quoted by The Block show.", [("named", "The Block")]),
        ("The data appeared on Monday, said traders.", []),
        ("She cited data by hand.", []),
    ],
)
def test_what_the_words_say(text: str, found: list):
    """Two forms of words name a source; others do not."""
    assert kinds(statements(text)) == found


@pytest.mark.parametrize(
    ("title", "outlet", "left", "found"),
    [
        (
            "Longs lose $343 million - BitcoinWorld",
            "CoinMarketCap",
            "Longs lose $343 million",
            [("original", "BitcoinWorld")],
        ),
        ("Longs lose $343 million | Harbour Ledger", "Harbour Ledger", "Longs lose $343 million", []),
        ("Longs lose $343 million - The Desk", "thedesk.example", "Longs lose $343 million", []),
        ("Bitcoin falls - again and again", "Harbour Ledger", "Bitcoin falls - again and again", []),
        ("Liquidations hit $1.2 billion", None, "Liquidations hit $1.2 billion", []),
        ("Reuters - CoinDesk", None, "Reuters - CoinDesk", []),
    ],
)
def test_an_outlet_fused_to_a_title_comes_off(title: str, outlet: str | None, left: str, found: list):
    """The page's own name is dropped, another's is cited, and what is no outlet stays."""
    bare, citations = split_title(title, outlet)
    assert (bare, kinds(citations)) == (left, found)


def test_a_lone_outlet_above_a_text_is_its_byline():
    """A first line that is an outlet's name is no sentence; elsewhere it stays."""
    assert split_byline(f"BitcoinWorld\n{PROSE[0]}", "CoinMarketCap")[0] == PROSE[0]
    assert kinds(split_byline(f"BitcoinWorld\n{PROSE[0]}", None)[1]) == [("original", "BitcoinWorld")]
    assert split_byline(f"Nobody\n{PROSE[0]}", None) == (f"Nobody\n{PROSE[0]}", ())
    assert split_byline("BitcoinWorld", None) == ("BitcoinWorld", ())


def test_the_link_of_the_first_appearance_is_its_address():
    """The page's link behind the title tells where the post lies."""
    after = f"<p>The post <a href='{CMC}'>Thin books</a> appeared first on <a href='/'>Quay Notes</a>.</p>"
    doc = read_html(make_page(after=after), url="https://ledger.example/a")
    assert [(each.kind, each.url) for each in doc.citations] == [("appeared_first", CMC)]
    assert "appeared first" not in doc.text
