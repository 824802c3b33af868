"""Plain text and Markdown as they come from files and pipes: what kind they are, their characters, their headline.

Characters that no reader sees are taken out here, before the document exists; offsets count in the document's content,
so nothing after this may touch the text. Limit: a headline is only taken where the text's first line clearly is one.
"""

from __future__ import annotations

import re
from typing import Literal

from markdown_it import MarkdownIt

from newsdetect.documents.body import flat_text
from newsdetect.errors import DocumentError

Kind = Literal["html", "markdown", "text"]

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,4000}?-->\s*)*<(?:!doctype\s+html|html|head|body|article|main|section|div|p|h1)"
    r"[\s>/]",
    re.IGNORECASE | re.DOTALL,
)
_TAGS = re.compile(r"</(?:p|div|article|body|html|h[1-6]|li)>", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"^#{1,6} \S|^\s{0,3}(?:[-*+]|\d{1,3}\.) \S|^```|^> \S|^(?:=|-){3,}\s*$|\*\*\S[^*\n]*\*\*|\[[^\]\n]+\]\([^)\s]+\)",
    re.MULTILINE,
)
#: Control characters but tab and newline; zero-width and direction marks; the soft hyphen; noncharacters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_BLANKS = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]|\x0b|\x0c")


def sniff(text: str) -> Kind:
    """Tell what a file's content is: a page, Markdown, or plain text."""
    head = text[:20_000].lstrip("\ufeff")
    if _HTML.match(head) or len(_TAGS.findall(head)) >= 3:
        return "html"
    marks = {match[0].strip()[:2] for match in _MARKDOWN.finditer(head)}
    return "markdown" if len(marks) >= 2 or re.match(r"\s*# \S", head) else "text"


def readable(text: str) -> str:
    """Give text with one kind of line break, one kind of blank, and no characters that nobody sees."""
    return _UNSEEN.sub("", _BLANKS.sub(" ", _BREAKS.sub("\n", text)))


def decode(data: bytes, *, key: str | None = None) -> str:
    """Read a file's bytes as text: UTF-8 or UTF-16 by its mark, else Windows-1252.

    Raise DocumentError for bytes that are no text at all.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if data[:4] in {b"PK\x03\x04", b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff\xe0"} or data[:2] == b"\x1f\x8b":
        raise DocumentError(f"{key or 'input'}: binary, not text: give HTML, Markdown or plain text", key=key)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if data[:4096].count(b"\0") > len(data[:4096]) // 10:
        raise DocumentError(f"{key or 'input'}: binary, not text: give HTML, Markdown or plain text", key=key)
    return data.decode("cp1252", "replace")


def markdown_text(text: str) -> str:
    """Give a Markdown text's words as lines, without its marks; raw HTML in it stays words."""
    return flat_text(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def headline(text: str) -> tuple[str | None, str]:
    """Take the headline off a text, if its first line clearly is one: short, without a full stop, prose below it."""
    first, _, rest = text.lstrip("\n").partition("\n")
    words, below = first.strip(), rest.strip()
    clear = (
        15 <= len(words) <= 160
        and len(words.split()) >= 3
        and not words.endswith((".", ":", ";", ",", "…"))
        and not re.match(r"[-*•>\[\d(]\s|\[\d|by\s", words, re.IGNORECASE)
        and len(below) > len(words)
        and any(len(line) >= 80 for line in below.split("\n"))
    )
    return (words, rest.lstrip("\n")) if clear else (None, text)
