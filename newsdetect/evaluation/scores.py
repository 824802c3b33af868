"""Scores of claims and causes against gold records, counted as the annotation guide counts them.

A record is a line of `newsdetect extract --jsonl` or of a gold file: `{"id", "event", "claims", "causes"}`. Gold claims
carry their evidence as a string, ours as a span. Five scores come out: *detect* (the right figure: metric, unit and
value within 0.5 %), *strict* (the whole claim), *event*, *causes* (the types named) and *spans* (their words); and over
the detected claims the share of each field that is right.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from newsdetect.types import ALL

Record = dict[str, Any]

MEANING = ("window", "side", "asset", "venue", "status")
_UNSAID = {"side": "both", "asset": ALL, "venue": ALL, "status": "asserted"}
_IDENTITY = ("metric", "value", "unit", *MEANING)
_VALUE_TOLERANCE = 0.005
_HOURS_TOLERANCE = 0.1
_SPAN_OVERLAP = 0.5


@dataclass(frozen=True)
class Rate:
    """Hits among what was predicted and what is true."""

    hits: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        """The share of the predicted that is true."""
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """The share of the true that was predicted."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class Tally:
    """Counts over all articles of one gold file."""

    articles: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    errors: list[Record] = field(default_factory=list)

    def rate(self, name: str) -> Rate:
        """Give one of `detect`, `strict`, `event`, `causes`, `spans`."""
        base = "detect" if name == "strict" else name
        return Rate(self.counts[f"{name}.hits"], self.counts[f"{base}.predicted"], self.counts[f"{base}.gold"])

    def field_share(self, name: str) -> float:
        """Give the share of detected claims with this field right."""
        detected = self.counts["detect.hits"]
        return self.counts[f"field.{name}"] / detected if detected else 0.0


#: The order in which scores are shown.
RATES = ("detect", "strict", "event", "causes", "spans")
SHARES = (*MEANING, "hedge", "attributed_to", "evidence")


def _instant(text: object) -> datetime:
    at = datetime.fromisoformat(str(text))
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _same_calendar(gold: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    start, end = _instant(gold["start"]), _instant(gold["end"])
    # A window told to the minute may be an hour off, one told in days half a day; a short one half its own length.
    told_in_time = "T" in f"{gold['start']}{gold['end']}"
    slack = min(timedelta(hours=1 if told_in_time else 12), abs(end - start) / 2)
    return abs(start - _instant(ours["start"])) <= slack and abs(end - _instant(ours["end"])) <= slack


def same_window(gold: Mapping[str, Any] | None, ours: Mapping[str, Any] | None) -> bool:
    """Tell whether two windows are one: both none, hours within a tenth, calendar times within their slack."""
    if not gold or not ours:
        return not gold and not ours
    try:
        if gold.get("start") and ours.get("start"):
            return _same_calendar(gold, ours)
        if gold.get("hours") and ours.get("hours"):
            return bool(abs(gold["hours"] - ours["hours"]) <= _HOURS_TOLERANCE * gold["hours"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return False  # a window that is no window is a wrong one
    return False


def same_field(name: str, gold: Record, ours: Record) -> bool:
    """Tell whether one field of the meaning agrees; an absent one has its default."""
    if name == "window":
        return same_window(gold.get("window"), ours.get("window"))
    said = [str(claim.get(name) or _UNSAID[name]).casefold() for claim in (gold, ours)]
    return said[0] == said[1]


def _value(claim: Record) -> float | None:
    value = claim.get("value")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _same_kind(gold: Record, ours: Record) -> bool:
    return bool(gold["metric"] == ours.get("metric") and gold.get("unit", "USD") == ours.get("unit", "USD"))


def same_figure(gold: Record, ours: Record) -> bool:
    """Tell whether two claims give the same figure: metric, unit, and value within 0.5 %."""
    value = _value(ours)
    near = value is not None and abs(gold["value"] - value) <= _VALUE_TOLERANCE * abs(gold["value"])
    return near and _same_kind(gold, ours)


def _agreement(gold: Record, ours: Record) -> int:
    return sum(same_field(name, gold, ours) for name in MEANING)


def only_rounds(gold: Record, ours: Record) -> bool:
    """Tell whether ours is the gold claim but for a rounder figure of two digits or more: such a one is not counted."""
    value = _value(ours)
    if not value or value == gold["value"] or not _same_kind(gold, ours) or _agreement(gold, ours) < len(MEANING):
        return False
    digits = len(f"{value:.12g}".replace(".", "").strip("0"))
    return digits >= 2 and float(f"{gold['value']:.{digits}g}") == value


def distinct(claims: Iterable[Record]) -> list[Record]:
    """Keep the first of claims that say the same."""
    kept: dict[str, Record] = {}
    for claim in claims:
        kept.setdefault(json.dumps([claim.get(name) for name in _IDENTITY], sort_keys=True), claim)
    return list(kept.values())


def pair_claims(gold: list[Record], ours: list[Record]) -> list[tuple[Record, Record]]:
    """Pair claims with the same figure one to one, those first that agree in most fields."""
    options = sorted(
        (-_agreement(g, o), i, j) for i, g in enumerate(gold) for j, o in enumerate(ours) if same_figure(g, o)
    )
    pairs: dict[int, int] = {}
    for _, i, j in options:
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return [(gold[i], ours[j]) for i, j in pairs.items()]


def words_f1(one: str, other: str) -> float:
    """Give the word overlap of two spans, 0 to 1."""
    a, b = Counter(one.casefold().split()), Counter(other.casefold().split())
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0


def _words_of(item: Record) -> str:
    said = item.get("evidence", item.get("text", ""))
    inner = said.get("text") if isinstance(said, dict) else said
    return str(inner or item.get("text") or "")


def _squeezed(item: Record) -> str:
    return "".join(_words_of(item).split()).casefold()


def _count_causes(counts: Counter[str], gold: list[Record], ours: list[Record]) -> None:
    gold_types, our_types = {cause["type"] for cause in gold}, {cause.get("type") for cause in ours}
    counts.update(
        {
            "causes.gold": len(gold_types),
            "causes.predicted": len(our_types),
            "causes.hits": len(gold_types & our_types),
            "spans.gold": len(gold),
            "spans.predicted": len(ours),
        }
    )
    left = list(gold)
    for cause in ours:
        overlaps = [
            (words_f1(g["text"], _words_of(cause)), i) for i, g in enumerate(left) if g["type"] == cause.get("type")
        ]
        best, index = max(overlaps, default=(0.0, -1), key=lambda overlap: (overlap[0], -overlap[1]))
        if best >= _SPAN_OVERLAP:
            del left[index]
            counts["spans.hits"] += 1


def _count_fields(counts: Counter[str], gold: Record, ours: Record) -> None:
    right = {name: same_field(name, gold, ours) for name in MEANING}
    right["hedge"] = (gold.get("hedge") or "exact") == (ours.get("hedge") or "exact")
    sources = [str(claim.get("attributed_to") or "").casefold() for claim in (gold, ours)]
    right["attributed_to"] = sources[0] == sources[1]
    a, b = _squeezed(gold), _squeezed(ours)
    right["evidence"] = bool(a and b) and (a in b or b in a)
    counts.update({f"field.{name}": int(good) for name, good in right.items()})
    counts["strict.hits"] += all(right[name] for name in MEANING)


def score(gold: Mapping[str, Record], predicted: Mapping[str, Record]) -> Tally:
    """Score predicted records against gold ones, both by article id; an article without a prediction claims nothing."""
    tally = Tally(articles=len(gold))
    counts = tally.counts
    for key, truth in gold.items():
        ours = predicted.get(key) or {}
        gold_claims, our_claims = distinct(truth["claims"]), distinct(ours.get("claims") or [])
        pairs = pair_claims(gold_claims, our_claims)
        paired = {id(claim) for pair in pairs for claim in pair}
        counted = [c for c in our_claims if id(c) in paired or not any(only_rounds(g, c) for g in gold_claims)]
        counts.update({"detect.gold": len(gold_claims), "detect.predicted": len(counted), "detect.hits": len(pairs)})
        for one, other in pairs:
            _count_fields(counts, one, other)
        happened, told = bool(truth["event"]), bool(ours.get("event"))
        counts.update({"event.gold": happened, "event.predicted": told, "event.hits": happened and told})
        _count_causes(counts, list(truth.get("causes") or []), list(ours.get("causes") or []))
        wrong = [
            {"field": name, "gold": a.get(name), "ours": b.get(name), "evidence": _words_of(a)}
            for a, b in pairs
            for name in MEANING
            if not same_field(name, a, b)
        ]
        missed = [claim for claim in gold_claims if id(claim) not in paired]
        extra = [claim for claim in counted if id(claim) not in paired]
        if wrong or missed or extra or happened != told:
            event = {"gold": happened, "ours": told}
            tally.errors.append({"id": key, "missed": missed, "extra": extra, "wrong": wrong, "event": event})
    return tally
