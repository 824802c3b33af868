"""What a trained reader is shown of an article: scenes of a few sentences, their figures, and the options of each.

A scene is the headline and the sentences around neighbouring figures, about as much as the encoder reads at once, and a
sentence or two from farther away that tell of liquidations with a time, which may be these figures' too. Each figure
stands in one scene. What it may be bound to are options: the times, coins, venues, sides and data sources that are
named in the scene, and two that stand for themselves: nothing is said (NONE), or it is said farther away (FAR). Digits
of amounts are shown as zeros, of the same length: what a sum is lies in its shape and its words, never in its digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from newsdetect.claims.article import Article, Figure, Line
from newsdetect.claims.meaning import Reading
from newsdetect.claims.reading import bind, claimed
from newsdetect.claims.roles import Role
from newsdetect.types import Window

Field = Literal["window", "asset", "venue", "side", "source"]
FIELDS: tuple[Field, ...] = ("window", "asset", "venue", "side", "source")
#: Options that are no mention.
NONE, FAR = -1, -2

#: Sentences before and behind a scene's figures that are shown with them.
AROUND = 2


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that a figure's field may be bound to."""

    #: Characters of the scene's text, or NONE or FAR for both ends.
    start: int
    end: int
    #: A window (null: a time that cannot be settled), a ticker, a venue, a side, a source; null for NONE and FAR.
    value: Window | str | None
    #: The line that it stands in, and its place there; null for NONE and FAR.
    line: Line | None = None
    place: int = 0
    #: The rule that found a time.
    rule: str = ""


class Opinions:
    """What the rules make of an article's figures; worked out when first asked for: training never asks."""

    def __init__(self, article: Article) -> None:
        self._article = article
        #: The figures that the rules take for claims, with their roles, by where they start.
        self.claims = {figure.amount.start: (figure, role) for figure, role in claimed(article)}
        #: All figures that are asked about, each with the role that the rules see, else that of a total.
        self.asked: dict[int, tuple[Figure, Role]] = {}
        for figure in (figure for line in article.lines for figure in line.figures):
            amount = figure.amount
            if amount.start in self.claims:
                self.asked[amount.start] = self.claims[amount.start]
            elif amount.kind != "bare" or amount.scaled:  # a sum, coins, a count: it can be a claim at all
                self.asked[amount.start] = (figure, Role("liquidations", "role.asked"))

    @cached_property
    def readings(self) -> dict[int, Reading]:
        """Their readings of what they take for claims, by where the figure starts."""
        return _by_start(bind(self._article, list(self.claims.values())))

    @cached_property
    def bound(self) -> dict[int, Reading]:
        """What they would read if every figure that is asked about were a claim, by where it starts."""
        return _by_start(bind(self._article, list(self.asked.values()))) | self.readings


def _by_start(readings: Iterable[Reading]) -> dict[int, Reading]:
    return {each.figure.amount.start: each for each in readings}


@dataclass(frozen=True, slots=True)
class View:
    """One figure as a scene shows it."""

    figure: Figure
    #: Characters of the scene's text: the figure, and its sentence.
    start: int
    end: int
    sentence: tuple[int, int]
    opinions: Opinions = field(repr=False, compare=False)

    @property
    def reading(self) -> Reading | None:
        """What the rules make of it; null where they see no claim."""
        return self.opinions.readings.get(self.figure.amount.start)

    @property
    def bound(self) -> Reading:
        """What the rules would make of it if it were one."""
        return self.opinions.bound[self.figure.amount.start]


@dataclass(frozen=True)
class Scene:
    """A few sentences with their figures and options."""

    article: Article
    text: str
    lines: tuple[Line, ...]
    #: Where each line starts in the text.
    starts: tuple[int, ...]
    views: tuple[View, ...]
    options: dict[Field, tuple[Option, ...]] = field(default_factory=dict)

    def place(self, offset: int) -> int | None:
        """Turn an offset of the document's content into a place in the scene's text; null where it is not shown."""
        for line, start in zip(self.lines, self.starts, strict=True):
            if line.sentence.start <= offset <= line.sentence.start + len(line.text):
                return start + offset - line.sentence.start
        return None

    def content_offset(self, place: int) -> int | None:
        """Turn a place in the scene's text into one in the document's content; null between two lines."""
        for line, start in zip(self.lines, self.starts, strict=True):
            if start <= place <= start + len(line.text):
                return line.sentence.start + place - start
        return None
