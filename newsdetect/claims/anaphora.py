"""Days that a text names by pointing back: "that day", "on the 10th", "the day's total".

Such words settle nothing by themselves. "That day" is the last single day named before, in the sentence or in one of
the sentences before it; a day of the month falls in the last month named, else in the latest one in which it is past.
"The day's total" is that day too where one was just named, else a day's length. Limits: no count of days ("the next
day") and no seasons are worked out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from newsdetect.claims import dates
from newsdetect.claims.timeframes import Timeframe
from newsdetect.types import Window

#: The rules of times that only what stands before them settles.
POINTING = frozenset({"time.thatday", "time.dayof", "time.nth"})
_DAY = timedelta(days=1)
#: How many sentences back a day counts as just named.
_JUST = 1
_NUMBER = re.compile(r"\d{1,2}")


def settle(
    times: Sequence[Timeframe], text: str, *, before: Iterable[Sequence[Timeframe]], published: datetime | None
) -> list[Timeframe]:
    """Give a sentence's times with those settled that point back; `before`: the times of the sentences before, nearest first."""  # noqa: E501
    if not any(time.rule in POINTING for time in times):
        return list(times)
    settled: list[Timeframe] = []
    earlier = list(before)
    for time in times:
        if time.rule not in POINTING:
            settled.append(time)
            continue
        told = [settled, *earlier]
        if time.rule == "time.nth":
            window = _nth(int(_NUMBER.findall(text[time.start : time.end])[0]), told, published)
        else:
            window = _last_day(told[: _JUST + 1] if time.rule == "time.dayof" else told) or time.window
        settled.append(replace(time, window=window))
    return settled


def _last_day(told: Iterable[Sequence[Timeframe]]) -> Window | None:
    """Give the last single day named."""
    for times in told:
        for time in reversed(times):
            window = time.window
            if window is not None and window.start and window.end and window.end - window.start <= _DAY:
                return dates.days(window.start)
    return None


def _nth(day: int, told: Iterable[Sequence[Timeframe]], published: datetime | None) -> Window | None:
    """Give a day of the month that was named last."""
    for times in told:
        for time in reversed(times):
            if time.rule in ("time.month", "time.date") and time.window is not None and time.window.start is not None:
                return dates.in_month(time.window.start, day)
    return dates.day_of_month(day, published=published)
