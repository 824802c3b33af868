"""The page's words for instants, shares, ranges and evidence; amounts and verdicts are worded as in the digest."""

from __future__ import annotations

from datetime import datetime

from newsdetect.checks.check import Evidence, EvidenceKind, Says, Verdict
from newsdetect.events.event import Figure
from newsdetect.outputs.digest_wording import amount

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


def moment(at: datetime | None) -> str:
    """Write an instant: `25 Aug 2025, 21:04 UTC`."""
    return "date unknown" if at is None else f"{at.day} {at:%b %Y, %H:%M} UTC"


def share(part: float | None) -> str:
    """Write a share: `12 %`; unknown is said so."""
    if part is None:
        return "unknown"
    return "under 1 %" if 0 < part < 0.01 else f"{part:.0%}".replace("%", " %")


def allowed(evidence: Evidence) -> str:
    """Write what a piece of evidence allows: `$82 million to $137.6 million`, `at least $82 million`."""
    low, high = (
        None if end is None else amount(Figure(value=end, unit=evidence.unit)) for end in (evidence.low, evidence.high)
    )
    if low and high:
        return low if low == high else f"{low} to {high}"
    if low or high:
        return f"at least {low}" if low else f"at most {high}"
    return "–"


def origin(evidence: Evidence) -> str:
    """Write where a piece of evidence comes from: `CoinGlass, Binance, BTC ETH SOL`."""
    parts = dict.fromkeys((evidence.source, evidence.venue, " ".join(evidence.assets)))
    return ", ".join(part for part in parts if part) or "–"
