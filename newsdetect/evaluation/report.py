"""Puts scores into words and JSON."""

from __future__ import annotations

from typing import Any

from newsdetect.evaluation.scores import RATES, SHARES, Tally


def as_json(tally: Tally) -> dict[str, Any]:
    """Give the scores as one JSON object."""
    rates = {}
    for name in RATES:
        rate = tally.rate(name)
        rates[name] = {
            "p": round(rate.precision, 4),
            "r": round(rate.recall, 4),
            "f1": round(rate.f1, 4),
            "gold": rate.gold,
            "predicted": rate.predicted,
        }
    return {"articles": tally.articles, **rates, "fields": {name: round(tally.field_share(name), 4) for name in SHARES}}


def as_text(tally: Tally) -> str:
    """Give the scores as lines that a person reads."""
    lines = []
    for name in RATES:
        rate = tally.rate(name)
        lines.append(
            f"{name:8} P {rate.precision:.3f}  R {rate.recall:.3f}  F1 {rate.f1:.3f}"
            f"  (gold {rate.gold}, predicted {rate.predicted})"
        )
    lines.append("fields   " + "  ".join(f"{name} {tally.field_share(name):.3f}" for name in SHARES))
    return "\n".join(lines)


def as_line(tally: Tally) -> str:
    """Give the F1 scores of a tally on one line."""
    scores = "  ".join(f"{name} {tally.rate(name).f1:.3f}" for name in RATES)
    return f"{scores}  ({tally.articles} articles, {tally.rate('detect').gold} claims)"
