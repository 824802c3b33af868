"""The page's words for instants, shares, ranges and evidence; amounts and verdicts are worded as in the digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from newsdetect.checks.check import Evidence, EvidenceKind, Says, Verdict
from newsdetect.events.event import Figure
from newsdetect.outputs.digest_wording import VERDICT_WORDS, amount

KINDS: dict[EvidenceKind, str] = {
    "arithmetic": "the article's own sums",
    "prints": "liquidation orders",
    "bars": "liquidation sums",
    "snapshot": "trailing total",
    "series": "liquidation series",
    "candles": "prices",
    "volume": "trading volume",
    "reports": "other reports",
}
SAYS: dict[Says, str] = {"supports": "supports", "against": "speaks against", "silent": "says nothing"}
#: What each verdict means, for the page's legend.
MEANINGS: dict[Verdict, str] = {
    "corroborated": "market data that cover the claim's scope agree with it",
    "plausible": "nothing speaks against it, but the data cover too little of it to confirm it",
    "contradicted": "market data cannot be reconciled with it",
    "inconsistent": "the article's own figures do not fit together",
    "not_checkable": "no data, or no window to hold them against",
}
#: More names than this make a list, not a line.
_NAMED = 3


def moment(at: datetime | None) -> str:
    """Write an instant: `25 Aug 2025, 21:04 UTC`."""
    return "date unknown" if at is None else f"{at.day} {at:%b %Y, %H:%M} UTC"


def share(part: float | None) -> str:
    """Write a share: `12 %`; unknown is said so."""
    if part is None:
        return "unknown"
    return "under 1 %" if 0 < part < 0.01 else f"{part:.0%}".replace("%", " %")


def names(given: Sequence[str]) -> str:
    """Name the first few: `CoinGlass, Coinalyze, Binance and 4 more`."""
    shown = ", ".join(given[:_NAMED])
    return f"{shown} and {len(given) - _NAMED} more" if len(given) > _NAMED else shown


def beside_badge(explanation: str, verdict: Verdict | None) -> str:
    """Take off an explanation what the badges before it say already: its verdict, and that data are simulated."""
    told = explanation.removeprefix("SIMULATED market data. ")
    word, colon, rest = told.partition(": ")
    if not colon or word.casefold() != VERDICT_WORDS[verdict]:
        return told
    return rest[:1].upper() + rest[1:]


def allowed(evidence: Evidence) -> str:
    """Write what a piece of evidence allows: `$82 million to $137.6 million`, `at least $82 million`."""
    low, high = (
        amount(Figure(value=end, unit=evidence.unit)) if end else None for end in (evidence.low, evidence.high)
    )
    if low and high:
        told = low if low == high else f"{low} to {high}"
    elif low or high:
        told = f"at least {low}" if low else f"at most {high}"
    else:
        return "nothing" if evidence.high == 0 else "–"
    return f"prices of {told}" if evidence.kind == "candles" else told


def origin(evidence: Evidence) -> str:
    """Write where a piece of evidence comes from: `CoinGlass, Binance, BTC ETH SOL, longs`."""
    side = None if evidence.side in (None, "both") else f"{evidence.side}s"
    parts = dict.fromkeys((evidence.source, evidence.venue, " ".join(evidence.assets), side))
    return ", ".join(part for part in parts if part) or "–"
