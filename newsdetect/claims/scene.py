"""What a trained reader is shown of an article: scenes of a few sentences, their figures, and the options of each.

A scene is the headline and the sentences around neighbouring figures, about as much as the encoder reads at once, and a
sentence or two from farther away that tell of liquidations with a time, which may be these figures' too. Each figure
stands in one scene. What it may be bound to are options: the times, coins, venues, sides and data sources that are
named in the scene, and two that stand for themselves: nothing is said (NONE), or it is said farther away (FAR). Digits
of amounts are shown as zeros, of the same length: what a sum is lies in its shape and its words, never in its digits.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from newsdetect.claims.article import Article, Figure, Line
from newsdetect.claims.cues import LIQUIDATION, POSITION, WIPE, is_told
from newsdetect.claims.entities import Mention
from newsdetect.claims.meaning import Reading
from newsdetect.claims.reading import bind, claimed
from newsdetect.claims.roles import Role
from newsdetect.types import Window

Field = Literal["window", "asset", "venue", "side", "source"]
FIELDS: tuple[Field, ...] = ("window", "asset", "venue", "side", "source")
#: Options that are no mention.
NONE, FAR = -1, -2

#: How far from a sentence that speaks of liquidation a figure is still asked about, in sentences. Lists and features go
#: on for long in words of their own ("Longs made up $352 million of the total"); the reader takes few others for one.
_NEAR = 8
#: How far from a sentence that tells of a sum in positions, which may be a liquidation in other words.
_BESIDE = 1
#: Sentences before and behind a scene's figures that are shown with them.
AROUND = 2
#: A scene's length in characters, its headline included: some 350 word pieces at the most.
_LONGEST = 1400
_TITLE = 200
#: The longest line from farther away that is shown as well, and how much room such lines have beside the scene.
_FAR_LINE, _FAR_ROOM = 350, 450


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


def scenes(article: Article) -> list[Scene]:
    """Lay an article out in scenes; one that speaks neither of liquidation nor of sums in positions has none."""
    speaking = {line.position: reach for line in article.lines if (reach := _reach(line)) is not None}
    if not speaking:
        return []
    opinions = Opinions(article)
    asked = list({figure.line.position: figure.line for figure, _role in opinions.asked.values()}.values())
    told = {position for at, reach in speaking.items() for position in range(at - reach, at + reach + 1)}
    near = [line for line in asked if line.sentence.title or line.position in told]
    timed = [line for line in article.lines if line.position in speaking and len(line.text) <= _FAR_LINE and line.times]
    return [_scene(article, group, opinions, timed) for group in _groups(near)]


def _reach(line: Line) -> int | None:
    """Tell how far around a sentence figures are asked about; null where it speaks of nothing that closes positions.

    A sum in positions is often no claim; what it is, is for the reader to tell ("Crypto shorts lose $310 million").
    """
    if is_told(line) or LIQUIDATION.search(line.text) is not None:
        return _NEAR
    if POSITION.search(line.text) is None:
        return None
    if WIPE.search(line.text) is not None:
        return _NEAR
    sums = any(figure.amount.scaled and figure.amount.kind == "money" for figure in line.figures)
    return _BESIDE if sums else None


def _groups(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Gather neighbouring lines with figures, as many as one scene holds."""
    group: list[Line] = []
    length = 0
    for line in lines:
        size = len(line.text) + 1
        if group and (line.position - group[-1].position > AROUND + 1 or length + size > _LONGEST - _TITLE - 400):
            yield group
            group, length = [], 0
        group.append(line)
        length += size
    if group:
        yield group


def _scene(article: Article, group: list[Line], opinions: Opinions, timed: Sequence[Line]) -> Scene:
    """Make the scene of a group: the headline, the group, as much around it as there is room for, and `timed` lines."""
    first, last = group[0].position, group[-1].position
    chosen = list(article.lines[first : last + 1])
    room = _LONGEST - sum(len(line.text) + 1 for line in chosen) - _TITLE
    before, behind = first - 1, last + 1
    for _ in range(AROUND):
        for at in (before, behind):
            if (
                0 <= at < len(article.lines)
                and len(article.lines[at].text) < room
                and chosen[0].position - at <= AROUND
            ):
                room -= len(article.lines[at].text) + 1
                chosen.append(article.lines[at])
        before, behind = before - 1, behind + 1
    title = article.title
    if title is not None and title not in chosen:
        chosen.append(title)
    chosen += _timed_elsewhere(timed, group, chosen)
    chosen = sorted({line.position: line for line in chosen}.values(), key=lambda line: line.position)
    starts, length = [], 0
    for line in chosen:
        starts.append(length)
        length += len(line.text) + 1
    text = "\n".join(shaped(line) for line in chosen)
    places = dict(zip((line.position for line in chosen), starts, strict=True))
    views = tuple(
        View(
            figure=figure,
            start=places[line.position] + figure.start,
            end=places[line.position] + figure.end,
            sentence=(places[line.position], places[line.position] + len(line.text)),
            opinions=opinions,
        )
        for line in group
        for figure in line.figures
        if figure.amount.start in opinions.asked
    )
    return Scene(article, text, tuple(chosen), tuple(starts), views, _options(chosen, starts))


def _timed_elsewhere(timed: Sequence[Line], group: Sequence[Line], chosen: Sequence[Line]) -> list[Line]:
    """Give lines outside a scene whose times its figures may mean: the first of the article's, and the nearest."""
    shown = {line.position for line in chosen}
    first, last = group[0].position, group[-1].position
    here = bisect_left(timed, first, key=lambda line: line.position)
    # Only so many are looked through: most of those beside a scene stand in it.
    before = [line for line in timed[max(0, here - 4) : here] if line.position not in shown]
    behind = [line for line in timed[here : here + 8] if line.position not in shown]
    opener = [line for line in timed[:1] if line.position not in shown]
    near = [line for line in (*before[-1:], *behind[:1]) if line not in opener]
    near.sort(key=lambda line: max(first - line.position, line.position - last))
    lines = opener + near[:1]
    return lines[:1] if sum(len(line.text) for line in lines) > _FAR_ROOM else lines


def shaped(line: Line) -> str:
    """Give a line's text with the digits of its amounts as zeros; plain numbers are times, leverage and the like."""
    chars = list(line.text)
    for figure in (each for each in line.figures if each.amount.kind != "bare" or each.amount.scaled):
        for place in range(figure.start, figure.end):
            if chars[place].isdecimal():
                chars[place] = "0"
    return "".join(chars)


def _options(lines: Sequence[Line], starts: Sequence[int]) -> dict[Field, tuple[Option, ...]]:
    """Give the options of a scene's lines, field by field; NONE and FAR come first."""
    found: dict[Field, list[Option]] = {name: [Option(NONE, NONE, None), Option(FAR, FAR, None)] for name in FIELDS}
    for line, start in zip(lines, starts, strict=True):
        for time in line.times:
            option = Option(start + time.start, start + time.end, time.window, line, time.start, time.rule)
            found["window"].append(option)
        named: dict[Field, list[Mention]] = {
            "asset": line.assets, "venue": line.venues, "side": line.sides, "source": line.observers
        }  # fmt: skip
        for name, mentions in named.items():
            for each in mentions:
                found[name].append(Option(start + each.start, start + each.end, each.value, line, each.start))
    return {name: tuple(options) for name, options in found.items()}
