"""From figures to meanings by rules: which figures are claims, and what each says.

Every figure is read where it stands; what it does not say itself is then inherited (`newsdetect.claims.inheritance`).
"""

from __future__ import annotations

from collections.abc import Sequence

from newsdetect.claims.article import Article, Figure
from newsdetect.claims.attribution import Sources
from newsdetect.claims.binding import find_asset, find_venue
from newsdetect.claims.carrying import Times
from newsdetect.claims.cues import LIQUIDATION, is_told
from newsdetect.claims.hedges import find_hedge
from newsdetect.claims.inheritance import inherit
from newsdetect.claims.meaning import Reading
from newsdetect.claims.roles import Role, find_role
from newsdetect.claims.sides import find_side
from newsdetect.claims.status import find_status
from newsdetect.claims.windows import Told, own_window

#: How many sentences on a list of liquidations may still go on.
_REACH = 2
#: A sentence of no more characters is the number of a list's row.
_MARKER = 3


def read_by_rules(article: Article) -> tuple[Reading, ...]:
    """Read an article's figures by the named rules."""
    return bind(article, claimed(article))


def bind(article: Article, found: Sequence[tuple[Figure, Role]]) -> tuple[Reading, ...]:
    """Read what figures mean that are known to be claims, in order of the text."""
    windows = {number: own for number, (figure, _role) in enumerate(found) if (own := own_window(figure)) is not None}
    first: dict[int, Told] = {}
    for number, own in windows.items():
        first.setdefault(found[number][0].line.position, own)
    times = Times(article, first)
    sources = Sources(article, {figure.line.position for figure, _role in found})
    readings: list[Reading] = []
    for number, (figure, role) in enumerate(found):
        window = windows.get(number) or times.carried(figure.line.position)
        times.settle(figure.line.position, window)
        readings.append(_reading(article, figure, role, window, sources))
    return inherit(article, readings)


def claimed(article: Article) -> list[tuple[Figure, Role]]:
    """Give the figures that the rules take for claims, with their roles."""
    found: list[tuple[Figure, Role]] = []
    headline = article.title.text if article.title else ""
    told = {
        at
        for line in article.lines
        if is_told(line)
        for at in range(line.position - _REACH, line.position + _REACH + 1)
    }
    heading = -1
    for line in article.lines:
        again = line.text.find(headline) if headline and not line.sentence.title else -1
        for figure in line.figures:
            if 0 <= again <= figure.start < again + len(headline):
                continue  # "The post … appeared first on …": the headline once more
            last = found[-1][0] if found else None
            if last is not None and _steps(article, last.line.position, line.position) > _REACH:
                last = None
            role = find_role(
                figure,
                last=last,
                near=line.position in told,
                opened=_steps(article, heading, line.position) <= _REACH,
            )
            if role is not None:
                found.append((figure, role))
        if line.has(LIQUIDATION) and not any(figure.amount.scaled for figure in line.figures):
            heading = line.position
    return [*_headlined(article, found), *found]


def _steps(article: Article, since: int, position: int) -> int:
    """Count the sentences from one to another, a list's bare numbers ("3.") left out; before the first is far."""
    if since < 0 or position - since > 2 * _REACH:
        return _REACH + 1
    return sum(len(line.text) > _MARKER for line in article.lines[since + 1 : position + 1])


def _headlined(article: Article, found: list[tuple[Figure, Role]]) -> list[tuple[Figure, Role]]:
    """Give the headline's figures that its own words leave open, where the body tells what the same figure is of."""
    title = article.title
    if title is None:
        return []
    known = {id(figure) for figure, _role in found}
    roles = {(figure.amount.value, figure.amount.unit): role for figure, role in reversed(found)}
    open_figures = [each for each in title.figures if id(each) not in known and each.amount.scaled]
    told = [(each, roles.get((each.amount.value, each.amount.unit))) for each in open_figures]
    return [(each, Role(role.metric, "role.headline")) for each, role in told if role is not None]


def _reading(article: Article, figure: Figure, role: Role, told: Told | None, sources: Sources) -> Reading:
    """Bind one figure's fields."""
    line = figure.line
    hedge = find_hedge(article.doc.content, figure.amount, since=line.sentence.start)
    side, side_rule = find_side(figure)
    single = role.metric == "largest_liquidation"
    asset, venue = find_asset(figure, single=single), find_venue(figure, single=single)
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
        attributed_to=sources.of(figure, status),
        rules=tuple(rule for rule in rules if rule),
    )
