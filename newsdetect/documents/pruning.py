"""What is settled on a page's tree before its main text is looked for: pieces joined, pointers elsewhere taken out.

Rules of structure, none of a site: a text that is cut into several boxes of one class (around advertisements) is
one text; a paragraph or a list that is all links points elsewhere; a card that
hangs in a sentence is no part of it; what is marked as hidden is not read by anybody, and menus never are.
"""

from __future__ import annotations

import re

from lxml import html as lxml_html

#: Sources and "appeared first on" lines are links too, and are what we look for.
_KEPT = re.compile(
    r"\s*\[\d{1,3}\]|.*(?:appeared first|first appeared|originally published)", re.IGNORECASE | re.DOTALL
)
#: A paragraph from here on is prose.
_PROSE = 80
#: From this share of its characters on, a paragraph is its links.
_LINK_SHARE = 0.8
#: So many characters outside of links make it a sentence all the same.
_OWN_WORDS = 60
#: A shorter line of links may be a name inside a sentence that was cut by markup.
_POINTER = 20


def prune(tree: lxml_html.HtmlElement) -> None:
    """Settle a tree in place."""
    _join_pieces(tree)
    for menu in tree.xpath("//nav | //body/footer"):
        _drop(menu)
    for element in tree.xpath("//*[@hidden] | //*[contains(translate(@style, ' ', ''), 'display:none')]"):
        if not _holds_prose(element):
            _drop(element)
    for card in tree.xpath("//p//span[not(a) and .//img and count(.//a) > 1]"):
        _drop(card)
    for listing in tree.xpath("//ul[li]"):
        items = listing.findall("li")
        if len(items) > 1 and all(_is_pointer(each) for each in items):
            _drop(listing)
    for paragraph in tree.xpath("//p[.//a]"):
        if _is_pointer(paragraph):
            _drop(paragraph)


def headings(tree: lxml_html.HtmlElement) -> frozenset[str]:
    """Give the page's main headings and its title for machines, as lines to know again."""
    found = [each.text_content() for each in tree.iter("h1")]
    found += tree.xpath("//meta[@property='og:title']/@content")
    return frozenset(" ".join(each.split()).casefold() for each in found if each.strip())


def _join_pieces(tree: lxml_html.HtmlElement) -> None:
    """Put the paragraphs of one article's same-named boxes into the first of them."""
    first: dict[tuple[lxml_html.HtmlElement, str], lxml_html.HtmlElement] = {}
    for box in tree.xpath("//div[@class and count(p) > 1] | //section[@class and count(p) > 1]"):
        article = next(box.iterancestors("article"), None)
        if article is None or not _holds_prose(box) or box.xpath("boolean(./h1 | ./h2//a | ./h3//a | ./header)"):
            continue
        whole = first.setdefault((article, box.get("class")), box)
        if whole is not box and whole not in box.iterancestors():
            whole.extend(list(box))


def _holds_prose(element: lxml_html.HtmlElement) -> bool:
    return sum(len(each.text_content()) >= _PROSE for each in element.iter("p")) > 1


def _is_pointer(element: lxml_html.HtmlElement) -> bool:
    """Tell whether an element is links and little else."""
    text = " ".join(element.text_content().split())
    if len(text) < _POINTER or _KEPT.match(text):
        return False
    linked = sum(len(" ".join(each.text_content().split())) for each in element.iter("a"))
    return linked >= _LINK_SHARE * len(text) and len(text) - linked < _OWN_WORDS


def _drop(element: lxml_html.HtmlElement) -> None:
    """Take an element out, and keep the text behind it."""
    if element.getparent() is not None:
        element.drop_tree()
