"""Price levels that a document says were traded when the liquidations happened: "bitcoin fell below $110,000".

Read only where the text leaves no doubt: a sentence that carries an asserted claim or one of the event's causes, a
coin, a verb of movement in the past tense, "to" or "below" and a price. A coin with several levels keeps the last one
said, where the move ended. Limits: levels of other times in the same sentence ("after touching $124,000 last week") are
kept out by their own verb alone, so the checks use levels for windows of half a day and more only.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from newsdetect.claims.amounts import find_amounts
from newsdetect.claims.claim import Extraction
from newsdetect.claims.entities import find_assets
from newsdetect.claims.sentences import Sentence, split
from newsdetect.documents.document import Document

_MOVED = re.compile(
    r"\b(?:fell|dropped|slid|plunged|tumbled|sank|dipped|crashed|slumped|retreated|declined|slipped|plummeted"
    r"|rose|jumped|climbed|surged|rallied|soared|spiked)"
    r"(?:\s(?!from\b)(?:[a-z-]{2,12}|\d{1,2}(?:\.\d{1,2})?%)){0,3}?\s(?:to|below|under|above|past|beneath|as low as|as high as)"  # noqa: E501 -- a pattern reads best in one piece
    r"(?:\s(?:around|about|nearly|just|a low of|a high of|the)){0,2}\s$",
    re.IGNORECASE,
)
#: How far before the price its verb, and before the verb its coin, may stand, in characters.
_VERB, _COIN = 80, 90
#: Another time's price: nothing is read from such a sentence.
_OTHER_TIME = re.compile(
    r"\b(?:could|would|may|might|if|should|last (?:week|month|year)|earlier this (?:month|year)|in 20\d\d)\b",
    re.IGNORECASE,
)


def find_levels(doc: Document, extraction: Extraction) -> dict[str, float]:
    """Give the prices in USD that the document says were traded in its event, by coin; empty where it says none."""
    if not extraction.event:
        return {}
    sentences = split(doc.content)
    starts = [sentence.start for sentence in sentences]
    places = [claim.evidence.start for claim in extraction.claims if claim.status == "asserted"]
    places += [cause.start for cause in extraction.causes if cause.role != "denied"]
    levels: dict[str, float] = {}
    for number in sorted({bisect_right(starts, place) - 1 for place in places}):
        levels |= _levels(sentences[number])
    return levels


def _levels(sentence: Sentence) -> dict[str, float]:
    """Read one sentence's levels, the last one said of each coin."""
    text = sentence.text
    if _OTHER_TIME.search(text):
        return {}
    found: dict[str, float] = {}
    coins = find_assets(text)
    for amount in find_amounts(text):
        if amount.kind != "money" or amount.unit != "USD" or amount.scaled or amount.low is not None:
            continue
        moved = _MOVED.search(text, max(0, amount.start - _VERB), amount.start)
        if moved is None:
            continue
        named = [coin for coin in coins if moved.start() - _COIN <= coin.start and coin.end <= moved.start()]
        if named:
            found[named[-1].value] = amount.value
    return found
