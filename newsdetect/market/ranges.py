"""How far tellers of one quantity lie apart, and what share of a whole a part holds, as the archive's own series show.

Each range is a factor seen in many windows of one length: a teller's sum as a multiple of another's for the same venue
and coin, or a part's share of its whole as one teller tells both. It carries its number of windows and their time, for
tellers change what they count and shares drift. `fitted.py` makes them; whoever uses them decides how many windows are
enough and how long a range holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, runtime_checkable

from newsdetect.types import Instant, Side, Value

#: Kind, source, venue and coin of both ends, side.
_Key = tuple[str, str, str, str, str, str, str, Side]


class Teller(Value):
    """Who tells of which venue and coin; a venue or coin of ALL is the sum of all of them."""

    source: str
    venue: str
    asset: str


class Fitted(Value):
    """A factor between two tellings: of `tellers` what `to` tells as a multiple of `of`, of a `share` `of` in `to`.

    Quantiles are over the busier half of the windows that both tell of, `windows` of them; quiet times say nothing of
    the times that make news.
    """

    kind: Literal["tellers", "share"]
    of: Teller
    to: Teller
    #: The windows' length.
    seconds: int
    side: Side
    #: The half-year that the windows lie in, as 2025-2; null for all that are held.
    era: str | None
    windows: int
    since: Instant
    until: Instant
    #: The 10th, 50th and 90th percentile; null where it has no bound, for the other teller told zero.
    low: float | None
    middle: float | None
    high: float | None
    #: The least and the most that was seen.
    least: float | None
    most: float | None

    def turned(self) -> Fitted:
        """Give the same range between tellers, told from the other end."""
        return self.model_copy(
            update={
                "of": self.to,
                "to": self.of,
                "low": _inverse(self.high),
                "middle": _inverse(self.middle),
                "high": _inverse(self.low),
                "least": _inverse(self.most),
                "most": _inverse(self.least),
            }
        )


@dataclass(frozen=True, eq=False)
class Ranges:
    """All fitted ranges of an archive; none before they are fitted."""

    fitted: tuple[Fitted, ...] = ()
    #: When they were fitted.
    made: datetime | None = None
    _by_key: dict[_Key, list[Fitted]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for one in self.fitted:
            self._by_key.setdefault(_key(one.kind, one.of, one.to, one.side), []).append(one)
            if one.kind == "tellers":
                turned = one.turned()
                self._by_key.setdefault(_key(turned.kind, turned.of, turned.to, turned.side), []).append(turned)

    def between(self, of: Teller, to: Teller, side: Side) -> Iterable[Fitted]:
        """Give what is known of how `to` tells what `of` tells, of whatever length and time."""
        return self._by_key.get(_key("tellers", of, to, side), ())

    def shares(self, part: Teller, whole: Teller, side: Side) -> Iterable[Fitted]:
        """Give what is known of a part's share of its whole, both told by the same source."""
        return self._by_key.get(_key("share", part, whole, side), ())

    @property
    def sources(self) -> tuple[str, ...]:
        """Who tells of shares, in order of name."""
        return tuple(sorted({one.of.source for one in self.fitted if one.kind == "share"}))


NO_RANGES = Ranges()


@runtime_checkable
class TellsRanges(Protocol):
    """Market data that know how far their tellers lie apart."""

    def ranges(self) -> Ranges:
        """Give the ranges that were fitted last; none where they never were."""
        ...


def nearest(found: Iterable[Fitted], *, hours: float, at: datetime, fewest: int, within: timedelta) -> Fitted | None:
    """Give the range of a half-year that speaks for a window: of its length, or the longest that is shorter.

    Shorter windows spread further, so what holds of them holds of longer ones. A half-year speaks for itself; for a
    time in none, no more than `within` away from one, all of them speak together, for they drift. None where no
    half-year has `fewest` windows.
    """
    fitting = [one for one in found if one.era is not None and one.windows >= fewest and one.seconds <= hours * 3600]
    fitting = [one for one in fitting if one.seconds == max(each.seconds for each in fitting)]
    near = min(fitting, key=lambda one: (_away(one, at), one.since), default=None)
    if near is None or _away(near, at) > within:
        return None
    return near if not _away(near, at) or len(fitting) == 1 else _together(fitting)


def widest(found: Iterable[Fitted], *, hours: float, at: datetime, fewest: int, within: timedelta) -> Fitted | None:
    """Give the range over all times that are held, of the length as above; None as above."""
    fitting = [
        one
        for one in found
        if one.era is None and one.windows >= fewest and one.seconds <= hours * 3600 and _away(one, at) <= within
    ]
    return max(fitting, key=lambda one: one.seconds, default=None)


def _together(many: list[Fitted]) -> Fitted:
    """Give the range that holds those of several half-years."""
    lows, highs = [one.low for one in many], [one.high for one in many]
    leasts, mosts = [one.least for one in many], [one.most for one in many]
    return many[0].model_copy(
        update={
            "era": f"{min(str(one.era) for one in many)} to {max(str(one.era) for one in many)}",
            "windows": sum(one.windows for one in many),
            "since": min(one.since for one in many),
            "until": max(one.until for one in many),
            "low": _least(lows),
            "high": _most(highs),
            "least": _least(leasts),
            "most": _most(mosts),
        }
    )


def _least(factors: list[float | None]) -> float | None:
    """Give the least of factors of which null has no bound."""
    return min((one for one in factors if one is not None), default=None)


def _most(factors: list[float | None]) -> float | None:
    return None if None in factors else max(one for one in factors if one is not None)


def _away(one: Fitted, at: datetime) -> timedelta:
    """Give how far a time lies outside the windows of a range."""
    return max(timedelta(0), one.since - at, at - one.until)


def _key(kind: str, of: Teller, to: Teller, side: Side) -> _Key:
    return (kind, *(word.casefold() for one in (of, to) for word in (one.source, one.venue, one.asset)), side)  # type: ignore[return-value]


def _inverse(factor: float | None) -> float | None:
    """Turn a factor over; without a bound it becomes zero, and zero is without a bound."""
    if factor is None:
        return 0.0
    return 1 / factor if factor > 0 else None
