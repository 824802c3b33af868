"""Checks planted claims: each market is drawn, seen through feeds, and its articles are checked like any other.

Markets are independent of each other and of the order in which they are done; the even ones are there to fit to, the
odd ones to judge by, so that no claim of a judged event was ever fitted.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from newsdetect.checks.check import Verdict
from newsdetect.checks.check_claims import cases
from newsdetect.checks.compare import Case, compare, searched
from newsdetect.checks.probability import signs
from newsdetect.claims.claim import Claim
from newsdetect.evaluation.planted_claims import Told, articles
from newsdetect.market.planted import plant
from newsdetect.market.planted_views import VIEWS, candles
from newsdetect.workers import end_with_parent

#: Claims a market, and views of it: articles about one rout are checked by several who hold different data.
PER_MARKET, _VIEWS_EACH = 60, 5
#: A lower bound over a smaller part of a scope cannot be hoped to catch what is ten times too low.
_PART = 0.2


@dataclass(frozen=True, slots=True)
class Outcome:
    """One planted claim as it was checked."""

    market: int
    article: str
    view: str
    perturbation: str
    named: bool
    value: float
    reading: float
    #: The factor by which the claim is wrong, 1 where its interval holds the truth.
    error: float
    right: bool
    strictly: bool
    verdict: Verdict
    #: The case's signs (checks/probability.py), null where nothing was to be weighed.
    signs: Mapping[str, float] | None
    #: Whether data were held that can catch a figure wrong by ten in this direction: of the claim's whole scope an
    #: aggregator's series, a full feed or a volume, or from below a fair part of it.
    covered: bool
    #: The factor by which the readings move over the admissible ends.
    searched: float

    @property
    def judged(self) -> bool:
        """Whether the claim belongs to the half that is judged by."""
        return self.market % 2 == 1


def run(*, claims: int, seed: int) -> Iterator[list[Outcome]]:
    """Check so many planted claims and more, a market at a time, on all cores; in order of the markets."""
    markets = max(2, -(-claims // PER_MARKET))
    with ProcessPoolExecutor(
        max_workers=min(os.cpu_count() or 1, markets),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=end_with_parent,
    ) as pool:
        yield from pool.map(one_market, [seed] * markets, range(markets))


def one_market(seed: int, number: int) -> list[Outcome]:
    """Draw one market, and check its articles with what its views hold."""
    planted = plant(seed, number)
    rng = np.random.Generator(np.random.PCG64([seed, number, 1]))
    prices = candles(planted, rng)
    names = [str(name) for name in rng.permutation(list(VIEWS))[:_VIEWS_EACH]]
    views = {name: VIEWS[name](planted, rng, prices) for name in names}
    outcomes: list[Outcome] = []
    for place, article in enumerate(articles(planted, rng, claims=PER_MARKET)):
        view = names[place % len(names)]
        weighed = cases(article.doc, [told.claim for told in article.told], views[view])
        outcomes += [
            _outcome(told, case, market=number, article=article.doc.id, view=view)
            for told, (_, case) in zip(article.told, weighed, strict=True)
        ]
    return outcomes


def _outcome(told: Told, case: Case, *, market: int, article: str, view: str) -> Outcome:
    verdict = compare(case)
    return Outcome(
        market=market, article=article, view=view, perturbation=told.perturbation,
        named=told.claim.attributed_to is not None, value=told.claim.value, reading=told.reading, error=told.error,
        right=told.right, strictly=told.strictly, verdict=verdict, signs=signs(told.claim, case, verdict),
        covered=_covered(told.claim, case, high=told.error > 1), searched=searched(case),
    )  # fmt: skip


def _covered(claim: Claim, case: Case, *, high: bool) -> bool:
    best = case.best
    if best is None:
        return False
    for row in best.sums:
        whole = row.venue == claim.venue and row.asset == claim.asset
        if whole and row.kind == "bars" and row.high is not None:
            return True
        if whole and row.kind == "prints" and row.full and row.high is not None:
            return True
        if not high and whole and row.kind == "snapshot":
            return True
    return best.volume is not None if high else best.coverage.middle >= _PART and bool(best.sums)
