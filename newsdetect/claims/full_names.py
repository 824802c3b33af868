"""The full name of a person who is called by the last one: "Example says", where "Jane Example" was introduced."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newsdetect.claims.article import Line
from newsdetect.claims.corpus import any_of, any_word, corpus
from newsdetect.claims.entities import ASSETS, OBSERVERS, VENUES

_WORDS = corpus("attribution")
#: Names that are no person's.
NAMED = frozenset(OBSERVERS.values()) | frozenset(OBSERVERS) | frozenset(VENUES) | frozenset(ASSETS)
# Words before a last name that are no first name.
_NO_FIRST = re.compile(rf"(?:{any_word(_WORDS['never'])}|{any_of(_WORDS['experts'])}|{any_word(_WORDS['titles'])})$")


def full_name(name: str, lines: Iterable[Line]) -> str:
    """Give the full name that one of `lines` introduces a person by, else the name as it is."""
    if " " in name or not name[:1].isupper() or name in NAMED:
        return name
    full = re.compile(rf"\b(?P<first>[A-Z][a-z’'-]+|[A-Z]\.)\s{re.escape(name)}\b(?!\s[A-Z])")
    for line in lines:
        for hit in full.finditer(line.text):
            if not line.sentence.title and not _NO_FIRST.match(hit["first"]):
                return hit[0]
    return name
