"""How likely a claim is right, from named signs of its case: a logistic model that planted truth was fitted to.

Each sign is a number that rises or falls with one thing a reader can see in the evidence. Their weights are data
(fixtures/checks/probability.toml), fitted and judged by `newsdetect evaluate checks` on markets whose truth is known;
the direction of each is fixed here, so that no fit can make more support mean less. Pure: all evidence comes in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from newsdetect.checks.bounds import same_name
from newsdetect.checks.check import Verdict
from newsdetect.checks.compare import Case, corroborates, log_factor, searched
from newsdetect.checks.coverage import coverage
from newsdetect.checks.evidence import Held
from newsdetect.checks.tuning import checks_data
from newsdetect.claims.claim import Claim
from newsdetect.types import ALL

#: What each sign may do to the probability: +1 only raise it, -1 only lower it.
SIGNS: Mapping[str, int] = {
    "corroborated": 1, "contradicted": -1, "inconsistent": -1,
    "same_source": 1,      # a series of the claim's own source agrees
    "fits_closely": 1,     # the claim overlaps a range with two ends; 1 for a point, less the wider it is
    "held": 1,             # K, where the claim overlaps such a range
    "special": 1,          # log10 of P(match | true) / P(match | random window)
    "vague": 1,            # ln of the claim's own width: a wider claim is right more often
    "price_supports": 1, "price_against": -1,
    "ends_broken": -1,     # the share of admissible ends at which a bound is broken
    "ends_missed": -1,     # the share of them at which the claim does not overlap a range with two ends
    "searched": -1,        # ln of the factor by which the readings move over the admissible ends
    "unbounded": -1,       # no range with two ends could be made of what was seen
    "unseen": -1,          # nothing but prices was held: no reading of liquidations speaks at all
    "misfit": -1,          # ln of the factor between the claim and the range it would be reported in ...
    "misfit_far": -1,      # ... beyond what feeds and aggregators differ by, and
    "misfit_named": -1,    # ... where the range is made by the very source that the claim names
    "above": -1, "below": -1,  # ln of the factor between the claim and what was seen, divided by K, beyond 1.05
    "above_whole": -1, "below_whole": -1,  # the same times K: a misfit of data that hold the scope weighs more
    "unbounded_above": -1,  # log10 of the claim against the largest wipe-out on record, scaled to window and scope
}  # fmt: skip
#: The largest 24 hours on record in USD (CoinGlass, 2025-10-11), and how a record grows with its window's length.
_RECORD, _GROWS = 1.913e10, 0.5
_NEAR = math.log(1.05)
#: Feeds that keep one order a second, and aggregators, tell less than others by about this much (ln of the factor).
_APART = 0.35


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of the signs, and the weight of none."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, signs: Mapping[str, float]) -> float:
        """Give the probability of a case's signs, 0 to 1."""
        score = self.bias + sum(self.weights.get(name, 0.0) * value for name, value in signs.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def shipped() -> Model:
    """Read the shipped weights."""
    data = checks_data("probability")
    return Model(bias=data["bias"], weights=data["weights"])


def probability(claim: Claim, case: Case, verdict: Verdict) -> float | None:
    """Weigh how likely a claim is right, 0 to 1; null where nothing was to be weighed."""
    found = signs(claim, case, verdict)
    return None if found is None else round(shipped().probability(found), 3)


def signs(claim: Claim, case: Case, verdict: Verdict) -> dict[str, float] | None:
    """Give the signs of a case by name; None where nothing was to be weighed."""
    if verdict == "not_checkable":
        return None
    found = dict.fromkeys(SIGNS, 0.0)
    if verdict in found:
        found[verdict] = 1.0
    best = case.best
    tried = case.tried
    if best is None or tried is None or not best.covers or case.missing is not None:
        return found if verdict == "inconsistent" else None
    found["price_supports"] = float(best.price == "supports")
    found["price_against"] = float(best.price in ("against", "refutes"))
    found["ends_broken"] = int(tried.refuted.sum()) / len(tried)
    missed = tried.said & tried.told & (tried.high < math.inf) & ~tried.overlaps
    found["ends_missed"] = int(missed.sum()) / len(tried)
    found["searched"] = math.log(min(10.0, searched(case)))
    found["unbounded_above"] = _beyond_record(claim, best)
    found["unbounded"] = 1.0
    found["unseen"] = float(not best.sums)
    if best.claimed is None or best.reported is None:
        return found
    low, high = best.claimed.low, best.claimed.high
    found["vague"] = 1.0 if not low or high is None else min(1.0, math.log(high / low))
    found["same_source"] = float(best.same_source)
    if corroborates(best) and case.specific is not None:
        found["special"] = math.log10(max(1.0, min(case.specific, 100.0)))
    if best.reported.overlaps(best.claimed):
        if best.reported.high and best.reported.low:
            found["unbounded"] = 0.0
            found["fits_closely"] = best.reported.low / best.reported.high
            found["held"] = best.coverage.middle
    else:
        found["unbounded"] = 0.0
        found["misfit"] = min(5.0, log_factor(best.claimed, best.reported))
        found["misfit_far"] = max(0.0, found["misfit"] - _APART)
        if claim.attributed_to and any(same_name(claim.attributed_to, row.source) for row in best.sums):
            found["misfit_named"] = found["misfit"]
    above, below = _against_seen(best)
    found["above"], found["below"] = above, below
    found["above_whole"], found["below_whole"] = above * best.coverage.middle, below * best.coverage.middle
    return found


def _against_seen(held: Held) -> tuple[float, float]:
    """Give ln of the factors by which the claim lies above and below the middle of what the readings make of it."""
    seen = held.seen
    share = held.coverage.middle
    if held.claimed is None or not seen.low or not share:
        return 0.0, 0.0
    top = max(seen.low, seen.high or seen.low) / share
    bottom = seen.low / share
    above = math.log(held.claimed.low / top) if held.claimed.low else 0.0
    below = math.log(bottom / held.claimed.high) if held.claimed.high else 0.0
    return min(5.0, max(0.0, above - _NEAR)), min(5.0, max(0.0, below - _NEAR))


def _beyond_record(claim: Claim, held: Held) -> float:
    if held.claimed is None or not held.claimed.low:
        return 0.0
    share = coverage([(claim.venue, claim.asset)], venue=ALL, asset=ALL, at=held.window.end).high or 1.0
    record = _RECORD * share * (held.window.hours / 24) ** _GROWS
    return min(5.0, max(0.0, math.log10(held.claimed.low / record)))
