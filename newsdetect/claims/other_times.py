"""Times in a text that are no figure's: those to come, and those that another event is compared with.

"Ahead of Friday's jobs report" and "next Monday" lie ahead; "the most since April" measures a figure by another time.
Where that other time has its own clause ("the most since May 19, when $9 billion was closed") it is kept.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from newsdetect.types import Window

#: Rules of calendar times that may be the end of a length, or lie ahead.
DAYS = frozenset({"time.weekday", "time.date", "time.day", "time.clock"})
#: It may already be tomorrow where the article was written.
_GRACE = timedelta(days=1)
#: "Ahead of Friday's jobs report", "next Monday": days to come.
_AHEAD = re.compile(
    r"\b(?:ahead\sof|in\sadvance\sof|awaiting|awaits?|next|coming|upcoming|due|(?:scheduled|set|slated|planned)\sfor)\s(?:for\s|on\s|the\s|this\s)?$"
    r"|\bbefore\s(?:the\s)?$",
    re.IGNORECASE,
)
_REACH = 30
_COMPARED = re.compile(
    r"\b(?:largest|biggest|highest|lowest|most|worst|greatest|steepest|sharpest|heaviest|fewest|(?:first|second|third|fourth|fifth)\s(?:such|time))\b"
    r"[^.;:,$\d]{0,40}$",
    re.IGNORECASE,
)
_WHEN = re.compile(r"[^.;$]{0,20}\b(?:when|which|as)\b|\s?\(")
#: Up to how many hours "the largest in two days" may be of the figure's own time.
_SHORT = 48


def is_other_time(rule: str, hit: re.Match[str], window: Window | None, published: datetime | None) -> bool:
    """Tell a time that lies ahead or is compared with."""
    if window is not None and window.start is not None and published is not None and window.start > published + _GRACE:
        return True
    if rule in DAYS and _AHEAD.search(hit.string, max(0, hit.start() - _REACH), hit.start()):
        return True
    return _is_compared(hit, window)


def _is_compared(hit: re.Match[str], window: Window | None) -> bool:
    """Tell the time of a comparison: "the most since April", "the largest in three months"."""
    if window is None or window.length_hours <= _SHORT:
        return False
    before = hit.string[max(0, hit.start() - 60) : hit.start()]
    if not (hit[0].casefold().startswith(("since", "in ", "this ")) or before.casefold().endswith("since ")):
        return False
    return _COMPARED.search(before) is not None and not _WHEN.match(hit.string, hit.end())
