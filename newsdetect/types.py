"""The value objects that every stage shares: spans, intervals, windows, the closed word lists of a claim; the clock.

The values hold no behaviour beyond their own laws (an interval knows whether it overlaps another), import nothing of
the package but the errors, and are frozen: a stage returns new values, it never edits the ones it was given.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, model_serializer, model_validator

Metric = Literal["liquidations", "largest_liquidation", "traders_liquidated"]
Side = Literal["long", "short", "both"]
Hedge = Literal["exact", "about", "at_least", "at_most"]
Status = Literal["asserted", "historical", "hypothetical"]

#: The asset of a claim on the whole market, and the venue of one across venues.
ALL = "ALL"


def _utc(at: datetime) -> datetime:
    """Give an instant in UTC; a naive one is refused, for whose clock it stands for cannot be known."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} names no time zone: write it as …Z or with its offset")
    return at.astimezone(UTC)


#: An aware instant, always in UTC.
Instant = Annotated[datetime, AfterValidator(_utc)]
#: Tells what time it is, in UTC.
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Tell the time by this machine's clock."""
    return datetime.now(UTC)


class Value(BaseModel):
    """The root of all value objects: frozen, and deaf to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Value):
    """Characters `[start, end)` of a document's content, with the text that stands there."""

    start: int
    end: int
    text: str


class Interval(Value):
    """What a figure stands for, in its own unit: from `low` to `high`, either of them null where the end is open."""

    low: float | None
    high: float | None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"interval runs backwards: {self.low} to {self.high}")
        return self

    def overlaps(self, other: Interval) -> bool:
        """Tell whether one quantity could lie in both."""
        below = self.high is not None and other.low is not None and self.high < other.low
        above = self.low is not None and other.high is not None and self.low > other.high
        return not (below or above)


class Period(Value):
    """Calendar time `[start, end)`."""

    start: Instant
    end: Instant

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start >= self.end:
            raise ValueError(f"period is empty or runs backwards: {self.start.isoformat()} to {self.end.isoformat()}")
        return self

    @property
    def hours(self) -> float:
        """The period's length in hours."""
        return (self.end - self.start).total_seconds() / 3600

    @classmethod
    def trailing(cls, end: datetime, hours: float) -> Self:
        """Give the `hours` that end at `end`."""
        return cls(start=end - timedelta(hours=hours), end=end)


class Window(Value):
    """The time a claim speaks of: a length that trails its own report, or settled calendar time; never both.

    As JSON only the form it has: `{"hours": 1.0}` or `{"start": "…Z", "end": "…Z"}`.
    """

    hours: float | None = None
    start: Instant | None = None
    end: Instant | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        calendar = self.start is not None and self.end is not None
        if (self.hours is None) == (not calendar) or (self.start is None) != (self.end is None):
            raise ValueError("a window is either hours, or start and end")
        if self.hours is not None and self.hours <= 0:
            raise ValueError(f"a window of {self.hours} hours has no length")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise ValueError("a window must end after it starts")
        return self

    @model_serializer
    def _short(self) -> dict[str, float | str]:
        if self.hours is not None:
            return {"hours": self.hours}
        assert self.start is not None
        assert self.end is not None
        return {"start": iso(self.start), "end": iso(self.end)}

    @property
    def period(self) -> Period | None:
        """The calendar time, if it is settled."""
        return Period(start=self.start, end=self.end) if self.start is not None and self.end is not None else None

    @property
    def length_hours(self) -> float:
        """The window's length in hours, whichever form it has."""
        period = self.period
        if period is not None:
            return period.hours
        assert self.hours is not None
        return self.hours


def iso(at: datetime) -> str:
    """Write an instant as ISO 8601 in UTC, with a Z and no needless fraction."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
