"""The numbers that checks are tuned with, read once from fixtures/checks/bounds.toml, each with its reason there."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from newsdetect.bundled import fixtures


@dataclass(frozen=True, slots=True)
class Tuning:
    """How far a bound must be broken to refute, and how near a match must be to confirm; factors and shares."""

    own_prints: float
    same_source: float
    same_source_agrees: float
    unnamed_source: float
    another_source: float
    own_word: float
    read_apart_seconds: float
    coverage: float
    width: float
    searched: float
    specific: float
    history_days: float
    fewest_windows: int
    move_supports: float
    never_more: float
    moved_other_way: float
    level: float
    level_hours: float
    volume: float
    unusual: float
    price_history_days: float
    snapshot_lag_hours: float
    #: Venue in lower case, and the date from which its public feed holds every order.
    full_feeds: tuple[tuple[str, date], ...]
    #: Venues, in lower case, whose feed keeps one order of a symbol a second, with the date until when, if it ended.
    sampled_feeds: tuple[tuple[str, date | None], ...]
    #: From this share of a minute's seconds on, what a sampled feed left out cannot be told.
    saturated: float

    def sampled_feed(self, venue: str, at: datetime) -> bool:
        """Tell whether a venue's public feed kept only one order of each second at a time."""
        day = at.astimezone(UTC).date()
        return any(name == venue.casefold() and (until is None or day < until) for name, until in self.sampled_feeds)

    def full_since(self, venue: str) -> date | None:
        """Give the day from which a venue's public feed holds every order, or None."""
        return next((since for name, since in self.full_feeds if name == venue.casefold()), None)


@cache
def tuning() -> Tuning:
    """Read the shipped numbers."""
    data = checks_data("bounds")
    tolerance, corroboration, price = data["tolerance"], data["corroboration"], data["price"]
    return Tuning(
        own_prints=tolerance["own_prints"],
        same_source=tolerance["same_source"],
        same_source_agrees=tolerance["same_source_agrees"],
        unnamed_source=tolerance["unnamed_source"],
        another_source=tolerance["another_source"],
        own_word=tolerance["own_word"],
        read_apart_seconds=data["arithmetic"]["read_apart_seconds"],
        coverage=corroboration["coverage"],
        width=corroboration["width"],
        searched=corroboration["searched"],
        specific=corroboration["specific"],
        history_days=corroboration["history_days"],
        fewest_windows=corroboration["fewest_windows"],
        move_supports=price["supports"],
        never_more=price["never_more"],
        moved_other_way=price["moved_other_way"],
        level=price["level"],
        level_hours=price["level_hours"],
        volume=price["volume"],
        unusual=price["unusual"],
        price_history_days=price["history_days"],
        snapshot_lag_hours=data["snapshot"]["lag_hours"],
        sampled_feeds=tuple((row["venue"].casefold(), row.get("until")) for row in data["sampling"]["feeds"]),
        saturated=data["sampling"]["saturated"],
        full_feeds=tuple((name.casefold(), since) for name, since in data["full_feeds"].items()),
    )


@cache
def checks_data(name: str) -> dict[str, Any]:
    """Read one file of fixtures/checks, e.g. `timing`; the result is shared and must not be changed."""
    with (fixtures() / "checks" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
