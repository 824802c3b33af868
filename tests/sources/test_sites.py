"""Site rules: pages known by their structure, whatever their classes are called."""

from __future__ import annotations

import pytest

from newsdetect.sources.cleaning import Reference
from newsdetect.sources.sites import scrape_site

AINVEST = "https://www.ainvest.com/news/longs-lose-2508"
CMC = "https://coinmarketcap.com/community/articles/68accfed9de84b22569c1284/"
PARAGRAPHS = (
    "Exchanges closed positions worth $343 million within an hour on Monday, a tally of futures venues showed [1].",
    "Margin had run short for weeks, and the accounts that had borrowed most were the first to be sold out [1].",
    "Over the whole day the count came to $852 million, which few had thought possible a month before [2].",
)
SOURCES = (Reference(1, "Thin Books Cost Traders", CMC), Reference(2, "A Day of Margin Calls", "https://b.example/2"))


def body(wrap: str = "p") -> str:
    return "".join(f"<{wrap}>{each}</{wrap}>" for each in PARAGRAPHS)


LISTS = {
    "paragraphs": f"<p>Source:</p><p>[1] Thin Books Cost Traders – {CMC}</p>"
    "<p>[2] A Day of Margin Calls – https://b.example/2</p>",
    "links": f"<div>Sources:<br>[1] <a href='{CMC}'>Thin Books Cost Traders</a><br>"
    "[2] <a href='https://b.example/2'>A Day of Margin Calls</a></div>",
    "linked lines": f"<h4>Source</h4><ul><li><a href='{CMC}'>[1] Thin Books Cost Traders</a></li>"
    "<li><a href='https://b.example/2'>[2] A Day of Margin Calls</a></li></ul>",
}
SHELLS = {
    "article": "<main><article><h1>T</h1>{body}{sources}</article></main>",
    "nameless divs": "<div><div><div><div>{body}</div><div>{sources}</div></div></div></div>",
    "in a form of boxes": "<div class='x1'><h1>T</h1><section class='x2'>{body}{sources}</section></div>",
}
AROUND = (
    "<header><nav><a href='/'>News</a></nav></header>"
    "<div class='newsletter-box'><p>A letter each day with all the headlines of the market, for nothing.</p></div>"
    "{shell}"
    "<section class='related-news'><ul><li><a href='/x'>Another piece of news about other coins</a></li></ul></section>"
    "<div id='comments'><h3>Comments</h3><p>No comments yet</p></div>"
)


@pytest.mark.parametrize("sources", LISTS)
@pytest.mark.parametrize("shell", SHELLS)
def test_an_ainvest_article_is_its_paragraphs_and_its_sources(shell: str, sources: str):
    """Marks stay in the text, the list becomes references, boxes around are gone, in any markup."""
    inner = SHELLS[shell].format(body=body(), sources=LISTS[sources])
    scraped = scrape_site(f"<html><body>{AROUND.format(shell=inner)}</body></html>", AINVEST)
    assert scraped.text.split("\n") == list(PARAGRAPHS)
    assert scraped.references == SOURCES


def test_a_community_article_is_read_with_its_lists_and_headings():
    """Subheadings and lists of a CoinMarketCap piece are part of it."""
    inner = f"{body()}<h2>Why did it happen?</h2><ul><li>Margin ran out.</li></ul>{body()}"
    scraped = scrape_site(f"<html><body><div><div><h1>T</h1><div>{inner}</div></div></div></body></html>", CMC)
    assert scraped.text.split("\n") == [*PARAGRAPHS, "Why did it happen?", "Margin ran out.", *PARAGRAPHS]


@pytest.mark.parametrize(
    ("url", "page"),
    [
        (AINVEST, "<p>" + "No marks and no list of sources, so not of the kind that is known. " * 20 + "</p>"),
        (AINVEST, ""),
        (AINVEST, "<p>Short [1]</p>"),
        (CMC, "<p>Too little prose to be such a piece.</p>"),
        ("https://coinmarketcap.com/currencies/bitcoin/", body()),
        ("https://ledger.example/a", body()),
        ("https://notainvest.com/a", body()),
        ("http://[", body()),
        (None, body()),
    ],
)
def test_where_no_rule_fits_the_general_extractor_is_asked(url: str | None, page: str):
    """Another site, another kind of page or a changed one: no answer is better than a wrong one."""
    assert scrape_site(f"<html><body>{page}</body></html>", url) is None
