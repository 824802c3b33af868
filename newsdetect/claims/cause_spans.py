"""Causes read off tagged word pieces: runs of one type become spans, each with its role; one cause is given once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsdetect.claims.causes_phrases import trimmed
from newsdetect.claims.claim import Cause
from newsdetect.claims.decoding import Chances
from newsdetect.claims.heads import Heads, States
from newsdetect.claims.scene import Scene
from newsdetect.claims.tagging import CAUSE_ROLES, CAUSE_TYPES, Offsets

#: A run must have this chance, on the average of its pieces, to be a cause: at .8 held-out passages' types are named
#: better than at .6, validation's alike, the own gold set's worse, and fewer causes are poor ones.
LEAST = 0.8
#: A cause that is given again shares this share of its words with the first.
_SAME_WORDS = 0.6


@dataclass(frozen=True, slots=True)
class _Run:
    """Word pieces `[first, last)` that are tagged with one type."""

    kind: int
    first: int
    last: int
    chance: float


def causes_of(  # noqa: PLR0913 -- a scene with all that the reader makes of it
    scene: Scene, states: States, offsets: Offsets, tags: Chances, heads: Heads, *, name: str
) -> Iterator[Cause]:
    """Give the causes that stand in a scene, at offsets of the document's content; `tags` are the pieces' chances."""
    content = scene.article.doc.content
    for run in _runs(tags, offsets):
        start, end = _content_span(scene, offsets[run.first][0], offsets[run.last - 1][1])
        start, end = trimmed(content, start, end)
        if start >= end or "\n" in content[start:end]:
            continue
        role = CAUSE_ROLES[int(heads.cause_roles(states[run.first : run.last]).argmax())]
        yield Cause(
            type=CAUSE_TYPES[run.kind],
            role=role,
            text=content[start:end],
            start=start,
            end=end,
            confidence=round(run.chance, 4),
            rules=(f"tagger:{name}",),
        )


def distinct(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Keep each cause once, in order of the text: of the same words and type the surer one."""
    kept: list[Cause] = []
    for cause in sorted(causes, key=lambda each: -each.confidence):
        if not any(cause.type == other.type and _alike(cause, other) for other in kept):
            kept.append(cause)
    return tuple(sorted(kept, key=lambda each: (each.start, each.end)))


def _alike(one: Cause, other: Cause) -> bool:
    if one.start < other.end and other.start < one.end:
        return True
    a, b = set(one.text.lower().split()), set(other.text.lower().split())
    return len(a & b) >= _SAME_WORDS * min(len(a), len(b))


def _runs(tags: Chances, offsets: Offsets) -> Iterator[_Run]:
    """Group neighbouring pieces whose likeliest tags are of one type; a first piece's tag opens a new run."""
    best = tags.argmax(axis=1)
    at = 0
    while at < len(best):
        if best[at] == 0 or offsets[at][0] == offsets[at][1]:
            at += 1
            continue
        kind, first = (int(best[at]) - 1) // 2, at
        at += 1
        while at < len(best) and best[at] == 2 + 2 * kind and offsets[at][0] < offsets[at][1]:
            at += 1
        columns = tags[first:at, 1 + 2 * kind] + tags[first:at, 2 + 2 * kind]
        chance = float(columns.mean())
        if chance >= LEAST:
            yield _Run(kind, first, at, chance)


def _content_span(scene: Scene, start: int, end: int) -> tuple[int, int]:
    first, last = scene.content_offset(start), scene.content_offset(end)
    return (first, last) if first is not None and last is not None else (0, 0)
