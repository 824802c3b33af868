"""Scraping by structure: the element that holds a page's prose, as lines, without the boxes around it.

The site rules stand on what an article is (paragraphs, `[n]` marks, a source list) and not on class names, which a site
renames with each release. Class names only tell what is *not* the article: newsletter, comment and widget boxes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from newsdetect.sources.cleaning import Reference, clean

_NEVER = "script, style, noscript, template, nav, footer, aside, form, button, iframe, svg, select, dialog, object"
_BOX = re.compile(
    r"newsletter|subscri|comment|related|recommend|widget|sidebar|share|social|promo|advert|banner|breadcrumb|cookie|modal"
    r"|popup|signup|sign-up|carousel|trending",
    re.IGNORECASE,
)
_BLOCKS = (
    "address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
)  # fmt: skip
_MARK = re.compile(r"\[\d{1,3}\]")
#: A paragraph from here on is prose, shorter ones are labels.
_PARAGRAPH = 60


@dataclass(frozen=True, slots=True)
class Scraped:
    """What a site rule read from a page."""

    text: str
    references: tuple[Reference, ...] = ()
    #: The lines that were split off the text, for those who look for provenance in them.
    dropped: tuple[str, ...] = ()

    @property
    def marked(self) -> bool:
        """Whether the text cites by `[n]` or a source list stood under it."""
        return bool(self.references) or _MARK.search(self.text) is not None


def scrape_structure(html: str) -> Scraped | None:
    """Read the element that holds most of a page's prose; None where there is too little of it."""
    soup = BeautifulSoup(html, "lxml")
    for tag in soup.select(_NEVER):
        tag.decompose()
    _drop_boxes(soup)
    holder = _holder(soup)
    if holder is None:
        return None
    for heading in holder.find_all("h1"):
        heading.decompose()
    cleaned = clean(_lines(holder))
    if len(cleaned.text) < 2 * _PARAGRAPH:
        return None
    return Scraped(text=cleaned.text, references=cleaned.references, dropped=cleaned.dropped)


def _drop_boxes(soup: BeautifulSoup) -> None:
    """Drop elements that call themselves a box, unless they hold most of the page's paragraphs."""
    most = len(_paragraphs(soup)) / 2
    for tag in soup.find_all(_called_box):
        if not tag.decomposed and len(_paragraphs(tag)) <= most:
            tag.decompose()


def _called_box(tag: Tag) -> bool:
    classes = tag.get("class")
    names = [*(classes if isinstance(classes, list) else []), str(tag.get("id") or "")]
    return tag.name not in {"html", "body", "main", "article"} and any(_BOX.search(name) for name in names)


def _paragraphs(tag: Tag) -> list[Tag]:
    return [each for each in tag.find_all("p") if len(each.get_text()) >= _PARAGRAPH]


def _holder(soup: BeautifulSoup) -> Tag | None:
    """Give the smallest element that holds at least three quarters of the prose, and the source list after it."""
    body = soup.body
    if body is None:
        return None
    prose = _paragraphs(body)
    if not prose:
        return body
    here: Tag = body
    while True:
        inner = [child for child in here.find_all(recursive=False) if 4 * len(_paragraphs(child)) >= 3 * len(prose)]
        if len(inner) != 1 or inner[0].name == "p":
            return here
        if _has_source_list(here) and not _has_source_list(inner[0]):
            return here
        here = inner[0]


def _has_source_list(tag: Tag) -> bool:
    return re.search(r"\b(?:sources?|references?)\s*:?\s*\[\d", tag.get_text(" "), re.IGNORECASE) is not None


def _lines(holder: Tag) -> str:
    """Write an element as lines: a block a line, a link beside its `[n]` kept as its address."""
    for link in holder.find_all("a"):
        target = str(link.get("href") or "")
        before = link.find_previous(string=True)
        listed = before is not None and re.search(r"\[\d{1,3}\]\s*$", str(before)) is not None
        own = re.match(r"\s*\[\d{1,3}\]", link.get_text()) is not None and len(link.get_text().strip()) > 5
        if target.startswith("http") and (listed or own) and target not in link.get_text():
            link.append(f" – {target}")
    for tag in holder.find_all(["br", *_BLOCKS]):
        tag.insert_before("\n")
        tag.insert_after("\n")
    lines = (" ".join(line.split()) for line in holder.get_text().split("\n"))
    return "\n".join(line for line in lines if line)
