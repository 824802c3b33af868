"""The time each figure speaks of: its own sentence's, a neighbour's, the headline's, or the story's.

More than half of all figures name no window where they stand. The nearest one told wins, in this order: the figure's
territory, its sentence, the sentence before, the one behind, another figure's of the same story. A time that cannot
be settled ("overnight") is a window told, with null for its value, and is not overruled from afar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsdetect.claims.article import Article, Figure, Line
from newsdetect.claims.timeframes import Timeframe
from newsdetect.types import Window

_SINCE = re.compile(
    r"(?:largest|biggest|highest|lowest|most|first|worst|record|greatest|steepest|level|levels)\b[^.;]{0,60}\bsince\s*(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
_NOT_OF_FIGURE = re.compile(
    r"(?:first time in|highest in|lowest in|largest in|biggest in|worst in|most in|record (?:in|of)|on\s(?:the\s)?data)\s*(?:over\s|more than\s|nearly\s)?$",
    re.IGNORECASE,
)
_OTHER_THING = re.compile(
    r"\b(?:volumes?|open interest|market cap\w*|trading|inflows?|outflows?|RSI|average|ETFs?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Told:
    """A time told for a figure; `window` is null where it cannot be settled."""

    window: Window | None
    rule: str


def own_window(figure: Figure) -> Told | None:
    """Give the time told in a figure's own sentence, or None."""
    times = usable(figure.line)
    if not times:
        return None
    inside = [time for time in times if figure.low <= time.start < figure.high]
    nearest = min(inside or times, key=lambda time: _distance(figure, time))
    return Told(nearest.window, f"window.{'own' if inside else 'sentence'}")


def usable(line: Line) -> list[Timeframe]:
    """Give the times of a sentence that can be a figure's: not "the largest since …", not a volume's."""
    return [
        time
        for time in line.times
        if not _SINCE.search(line.text, max(0, time.start - 110), time.start)
        and not _NOT_OF_FIGURE.search(line.text, max(0, time.start - 40), time.start)
        and not (
            "since" in line.text[time.start : time.end].lower() and _SINCE.search(line.text[: time.start] + "since")
        )
    ]


def carried_window(article: Article, figure: Figure, told: dict[int, Told], position: int) -> Told | None:
    """Give the window a figure inherits; `told`: the windows of other lines' figures, by line."""
    lines = article.lines
    paragraph = lines[position].sentence.paragraph
    for at, rule in ((position - 1, "window.before"), (position + 1, "window.behind")):
        if not 0 <= at < len(lines) or lines[at].sentence.title:
            continue
        if at in told:
            return Told(told[at].window, rule)
        if lines[at].sentence.paragraph == paragraph and not _OTHER_THING.search(lines[at].text):
            times = usable(lines[at])
            if times:
                return Told(times[-1 if at < position else 0].window, rule)
    del figure
    near = [at for at in told if told[at].window is not None and told[at].rule != "window.story"]
    if near:
        closest = min(near, key=lambda at: (abs(at - position), at))
        return Told(told[closest].window, "window.story")
    return None


def _distance(figure: Figure, time: Timeframe) -> int:
    """Count the characters between a time and the figure."""
    return time.start - figure.end if time.start >= figure.end else figure.start - time.end
