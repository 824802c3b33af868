"""From figures to meanings by rules: which figures are claims, and what each says.

Every figure is read where it stands; what it does not say itself is then inherited (`newsdetect.claims.inheritance`).
"""

from __future__ import annotations

from newsdetect.claims.article import Article, Figure
from newsdetect.claims.attribution import attribute
from newsdetect.claims.binding import find_asset, find_side, find_venue
from newsdetect.claims.hedges import find_hedge
from newsdetect.claims.inheritance import inherit
from newsdetect.claims.meaning import Reading
from newsdetect.claims.roles import Role, find_role
from newsdetect.claims.status import find_status
from newsdetect.claims.windows import Told, carried_window, own_window


#: How many sentences on a list of liquidations may still go on.
_REACH = 2


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
        window = windows.get(number) or carried_window(article, told, figure.line.position)
        if window is not None and window.rule != "window.story":
            told.setdefault(figure.line.position, window)
        readings.append(_reading(article, figure, role, window, lines))
    return inherit(article, readings)


def _claimed(article: Article) -> list[tuple[Figure, Role]]:
    """Give the figures that are claims, with their roles."""
    found: list[tuple[Figure, Role]] = []
    headline = article.title.text if article.title else ""
    for line in article.lines:
        again = line.text.find(headline) if headline and not line.sentence.title else -1
        for figure in line.figures:
            if 0 <= again <= figure.start < again + len(headline):
                continue  # "The post … appeared first on …": the headline once more
            last = found[-1][0] if found else None
            if last is not None and line.position - last.line.position > _REACH:
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
        attributed_to=attribute(article, line.position, lines),
        rules=tuple(rule for rule in rules if rule),
    )
