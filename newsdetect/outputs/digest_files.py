"""The digest as files: the mail, or one of its two parts, told by the file's name."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from newsdetect.errors import UsageError

_PARTS = {".html": "html", ".htm": "html", ".txt": "plain"}


def write_digest(message: EmailMessage, path: Path) -> None:
    """Write a digest as FILE.eml, its page as FILE.html, or its text as FILE.txt.

    Raise UsageError where the file cannot be written.
    """
    try:
        path.write_bytes(_bytes(message, path.suffix.lower()))
    except OSError as fault:
        raise UsageError(f"{path}: cannot be written: {fault.strerror}", key=str(path)) from fault


def _bytes(message: EmailMessage, suffix: str) -> bytes:
    if suffix not in _PARTS:
        return message.as_bytes()
    part = message.get_body(preferencelist=(_PARTS[suffix],))
    assert part is not None, "a digest always has both parts"
    content: str = part.get_content()
    return content.encode()
