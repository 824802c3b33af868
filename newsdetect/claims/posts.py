"""Whose quoted post a figure stands in: the account that signs it, or whom the post names.

A post ends with its signature: its author, handle and day. A news outlet's post only announces its own story, so its
figures have no source by it. Limits: where a post begins is not marked, so only its length tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsdetect.claims.article import Figure, Line
from newsdetect.claims.corpus import any_of, corpus
from newsdetect.claims.sources import find_counter

_SIGNED = re.compile(r"[—–-]\s(?P<name>[^\n—–@()]{2,40}?)\s?\(@\w{1,20}\)\s\w{3,9}\s\d{1,2},\s20\d\d")
_OUTLET = re.compile(any_of(corpus("attribution")["outlets"]), re.IGNORECASE)
#: A post's length, in characters, with some slack for its links.
_POST = 330
#: How many sentences a post has at most.
_SENTENCES = 7


def find_poster(lines: Sequence[Line], figure: Figure) -> str | None:
    """Give the author of the quoted post that a figure stands in, or whom the post names."""
    for line in lines[figure.line.position : figure.line.position + _SENTENCES]:
        if line.sentence.start > figure.amount.end + _POST:
            return None
        if line.sentence.paragraph != figure.line.sentence.paragraph:
            return None
        signed = _SIGNED.search(line.text)
        if signed is None:
            continue
        if _OUTLET.search(signed["name"]):
            return None
        start = line.sentence.start + signed.start()
        if not figure.amount.end <= start <= figure.amount.end + _POST:
            return None
        within = lines[figure.line.position : line.position + 1]
        counter = next((name for each in within if (name := find_counter(each))), None)
        observed = line.observers[0].value if line.observers else None
        return counter or observed or signed["name"].strip(" -|")
    return None
