"""A page's bytes as text: by its byte-order mark, its Content-Type, its meta tag, else UTF-8, else Windows-1252."""

from __future__ import annotations

import re
from collections.abc import Mapping

from w3lib.encoding import html_to_unicode

from newsdetect.errors import SourceError

#: What starts so is no page, whatever it is called.
_BINARY = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x00\x00\x00\x18ftyp")
_TEXTUAL = re.compile(r"\s*(?:text/|application/(?:xhtml|xml|json|octet-stream|[\w.-]+\+xml))", re.IGNORECASE)


def page_text(body: bytes, headers: Mapping[str, str] | None = None, name: str = "page") -> str:
    """Decode a page; raise SourceError for bytes that are no text."""
    kind = (headers or {}).get("content-type", "")
    if body.startswith(_BINARY) or (kind and not _TEXTUAL.match(kind)):
        raise SourceError(f"{name}: no page but {kind or 'binary data'}: only HTML and text are read", key=name)
    text: str = html_to_unicode(kind or None, body, auto_detect_fun=_guess)[1]
    return text


def _guess(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
