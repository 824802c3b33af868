"""The grammar that recombines what is learned from: a text told of other coins, venues, sources, weeks, number forms.

What a text says stays; who and what it speaks of changes, in the words and in the labels alike. So the reader cannot
learn that longs are always bitcoin's, that a list on Bybit is of 24 hours, or that a sum is written with `million`.
Most passages also lose their line breaks, as three of four labelled articles lost theirs on the way here: headings and
captions run into the sentences behind them.
Words that belong to one coin or venue alone keep a text from changing it ("the largest cryptocurrency"). Passages of
our own are recombined, and labelled articles, whose weeks stay.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from newsdetect.claims.amounts import find_amounts
from newsdetect.claims.entities import Mention, find_assets, find_observers, find_venues
from newsdetect.documents.document import Document, Publication, document_id
from newsdetect.training.edits import Edit, Moved, overlaps
from newsdetect.training.passages import Label, MarkedCause, Passage

Record = dict[str, Any]

#: Coins that stand in for each other: ticker, and name as it is written in a sentence.
_COINS = {
    "BTC": "Bitcoin", "ETH": "Ethereum", "SOL": "Solana", "XRP": "XRP", "DOGE": "Dogecoin", "ADA": "Cardano",
    "LINK": "Chainlink", "LTC": "Litecoin", "SUI": "Sui", "AVAX": "Avalanche", "HYPE": "HYPE", "ZEC": "Zcash",
}  # fmt: skip
_VENUES = ("Binance", "Bybit", "OKX", "HTX", "Gate", "Bitget", "KuCoin", "Kraken", "BitMEX", "Hyperliquid")
_OBSERVERS = ("CoinGlass", "Coinalyze", "CoinAnk", "Velo", "Laevitas", "Hyblock")
#: Words that only one coin, or one venue, can be meant by.
_BELONGS = re.compile(
    r"(?:largest|biggest) (?:crypto|coin|digital|token|exchange)|second-largest|digital gold|halving"
    r"|flagship|meme ?coin|ETFs?\b|Strategy\b|Saylor|Satoshi|Buterin|Merge\b|Ripple Labs|Gate\.io|Zhao\b|\bCZ\b",
    re.IGNORECASE,
)
_SUM = re.compile(
    r"(?P<currency>US\$|\$)(?P<digits>\d[\d,.]*)(?P<gap>[\s-]?)(?P<unit>million|billion|M|B|mn|bn|mln|m|b)\b"
)
# A date that is told in numbers or by its month does not move with the weeks.
_DATED = re.compile(
    r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b|\b(?:19|20)\d\d\b|\b\d{1,2}/\d{1,2}\b"
)
_UNITS = {
    "million": ("million", "M", "mn", "mln", "m"), "billion": ("billion", "B", "bn", "b"),
}  # fmt: skip
_LONG_UNIT = {short: name for name, many in _UNITS.items() for short in many}
#: How often a passage is told in one block; of the labelled articles three of four are.
_ONE_BLOCK = 0.7


def recombined(passage: Passage, generator: np.random.Generator) -> Passage:
    """Tell a passage of other names, in other number forms, and mostly in one block."""
    content = passage.doc.content
    retold = _retold(_in_one_block(content) if generator.random() < _ONE_BLOCK else content, generator)
    weeks = _weeks(content, generator)
    published = passage.doc.published
    if published is not None:
        published = published.model_copy(update={"at": published.at + weeks})
    doc = _document(retold, passage.family, published)
    labels = tuple(_relabelled(label, retold, weeks) for label in passage.labels)
    causes = tuple(
        MarkedCause(span=retold.moved.span(each.span), type=each.type, role=each.role) for each in passage.causes
    )
    return Passage(family=passage.family, doc=doc, labels=labels, causes=causes)


def _in_one_block(content: str) -> str:
    """Put a space for each line break but the headline's: no offset moves."""
    title, _, text = content.partition("\n")
    return "\n".join((title, text.replace("\n", " ")))


def recombined_article(doc: Document, labels: Record, generator: np.random.Generator) -> tuple[Document, Record]:
    """Tell an article with its stand-off labels of other names and in other number forms; its weeks stay."""
    retold = _retold(doc.content, generator)

    def placed(item: Record) -> Record:
        return {**item, "start": retold.moved.place(item["start"]), "end": retold.moved.place(item["end"], end=True)}

    claims = [{**placed(claim), **retold.names_of(claim)} for claim in labels["claims"]]
    return _document(retold, doc.id, doc.published), {
        **labels,
        "claims": claims,
        "causes": [placed(cause) for cause in labels["causes"]],
    }


@dataclass(frozen=True, slots=True)
class _Retold:
    """A text's new words, and which names stand in for which."""

    moved: Moved
    coins: Mapping[str, str]
    #: Of venues and of who says so.
    others: Mapping[str, str]

    def names_of(self, claim: Record) -> Record:
        """Give the fields of a claim that name something, by their new names."""
        by_field = {"asset": self.coins, "unit": self.coins, "venue": self.others, "attributed_to": self.others}
        return {
            name: names.get(claim[name], claim[name]) for name, names in by_field.items() if claim.get(name) is not None
        }


def _retold(content: str, generator: np.random.Generator) -> _Retold:
    coins = _drawn(content, find_assets(content), _COINS, generator)
    venues = _drawn(content, find_venues(content), _VENUES, generator)
    observers = _drawn(content, find_observers(content), _OBSERVERS, generator)
    if _BELONGS.search(content):
        coins, venues = {}, {}
    edits = [
        *_renamed_coins(content, coins),
        *_renamed(content, find_venues(content), venues),
        *_renamed(content, find_observers(content), observers),
    ]
    edits += [edit for edit in _rewritten_sums(content, generator) if not overlaps(edit, edits)]
    return _Retold(Moved(content, edits), coins, venues | observers)


def _document(retold: _Retold, origin: str, published: Publication | None) -> Document:
    title, _, text = retold.moved.content.partition("\n")
    return Document(id=document_id(title, text, f"{origin}/recombined"), title=title, text=text, published=published)


def _weeks(content: str, generator: np.random.Generator) -> timedelta:
    """Draw by how many weeks a passage is moved in time; one that names a date stays, weekdays move along."""
    return timedelta(0) if _DATED.search(content) else timedelta(weeks=int(generator.integers(-40, 41)))


def _drawn(
    content: str, mentions: Sequence[Mention], pool: Collection[str], generator: np.random.Generator
) -> dict[str, str]:
    """Draw another name for each that the text names, no two alike; half of the time all stay what they are.

    A name that is somewhere written so that it cannot be replaced (`OKEx`, `BTCUSDT`) stays, and no other gets it.
    """
    named = dict.fromkeys(each.value for each in mentions)
    odd = {each.value for each in mentions if _style(content[each.start : each.end], each.value) is None}
    swapped = [name for name in named if name in pool and name not in odd]
    if not swapped or generator.random() < 0.5:
        return {}
    free = [name for name in pool if name in swapped or name not in named]
    return dict(zip(swapped, (str(each) for each in generator.permutation(free)), strict=False))


def _style(words: str, known: str) -> str | None:
    """Say how a name is written: as it is known (a coin's ticker), by its coin's name, or by that in lower case."""
    if words == known:
        return "ticker"
    name = _COINS.get(known, "")
    return "name" if words == name else "lower" if words == name.lower() else None


def _renamed_coins(content: str, coins: Mapping[str, str]) -> list[Edit]:
    edits = []
    for each in find_assets(content):
        other = coins.get(each.value)
        style = _style(content[each.start : each.end], each.value)
        if other is None or style is None:
            continue
        name = other if style == "ticker" else _COINS[other]
        edits.append(Edit(each.start, each.end, name.lower() if style == "lower" and name != other else name))
    return edits


def _renamed(content: str, mentions: Iterable[Mention], names: Mapping[str, str]) -> list[Edit]:
    """Rename what is written just as it is known."""
    return [
        Edit(each.start, each.end, names[each.value])
        for each in mentions
        if each.value in names and content[each.start : each.end] == each.value
    ]


def _rewritten_sums(content: str, generator: np.random.Generator) -> list[Edit]:
    """Write the passage's sums in another of the usual forms, the same for all of them."""
    style = int(generator.integers(0, 8))
    if style >= len(_UNITS["billion"]):
        return []
    edits = []
    for amount in find_amounts(content):
        hit = _SUM.fullmatch(content, amount.start, amount.end)
        # A unit that runs into the next word ("$460.1MShorts") is read so in its own form alone.
        if hit is None or amount.low is not None or content[amount.end : amount.end + 1].isalnum():
            continue
        unit = _UNITS[_LONG_UNIT[hit["unit"]]][style]
        gap = " " if len(unit) > 3 else ""
        edits.append(Edit(amount.start, amount.end, f"{hit['currency']}{hit['digits']}{gap}{unit}"))
    return edits


def _relabelled(label: Label, retold: _Retold, weeks: timedelta) -> Label:
    window = label.window
    if window is not None and window.start is not None and window.end is not None:
        window = window.model_copy(update={"start": window.start + weeks, "end": window.end + weeks})
    return label.model_copy(
        update={
            **retold.names_of(label.model_dump(include={"asset", "unit", "venue", "attributed_to"})),
            "span": retold.moved.span(label.span),
            "window": window,
        }
    )
