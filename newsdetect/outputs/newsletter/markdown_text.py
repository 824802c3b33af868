"""The visible text of a Markdown newsletter, with where each character stands in the source.

Line by line, for what letters use: headings, lists, quotes, tables, emphasis, links, images, code, HTML tags,
footnotes, front matter. Code, addresses and markers are left out. Limits: a link that runs over a line's end shows its
brackets, and indented code counts as text.
"""

from __future__ import annotations

import html
import re

from newsdetect.outputs.newsletter.notes import NOTE
from newsdetect.outputs.newsletter.visible import Visible, Writer

_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n|\Z)")
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n.*?^(?:---|\.\.\.)[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_RULE = re.compile(r"[ \t]*[-=|:*_ \t]*[-=*_]{2,}[-=|:*_ \t]*$")
_DEFINITION = re.compile(r" {0,3}\[[^\]^][^\]]*\]:\s")
_PREFIX = re.compile(r"[ \t]*(?:>[ \t]?)*+[ \t]*(?:#{1,6}[ \t]+|[-*+][ \t]+|\d{1,9}[.)][ \t]+|\[\^[^\]]+\]:)?")
_TARGET = r"(?:\([^()\s]*+(?:\([^()\s]*\))?[^()\s]*+(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])"
_INLINE = re.compile(
    rf"""(?P<note>{NOTE.pattern})
      | \\(?P<escaped>[!-/:-@\[-`{{-~])
      | (?P<unseen>`[^`]+`|``[^`].*?``|<!--.{0, 2000}?-->|</?[A-Za-z][^<>]*>|<https?://[^<>\s]+>|!\[[^\[\]]*\]{_TARGET}
          |\[\^[^\[\]]+\]|https?://[^\s)\]>]+)
      | \[(?P<link>[^\[\]]*)\]{_TARGET}
      | (?P<entity>&(?:\#[0-9]{{1,10}}|\#[xX][0-9a-fA-F]{{1,8}}|[A-Za-z][A-Za-z0-9]{{1,31}});)
      | (?P<marker>\*{{1,3}}|~~|(?<!\w)_{{1,3}}(?=\S)|(?<=\S)_{{1,3}}(?!\w))
      | (?P<cell>\|)""",
    re.VERBOSE,
)


def visible_markdown(source: str) -> Visible:
    """Give what a reader sees of the letter."""
    writer = Writer()
    front = _FRONT_MATTER.match(source)
    fence: str | None = None
    place = front.end() if front else 0
    while place < len(source):
        line = _LINE.match(source, place)
        assert line is not None
        start, place = line.start(), line.end()
        end = start + len(line[0].rstrip("\r\n"))
        bar = _FENCE.match(source, start, end)
        if fence is not None:
            closes = bar is not None and bar[1].startswith(fence) and not source[bar.end() : end].strip()
            fence = None if closes else fence
        elif bar is not None:
            fence = bar[1]
            writer.border()
        else:
            _line(writer, source, start, end)
            writer.write(" ", end, end)
    return writer.done()


def _line(writer: Writer, source: str, start: int, end: int) -> None:
    if _RULE.match(source, start, end) or _DEFINITION.match(source, start, end) or not source[start:end].strip():
        writer.border()
        return
    prefix = _PREFIX.match(source, start, end)
    assert prefix is not None
    if prefix[0].strip(" \t>"):
        writer.border()
    _inline(writer, source, prefix.end(), end)
    if "#" in prefix[0]:
        writer.border()


def _inline(writer: Writer, source: str, start: int, end: int) -> None:
    place = start
    for found in _INLINE.finditer(source, start, end):
        writer.write_source(source, place, found.start())
        place = found.end()
        match found.lastgroup:
            case "escaped":
                writer.write(found["escaped"], *found.span())
            case "entity":
                writer.write(html.unescape(found[0]), *found.span())
            case "link":
                first = len(writer)
                _inline(writer, source, *found.span("link"))
                writer.move_after(first, found.end())
            case "marker":
                _behind_marker(writer, source, found)
            case "cell":
                writer.border()
            case _:
                pass
    writer.write_source(source, place, end)


def _behind_marker(writer: Writer, source: str, found: re.Match[str]) -> None:
    """Let a note stand behind the marker that closes the emphasis its figure ends with, or it would no longer close."""
    closes = (
        not source[found.end() : found.end() + 1].isalnum() and not source[found.start() - 1 : found.start()].isspace()
    )
    if closes and writer:
        writer.move_last(found.start(), found.end())
