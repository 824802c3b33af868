"""Which claims a report's conflicts count against: all that stand in them, or the one that is odd.

Why one is let off for another: docs/decisions/0007-the-odd-one-out.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from newsdetect.checks.arithmetic import Conflict


def held_against(found: Sequence[Conflict]) -> dict[str, tuple[Conflict, ...]]:
    """Give the conflicts that count against each claim.

    All claims of a conflict stand under it, for arithmetic does not say which is wrong. But where several conflicts
    hang together and one claim alone stands in every one of them, it is the odd one out, and the others are let off.
    """
    against: dict[str, tuple[Conflict, ...]] = {}
    for group in _hanging_together(found):
        common = set.intersection(*(set(conflict.claim_ids) for conflict in group))
        blamed = common if len(group) > 1 and len(common) == 1 else {i for each in group for i in each.claim_ids}
        for ident in blamed:
            against[ident] = tuple(conflict for conflict in group if ident in conflict.claim_ids)
    return against


def _hanging_together(found: Sequence[Conflict]) -> list[list[Conflict]]:
    """Group conflicts that share claims, directly or through others.

    A hostile page makes tens of thousands of conflicts: each claim points to another of its group, up to one that
    stands for all, so that no conflict is compared with every other.
    """
    towards: dict[str, str] = {}

    def stands_for(ident: str) -> str:
        while (up := towards.setdefault(ident, ident)) != ident:
            # Halves the way for whoever asks next.
            towards[ident] = ident = towards.setdefault(up, up)
        return ident

    for conflict in found:
        first = stands_for(conflict.claim_ids[0])
        for ident in conflict.claim_ids[1:]:
            towards[stands_for(ident)] = first
    groups: dict[str, list[Conflict]] = {}
    for conflict in found:
        groups.setdefault(stands_for(conflict.claim_ids[0]), []).append(conflict)
    return list(groups.values())
