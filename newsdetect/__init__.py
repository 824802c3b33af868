"""newsdetect reads liquidation claims out of crypto news and holds them against market data.

    >>> import newsdetect
    >>> text = "Some $343 million of long positions was liquidated within one hour."
    >>> doc = newsdetect.read_text(text, published="2025-08-25T21:04:45Z")
    >>> (claim,) = newsdetect.extract(doc).claims
    >>> claim.value, claim.side, claim.window.hours
    (343000000.0, 'long', 1.0)
    >>> doc.content[claim.evidence.start : claim.evidence.end]
    '$343 million'
    >>> (check,) = newsdetect.check_claims(doc, [claim], market=None)
    >>> check.verdict
    'not_checkable'

The names below are the public ones. Each is loaded when it is first asked for, so that `import newsdetect` costs
nothing; everything else may move between versions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsdetect.checks.check import Check, Evidence
    from newsdetect.checks.check_claims import check_claims
    from newsdetect.claims.claim import Cause, Claim, Extraction
    from newsdetect.claims.trained import extract
    from newsdetect.documents.article import read_html, read_text
    from newsdetect.documents.document import Document
    from newsdetect.errors import NewsdetectError
    from newsdetect.events.event import Event
    from newsdetect.events.linking import link
    from newsdetect.market.provider import MarketData

__version__ = "0.1.0"

__all__ = [
    "Cause",
    "Check",
    "Claim",
    "Document",
    "Event",
    "Evidence",
    "Extraction",
    "MarketData",
    "NewsdetectError",
    "check_claims",
    "extract",
    "link",
    "read_html",
    "read_text",
]

_HOMES = {
    "Cause": "claims.claim",
    "Check": "checks.check",
    "Claim": "claims.claim",
    "Document": "documents.document",
    "Event": "events.event",
    "Evidence": "checks.check",
    "Extraction": "claims.claim",
    "MarketData": "market.provider",
    "NewsdetectError": "errors",
    "check_claims": "checks.check_claims",
    "extract": "claims.trained",
    "link": "events.linking",
    "read_html": "documents.article",
    "read_text": "documents.article",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 -- PEP 562: whatever the name stands for
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"newsdetect has no public name {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"newsdetect.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
