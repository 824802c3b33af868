"""Hard cases and styles: which kinds of articles a gold file holds, so that scores can be told kind by kind.

An article belongs to every kind whose mark it bears; the marks are read from its gold record and its text alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from newsdetect.documents.document import Document
from newsdetect.evaluation.scores import Tally, score
from newsdetect.types import ALL

Record = dict[str, Any]

#: Characters up to which an article is a flash, and from which it is a feature.
_FLASH, _FEATURE = 900, 4000


def kinds_of(doc: Document, gold: Record) -> list[str]:
    """Name the kinds that an article belongs to."""
    claims = gold["claims"]
    length = len(doc.text)
    style = "flash" if length <= _FLASH else "feature" if length >= _FEATURE else "report"
    marks = {
        f"style: {style}": True,
        "no claim": not claims,
        "one claim": len(claims) == 1,
        "three claims or more": len(claims) >= 3,
        "a window untold": any(claim.get("window") is None for claim in claims),
        "a calendar window": any("start" in (claim.get("window") or {}) for claim in claims),
        "a side": any(claim.get("side", "both") != "both" for claim in claims),
        "a coin": any(claim.get("asset", ALL) != ALL for claim in claims),
        "a venue": any(claim.get("venue", ALL) != ALL for claim in claims),
        "not asserted": any(claim.get("status", "asserted") != "asserted" for claim in claims),
        "a largest order or a count": any(claim["metric"] != "liquidations" for claim in claims),
        "undated": doc.published is None,
    }
    return [name for name, bears in marks.items() if bears]


def by_kind(docs: Mapping[str, Document], gold: Mapping[str, Record], ours: Mapping[str, Record]) -> dict[str, Tally]:
    """Score each kind of articles apart; all three by article id."""
    members: dict[str, dict[str, Record]] = defaultdict(dict)
    for ident, record in gold.items():
        for name in kinds_of(docs[ident], record) if ident in docs else ():
            members[name][ident] = record
    return {name: score(found, ours) for name, found in sorted(members.items())}
