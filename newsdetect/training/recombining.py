"""The grammar that recombines the written corpus: a passage told of other coins, venues, sources, weeks, number forms.

What a passage says stays; who and what it speaks of changes, in the words and in the labels alike. So the reader cannot
learn that longs are always bitcoin's, that a list on Bybit is of 24 hours, or that a sum is written with `million`.
Words that belong to one coin or venue alone keep a passage from changing it ("the largest cryptocurrency").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from newsdetect.claims.amounts import find_amounts
from newsdetect.claims.entities import Mention, find_assets, find_observers, find_venues
from newsdetect.documents.document import Document, document_id
from newsdetect.training.passages import Label, MarkedCause, Passage
from newsdetect.types import Span

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


@dataclass(frozen=True, slots=True)
class _Edit:
    """Other words for characters `[start, end)`."""

    start: int
    end: int
    words: str


def recombined(passage: Passage, generator: np.random.Generator) -> Passage:
    """Tell a passage of other names and in other number forms; one that cannot change is given back as it is."""
    content = passage.doc.content
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
    edits += [edit for edit in _rewritten_sums(content, generator) if not _overlaps(edit, edits)]
    moved = _Moved(content, edits)
    weeks = _weeks(content, generator)
    published = passage.doc.published
    if published is not None:
        published = published.model_copy(update={"at": published.at + weeks})
    title, _, text = moved.content.partition("\n")
    doc = Document(
        id=document_id(title, text, f"{passage.family}/recombined"), title=title, text=text, published=published
    )
    labels = tuple(_relabelled(label, moved, coins, venues | observers, weeks) for label in passage.labels)
    causes = tuple(MarkedCause(span=moved.span(each.span), type=each.type, role=each.role) for each in passage.causes)
    return Passage(family=passage.family, doc=doc, labels=labels, causes=causes)


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


def _renamed_coins(content: str, coins: Mapping[str, str]) -> list[_Edit]:
    edits = []
    for each in find_assets(content):
        other = coins.get(each.value)
        style = _style(content[each.start : each.end], each.value)
        if other is None or style is None:
            continue
        name = other if style == "ticker" else _COINS[other]
        edits.append(_Edit(each.start, each.end, name.lower() if style == "lower" and name != other else name))
    return edits


def _renamed(content: str, mentions: Iterable[Mention], names: Mapping[str, str]) -> list[_Edit]:
    """Rename what is written just as it is known."""
    return [
        _Edit(each.start, each.end, names[each.value])
        for each in mentions
        if each.value in names and content[each.start : each.end] == each.value
    ]


def _rewritten_sums(content: str, generator: np.random.Generator) -> list[_Edit]:
    """Write the passage's sums in another of the usual forms, the same for all of them."""
    style = int(generator.integers(0, 8))
    if style >= len(_UNITS["billion"]):
        return []
    edits = []
    for amount in find_amounts(content):
        hit = _SUM.fullmatch(content, amount.start, amount.end)
        if hit is None or amount.low is not None:
            continue
        unit = _UNITS[_LONG_UNIT[hit["unit"]]][style]
        gap = " " if len(unit) > 3 else ""
        edits.append(_Edit(amount.start, amount.end, f"{hit['currency']}{hit['digits']}{gap}{unit}"))
    return edits


def _overlaps(edit: _Edit, others: Iterable[_Edit]) -> bool:
    return any(edit.start < other.end and other.start < edit.end for other in others)


class _Moved:
    """A text after its edits, and where its characters went."""

    def __init__(self, content: str, edits: Iterable[_Edit]) -> None:
        self._edits: list[_Edit] = []
        for edit in sorted(edits, key=lambda each: (each.start, -each.end)):
            if not self._edits or edit.start >= self._edits[-1].end:
                self._edits.append(edit)
        parts, last = [], 0
        for edit in self._edits:
            parts += [content[last : edit.start], edit.words]
            last = edit.end
        self.content = "".join([*parts, content[last:]])

    def place(self, offset: int, *, end: bool = False) -> int:
        """Give the new place of an offset; one inside an edit goes to that edit's start or end."""
        shift = 0
        for edit in self._edits:
            if edit.end <= offset:
                shift += len(edit.words) - (edit.end - edit.start)
            elif edit.start < offset:
                return edit.start + shift + (len(edit.words) if end else 0)
            else:
                break
        return offset + shift

    def span(self, span: Span) -> Span:
        """Give a span where it is now, with its words."""
        start, end = self.place(span.start), self.place(span.end, end=True)
        return Span(start=start, end=end, text=self.content[start:end])


def _relabelled(
    label: Label, moved: _Moved, coins: Mapping[str, str], names: Mapping[str, str], weeks: timedelta
) -> Label:
    window = label.window
    if window is not None and window.start is not None and window.end is not None:
        window = window.model_copy(update={"start": window.start + weeks, "end": window.end + weeks})
    return label.model_copy(
        update={
            "span": moved.span(label.span),
            "window": window,
            "asset": coins.get(label.asset, label.asset),
            "unit": coins.get(label.unit, label.unit) if label.unit else label.unit,
            "venue": names.get(label.venue, label.venue),
            "attributed_to": names.get(label.attributed_to, label.attributed_to) if label.attributed_to else None,
        }
    )
