"""What a page says about itself: title, outlet, language, canonical address and dates, from JSON-LD and meta tags.

JSON-LD goes first, for it is what publishers keep right for search engines; then Open Graph and the older meta names,
then the page's own heading. Limit: nothing is guessed from the visible text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import html as lxml_html

from newsdetect.documents.dates import read_date
from newsdetect.documents.document import Publication

_ARTICLE_TYPES = ("Article", "BlogPosting", "Report", "WebPage")
_META_DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "date", "pubdate",
    "publishdate", "publish-date", "publish_date", "parsely-pub-date", "sailthru.date", "dc.date", "dc.date.issued",
    "dcterms.created", "article.published", "published-date", "article_date_original", "cxenseparse:recs:publishtime",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What was found, each null where the page is silent."""

    title: str | None = None
    outlet: str | None = None
    language: str | None = None
    canonical_url: str | None = None
    dates: tuple[Publication, ...] = ()


def page_facts(tree: lxml_html.HtmlElement, url: str | None = None) -> PageFacts:
    """Read a parsed page's facts; `url` makes a relative canonical link whole."""
    metas = _metas(tree)
    article = _article(tree)
    title = _first(
        _text(article.get("headline")), metas.get("og:title"), metas.get("twitter:title"), _heading(tree), _title(tree)
    )
    publisher = article.get("publisher")
    outlet = _first(
        _name(metas.get("og:site_name")),
        _text(publisher.get("name")) if isinstance(publisher, dict) else None,
        metas.get("application-name"),
        host_of(url),
    )
    language = _first(tree.get("lang"), metas.get("content-language"), _text(article.get("inLanguage")))
    return PageFacts(
        title=title,
        outlet=outlet,
        language=language.replace("_", "-").split("-")[0].lower()[:8] if language else None,
        canonical_url=_canonical(tree, url),
        dates=tuple(_dates(tree, metas, article)),
    )


def _name(value: str | None) -> str | None:
    """Give a site's name; where it wrote its address instead, its host."""
    return host_of(value) if value and value.startswith(("http://", "https://")) else value


def host_of(url: str | None) -> str | None:
    """Give an address's host without its www; None where there is none."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _metas(tree: lxml_html.HtmlElement) -> dict[str, str]:
    """Give each meta name's first value that is not empty, names in lower case."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv")
        value = " ".join((meta.get("content") or "").split())
        if name and value:
            found.setdefault(name.strip().lower(), value)
    return found


def _dates(tree: lxml_html.HtmlElement, metas: dict[str, str], article: dict[str, Any]) -> Iterator[Publication]:
    stated = _text(article.get("datePublished")) or _text(article.get("dateCreated"))
    reading = read_date(stated, "json-ld") if stated else None
    if reading:
        yield reading
    values = [metas[name] for name in _META_DATES if name in metas]
    marked = tree.xpath(
        "//time[@pubdate or @itemprop='datePublished']/@datetime | //*[@itemprop='datePublished']/@content"
    )
    times = tree.xpath("//article//time/@datetime") or tree.xpath("//time/@datetime")
    seen: set[Publication] = set()
    for value in [*values, *marked[:1], *(times[:1] if not values and not marked else [])]:
        reading = read_date(str(value), "meta")
        if reading and reading not in seen:
            seen.add(reading)
            yield reading


def _article(tree: lxml_html.HtmlElement) -> dict[str, Any]:
    """Give the JSON-LD object of the page's article, or an empty one."""
    nodes = [node for script in tree.xpath("//script[@type]") for node in _nodes(script)]
    for kind in _ARTICLE_TYPES:
        for node in nodes:
            types = node.get("@type")
            if any(str(each).endswith(kind) for each in (types if isinstance(types, list) else [types])):
                return node
    return {}


def _nodes(script: lxml_html.HtmlElement) -> Iterator[dict[str, Any]]:
    """Walk a JSON-LD script's top objects: the root, a list's items, a graph's nodes."""
    if "ld+json" not in (script.get("type") or "").lower():
        return
    try:
        root = json.loads((script.text or "").strip().removesuffix(";"), strict=False)
    except (ValueError, RecursionError):  # a broken or hostile script is no source of facts; the meta tags may be
        return
    heap = [root]
    for _ in range(200):
        if not heap:
            return
        node = heap.pop(0)
        if isinstance(node, list):
            heap += node
        elif isinstance(node, dict):
            yield node
            heap += [node[name] for name in ("@graph", "mainEntity") if name in node]


def _text(value: object) -> str | None:
    """Give a JSON value as one line of text; lists by their first item."""
    if isinstance(value, list) and value:
        value = value[0]
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _first(*values: str | None) -> str | None:
    return next((value.strip() for value in values if value and value.strip()), None)


def _heading(tree: lxml_html.HtmlElement) -> str | None:
    """Give the page's heading, where it has just one."""
    headings = [" ".join(each.text_content().split()) for each in tree.iter("h1")]
    return headings[0] if len(set(headings)) == 1 else None


def _title(tree: lxml_html.HtmlElement) -> str | None:
    found = tree.find(".//title")
    return " ".join(found.text_content().split()) if found is not None else None


def _canonical(tree: lxml_html.HtmlElement, url: str | None) -> str | None:
    for link in tree.xpath("//link[@rel and @href]"):
        if "canonical" in link.get("rel").lower().split():
            try:
                target = urljoin(url or "", link.get("href").strip())
            except ValueError:
                return None
            return target if target.startswith(("http://", "https://")) else None
    return None
