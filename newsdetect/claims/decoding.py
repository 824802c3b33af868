"""From scores to readings: what a trained reader thinks of each figure, brought to meanings that can be true together.

A figure is a claim where its role says so; each field is the option with the best score. What is said farther away
(FAR) is carried over from the nearest figure that has it, else from the rules. Hedges and sources are the rules' in any
case: they stand right beside the figure and are read there almost without fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsdetect.claims.article import Article
from newsdetect.claims.attribution import attribute
from newsdetect.claims.hedges import find_hedge
from newsdetect.claims.meaning import Reading
from newsdetect.claims.scene import FAR, NONE, Field, Option, Scene, View
from newsdetect.types import ALL, Metric, Side, Status, Window

ROLES: tuple[Metric | None, ...] = (None, "liquidations", "largest_liquidation", "traders_liquidated")
STATUSES: tuple[Status, ...] = ("asserted", "historical", "hypothetical")
SIDES: tuple[Side, ...] = ("both", "long", "short")

Chances = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the heads say of one figure, as chances that add up to one in each array."""

    role: Chances
    status: Chances
    side: Chances
    #: One chance an option of the scene, in its order.
    options: dict[Field, Chances]


@dataclass(frozen=True, slots=True)
class Scored:
    """One figure of a scene with its scores."""

    scene: Scene
    view: View
    scores: Scores

    def best(self, name: Field) -> tuple[Option, float]:
        """Give a field's option, and its chance: mentions of one value speak together."""
        options, chances = self.scene.options[name], self.scores.options[name]
        together: dict[object, float] = {}
        for option, chance in zip(options, chances, strict=True):
            key: object = option.start if option.line is None else str(option.value)
            together[key] = together.get(key, 0.0) + float(chance)
        key, chance = max(together.items(), key=lambda pair: pair[1])
        chosen = [
            (float(each), option)
            for option, each in zip(options, chances, strict=True)
            if (option.start if option.line is None else str(option.value)) == key
        ]
        return max(chosen, key=lambda pair: pair[0])[1], chance


def decode(article: Article, scored: Sequence[Scored], *, name: str, least: float) -> tuple[Reading, ...]:
    """Give the readings of an article, in order of the text.

    `name` is the reader's, which it leaves on each reading; a figure is a claim from the chance `least` on.
    """
    claimed = [each for each in scored if 1.0 - float(each.scores.role[0]) >= least]
    claimed.sort(key=lambda each: each.view.figure.amount.start)
    lines = {each.view.figure.line.position for each in claimed}
    windows = [_window(each) for each in claimed]
    return tuple(
        _reading(article, each, number, windows, lines=lines, name=name) for number, each in enumerate(claimed)
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """A window as far as it is settled: `far` has to be looked for elsewhere."""

    window: Window | None
    told: bool
    far: bool
    own: bool


def _window(scored: Scored) -> _Told:
    option, _ = scored.best("window")
    if option.line is None:
        return _Told(None, told=False, far=option.start == FAR, own=False)
    window = option.value if isinstance(option.value, Window) else None
    return _Told(window, told=True, far=False, own=option.line is scored.view.figure.line)


def _reading(  # noqa: PLR0913 -- one figure with its surroundings
    article: Article, scored: Scored, number: int, windows: Sequence[_Told], *, lines: set[int], name: str
) -> Reading:
    view, scores = scored.view, scored.scores
    figure = view.figure
    metric = ROLES[1 + int(scores.role[1:].argmax())]
    assert metric is not None
    status = STATUSES[int(scores.status.argmax())]
    told = windows[number]
    window = _carried(number, windows, view) if told.far else told.window
    if status == "hypothetical":
        window = None
    side = SIDES[int(scores.side.argmax())]
    asset, venue = _named(scored, "asset"), _named(scored, "venue")
    if figure.amount.kind == "coin":
        asset = figure.amount.unit
    return Reading(
        figure=figure,
        metric=metric,
        hedge=find_hedge(article.doc.content, figure.amount, since=figure.line.sentence.start),
        window=window,
        window_told=told.told or (told.far and window is not None),
        side=None if side == "both" else side,
        asset=asset,
        venue=venue,
        status=status,
        attributed_to=attribute(article, figure.line.position, lines),
        rules=(figure.amount.rule, f"tagger:{name}", *(() if told.own or window is None else ("window.story",))),
        confidence=_confidence(scored, metric),
    )


def _carried(number: int, windows: Sequence[_Told], view: View) -> Window | None:
    """Give the window of the nearest figure that has one, else what the rules carried here."""
    near = [at for at, told in enumerate(windows) if told.window is not None]
    if near:
        return windows[min(near, key=lambda at: (abs(at - number), at))].window
    return view.reading.window if view.reading else None


def _named(scored: Scored, name: Field) -> str:
    """Give the coin or venue of a figure, ALL where none is said."""
    option, _ = scored.best(name)
    if option.start == NONE:
        return ALL
    if option.start == FAR:
        reading = scored.view.reading
        return (reading.asset if name == "asset" else reading.venue) if reading else ALL
    return str(option.value)


def _confidence(scored: Scored, metric: Metric) -> float:
    """Multiply the chances of what was chosen."""
    scores = scored.scores
    chance = float(scores.role[ROLES.index(metric)]) * float(scores.status.max()) * float(scores.side.max())
    fields: tuple[Field, ...] = ("window", "asset", "venue")
    for name in fields:
        chance *= min(1.0, scored.best(name)[1])
    return round(chance, 4)
