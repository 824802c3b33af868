"""Real press figures of 2021 to 2025, checked against a folder of real market files.

    python -m tests.acceptance.press_figures MARKET_FILES [--ranges]

prints a row a figure: the claim, the evidence in numbers, the verdict; then how many of the same figures, ten times too
low, are contradicted from below. With `--ranges` the ranges between the files' sources are fitted first. The figures
are facts and stand here; the files are third parties' and do not.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from newsdetect.checks.check import Check, Evidence
from newsdetect.checks.check_claims import check_claims
from newsdetect.checks.wording import money, span
from newsdetect.claims.claim import Claim
from newsdetect.errors import MarketFileError
from newsdetect.market.archive import MarketArchive
from newsdetect.market.provider import MarketData
from newsdetect.types import Interval, Window
from tests.checks.builders import at, make_claim, make_doc


@dataclass(frozen=True)
class Report:
    """What one press piece of a time said, every figure over the 24 hours to `end` unless it says otherwise."""

    end: str
    figures: tuple[Claim, ...]


def _figure(value: float, text: str, **fields: Any) -> Claim:
    return make_claim(value, text=text, **({"start": 1 + _place(text, fields)} | fields))


def _place(text: str, fields: dict[str, Any]) -> int:
    """Give a place in the text that differs from figure to figure, the same in every run."""
    return sum(map(ord, text + repr(sorted(fields.items(), key=str)))) % 10_000


def _total(value: float, text: str, **fields: Any) -> Claim:
    return _figure(value, text, attributed_to="CoinGlass", **fields)


REPORTS = (
    Report("2021-05-19T20:00Z", (_total(8e9, "$8 billion", hedge="at_least", word="over"),)),
    Report(
        "2021-12-04T20:00Z",
        (_total(2.58e9, "$2.58 billion"), _total(1e9, "$1 billion", asset="BTC", hedge="at_least", word="over")),
    ),
    Report(
        "2023-08-18T03:00Z",
        (_total(1.04e9, "$1.04 billion"), _total(836e6, "$836 million", side="long"),
         _total(205e6, "$205 million", side="short")),
    ),
    Report(
        "2024-03-05T23:30Z",
        (_total(1.13e9, "$1.13 billion"), _total(879.68e6, "$879.68 million", side="long"),
         _total(254.8e6, "$254.80 million", side="short")),
    ),
    Report("2024-04-14T03:00Z", (_total(962.4e6, "$962.4 million"),)),
    Report(
        "2024-08-05T14:00Z",
        (_total(1.08e9, "$1.08 billion"), _total(315e6, "$315 million", asset="BTC", side="long", hedge="at_least",
         word="over"), _total(305e6, "$305 million", asset="ETH", side="long")),
    ),
    Report(
        "2024-12-10T02:00Z",
        (_total(1.7e9, "$1.7 billion"), _total(1.55e9, "$1.55 billion", side="long"),
         _total(143e6, "$143 million", asset="BTC", side="long"),
         _total(219e6, "$219 million", asset="ETH", side="long")),
    ),
    Report(
        "2025-02-03T09:00Z",
        (_total(2.24e9, "$2.24 billion"), _total(600e6, "$600 million", asset="ETH", hedge="at_least", word="over")),
    ),
    Report(
        "2025-04-07T12:00Z",
        (_total(1.36e9, "$1.36 billion"), _total(1.21e9, "$1.21 billion", side="long"),
         _total(401.31e6, "$401.31 million", asset="BTC", side="long"),
         _total(341.82e6, "$341.82 million", asset="ETH", side="long")),
    ),
    Report(
        "2025-08-25T08:20Z",
        (_total(806.4e6, "$806.4 million"), _total(267.9e6, "$267.9 million", asset="BTC"),
         _total(263.4e6, "$263.4 million", asset="ETH"), _total(209e6, "$209 million", venue="Binance")),
    ),
    Report("2025-08-25T21:04:45Z", (_figure(343e6, "$343 million", hours=1), _figure(852e6, "$852 million"))),
    Report("2025-08-26T06:00Z", (_total(930e6, "$930 million", hedge="at_least", word="over"),)),
    Report(
        "2025-09-22T12:00Z",
        (_total(1.7e9, "$1.7 billion", hedge="at_least", word="over"), _total(1.61e9, "$1.61 billion", side="long"),
         _total(85.88e6, "$85.88 million", side="short"), _total(492e6, "$492 million", asset="ETH")),
    ),
    Report(
        "2025-10-11T08:00Z",
        (_total(19.13e9, "$19.13 billion"), _total(16.7e9, "$16.7 billion", side="long"),
         _total(2.46e9, "$2.46 billion", side="short")),
    ),
)  # fmt: skip


def check_report(report: Report, market: MarketData, *, factor: float = 1.0) -> list[tuple[Claim, Check]]:
    """Check one report's figures, all multiplied with `factor`, over the windows they are known to speak of.

    The press's end times are known to an hour or two: each figure is checked as published then, its end searched.
    """
    doc = make_doc("", published=at(report.end), kind="objectid")
    claims = [_scaled(claim, factor) for claim in report.figures]
    return list(zip(claims, check_claims(doc, claims, market), strict=True))


def check_settled(report: Report, market: MarketData) -> list[Check]:
    """Check a report's figures over calendar windows that end exactly then."""
    end = at(report.end)
    claims = [
        claim.model_copy(update={"window": Window(start=end - timedelta(hours=claim.window.length_hours), end=end)})
        for claim in report.figures
        if claim.window is not None
    ]
    return list(check_claims(make_doc("", published=end), claims, market))


def _scaled(claim: Claim, factor: float) -> Claim:
    low, high = claim.low, claim.high
    return claim.model_copy(
        update={
            "value": claim.value * factor,
            "low": None if low is None else low * factor,
            "high": None if high is None else high * factor,
        }
    )


def _line(report: Report, claim: Claim, check: Check) -> str:
    hours = f"{claim.window.length_hours:g} h" if claim.window else "?"
    scope = "/".join(part for part in (claim.asset, claim.venue, claim.side) if part not in ("ALL", "both")) or "all"
    sign = {"at_least": "≥", "exact": "=", "about": "≈", "at_most": "≤"}[claim.hedge]
    end = datetime.fromisoformat(report.end).astimezone(UTC)
    read = "; ".join(
        f"{row.kind} {row.source} {row.venue} {_coins(row)} {span(Interval(low=row.low, high=row.high))} "
        f"K {row.coverage or 0:.2f} {row.says}"
        for row in check.evidence
        if row.kind in ("bars", "snapshot", "prints") and row.venue in ("Binance", "ALL")
    )
    price = ", ".join(row.note.split(" from ")[0] for row in check.evidence if row.kind == "candles")
    said = f"{end:%Y-%m-%d %H:%M} {hours:>4} {scope:<11} {sign}{money(claim.value):<9}"
    return f"{said} | {read or '-'} | {price} | {check.verdict} {check.probability}"


def _coins(row: Evidence) -> str:
    return "+".join(row.assets) if len(row.assets) < 9 else f"{len(row.assets)} coins"


@contextmanager
def archive_of(folder: Path, *, ranges: bool = False) -> Iterator[MarketArchive]:
    """Import a folder of market files into an archive of its own; a file of no kind of ours is left out.

    With `ranges`, what lies between its sources is fitted.
    """
    with TemporaryDirectory() as home, MarketArchive(Path(home)) as archive:
        for file in sorted([*folder.glob("*.csv"), *folder.glob("*.parquet")]):
            with suppress(MarketFileError):
                archive.import_file(file)
        if ranges:
            archive.fit_ranges()
        yield archive


def main(folder: Path, *, ranges: bool) -> None:
    """Print the table of press figures, and how their tenths fare."""
    with archive_of(folder, ranges=ranges) as market:
        _print_table(market)


def _print_table(market: MarketData) -> None:
    verdicts: Counter[str] = Counter()
    tenths: Counter[str] = Counter()
    for report in REPORTS:
        for claim, check in check_report(report, market):
            verdicts[check.verdict] += 1
            print(_line(report, claim, check))
        tenths.update(check.verdict for _, check in check_report(report, market, factor=0.1))
    print(f"as the press told them: {dict(verdicts)}")
    print(f"ten times too low:      {dict(tenths)}")
    for _, check in check_report(REPORTS[10], market):
        print(check.explanation)


if __name__ == "__main__":
    main(Path(sys.argv[1]), ranges="--ranges" in sys.argv[2:])
