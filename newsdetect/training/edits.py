"""Words put in the place of others, and where every character of the text went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from newsdetect.types import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """Other words for characters `[start, end)`."""

    start: int
    end: int
    words: str


def overlaps(edit: Edit, others: Iterable[Edit]) -> bool:
    """Tell whether an edit touches characters of another."""
    return any(edit.start < other.end and other.start < edit.end for other in others)


class Moved:
    """A text after its edits, and where its characters went."""

    def __init__(self, content: str, edits: Iterable[Edit]) -> None:
        """Apply edits to a text; of two that overlap the first counts, of those of one start the longest."""
        self._edits: list[Edit] = []
        for edit in sorted(edits, key=lambda each: (each.start, -each.end)):
            if not self._edits or edit.start >= self._edits[-1].end:
                self._edits.append(edit)
        parts, last = [], 0
        for edit in self._edits:
            parts += [content[last : edit.start], edit.words]
            last = edit.end
        self.content = "".join([*parts, content[last:]])

    def place(self, offset: int, *, end: bool = False) -> int:
        """Give the new place of an offset; one inside an edit goes to that edit's start or end."""
        shift = 0
        for edit in self._edits:
            if edit.end <= offset:
                shift += len(edit.words) - (edit.end - edit.start)
            elif edit.start < offset:
                return edit.start + shift + (len(edit.words) if end else 0)
            else:
                break
        return offset + shift

    def span(self, span: Span) -> Span:
        """Give a span where it is now, with its words."""
        start, end = self.place(span.start), self.place(span.end, end=True)
        return Span(start=start, end=end, text=self.content[start:end])
