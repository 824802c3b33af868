"""From figures to meanings: the rules' answer to "which figures are claims, and what do they say?".

This is the seam at which another reader (a trained one) can stand: it takes an article laid out (`Article`) and gives
its readings in order of the text; merging, ids, causes and the event flag do not care who read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from newsdetect.claims.article import Article, Figure
from newsdetect.claims.attribution import attribute
from newsdetect.claims.binding import find_asset, find_side, find_venue
from newsdetect.claims.hedges import find_hedge
from newsdetect.claims.roles import Role, find_role
from newsdetect.claims.status import find_status
from newsdetect.claims.windows import Told, carried_window, own_window
from newsdetect.types import ALL, Hedge, Metric, Side, Status, Window


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure's meaning, as read; fields as in `newsdetect.claims.claim.Claim`."""

    figure: Figure
    metric: Metric
    hedge: Hedge
    window: Window | None
    #: Whether the text tells a time at all; told and null means: cannot be settled.
    window_told: bool
    side: Side | None
    asset: str
    venue: str
    status: Status
    attributed_to: str | None
    rules: tuple[str, ...]


#: An article in, its readings out, in order of the text. Pure and thread-safe.
Reader = Callable[[Article], tuple[Reading, ...]]


def read_by_rules(article: Article) -> tuple[Reading, ...]:
    """Read an article's figures by the named rules."""
    found = list(_claimed(article))
    told: dict[int, Told] = {}
    windows: dict[int, Told] = {}
    for number, (figure, _role) in enumerate(found):
        own = own_window(figure)
        if own is not None:
            windows[number] = own
            told.setdefault(figure.line.position, own)
    lines = {figure.line.position for figure, _role in found}
    readings: list[Reading] = []
    for number, (figure, role) in enumerate(found):
        window = windows.get(number) or carried_window(article, figure, told, figure.line.position)
        readings.append(_reading(article, figure, role, window, lines))
    return tuple(_inherit(readings))


def _claimed(article: Article) -> list[tuple[Figure, Role]]:
    """Give the figures that are claims, with their roles."""
    found: list[tuple[Figure, Role]] = []
    for line in article.lines:
        for figure in line.figures:
            last = found[-1][0] if found else None
            if last is not None and (
                line.position - last.line.position > 1 or last.line.sentence.title is not line.sentence.title
            ):
                last = None
            role = find_role(figure, last=last)
            if role is not None:
                found.append((figure, role))
    return found


def _reading(article: Article, figure: Figure, role: Role, told: Told | None, lines: set[int]) -> Reading:
    """Bind one figure's fields."""
    line = figure.line
    hedge = find_hedge(article.doc.content, figure.amount, since=line.sentence.start)
    side, side_rule = find_side(figure)
    asset, venue = find_asset(figure), find_venue(figure)
    window = told.window if told else None
    status = find_status(figure, window, article)
    if status == "hypothetical":
        window, told = None, None
    rules = (figure.amount.rule, role.rule, told.rule if told else None, side_rule, asset.rule, venue.rule)
    return Reading(
        figure=figure,
        metric=role.metric,
        hedge=hedge,
        window=window,
        window_told=told is not None,
        side=side,
        asset=asset.value,
        venue=venue.value,
        status=status,
        attributed_to=attribute(article, line.position, lines),
        rules=tuple(rule for rule in rules if rule),
    )


def _inherit(readings: list[Reading]) -> list[Reading]:
    """Let parts inherit the coin of the total they follow in their sentence; a forecast is of the coin at its level."""
    done: list[Reading] = []
    for reading in readings:
        current = reading
        if current.status == "hypothetical" and current.asset == ALL:
            coin = next((mention.value for mention in current.figure.line.assets), None)
            if coin:
                current = replace(current, asset=coin, rules=(*current.rules, "asset.level"))
        elif done and current.asset == ALL and current.side is not None:
            last = done[-1]
            if last.figure.line is current.figure.line and last.asset != ALL and not current.figure.line.sentence.title:
                current = replace(current, asset=last.asset, rules=(*current.rules, "asset.part"))
        done.append(current)
    return done
