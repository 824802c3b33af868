"""Ask for a stretch of buckets page by page, so that pages join without a gap or an overlap.

Vendors differ in what a page is: newest or oldest first, with or without the bucket at its end, cut off at a number of
rows that is not always the documented one. So a page is a stretch of time; what a page lacks at its ends is asked for
again until nothing more comes, and only then it is missing. A bucket counts only when it had ended before the call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from newsdetect.errors import BrokenAnswer, FetchError, UsageError
from newsdetect.types import iso

#: Lengths of buckets by the names that venues and vendors share.
INTERVALS: Mapping[str, int] = {
    "1m": 60, "5m": 300, "15m": 900, "30m": 1800, "1h": 3600, "2h": 7200, "4h": 14_400, "6h": 21_600, "12h": 43_200,
    "1d": 86_400,
}  # fmt: skip
#: One field of a row, as the vendor tells it; cleaning reads it.
Told = str | float | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The buckets of one length whose starts lie in `[first, end)`, in milliseconds since 1970."""

    first: int
    end: int
    interval: str

    @property
    def seconds(self) -> int:
        """The length of a bucket."""
        return INTERVALS[self.interval]


@dataclass(frozen=True, slots=True)
class Page:
    """What one call gave: each bucket's start in milliseconds since 1970 with its fields, in whatever order."""

    rows: Sequence[tuple[int, Mapping[str, Told]]]
    asked_at: datetime
    #: What had ended by then is whole.
    ended_by: datetime


@dataclass(slots=True)
class Collected:
    """The buckets of a stretch, and what is to be said of them."""

    #: Fields of market rows, `start` and `retrieved_at` among them, in order of time.
    rows: list[dict[str, Told]] = field(default_factory=list)
    #: Buckets that had not ended when they were asked for; left out.
    unfinished: int = 0
    #: Buckets of the stretch that the vendor does not tell; not zeros.
    missing: int = 0
    #: What ended the asking early; the rows until then are good.
    fault: FetchError | None = None


#: Asks for the buckets that start in `[first, end)`, in milliseconds.
Ask = Callable[[int, int], Page]


def stretch(start: datetime, end: datetime, interval: str, now: datetime) -> Stretch:
    """Give the buckets that touch a window; none of them starts in the future.

    Raise UsageError where all of them would, or for an interval that there is none of.
    """
    if interval not in INTERVALS:
        raise UsageError(f"--interval {interval}: one of {', '.join(INTERVALS)}", key="--interval")
    step = INTERVALS[interval] * 1000
    first = _ms(start) // step * step
    last = -(-min(_ms(end), _ms(now)) // step) * step
    if first >= last:
        raise UsageError(f"{iso(start)} to {iso(end)} holds nothing that has happened yet", key="--from")
    return Stretch(first, last, interval)


def collect(ask: Ask, asked: Stretch, *, most: int, who: str) -> Collected:
    """Ask for all buckets of a stretch, at most `most` a call; `who` is told in faults.

    A fault ends the asking and stands in the result, with the rows that came before it.
    """
    step = asked.seconds * 1000
    found = Collected()
    seen: set[int] = set()
    unfinished: set[int] = set()
    try:
        for one, other in _stretches(asked.first, asked.end, step * most):
            for page in _filled(ask, one, other, step, who):
                for start, told in page.rows:
                    if start + step > page.ended_by.timestamp() * 1000:
                        unfinished.add(start)
                        continue
                    seen.add(start)
                    found.rows.append({"start": str(start), "retrieved_at": iso(page.asked_at), **told})
    except FetchError as fault:
        found.fault = fault
    found.rows.sort(key=lambda row: int(str(row["start"])))
    found.unfinished = len(unfinished)
    found.missing = (asked.end - asked.first) // step - len(seen) - len(unfinished)
    return found


def milliseconds(told: object, who: str) -> int:
    """Read a time that a vendor tells in seconds or milliseconds, as a number or its text; raise BrokenAnswer."""
    if isinstance(told, str) and told.strip().isdecimal():
        told = int(told)
    if isinstance(told, int | float) and not isinstance(told, bool) and told == told // 1:
        # Between 1973 and 5138 the sizes of the two do not overlap.
        value = int(told) * 1000 if told < 1e11 else int(told)
        if 1e11 <= value < 1e14:
            return value
    raise BrokenAnswer(f"{who}: {told!r:.40} is no time in seconds or milliseconds", key=who)


def field_of(row: Mapping[str, object], name: str) -> Told:
    """Take a field as it is told; what is neither number nor text becomes text that no rule lets pass."""
    value = row.get(name)
    if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
        return value
    return f"{value!r:.40}"


def _filled(ask: Ask, first: int, end: int, step: int, who: str) -> Iterator[Page]:
    """Ask for a stretch, and again for what is missing at its ends, until nothing more comes."""
    page = _checked(ask(first, end), first, end, step, who)
    yield page
    if not page.rows:
        return
    starts = [start for start, _ in page.rows]
    if min(starts) > first:
        yield from _filled(ask, first, min(starts), step, who)
    if max(starts) + step < end:
        yield from _filled(ask, max(starts) + step, end, step, who)


def _checked(page: Page, first: int, end: int, step: int, who: str) -> Page:
    """Hold a page against what was asked: its buckets on the grid, and of that time."""
    rows = []
    for start, told in page.rows:
        if start % step:
            raise BrokenAnswer(f"{who}: a bucket at {_at(start)} lies on no grid of {step // 1000} s", key=who)
        # Some vendors give the bucket at the end with the rest.
        if not first - step <= start <= end:
            raise BrokenAnswer(f"{who}: asked for {_at(first)} to {_at(end)}, told of {_at(start)}", key=who)
        if first <= start < end:
            rows.append((start, told))
    return Page(rows, page.asked_at, page.ended_by)


def _stretches(first: int, end: int, length: int) -> Iterator[tuple[int, int]]:
    for start in range(first, end, length):
        yield start, min(start + length, end)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _at(ms: int) -> str:
    return iso(datetime.fromtimestamp(ms / 1000, UTC))
