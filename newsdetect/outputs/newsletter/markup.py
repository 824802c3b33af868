"""Tokens of HTML as it stands in the source: tags, comments and text with their offsets, for any input whatever.

Parsers of HTML give trees or events without exact places, and none writes back the bytes it read; so a small scanner
after the HTML standard's tokenizer: a quote counts in an attribute's value alone, raw-text elements end at their own
closing tag, an unfinished tag at the end of the file is no text. It never raises and reads each character once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: Elements whose content is text to the parser whatever it looks like.
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})

_OPENER = re.compile(r"<(?:!--|[!?]|/?[A-Za-z])")
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*+)")
_FILLER = re.compile(r"[\s/]*+")
_ATTRIBUTE = re.compile(
    r"""([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|(?!["'])([^\s>]*+)|(["'])))?""",
)


@dataclass(frozen=True, slots=True)
class Token:
    """Source characters `[start, end)`; `name` and `attributes` for tags, in lower case."""

    kind: Literal["text", "open", "close", "other"]
    start: int
    end: int
    name: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    #: `<br/>`: closed in itself.
    closed: bool = False

    def attribute(self, name: str) -> str | None:
        """Give an attribute's value as written, or null where there is none; the first of two counts."""
        return next((value for key, value in self.attributes if key == name), None)


def tokens(source: str) -> Iterator[Token]:
    """Cut the source into tokens: in order, without gap or overlap; raw-text content is `other`."""
    place = 0
    while place < len(source):
        opener = _OPENER.search(source, place)
        start = opener.start() if opener else len(source)
        if start > place:
            yield Token("text", place, start)
        if opener is None:
            return
        token = _markup(source, start)
        yield token
        place = token.end
        if token.kind == "open" and token.name in _RAW:
            close = re.compile(rf"</{token.name}(?=[\s/>])", re.IGNORECASE).search(source, place)
            end = close.start() if close else len(source)
            if end > place:
                yield Token("other", place, end)
            place = end


def _markup(source: str, start: int) -> Token:
    """Read the comment, declaration or tag that starts here."""
    if source.startswith("<!--", start):
        # `<!-->` and `<!--->` are whole comments.
        short = re.compile(r"<!--+>").match(source, start)
        end = short.end() if short and short.end() - start <= 6 else _behind(source, "-->", start + 4)
        return Token("other", start, end)
    if source[start + 1] in "!?":
        return Token("other", start, _behind(source, ">", start))
    return _tag(source, start)


def _tag(source: str, start: int) -> Token:
    found = _NAME.match(source, start)
    assert found is not None
    kind: Literal["open", "close"] = "close" if source[start + 1] == "/" else "open"
    attributes: list[tuple[str, str]] = []
    place = found.end()
    while True:
        filler = _FILLER.match(source, place)
        assert filler is not None
        place = filler.end()
        if place >= len(source):
            return Token("other", start, len(source))
        if source[place] == ">":
            closed = source[place - 1] == "/"
            return Token(kind, start, place + 1, found[1].lower(), tuple(attributes), closed)
        attribute = _ATTRIBUTE.match(source, place)
        if attribute is None or attribute[5]:
            # A quote that never closes swallows the rest of the file.
            return Token("other", start, len(source))
        value = next((part for part in attribute.group(2, 3, 4) if part is not None), "")
        attributes.append((attribute[1].lower(), value))
        place = attribute.end()


def _behind(source: str, mark: str, start: int) -> int:
    found = source.find(mark, start)
    return len(source) if found < 0 else found + len(mark)
