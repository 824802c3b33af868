"""The visible text of an HTML newsletter, with where each character stands in the source.

Left out: what is in tags, comments, scripts, styles and the title, what `display:none` or `hidden` hides (a mail's
preview line), and our own notes. Figures split over inline tags run on; blocks and cells part them.
"""

from __future__ import annotations

import html
import re

from newsdetect.outputs.newsletter.markup import Token, tokens
from newsdetect.outputs.newsletter.visible import Visible, Writer

#: Elements that part no words; whatever is not here parts them.
_INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img",
        "ins", "kbd", "label", "mark", "nobr", "o:p", "q", "s", "samp", "small", "span", "strike", "strong", "sub",
        "sup", "tt", "u", "var", "wbr",
    }
)  # fmt: skip
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_UNSEEN = frozenset({"head", "template", "select", "svg", "math", "object", "audio", "video", "canvas"})
_HIDING = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,10}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});?")


def visible_text(source: str) -> Visible:
    """Give what a reader sees of the page."""
    writer = Writer()
    hidden: str | None = None
    depth = 0
    link: int | None = None
    for token in tokens(source):
        if hidden is not None:
            # Inside something unseen only its own name is counted, until it closes.
            if token.name == hidden and not token.closed:
                depth += {"open": 1, "close": -1}.get(token.kind, 0)
            # A head without its end stops where the body starts, as in a browser.
            if depth == 0 or (hidden == "head" and token.kind == "open" and token.name == "body"):
                hidden = None
                _part(writer, token)
            continue
        if token.kind == "text":
            _write(writer, source, token)
        elif token.kind == "open" and token.name not in _VOID and _unseen(token):
            hidden, depth = token.name, 1
        elif token.name == "a":
            if link is not None:
                writer.move_after(link, token.end if token.kind == "close" else token.start)
            link = len(writer) if token.kind == "open" else None
        _part(writer, token)
    return writer.done()


def _part(writer: Writer, token: Token) -> None:
    """Part the words on both sides of a block's tag."""
    if token.kind in ("open", "close") and token.name not in _INLINE:
        writer.border()


def _unseen(token: Token) -> bool:
    if token.closed:
        return False
    if token.name in _UNSEEN or token.attribute("hidden") is not None or token.attribute("data-newsdetect") is not None:
        return True
    return _HIDING.search(html.unescape(token.attribute("style") or "")) is not None


def _write(writer: Writer, source: str, token: Token) -> None:
    """Write a text token, its entities decoded; each character of an entity stands for the whole of it."""
    place = token.start
    for entity in _ENTITY.finditer(source, token.start, token.end):
        shown = html.unescape(entity[0])
        if shown == entity[0]:
            continue
        writer.write_source(source, place, entity.start())
        writer.write(shown, *entity.span())
        place = entity.end()
    writer.write_source(source, place, token.end)
