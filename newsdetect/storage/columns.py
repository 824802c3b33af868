"""Column types that keep every value whole in both databases: text, JSON and instants come back as they went in.

PostgreSQL takes no NUL in text or jsonb, neither driver takes a lone surrogate, and SQLite has no time zones. Article
text may hold any of it, and offsets count in it, so nothing may be dropped. Text is escaped where it has to be (by a
control character that articles do not use, itself escaped where one does); JSON is kept as ASCII text.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator

# U+001A SUBSTITUTE, then four hexadecimal digits; a real SUBSTITUTE is escaped too, so that all comes back.
_UNSAFE = re.compile("[\x00\x1a\ud800-\udfff]")
_ESCAPED = re.compile("\x1a([0-9a-f]{4})")


def escape(text: str) -> str:
    """Write a text so that both databases take it; most texts stay as they are."""
    return _UNSAFE.sub(lambda found: f"\x1a{ord(found[0]):04x}", text)


def unescape(stored: str) -> str:
    """Give the text that `escape` was given."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), stored)


class Words(TypeDecorator[str]):
    """Text of any characters; comparing for equality works, for what is compared is escaped as well."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- SQLAlchemy's
        """Escape."""
        return None if value is None else escape(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 -- SQLAlchemy's
        """Unescape."""
        return None if value is None else unescape(value)


class Json(TypeDecorator[Any]):
    """A JSON value as ASCII text, keys in order: the same value is the same text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401, ARG002 -- any JSON
        """Write."""
        return None if value is None else json.dumps(value, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401, ARG002 -- any JSON
        """Read."""
        return None if value is None else json.loads(value)


class Moment(TypeDecorator[datetime]):
    """An aware instant, in UTC on the way in and out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- likewise
        """Turn to UTC, which SQLite then keeps without saying so."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- likewise
        """Say UTC again, or turn what PostgreSQL gives in the session's zone back to it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
