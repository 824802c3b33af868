"""Whose allegation a figure is that stands in a story of a court: the side that sues.

What was liquidated is in dispute there, so the party that alleges it is the source ("Celsius’s lawsuit against …").
"""

from __future__ import annotations

import re

from newsdetect.claims.article import Article
from newsdetect.claims.corpus import any_of, any_word, corpus
from newsdetect.claims.entities import ASSETS

_WORDS = corpus("attribution")
_NAME = r"(?P<name>[A-Z][\w&-]+(?:\s[A-Z][\w&-]+)?)"
_SUES = re.compile(
    rf"(?<!gainst\s)(?<![\w&-]){_NAME}(?:['’]s?)?\s(?:(?:has|had|also|legal)\s){{0,2}}(?i:{any_of(_WORDS['sues'])})\b"
)
_ALLOWED = re.compile(
    rf"\b(?:allow(?:s|ed)?|lets?|cleared|authori[sz](?:es|ed)|permit(?:s|ted)?)\s{_NAME}\sto\s[^.]{{0,60}}\b(?:law)?suit\b"
)
_GIVEN = re.compile(rf"\b(?:given|gives?|gave|grants?|granted)\s{_NAME}\s(?:the|a)\s(?i:go-ahead|green light)\b")
_NOBODY = re.compile(rf"^(?:{any_word(_WORDS['no_party'])}(?:\s|$))+")
#: How many sentences of a story say who sues.
_OPENING = 12


def find_plaintiff(article: Article) -> str | None:
    """Give the party whose suit the story tells of, or None."""
    for line in article.lines[:_OPENING]:
        for pattern in (_GIVEN, _ALLOWED, _SUES):
            for hit in pattern.finditer(line.text):
                name = _NOBODY.sub("", hit["name"])
                if name and name not in ASSETS:
                    return _in_full(article, name)
    return None


def _in_full(article: Article, name: str) -> str:
    """Give the longer name by which the body's opening calls a party, such as one that ends in "Capital"."""
    longer = re.compile(rf"\b{re.escape(name)}\s{any_word(_WORDS['firms'])}\b")
    hits = (longer.search(line.text) for line in article.lines[:_OPENING] if not line.sentence.title)
    return next((hit[0] for hit in hits if hit), name)
