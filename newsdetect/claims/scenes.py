"""Which figures of an article are asked about, and in which scenes they are shown.

A figure is asked about near sentences that speak of liquidation, and beside sums in positions. Neighbouring ones share
a scene: their sentences, those around them, the headline, and lines from farther away whose times may be theirs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from newsdetect.claims.article import Article, Line
from newsdetect.claims.cues import POSITION, is_told
from newsdetect.claims.entities import Mention
from newsdetect.claims.scene import AROUND, FAR, FIELDS, NONE, Field, Opinions, Option, Scene, View

#: How far from a sentence that speaks of liquidation a figure is still asked about, in sentences. Lists and features go
#: on for long in words of their own ("Longs made up $352 million of the total"); the reader takes few others for one.
_NEAR = 8
#: How far from a sentence that tells of a sum in positions, which may be a liquidation in other words.
_BESIDE = 1
#: A scene's length in characters, its headline included: some 350 word pieces at the most.
_LONGEST = 1400
_TITLE = 200
#: The longest line from farther away that is shown as well, and how much room such lines have beside the scene.
_FAR_LINE, _FAR_ROOM = 350, 450


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
    if is_told(line):
        return _NEAR
    sums = any(figure.amount.scaled and figure.amount.kind == "money" for figure in line.figures)
    return _BESIDE if sums and line.has(POSITION) else None


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
