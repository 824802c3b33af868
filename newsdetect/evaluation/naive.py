"""The naive baseline: what anybody would write in ten minutes, to hold every other reader against.

A sentence that speaks of liquidation and holds a dollar amount makes a claim; its window and side are the first named
in the same sentence, its coin and venue are ALL, and nothing is history or possibility.
"""

from __future__ import annotations

from newsdetect.claims.article import Article
from newsdetect.claims.cues import LIQUIDATION
from newsdetect.claims.meaning import Reading
from newsdetect.types import ALL


def read_naively(article: Article) -> tuple[Reading, ...]:
    """Read an article's figures the naive way."""
    return tuple(
        Reading(
            figure=figure,
            metric="liquidations",
            hedge="exact",
            window=line.times[0].window if line.times else None,
            window_told=bool(line.times),
            side=("long" if line.sides[0].value == "long" else "short") if line.sides else None,
            asset=ALL,
            venue=ALL,
            status="asserted",
            attributed_to=None,
            rules=("naive",),
        )
        for line in article.lines
        if LIQUIDATION.search(line.text)
        for figure in line.figures
        if figure.amount.kind == "money" and figure.amount.scaled
    )
