"""Claims about a planted market whose truth is known: read off it, then hedged, rounded, and most of them perturbed.

A claim is *right* if what it says, widened by the 5 % that two honest readings of one source may differ, holds the
reading of its own observer over its own true window; *strictly* right without the widening. An unnamed observer is the
aggregator, as in most of the press; a venue that speaks for itself knows all of its orders.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from newsdetect.claims.claim import Claim, claim_id
from newsdetect.claims.intervals import interval
from newsdetect.documents.document import Document, Publication
from newsdetect.market.planted import Planted, Reader
from newsdetect.market.planted_views import RECORDED
from newsdetect.types import ALL, Hedge, Period, Side, Span, Window

FACTORS = (0.1, 0.5, 0.8, 0.95, 1.0, 1.05, 1.25, 2.0, 10.0, 1000.0)
SWAPS = ("side", "window", "asset", "day")
#: The share of claims that are told as they are.
TRUE_SHARE = 0.45
#: How far two honest readings of one source may lie apart.
TOLERANCE = 1.05
_HEDGES: tuple[tuple[Hedge, str | None, float], ...] = (
    ("exact", None, 0.55), ("at_least", "over", 0.2), ("at_least", "at least", 0.05), ("about", "about", 0.12),
    ("about", "nearly", 0.08),
)  # fmt: skip
_WORDS = {None: "", "over": "over ", "at least": "at least ", "about": "about ", "nearly": "nearly "}
#: The smallest sum that news would tell.
_NEWS = 2e6


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one figure speaks of, and when its window truly ended."""

    end: datetime
    hours: float
    venue: str = ALL
    asset: str = ALL
    side: Side = "both"
    source: str | None = None
    #: A calendar day instead of hours that trail the report.
    day: bool = False

    @property
    def reader(self) -> Reader:
        """Whose sum the figure is."""
        if self.source == "Coinalyze":
            return "another"
        return "all" if self.source == self.venue != ALL else "told"

    def reading(self, planted: Planted) -> float:
        """Give the true figure in USD."""
        return planted.reading(
            Period.trailing(self.end, self.hours), venue=self.venue, asset=self.asset, side=self.side,
            reader=self.reader,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One planted claim with its truth."""

    claim: Claim
    meaning: Meaning
    #: `x0.8`, `x1`, `side`, …
    perturbation: str
    #: What the claim should have said, in USD.
    reading: float

    @property
    def error(self) -> float:
        """The factor between claim and truth: 1 where its interval holds it, above 1 too high, below too low."""
        low, high = self.claim.low, self.claim.high
        if low is not None and self.reading < low:
            return low / max(self.reading, 1.0)
        return high / self.reading if high is not None and self.reading > high else 1.0

    @property
    def right(self) -> bool:
        """Whether the claim holds the truth, as nearly as two honest readings agree."""
        return 1 / TOLERANCE <= self.error <= TOLERANCE

    @property
    def strictly(self) -> bool:
        """Whether its interval itself holds it."""
        return self.error == 1.0


@dataclass(frozen=True, slots=True)
class Article:
    """A document of one or two planted claims about one market."""

    market: int
    doc: Document
    told: tuple[Told, ...]


def articles(planted: Planted, rng: np.random.Generator, *, claims: int) -> list[Article]:
    """Write articles about one market until they hold so many claims."""
    written: list[Article] = []
    count = 0
    while count < claims:
        article = _article(planted, rng, f"{planted.number}-{len(written)}")
        if article is not None:
            written.append(article)
            count += len(article.told)
    return written


def _article(planted: Planted, rng: np.random.Generator, name: str) -> Article | None:
    true = _meaning(planted, rng)
    if true.reading(planted) < _NEWS:
        return None
    kind = _kind(rng)
    said = _swapped(true, kind, rng, planted)
    if said is None or said.reading(planted) < _NEWS / 10:
        return None
    factor = float(kind[1:]) if kind.startswith("x") else 1.0
    figures = [(said, _stated(rng, true.reading(planted) * factor), kind)]
    companion = _companion(true, rng)
    if companion is not None and companion.reading(planted) >= _NEWS:
        # The second figure is told as it is, off the same screen as the first one.
        moved = replace(companion, end=said.end) if kind == "day" else companion
        figures.append((moved, _stated(rng, companion.reading(planted)), "day" if kind == "day" else "x1"))
    return _written(planted, rng, name, figures)


def _meaning(planted: Planted, rng: np.random.Generator) -> Meaning:
    """Draw what a piece of news would speak of: mostly the rout, sometimes a quiet day before it."""
    hours = float(rng.choice([1, 4, 12, 24], p=[0.25, 0.1, 0.1, 0.55]))
    end = planted.onset + timedelta(hours=float(rng.uniform(0.4, 4.0 if hours < 4 else 20.0)))
    if rng.random() < 0.2:
        end = planted.onset - timedelta(hours=float(rng.uniform(2.0, 30.0)))
    day = bool(hours == 24 and rng.random() < 0.15)
    if day:
        end = end.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    venue = str(rng.choice([*RECORDED, "HTX"])) if rng.random() < 0.25 else ALL
    asset = str(rng.choice(["BTC", "ETH", "SOL"], p=[0.5, 0.35, 0.15])) if rng.random() < 0.3 else ALL
    sources: list[str | None] = [None, "CoinGlass", "Coinalyze", venue if venue != ALL else None]
    source = sources[int(rng.choice(4, p=[0.45, 0.38, 0.05, 0.12]))]
    sides: tuple[Side, ...] = ("both", "long", "short")
    return Meaning(end, hours, venue, asset, sides[int(rng.choice(3, p=[0.5, 0.33, 0.17]))], source, day)


def _kind(rng: np.random.Generator) -> str:
    if rng.random() < TRUE_SHARE:
        return "x1"
    return str(rng.choice([*(f"x{factor:g}" for factor in FACTORS if factor != 1), *SWAPS]))


def _swapped(true: Meaning, kind: str, rng: np.random.Generator, planted: Planted) -> Meaning | None:
    """Give what the claim says it speaks of; null where there is nothing to swap."""
    if kind == "side":
        return None if true.side == "both" else replace(true, side="short" if true.side == "long" else "long")
    if kind == "window":
        return None if true.day else replace(true, hours={1: 24, 4: 24, 12: 1, 24: 1}[int(true.hours)])
    if kind == "asset":
        return None if true.asset == ALL else replace(true, asset="ETH" if true.asset == "BTC" else "BTC")
    if kind == "day":
        moved = true.end + timedelta(days=int(rng.choice([-3, -2, -1, 1, 2])))
        return None if moved > planted.last - timedelta(hours=8) else replace(true, end=moved)
    return true


def _companion(true: Meaning, rng: np.random.Generator) -> Meaning | None:
    """Draw the second figure of a piece, if it has one: the day beside the hour, or the total beside a side."""
    if true.day or rng.random() > 0.25:
        return None
    if true.hours < 24:
        return replace(true, hours=24.0)
    return replace(true, side="both") if true.side != "both" else None


def _stated(rng: np.random.Generator, usd: float) -> tuple[float, Hedge, str | None]:
    """Round a figure to two to four digits, the way that its hedge rounds."""
    place = int(rng.choice(len(_HEDGES), p=[share for _, _, share in _HEDGES]))
    hedge, word, _ = _HEDGES[place]
    step = 10.0 ** (math.floor(math.log10(usd)) + 1 - int(rng.choice([2, 3, 4], p=[0.35, 0.5, 0.15])))
    rounding = {"at_least": math.floor, "nearly": math.ceil}.get("nearly" if word == "nearly" else hedge, round)
    return float(rounding(usd / step) * step), hedge, word


def _written(
    planted: Planted,
    rng: np.random.Generator,
    name: str,
    figures: Sequence[tuple[Meaning, tuple[float, Hedge, str | None], str]],
) -> Article:
    published = _published(rng, figures[0][0])
    text, spans = "", []
    for meaning, (value, _, word), _ in figures:
        figure, over = f"${value / 1e6:.12g} million", _over(meaning)
        before = f"Liquidations of {_WORDS[word]}"
        spans.append((len(text) + 1 + len(before), figure))
        text += f"{before}{figure} were counted {over}. "
    doc = Document(id=name, title="", text=text, published=published)
    told = [
        _told(planted, doc, (start, figure), meaning, stated, kind)
        for (start, figure), (meaning, stated, kind) in zip(spans, figures, strict=True)
    ]
    return Article(planted.number, doc, tuple(told))


def _over(meaning: Meaning) -> str:
    if meaning.day:
        return f"on {meaning.end - timedelta(days=1):%B %-d}"
    return "in the past hour" if meaning.hours == 1 else f"in the past {meaning.hours:g} hours"


def _published(rng: np.random.Generator, first: Meaning) -> Publication:
    """Draw when a piece appeared: most within the hour, some known to the day alone."""
    longest = 45.0 if first.hours == 1 else 120.0
    lag = min(longest, float(rng.exponential(longest / 3)))
    at = first.end + timedelta(hours=float(rng.uniform(1, 20))) if first.day else first.end + timedelta(minutes=lag)
    if rng.random() < 0.1:
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        return Publication(at=midnight, kind="given", precision="day")
    return Publication(at=at.replace(microsecond=0), kind="given")


def _told(  # noqa: PLR0913, PLR0917 -- a claim is made of all of these
    planted: Planted,
    doc: Document,
    place: tuple[int, str],
    meaning: Meaning,
    stated: tuple[float, Hedge, str | None],
    kind: str,
) -> Told:
    value, hedge, word = stated
    start, figure = place
    span = Span(start=start, end=start + len(figure), text=figure)
    stands = interval(value, text=figure, hedge=hedge, word=word)
    window = Window(hours=meaning.hours)
    if meaning.day:
        window = Window(start=meaning.end - timedelta(days=1), end=meaning.end)
    ident = claim_id(doc.id, span, "liquidations", window, meaning.side, meaning.asset, meaning.venue, "USD")
    claim = Claim(
        id=ident, metric="liquidations", value=value, low=stands.low, high=stands.high, hedge=hedge, window=window,
        side=meaning.side, asset=meaning.asset, venue=meaning.venue, attributed_to=meaning.source, evidence=span,
    )  # fmt: skip
    return Told(claim, meaning, kind, meaning.reading(planted))
