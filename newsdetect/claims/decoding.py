"""From scores to readings: what a trained reader and the rules make of each figure, weighed against each other.

Reader and rules see different things: the reader the words of a few sentences, the rules the whole article. So neither
has the last word. Each field is settled by both: the reader gives a chance to each value, and the value that the rules
see is raised by what their word weighs (`Trust`, in log-odds, fitted on passages that neither was made with). What is
said farther away than a scene shows is what the rules carried from there, and so is a source that is no known observer.
Of windows a figure's other mentions and neighbouring claims have a say as well (`claims.agreeing`).
Hedges are the rules': they stand right beside the figure and are read there almost without fault.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from newsdetect.claims.agreeing import Windows, agreed
from newsdetect.claims.article import Article
from newsdetect.claims.meaning import Reading
from newsdetect.claims.mentions import told_together
from newsdetect.claims.reading import bind
from newsdetect.claims.roles import Role
from newsdetect.claims.scene import FAR, Field, Scene, View
from newsdetect.types import ALL, Metric, Side, Status, Window

ROLES: tuple[Metric | None, ...] = (None, "liquidations", "largest_liquidation", "traders_liquidated")
STATUSES: tuple[Status, ...] = ("asserted", "historical", "hypothetical")
SIDES: tuple[Side, ...] = ("both", "long", "short")

Key = TypeVar("Key", bound=Hashable)
Chances = NDArray[np.float32]

#: No value is ruled out by the reader alone.
_NEVER = 1e-3


@dataclass(frozen=True, slots=True)
class Trust:
    """What the rules' word weighs beside the reader's, in log-odds, field by field; zero is nothing."""

    #: Added where the rules see a claim, and taken off where they see none.
    claim: float = 1.0
    no_claim: float = 1.0
    #: Added where the figure is told as what may come: in words of its own, of which the rules know few.
    possible: float = 0.0
    #: Log-odds that a figure must reach to be a claim.
    least: float = 0.0
    metric: float = 1.0
    status: float = 1.0
    window: float = 1.0
    side: float = 1.0
    asset: float = 1.0
    venue: float = 1.0
    source: float = 1.0
    #: The share of its weight that the word for a window, coin or venue has where the rules see none.
    silence: float = 1.0

    def on(self, name: Field, word: Hashable) -> float:
        """Give what the rules' word for a field weighs."""
        weight: float = getattr(self, name)
        return weight * self.silence if word in (None, ALL) else weight


#: The reader's word alone, but for what stands farther away than it sees.
ALONE = Trust(*(0.0 for _ in fields(Trust)))


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
    def is_claim(self) -> float:
        """The chance that the figure is a claim at all."""
        return 1.0 - float(self.scores.role[0])

    def claimed(self, trust: Trust) -> float:
        """Give the log-odds that the figure is a claim, the rules' word weighed in."""
        said = trust.claim if self.view.reading is not None else -trust.no_claim
        amount = self.view.figure.amount
        # "$10,000 of bitcoin with $1,000 of margin can be liquidated": sums of an explanation are small.
        weight = trust.possible if amount.scaled or amount.kind == "coin" else 0.0
        return log_odds(self.is_claim) + said + weight * float(self.scores.status[STATUSES.index("hypothetical")])

    def metrics(self, trust: Trust) -> dict[Metric, float]:
        """Give the chances of a claim's metrics."""
        reading = self.view.reading
        chances = {role: float(chance) for role, chance in zip(ROLES, self.scores.role, strict=True) if role}
        return raised(chances, reading.metric, trust.metric) if reading else raised(chances, "liquidations", 0.0)

    def statuses(self, trust: Trust) -> dict[Status, float]:
        """Give the chances of a claim's statuses."""
        chances = dict(zip(STATUSES, map(float, self.scores.status), strict=True))
        return raised(chances, self.view.bound.status, trust.status)

    def values(self, name: Field, rules: Hashable, weight: float) -> dict[Any, float]:
        """Give the chances of a window's, coin's, venue's or source's values; null or ALL where nothing is said."""
        nothing = None if name in ("window", "source") else ALL
        chances: dict[Any, float] = {}
        for option, chance in zip(self.scene.options[name], self.scores.options[name], strict=True):
            value = rules if option.start == FAR else nothing if option.line is None else option.value
            chances[value] = chances.get(value, 0.0) + float(chance)
        return raised(chances, rules, weight)

    @property
    def windows_beside(self) -> frozenset[Window]:
        """The windows told in the figure's own sentence."""
        options = self.scene.options["window"]
        values = (option.value for option in options if option.line is self.view.figure.line)
        return frozenset(value for value in values if isinstance(value, Window))

    def windows(self, rules: Reading, trust: Trust) -> Windows:
        """Give the chances of a claim's windows, of it alone."""
        return self.values("window", rules.window, trust.on("window", rules.window))

    def sides(self, rules: Side, weight: float) -> dict[Side, float]:
        """Give the chances of both, long and short: the side head's and the options', half each."""
        own = dict(zip(SIDES, map(float, self.scores.side), strict=True))
        pointed = dict.fromkeys(SIDES, 0.0)
        for option, chance in zip(self.scene.options["side"], self.scores.options["side"], strict=True):
            if option.start == FAR:
                pointed = {side: pointed[side] + float(chance) * own[side] for side in SIDES}
            else:
                side: Side = "both" if option.line is None else option.value  # type: ignore[assignment]  # a side's
                pointed[side] += float(chance)
        return raised({side: (pointed[side] + own[side]) / 2 for side in SIDES}, rules, weight)


def raised(chances: Mapping[Key, float], value: Key | None, weight: float) -> dict[Key, float]:
    """Raise one value's chance by `weight` in log-odds against all others, and let them add up to one again."""
    weighed = {key: max(chance, _NEVER) for key, chance in chances.items()}
    if value in weighed or weight > 0:
        weighed[value] = weighed.get(value, _NEVER) * math.exp(weight)  # type: ignore[index,arg-type]  # a key then
    total = sum(weighed.values())
    return {key: chance / total for key, chance in weighed.items()}


def decode(
    article: Article,
    scored: Sequence[Scored],
    *,
    name: str,
    trust: Trust,
    calibration: tuple[float, float] = (1.0, 0.0),
) -> tuple[Reading, ...]:
    """Give the readings of an article, in order of the text; `name` is the reader's, which it leaves on each."""
    claims = [each for each in scored if each.claimed(trust) >= trust.least]
    claims.sort(key=lambda each: each.view.figure.amount.start)
    metrics = [_likeliest(each.metrics(trust)) for each in claims]
    bound = bind(
        article,
        [(each.view.figure, Role(metric, f"tagger:{name}")) for each, (metric, _) in zip(claims, metrics, strict=True)],
    )
    by_start = {reading.figure.amount.start: reading for reading in bound}
    rules = [by_start[each.view.figure.amount.start] for each in claims]
    settled = [
        _settled(each, reading, trust, sure) for each, reading, (_, sure) in zip(claims, rules, metrics, strict=True)
    ]
    alone = [each.windows(reading, trust) for each, reading in zip(claims, rules, strict=True)]
    together = told_together(settled, alone, [each.windows_beside for each in claims])
    heard = agreed([each.view.figure.line.position for each in claims], [each.status for each in settled], together)
    timed = (_timed(*each) for each in zip(claims, settled, heard, strict=True))
    return tuple(replace(each, confidence=calibrated(each.confidence, *calibration)) for each in timed)


def calibrated(chance: float, slope: float, shift: float) -> float:
    """Bring a raw chance to how often such a claim is right: its log-odds times `slope` plus `shift`."""
    inside = min(max(chance, 1e-4), 1 - 1e-4)
    return round(1 / (1 + math.exp(-(slope * math.log(inside / (1 - inside)) + shift))), 4)


def log_odds(chance: float) -> float:
    """Give a chance's log-odds, held away from the ends."""
    inside = min(max(chance, _NEVER), 1 - _NEVER)
    return math.log(inside / (1 - inside))


def _settled(scored: Scored, rules: Reading, trust: Trust, metric: float) -> Reading:
    """Settle each field between the reader and the rules, but for the window, which is still the rules'.

    `metric` is how sure the metric is; the confidence is the raw chance that all of it is right.
    """
    status, sure_status = _likeliest(scored.statuses(trust))
    side, sure_side = _likeliest(scored.sides(rules.side or "both", trust.side))
    asset, sure_asset = _likeliest(scored.values("asset", rules.asset, trust.on("asset", rules.asset)))
    venue, sure_venue = _likeliest(scored.values("venue", rules.venue, trust.on("venue", rules.venue)))
    source, _ = _likeliest(scored.values("source", rules.attributed_to, trust.source))
    if scored.view.figure.amount.kind == "coin":
        asset, sure_asset = scored.view.figure.amount.unit, 1.0
    claim = 1 / (1 + math.exp(-scored.claimed(trust)))
    return replace(
        rules,
        status=status,
        # Null where the rules saw no side either: then a later step may still carry one here.
        side=rules.side if side == (rules.side or "both") else None if side == "both" else side,
        asset=asset,
        venue=venue,
        attributed_to=source,
        confidence=claim * metric * sure_status * sure_side * sure_asset * sure_venue,
    )


def _timed(scored: Scored, reading: Reading, windows: Windows) -> Reading:
    """Settle a reading's window by its chances, the figure's other mentions and the neighbours heard."""
    window, sure = _likeliest(windows)
    if reading.status == "hypothetical":
        window, sure = None, 1.0
    sure *= reading.confidence
    if window == reading.window:
        return replace(reading, confidence=sure)
    kept = tuple(rule for rule in reading.rules if not rule.startswith("window."))
    rule = () if window is None else ("window.own",) if window in scored.windows_beside else ("window.story",)
    return replace(reading, window=window, window_told=window is not None, rules=(*kept, *rule), confidence=sure)


def _likeliest(chances: Mapping[Key, float]) -> tuple[Key, float]:
    """Give the likeliest value with its chance; of equals the first."""
    return max(chances.items(), key=lambda each: each[1])
