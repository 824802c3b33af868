"""What the API asks of whoever wires it: reading, extracting, checking, annotating, and the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from newsdetect.checks.check import CauseCheck, Check
from newsdetect.claims.claim import Extraction
from newsdetect.documents.document import Document
from newsdetect.outputs.newsletter import Annotation, Kind
from newsdetect.storage.store import Store


class Service(Protocol):
    """The flow, as far as a request needs it; all methods are called from several threads at once.

    They raise NewsdetectError for what the caller or the world did wrong; anything else is a fault of ours.
    """

    @property
    def store(self) -> Store:
        """Give the store that listings read."""
        ...

    def read(
        self,
        text: str | None = None,
        html: str | None = None,
        url: str | None = None,
        title: str | None = None,
        published: str | None = None,
    ) -> Document:
        """Read a document; exactly one of `text`, `html` and `url` is given, `published` is ISO 8601."""
        ...

    def extract(self, doc: Document) -> Extraction:
        """Read claims and causes out of a document."""
        ...

    def check(self, doc: Document, extraction: Extraction) -> tuple[Check, ...]:
        """Check the claims of a document."""
        ...

    def check_causes(self, doc: Document, extraction: Extraction, checks: Sequence[Check]) -> tuple[CauseCheck, ...]:
        """Hold the causes of a document against time and price."""
        ...

    def enrich(self, kind: Kind, content: str, published: str | None) -> tuple[str, tuple[Annotation, ...]]:
        """Annotate a newsletter: the new content, and its notes."""
        ...
