"""What a URL gave us, and the one method that anything which opens URLs has.

Two things open URLs: `Fetcher` asks the network, `sources.folder.FolderOpener` reads bundled files for the demo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One answer: usable bytes (status 2xx), or word that nothing changed (304, `not_modified`)."""

    #: As asked for, and after redirects.
    url: str
    final_url: str
    status: int
    #: Lower-case names; values of repeated headers are joined by ", ".
    headers: Mapping[str, str] = field(default_factory=dict)
    #: After decompression; empty when nothing changed.
    body: bytes = b""
    not_modified: bool = False
    #: Where the unbroken run of 301/308 that the answer began with leads; null when there was none.
    permanent_redirect: str | None = None


class Opener(Protocol):
    """Anything that turns a URL into bytes."""

    def get(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, max_bytes: int | None = None
    ) -> Fetched:
        """Give what stands at `url`; `etag` and `last_modified` ask only for news since the answer they came from.

        Raise FetchError (Refused, TooLarge, Gone among them) when there are no usable bytes.
        """
        ...
