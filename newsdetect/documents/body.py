"""The main text of a page: trafilatura for what is article, our line rules for what a house hangs onto one.

trafilatura with `favor_precision` was the best of eight extractors on pages with known bodies; the lines that it lets
through (newsletter boxes, "related reading", disclaimers, source lists) are split off by `sources.cleaning`.
Limits: the parser reads 256 levels of nesting and drops what lies deeper; such a page is read as all of its text, by a
parser that does not nest. Pages over 16 MiB are refused.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from newsdetect.documents.pruning import headings, prune
from newsdetect.errors import DocumentError
from newsdetect.sources.cleaning import Cleaned, clean

LARGEST_PAGE = 16 * 1024 * 1024
_SKIPPED = frozenset(
    ("script", "style", "noscript", "template", "svg", "head", "nav", "footer", "aside", "form", "button", "select")
)  # fmt: skip
_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "kbd", "mark", "q", "s", "small", "span", "strong",
     "sub", "sup", "time", "tt", "u", "var")
)  # fmt: skip
#: A line above the heading is a label (a section's name, a date) up to here.
_LABEL = 60
#: libxml2 reads no deeper; what it says when it stops.
_TOO_DEEP = "Excessive depth"


def article_body(html: str, url: str | None = None) -> str:
    """Give the main text of a page, its paragraphs as lines; empty where it has none."""
    tree, deep = parse_page(html)
    return body_text(tree, flat_text(html) if deep else None, url=url).text if tree is not None else ""


def parse_page(html: str) -> tuple[lxml_html.HtmlElement | None, bool]:
    """Parse a page: its tree (None for a page without one element), and whether it nests deeper than that is read.

    Raise DocumentError for one that is too large.
    """
    if len(html) > LARGEST_PAGE:
        raise DocumentError(f"a page of {len(html):,} characters: at most {LARGEST_PAGE:,} are read")
    parser = lxml_html.HTMLParser(encoding="utf-8")
    try:
        tree = lxml_html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # lxml's words for "no element at all"
        return None, False
    deep = any(_TOO_DEEP in entry.message for entry in parser.error_log)
    return tree, deep


def body_text(tree: lxml_html.HtmlElement, flat: str | None = None, *, url: str | None = None) -> Cleaned:
    """Extract a parsed page's main text and clean it; `flat` is taken instead for a page that nests too deep.

    The tree is used up: read what else it has before.
    """
    titles = headings(tree)
    found = flat
    if found is None:
        prune(tree)
        found = trafilatura.extract(tree, url=url, favor_precision=True, include_comments=False) or ""
    return clean(below_heading(found, titles))


def below_heading(text: str, titles: frozenset[str]) -> str:
    """Give what stands under the page's heading, where one of the first lines repeats it under mere labels."""
    lines = text.split("\n")
    for at, line in enumerate(lines[:4]):
        if " ".join(line.split()).casefold() in titles and any(each.strip() for each in lines[at + 1 :]):
            return "\n".join(lines[at + 1 :])
        if len(line) > _LABEL:
            break
    return text


class _Flat(HTMLParser):
    """Gathers a page's text without ever nesting: block tags end a line, text of scripts and menus is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._skipping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- as called
        if tag in _SKIPPED:
            self._skipping.append(tag)
        elif tag not in _INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._skipping and tag == self._skipping[-1]:
            self._skipping.pop()
        elif tag not in _INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.parts.append(data)


def flat_text(html: str) -> str:
    """Give all text of a page as lines, without its menus and scripts, however deep it nests."""
    reader = _Flat()
    reader.feed(html)
    reader.close()
    lines = (re.sub(r"\s+", " ", line).strip() for line in re.split(r"\n", "".join(reader.parts)))
    return "\n".join(line for line in lines if line)
