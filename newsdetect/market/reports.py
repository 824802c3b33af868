"""What the market archive answers to people: what an import did, what is held, and what a window sums to.

All are values that print as JSON. Three answers stay apart everywhere: *zero* (covered, nothing happened), *no data*
(the scope is known, but not at that time) and *not covered* (the archive knows nothing of the scope).
"""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from newsdetect.types import Instant, Period, Side, Value

FileKind = Literal["prints", "bars", "snapshots", "candles", "recorded"]


class RowFault(Value):
    """One reason for which rows of a file were kept out: how many, and where the first of them stand."""

    reason: str
    rows: int
    #: Numbers of the first rows; the first row after the header is 1.
    first: tuple[int, ...]


class ImportReport(Value):
    """What the import of one file did; `rows` is always `added + known + repeated + quarantined`."""

    file: str
    kind: FileKind
    #: The rows the file holds.
    rows: int
    #: Rows that are new to the archive.
    added: int
    #: Rows that the archive held already.
    known: int = 0
    #: Rows that the file itself tells twice; single prints may be twins and are never counted here.
    repeated: int = 0
    #: Rows kept out, by reason.
    quarantined: int = 0
    faults: tuple[RowFault, ...] = ()
    #: What a reader should know besides: columns left out, and the like.
    notices: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether every row of the file was taken."""
        return not self.quarantined


class CoverageRow(Value):
    """What is held of one kind, source, venue and asset: from when to when, and the stretches missing in between."""

    model_config = ConfigDict(serialize_by_alias=True)

    kind: FileKind
    source: str
    venue: str
    asset: str
    start: Instant = Field(serialization_alias="from")
    end: Instant = Field(serialization_alias="to")
    rows: int
    #: Stretches between `start` and `end` that nothing covers; null where coverage cannot be told (prints whose
    #: recording is not known).
    gaps: tuple[Period, ...] | None


class SumPart(Value):
    """The sum of one venue, asset and side: of several readings the largest that is sure, never their total."""

    venue: str
    asset: str
    side: Literal["long", "short"]
    usd: float


class Reading(Value):
    """What one source tells of one venue and asset over the window; readings of one thing stand side by side."""

    kind: Literal["prints", "bars"]
    source: str
    venue: str
    asset: str
    #: What lies inside the window for sure.
    low: float
    #: What touches it; null where the window is not covered throughout.
    high: float | None
    #: The share of the window that is covered; null is unknown.
    coverage: float | None


class WindowSum(Value):
    """Liquidations over a window: bounds, parts and coverage; bounds are null, never zero, where nothing is held.

    `status` says which answer it is: `covered` (a zero is a zero), `partly_covered` (a lower bound), `no_data` (the
    scope is known, but not at that time), `not_covered` (nothing is known of the scope).
    """

    low: float | None
    #: Null where some of the scope is not covered throughout.
    high: float | None
    by: tuple[SumPart, ...]
    #: The share of the window that is covered, the worst of the scopes summed; null is unknown.
    coverage: float | None
    status: Literal["covered", "partly_covered", "no_data", "not_covered"]
    readings: tuple[Reading, ...] = ()
    #: Some of it comes from a generator.
    simulated: bool = False
    start: Instant
    end: Instant
    side: Side = "both"
