"""One teller's true sums held against another's alone, by ranges fitted to earlier days: what holds, what is caught.

    python -m tests.acceptance.held_out MARKET_FILES

takes CoinGlass's daily sums of Binance from July 2023 on as claims that name CoinGlass, checks them against Coinalyze's
bars of the same days, and never shows a CoinGlass bar of those days. Ranges are fitted to the days before. Printed are
how many true sums lie in the range that was made of the other teller, how many are contradicted (none should be), and
how many of the same sums, made wrong, are: by priors alone, and by what was fitted.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from newsdetect.checks.check import Check
from newsdetect.checks.check_claims import check_claims
from newsdetect.claims.claim import Claim
from newsdetect.market.archive import MarketArchive
from newsdetect.market.fitted import read as read_ranges
from newsdetect.market.memory import MemoryMarket
from newsdetect.market.provider import Bar
from newsdetect.market.ranges import NO_RANGES, Ranges
from newsdetect.types import Side, Window
from tests.checks.builders import at, make_claim, make_doc

SPLIT, LAST = at("2023-07-01T00:00Z"), at("2023-12-02T00:00Z")
FILES = ("bars_coinalyze_binance_1d.csv", "bars_coinglass_binance_1d.csv")
#: What a figure is made wrong by; 1 is as told.
FACTORS = (1.0, 0.1, 1 / 3, 0.5, 2.0, 3.0, 10.0)
#: Every so many days.
_STEP = 3
_SIDES: tuple[Side, ...] = ("both", "long", "short")


class Ranged(MemoryMarket):
    """Rows in memory with ranges beside them."""

    known: Ranges = NO_RANGES

    def ranges(self) -> Ranges:
        """Give the ranges."""
        return self.known


def earlier_ranges(folder: Path) -> tuple[Ranges, list[Bar]]:
    """Fit ranges to the days before the split; give them with all bars of both tellers."""
    with TemporaryDirectory() as home, MarketArchive(Path(home) / "all") as whole:
        for name in FILES:
            whole.import_file(folder / name)
        bars = whole.bars(at("2022-01-01T00:00Z"), LAST)
        with MarketArchive(Path(home) / "early") as early:
            for name in FILES:
                kept = Path(home) / name
                header, *lines = (folder / name).read_text().splitlines()
                kept.write_text("\n".join([header, *(line for line in lines if line < SPLIT.isoformat())]))
                early.import_file(kept)
            early.fit_ranges()
        return read_ranges(Path(home) / "early"), bars


def claims_of(bars: Sequence[Bar], factor: float) -> list[tuple[datetime, Claim]]:
    """Make claims of CoinGlass's bars, times a factor, told two days later."""
    found = []
    for bar in bars:
        day = (bar.start - SPLIT).days
        if bar.source != "CoinGlass" or day < 0 or day % _STEP:
            continue
        window = Window(start=bar.start, end=bar.start + timedelta(seconds=bar.seconds))
        sums = {"both": bar.long_usd + bar.short_usd, "long": bar.long_usd, "short": bar.short_usd}
        for side in _SIDES:
            value = sums[side] * factor
            if value >= 1e5:
                claim = make_claim(
                    value, text=f"${value / 1e6:.2f} million", window=window, side=side, venue=bar.venue,
                    asset=bar.asset, attributed_to="CoinGlass",
                )  # fmt: skip
                found.append((bar.start + timedelta(days=2), claim))
    return found


def check_all(told: Sequence[tuple[datetime, Claim]], market: MemoryMarket) -> list[Check]:
    """Check claims, each as the one of its document."""
    return [check_claims(make_doc("", published=published), [claim], market)[0] for published, claim in told]


def main(folder: Path) -> None:
    """Print the table."""
    ranges, bars = earlier_ranges(folder)
    market = Ranged(
        bars=[bar for bar in bars if bar.source == "Coinalyze" and bar.asset in ("BTC", "ETH", "SOL", "XRP")]
    )
    print(f"ranges of tellers fitted to days before {SPLIT:%Y-%m-%d}: {len(ranges.fitted)}")
    for name, known in (("priors", NO_RANGES), ("fitted", ranges)):
        market.known = known
        for factor in FACTORS:
            checks = check_all(claims_of(bars, factor), market)
            verdicts = Counter(check.verdict for check in checks)
            inside = sum(row.says == "supports" for check in checks for row in check.evidence if row.kind == "bars")
            print(f"{name} × {factor:<5.2g} {len(checks):>4} claims: {inside / len(checks):4.0%} fit, {dict(verdicts)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
