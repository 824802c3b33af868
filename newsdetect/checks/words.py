"""Readings put into the words of whoever a claim names: another teller's sums times what is known to lie between them.

Where the claim's own teller tells a venue and coin itself, what others say of it does not count. Of a teller of whom
nothing is known the sums are taken as they stand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from newsdetect.checks.between import Apart
from newsdetect.checks.readings import Sum
from newsdetect.checks.rows import Rows


def rows_in_words(rows: Rows, known: Apart) -> Rows:
    """Give rows as the claim's teller would tell them; the very same where nothing is to be changed."""
    if known.teller is None:
        return rows
    others = [place for place, head in enumerate(rows.heads) if known.told(head) is not None]
    if not others:
        return rows
    low, high = rows.low.copy(), rows.high.copy()
    for place in others:
        head = rows.heads[place]
        least, most = known.factors(head)
        low[place] *= least
        high[place] = high[place] * most if most < math.inf else np.nan
        own = [
            at
            for at, other in enumerate(rows.heads)
            if known.own(other) and (other.venue, other.asset) == (head.venue, head.asset) and other.kind == head.kind
        ]
        told = rows.there[own].any(axis=0) if own else np.zeros(low.shape[1], bool)
        low[place], high[place] = np.where(told, 0.0, low[place]), np.where(told, np.nan, high[place])
    return replace(rows, low=low, high=high)


def sums_in_words(found: Sequence[Sum], known: Apart) -> list[Sum]:
    """Give the sums of one source as the claim's teller would tell them."""
    if known.teller is None:
        return list(found)
    told = []
    for row in found:
        least, most = known.factors(row)
        high = None if row.high is None or most == math.inf else row.high * most
        told.append(row._replace(low=row.low * least, high=high))
    return told
