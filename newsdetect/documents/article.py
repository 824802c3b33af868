"""From what came in (a page, a feed's entry, a plain text, a JSON line) to a document with its dates and citations.

The body's order: the site's own rule, then the feed's full content, then the general extractor. Every path ends in
`_document`, where dates are weighed and citations gathered, so that no input is read more carefully than another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lxml import html as lxml_html

from newsdetect.documents import dates, provenance
from newsdetect.documents.body import LARGEST_PAGE, article_body, body_text, flat_text, parse_page
from newsdetect.documents.document import Document, Publication, document_id
from newsdetect.documents.metadata import PageFacts, host_of, page_facts
from newsdetect.documents.plain import headline, markdown_text, readable, sniff
from newsdetect.errors import DocumentError, SourceError
from newsdetect.fetch.walls import bot_wall
from newsdetect.sources.cleaning import Cleaned, clean
from newsdetect.sources.entry import Entry
from newsdetect.sources.pagetext import page_text
from newsdetect.sources.sites import scrape_site

__all__ = ["article_body", "read_entry", "read_html", "read_record", "read_text", "sniff"]


# What no tree of a page can hold, written out or as a reference: control characters, half characters, noncharacters.
_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """All that one input gave, before it is a document."""

    title: str
    body: Cleaned
    url: str | None = None
    facts: PageFacts = field(default_factory=PageFacts)
    outlet: str | None = None
    dates: tuple[Publication, ...] = ()
    #: Web addresses by the texts that link to them.
    links: Mapping[str, str] = field(default_factory=dict)
    id: str | None = None


def read_html(
    html: str | bytes,
    *,
    url: str | None = None,
    title: str | None = None,
    published: str | datetime | None = None,
    feed_date: datetime | None = None,
) -> Document:
    """Read a web page; `title` and `published` are the caller's word and go before the page's own.

    Raise SourceError for a page without an article (a bot wall is named), DocumentError for one that cannot be read.
    """
    name = url or "page"
    html = _page_text(html, name)
    tree, deep = parse_page(html)
    if tree is None:
        raise SourceError(f"{name}: no HTML in it", key=url)
    facts, links = page_facts(tree, url), provenance.links_of(tree, url)
    body = _page_body(html, tree, url, deep=deep)
    if not body.text.strip():
        wall = bot_wall(html[:300_000].encode("utf-8", "replace"))
        found = f"a bot wall ({wall}) instead of the article" if wall else "a page without article text"
        raise SourceError(f"{name}: {found}", key=url)
    given = [dates.given_date(published)] if published is not None else []
    from_feed = [Publication(at=feed_date, kind="feed")] if feed_date is not None else []
    return _document(
        _Reading(
            title=readable(facts.title or "") if title is None else title,
            body=body,
            url=url,
            facts=facts,
            links=links,
            dates=(*given, *facts.dates, *from_feed),
        )
    )


def read_text(
    text: str, *, title: str | None = None, url: str | None = None, published: str | datetime | None = None
) -> Document:
    """Read plain text or Markdown; without a `title` the first line is taken for it, if it clearly is a headline.

    Raise DocumentError where nothing is left to read.
    """
    words = readable(text)
    if sniff(words) == "markdown":
        words = markdown_text(words)
    body = clean(words)
    if title is None:
        taken, rest = headline(body.text)
        title, body = (taken, _with_text(body, rest)) if taken else ("", body)
    if not body.text.strip() and not title.strip():
        raise DocumentError(f"{url or 'text'}: nothing to read in it", key=url)
    given = (dates.given_date(published),) if published is not None else ()
    return _document(_Reading(title=" ".join(readable(title).split()), body=body, url=url, dates=given))


def read_entry(entry: Entry) -> Document:
    """Read a feed's item or a fetched page.

    Raise SourceError where it holds no article, DocumentError where its text cannot be read.
    """
    url = entry.final_url or entry.url
    if entry.body == "page":
        doc = read_html(entry.html, url=url, title=entry.title or None, feed_date=entry.published)
        return doc.model_copy(update={"outlet": entry.outlet}) if entry.outlet else doc
    tree = None if entry.body == "text" else parse_page(entry.html)[0]
    words = entry.html if entry.body == "text" else flat_text(entry.html)
    body = clean(readable(words))
    if not body.text.strip() and not entry.title.strip():
        raise SourceError(f"{url or entry.key}: an entry without a word", key=url or entry.key)
    from_feed = (Publication(at=entry.published, kind="feed"),) if entry.published else ()
    return _document(
        _Reading(
            title=" ".join(readable(entry.title).split()),
            body=body,
            url=url,
            outlet=entry.outlet,
            links=provenance.links_of(tree, url) if tree is not None else {},
            dates=from_feed,
        )
    )


def read_record(record: Mapping[str, Any]) -> Document:
    """Read a JSON line's `{"id", "title", "text", "published", "url"}`; title and text are kept to the character.

    Raise DocumentError naming the field that cannot be used.
    """
    title, text = (_string(record, name) or "" for name in ("title", "text"))
    if not text and not title:
        raise DocumentError("text: missing or empty, and no title either", key="text")
    url, given = _string(record, "url"), _string(record, "published")
    identity = record.get("id")
    if identity is not None and not isinstance(identity, str | int):
        raise DocumentError(f"id: a string is needed, this is {type(identity).__name__}", key="id")
    found = clean(text)
    reading = _Reading(
        title=title,
        body=Cleaned(text=text, references=found.references, dropped=found.dropped),
        url=url,
        dates=(dates.given_date(given),) if given else (),
        id=None if identity is None else str(identity),
    )
    return _document(reading, exact=True)


def _document(reading: _Reading, *, exact: bool = False) -> Document:
    """Weigh the dates, gather the citations, name the document; `exact` leaves title and text as they are."""
    facts, url, title, text = reading.facts, reading.url, reading.title, reading.body.text
    outlet = reading.outlet or facts.outlet or host_of(url)
    bare_title, fused = provenance.split_title(title, outlet)
    bare_text, byline = provenance.split_byline(text, outlet)
    citations = (
        *provenance.references(reading.body.references),
        *provenance.canonical(facts.canonical_url, url),
        *provenance.statements("\n".join([text, *reading.body.dropped]), reading.links),
        *fused,
        *byline,
    )
    if not exact:
        title, text = bare_title, bare_text
    found = [*reading.dates, *dates.address_dates(url), *dates.not_before(each.created for each in citations)]
    return Document(
        id=reading.id or document_id(title, text, url),
        title=title,
        text=text,
        url=url,
        canonical_url=facts.canonical_url,
        outlet=outlet,
        language=facts.language,
        published=dates.believed(found),
        dates=tuple(dict.fromkeys(found)),
        citations=tuple(dict.fromkeys(citations)),
    )


def _page_text(html: str | bytes, name: str) -> str:
    """Give a page as text without NULs; bytes by the encoding that the page itself declares."""
    if len(html) > LARGEST_PAGE:
        raise DocumentError(f"{name}: a page of {len(html):,} bytes: at most {LARGEST_PAGE:,} are read", key=name)
    if isinstance(html, bytes):
        html = page_text(html, name=name)
    return _UNWRITABLE.sub("", html)


def _page_body(html: str, tree: lxml_html.HtmlElement, url: str | None, *, deep: bool) -> Cleaned:
    """Read a page's body: by its site's rule, else by the general extractor."""
    scraped = None if deep else scrape_site(html, url)
    if scraped is not None:
        return Cleaned(text=readable(scraped.text), references=scraped.references, dropped=scraped.dropped)
    found = body_text(tree, flat_text(html) if deep else None, url=url)
    return _with_text(found, readable(found.text))


def _with_text(body: Cleaned, text: str) -> Cleaned:
    return Cleaned(text=text, references=body.references, dropped=body.dropped)


def _string(record: Mapping[str, Any], name: str) -> str | None:
    """Give a record's field, a string or nothing."""
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise DocumentError(f"{name}: a string is needed, this is {type(value).__name__}", key=name)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as fault:
        raise DocumentError(f"{name}: half a character (a lone surrogate) at {fault.start}", key=name) from fault
    return value
