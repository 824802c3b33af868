"""How far a reading may lie from what a claim's own teller would say: fitted to the archive's series, else a prior.

Two questions, each answered by what the archive shows of windows of the claim's length or shorter, near its time, where
there are enough of them (fixtures/checks/between.toml), and by dated priors where there are not:

- *another teller*: whoever the claim names would tell this reading as [low, high] times it. Beyond all that the two
  were seen to differ by, and some more, the reading refutes.
- *a part*: a venue's or a coin's share of the claim's scope, as one teller tells both. K is made of these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from newsdetect.checks.check import Basis
from newsdetect.checks.tuning import checks_data
from newsdetect.claims.claim import Claim
from newsdetect.market.ranges import NO_RANGES, Fitted, Ranges, Teller, nearest, widest
from newsdetect.types import ALL, Side


class Row(Protocol):
    """Who tells a reading, of what."""

    @property
    def kind(self) -> str:
        """Prints, bars or snapshot."""
        ...

    @property
    def source(self) -> str:
        """Who tells it."""
        ...

    @property
    def venue(self) -> str:
        """Its venue, or ALL."""
        ...

    @property
    def asset(self) -> str:
        """Its coin, or ALL."""
        ...


@dataclass(frozen=True, eq=False, slots=True)
class Apart:
    """What fitted ranges and priors say to readings of one side over windows of a length, about a day."""

    ranges: Ranges
    #: Whom the claim names; null where it names nobody, and then nothing is known of how far its teller lies apart.
    teller: str | None
    side: Side
    hours: float
    day: date

    def told(self, row: Row) -> Basis | None:
        """Give the range of factors by which the claim's teller would tell a row; None where the row is its own.

        None too where nothing is known: the row is then taken as it stands.
        """
        if self.own(row):
            return None
        return _told(self, row.source, row.venue, row.asset)

    def factors(self, row: Row) -> tuple[float, float]:
        """Give the same as two factors; 1 and 1 where there are none."""
        found = self.told(row)
        return (1.0, 1.0) if found is None else (found.low or 0.0, math.inf if found.high is None else found.high)

    def beyond(self, row: Row) -> tuple[float, float] | None:
        """Give the factors below and above which nobody was ever seen to tell a row; None where too little was seen."""
        if self.own(row):
            return None
        found = _widest(self, row.source, row.venue, row.asset)
        if found is None:
            return None
        some_more = float(checks_data("between")["fitted"]["some_more"])
        return (found.least or 0.0) / some_more, math.inf if found.most is None else found.most * some_more

    def share(self, pair: tuple[str, str], whole: tuple[str, str]) -> Basis | None:
        """Give the fitted share of a venue and coin in a larger scope; None where too little was seen of it."""
        return _share(self, pair, whole)

    def own(self, row: Row) -> bool:
        """Tell whether a row is told by whom the claim names; of a claim that names nobody nothing else is known."""
        return self.teller is None or plain_name(row.source) == plain_name(self.teller)


#: Of a claim that names nobody, on an archive of which nothing was fitted.
NOTHING_KNOWN = Apart(NO_RANGES, None, "both", 24.0, date(1970, 1, 1))


def apart(claim: Claim, ranges: Ranges, hours: float, at: datetime) -> Apart:
    """Give what is known of readings that are held against a claim over windows of a length that end about a time."""
    return _apart(ranges, claim.attributed_to, claim.side, round(hours, 3), at.astimezone(UTC).date())


@lru_cache(maxsize=1024)
def _apart(ranges: Ranges, teller: str | None, side: Side, hours: float, day: date) -> Apart:
    """Make it once, so that what is asked of it is remembered by its identity."""
    return Apart(ranges, teller, side, hours, day)


def plain_name(name: str) -> str:
    """Give a source's name as it is compared; a generator's stands for the source it plays."""
    return name.casefold().removeprefix("simulated").strip(" :-")


@lru_cache(maxsize=4096)
def _told(known: Apart, source: str, venue: str, asset: str) -> Basis | None:
    assert known.teller is not None
    fitted = _nearest(known, _pairs_of_tellers(known, source, venue, asset))
    if fitted is not None:
        return _basis(fitted)
    rows = [turned for row in checks_data("between")["teller"] if (turned := _facing(row, source, known.teller))]
    row = latest(rows, known.day)
    if row is None:
        return None
    scope = scope_words(venue, asset)
    return Basis(
        what="teller", of=f"{source} {scope}", to=f"{known.teller} {scope}", low=row["low"], high=row["high"],
        fitted=False, since=midnight(row["since"]), note=row["source"],
    )  # fmt: skip


def _facing(row: dict[str, Any], source: str, teller: str) -> dict[str, Any] | None:
    """Give a prior between two tellers as it is told of `source` in terms of `teller`, or None if it is of others."""
    names = plain_name(row["of"]), plain_name(row["to"])
    if names == (plain_name(source), plain_name(teller)):
        return row
    if names == (plain_name(teller), plain_name(source)):
        return row | {"low": 1 / row["high"], "high": 1 / row["low"]}
    return None


@lru_cache(maxsize=4096)
def _widest(known: Apart, source: str, venue: str, asset: str) -> Fitted | None:
    data = checks_data("between")["fitted"]
    return widest(
        _pairs_of_tellers(known, source, venue, asset), hours=known.hours, at=midnight(known.day),
        fewest=data["fewest_to_refute"], within=timedelta(days=data["refutes_days"]),
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _share(known: Apart, pair: tuple[str, str], whole: tuple[str, str]) -> Basis | None:
    sources = sorted(known.ranges.sources, key=lambda name: plain_name(name) != plain_name(known.teller or ""))
    for source in sources:
        part, of = (Teller(source=source, venue=venue, asset=asset) for venue, asset in (pair, whole))
        found = _nearest(known, list(known.ranges.shares(part, of, known.side)))
        if found is not None:
            return _basis(found)
    return None


def _pairs_of_tellers(known: Apart, source: str, venue: str, asset: str) -> list[Fitted]:
    """Give what is known of how any series of the claim's teller tells what another tells of one scope."""
    assert known.teller is not None
    of = Teller(source=source, venue=venue, asset=asset)
    found: list[Fitted] = []
    for name in {known.teller, f"simulated {known.teller}"}:
        found += known.ranges.between(of, Teller(source=name, venue=venue, asset=asset), known.side)
    return found


def _nearest(known: Apart, found: list[Fitted]) -> Fitted | None:
    data = checks_data("between")["fitted"]
    return nearest(
        found, hours=known.hours, at=midnight(known.day), fewest=data["fewest"], within=timedelta(days=data["days"])
    )


def _basis(found: Fitted) -> Basis:
    """Write a fitted range down as evidence."""
    of, to = (f"{one.source} {scope_words(one.venue, one.asset)}" for one in (found.of, found.to))
    return Basis(
        what="teller" if found.kind == "tellers" else "share", of=of, to=to, low=_rounded(found.low),
        high=_rounded(found.high), fitted=True, windows=found.windows, hours=found.seconds / 3600, since=found.since,
        until=found.until,
    )  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def scope_words(venue: str, asset: str) -> str:
    """Name a venue and a coin, either of which may be all of them."""
    return f"{'all venues' if venue == ALL else venue} {'all coins' if asset == ALL else asset}"


def latest(rows: list[dict[str, Any]], day: date) -> dict[str, Any] | None:
    """Give the row that holds on a day: the latest that had begun, else the first that is known."""
    begun = [row for row in rows if row["since"] <= day]
    return max(begun, key=lambda row: row["since"]) if begun else min(rows, key=lambda row: row["since"], default=None)


def midnight(day: date) -> datetime:
    """Give the instant a day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
