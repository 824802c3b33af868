"""Passages as gold records: the marks of one passage joined to distinct claims, as the annotation guide counts them."""

from __future__ import annotations

from typing import Any

from newsdetect.claims.amounts import Amount, find_amounts
from newsdetect.training.passages import METRICS, Label, Passage

Record = dict[str, Any]


def value_of(label: Label, amounts: dict[int, Amount]) -> Amount | None:
    """Give the amount that the grammar reads where a label stands; null where it reads none there."""
    exact = amounts.get(label.span.start)
    if exact is not None:
        return exact
    inside = (a for a in amounts.values() if a.start < label.span.end and label.span.start < a.end)
    return next(inside, None)


def gold_record(passage: Passage) -> Record:
    """Give the record of a passage: event, claims (a rounded mention of a claim is that claim), causes."""
    amounts = {amount.start: amount for amount in find_amounts(passage.doc.content)}
    claims: list[Record] = []
    for label in passage.labels:
        amount = value_of(label, amounts) if label.is_claim else None
        if amount is not None:
            _add(claims, _claim(label, amount))
    event = any(claim["status"] == "asserted" and claim["metric"] != "traders_liquidated" for claim in claims)
    causes = [{"type": each.type, "role": each.role, "text": each.span.text} for each in passage.causes]
    return {"id": passage.doc.id, "event": event, "claims": claims, "causes": causes if event else []}


def _claim(label: Label, amount: Amount) -> Record:
    metric = METRICS[label.role]
    unit = "traders" if metric == "traders_liquidated" else label.unit or amount.unit
    return {
        "metric": metric,
        "value": amount.value,
        "unit": unit,
        "hedge": label.hedge,
        "window": label.window.model_dump(mode="json") if label.window else None,
        "side": label.side,
        "asset": label.asset if amount.kind != "coin" else amount.unit,
        "venue": label.venue,
        "status": label.status,
        "attributed_to": label.attributed_to,
        "evidence": label.span.text,
    }


def _add(claims: list[Record], claim: Record) -> None:
    """Add a claim unless it is a mention of one that stands there; the more precise figure stays."""
    for number, other in enumerate(claims):
        if _same_meaning(claim, other):
            a, b = claim["value"], other["value"]
            if a == b:
                if other["hedge"] == "exact":
                    other["hedge"] = claim["hedge"]
                return
            if rounds(b, a):
                claims[number] = claim
                return
            if rounds(a, b):
                return
    claims.append(claim)


def _same_meaning(one: Record, other: Record) -> bool:
    return all(one[name] == other[name] for name in ("metric", "unit", "window", "side", "asset", "venue", "status"))


def rounds(rough: float, precise: float) -> bool:
    """Tell whether `rough` is `precise` with fewer digits."""
    digits = len(f"{rough:.12g}".split("e")[0].replace(".", "").strip("0"))
    return float(f"{precise:.{digits}g}") == rough and abs(rough - precise) <= 0.05 * precise
