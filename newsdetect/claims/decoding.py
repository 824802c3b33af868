"""From scores to readings: what a trained reader thinks of each figure, brought to meanings that can be true together.

The reader decides which figures are claims, and of what kind and status. Given those, the rules bind each claim anew
over the whole article (what they carry from sentence to sentence no scene shows). Where reader and rules differ on a
window, side, coin or venue, the reader's word counts from a chance on that held-out passages gave (`Trust`). Hedges and
sources are the rules': they stand right beside the figure and are read there almost without fault.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsdetect.claims.article import Article
from newsdetect.claims.meaning import Reading
from newsdetect.claims.reading import bind
from newsdetect.claims.roles import Role
from newsdetect.claims.scene import FAR, Field, Option, Scene, View
from newsdetect.types import ALL, Metric, Side, Status, Window

ROLES: tuple[Metric | None, ...] = (None, "liquidations", "largest_liquidation", "traders_liquidated")
STATUSES: tuple[Status, ...] = ("asserted", "historical", "hypothetical")
SIDES: tuple[Side, ...] = ("both", "long", "short")

Chances = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Trust:
    """From which chance on the reader is believed: that a figure is a claim, and a field's value against the rules'."""

    claim: float = 0.5
    window: float = 0.8
    side: float = 0.8
    asset: float = 0.6
    venue: float = 0.6
    status: float = 0.5


#: The reader's word in everything that it has an opinion of.
ALONE = Trust(window=0.0, side=0.0, asset=0.0, venue=0.0, status=0.0)


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

    @property
    def metric(self) -> Metric:
        """The likeliest role of a claim."""
        metric = ROLES[1 + int(self.scores.role[1:].argmax())]
        assert metric is not None
        return metric

    @property
    def is_claim(self) -> float:
        """The chance that the figure is a claim at all."""
        return 1.0 - float(self.scores.role[0])

    def best(self, name: Field) -> tuple[Option, float]:
        """Give a field's likeliest option and its chance: mentions of one value speak together."""
        together: dict[object, list[tuple[float, Option]]] = {}
        for option, chance in zip(self.scene.options[name], self.scores.options[name], strict=True):
            key: object = option.start if option.line is None else str(option.value)
            together.setdefault(key, []).append((float(chance), option))
        found = max(together.values(), key=lambda each: sum(chance for chance, _ in each))
        return max(found, key=lambda each: each[0])[1], sum(chance for chance, _ in found)

    def sides(self) -> Chances:
        """Give the chances of both, long and short: the side head's and the options', half each."""
        options, chances = self.scene.options["side"], self.scores.options["side"]
        pointed: Chances = np.zeros(len(SIDES), dtype=np.float32)
        for option, chance in zip(options, chances, strict=True):
            if option.start == FAR:
                pointed = (pointed + chance * self.scores.side).astype(np.float32)
            else:
                pointed[0 if option.line is None else SIDES.index(str(option.value))] += chance
        both: Chances = ((pointed + self.scores.side) / 2).astype(np.float32)
        return both


def decode(
    article: Article,
    scored: Sequence[Scored],
    *,
    name: str,
    trust: Trust,
    calibration: tuple[float, float] = (1.0, 0.0),
) -> tuple[Reading, ...]:
    """Give the readings of an article, in order of the text; `name` is the reader's, which it leaves on each."""
    claimed = [each for each in scored if each.is_claim >= trust.claim]
    claimed.sort(key=lambda each: each.view.figure.amount.start)
    bound = bind(article, [(each.view.figure, Role(each.metric, f"tagger:{name}")) for each in claimed])
    by_start = {reading.figure.amount.start: reading for reading in bound}
    settled = (_settled(each, by_start[each.view.figure.amount.start], trust) for each in claimed)
    return tuple(replace(each, confidence=calibrated(each.confidence, *calibration)) for each in settled)


def calibrated(chance: float, slope: float, shift: float) -> float:
    """Bring a raw chance to how often such a claim is right: its log-odds times `slope` plus `shift`."""
    inside = min(max(chance, 1e-4), 1 - 1e-4)
    return round(1 / (1 + math.exp(-(slope * math.log(inside / (1 - inside)) + shift))), 4)


def _settled(scored: Scored, rules: Reading, trust: Trust) -> Reading:
    """Settle each field between the reader and the rules."""
    status, sure_status = STATUSES[int(scored.scores.status.argmax())], float(scored.scores.status.max())
    status = status if sure_status >= trust.status else rules.status
    window = _window(scored, rules, trust)
    if status == "hypothetical":
        window = {"window": None}
    chances = scored.sides()
    side, sure_side = SIDES[int(chances.argmax())], float(chances.max())
    asset, sure_asset = _named(scored, "asset", rules.asset)
    venue, sure_venue = _named(scored, "venue", rules.venue)
    if scored.view.figure.amount.kind == "coin":
        asset = scored.view.figure.amount.unit
    settled = replace(
        rules,
        metric=scored.metric,
        status=status,
        side=(None if side == "both" else side) if sure_side >= trust.side else rules.side,
        asset=asset if sure_asset >= trust.asset else rules.asset,
        venue=venue if sure_venue >= trust.venue else rules.venue,
        **window,
    )
    return replace(settled, confidence=_confidence(scored, settled, sure_status))


def _window(scored: Scored, rules: Reading, trust: Trust) -> dict[str, Any]:
    """Give the fields that change where the reader's window counts against the rules'."""
    option, chance = scored.best("window")
    if option.start == FAR or chance < trust.window:
        return {}
    window = option.value if isinstance(option.value, Window) else None
    if window == rules.window:
        return {}
    kept = tuple(rule for rule in rules.rules if not rule.startswith("window."))
    near = option.line is scored.view.figure.line
    rule = () if option.line is None else ("window.own",) if near else ("window.story",)
    return {"window": window, "window_told": option.line is not None, "rules": (*kept, *rule)}


def _named(scored: Scored, name: Field, otherwise: str) -> tuple[str, float]:
    """Give the coin or venue of a figure and its chance, ALL where none is said; far away the rules' word stands."""
    option, chance = scored.best(name)
    if option.start == FAR:
        return otherwise, chance
    return (ALL if option.line is None else str(option.value)), chance


def _confidence(scored: Scored, settled: Reading, status: float) -> float:
    """Multiply the chances of what was settled on, field by field; what the rules overruled counts as they say."""
    chance = float(scored.scores.role[ROLES.index(settled.metric)]) * status
    chance *= float(scored.sides()[SIDES.index(settled.side or "both")])
    wanted: dict[Field, object] = {"window": settled.window, "asset": settled.asset, "venue": settled.venue}
    for name, value in wanted.items():
        chances = zip(scored.scene.options[name], scored.scores.options[name], strict=True)
        nothing = value in (None, ALL)
        said = sum(
            float(each)
            for option, each in chances
            if option.start == FAR
            or (option.line is None and nothing)
            or (option.line is not None and option.value == value)
        )
        chance *= min(1.0, max(said, 0.02))
    return round(chance, 4)
