"""Between characters and word pieces: spans both ways, and the tags that mark causes.

A cause is tagged piece by piece: the first of a type, the following of it, or none. Tags and their order are part of a
model file's meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from newsdetect.claims.claim import CauseRole, CauseType

CAUSE_TYPES: tuple[CauseType, ...] = get_args(CauseType)
CAUSE_ROLES: tuple[CauseRole, ...] = get_args(CauseRole)
#: No cause; then for each type its first piece and its following ones.
TAGS = 1 + 2 * len(CAUSE_TYPES)

Offsets = Sequence[tuple[int, int]]


def token_span(offsets: Offsets, start: int, end: int) -> tuple[int, int]:
    """Give the word pieces `[first, last)` that touch characters `[start, end)`; at least one where any is left.

    Special pieces have empty offsets and are never part of a span; characters behind the last piece give the last one.
    """
    touched = [number for number, (a, b) in enumerate(offsets) if a < b and a < end and b > start]
    if touched:
        return touched[0], touched[-1] + 1
    behind = [number for number, (a, b) in enumerate(offsets) if a < b and a >= start]
    first = behind[0] if behind else max(0, len(offsets) - 1)
    return first, first + 1


def cause_tags(offsets: Offsets, causes: Iterable[tuple[int, int, str, str]]) -> NDArray[np.int64]:
    """Tag word pieces with the causes that stand on them (start, end, type, role in characters)."""
    tags = np.zeros(len(offsets), dtype=np.int64)
    for start, end, kind, _ in causes:
        first, last = token_span(offsets, start, end)
        begin = 1 + 2 * CAUSE_TYPES.index(kind)
        tags[first:last] = begin + 1
        tags[first] = begin
    return tags
