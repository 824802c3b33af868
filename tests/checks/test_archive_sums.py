"""The archive's sums and those of prints in memory lead to the same checks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from newsdetect.checks.check_claims import check_claims
from newsdetect.market.archive import MarketArchive
from newsdetect.market.memory import MemoryMarket
from newsdetect.types import ALL
from tests.checks.builders import NOON, make_claim, make_doc
from tests.market.builders import NOW, row, write

_SINCE = NOON - timedelta(days=3)
_prints = st.builds(
    lambda second, venue, asset, side, usd: row(
        "prints", time=_SINCE + timedelta(seconds=second), venue=venue, asset=asset, side=side, price=1,
        quantity=usd, usd=usd,
    ),
    st.integers(0, 3 * 86_400 + 600), st.sampled_from(["Binance", "Bybit"]), st.sampled_from(["BTC", "ETH"]),
    st.sampled_from(["long", "short"]), st.integers(1, 10**7),
)  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(st.lists(_prints, min_size=1, max_size=60), st.floats(1e4, 1e9), st.booleans())
def test_checks_do_not_know_where_prints_are_summed(rows: list[dict[str, Any]], value: float, heard: bool) -> None:
    """With roll-ups or without: the same verdict, window, evidence and words."""
    claims = [
        make_claim(value, start=1),
        make_claim(value / 9, hours=1, side="long", start=20),
        make_claim(value / 3, venue="Binance", asset="BTC", start=40),
        make_claim(value / 20, metric="largest_liquidation", start=60),
    ]
    stretch = row("recorded", asset=ALL, start=_SINCE, end=NOON + timedelta(hours=1))
    with TemporaryDirectory() as folder, MarketArchive(Path(folder) / "market") as archive:
        archive.import_file(write(Path(folder) / "prints.csv", rows), now=NOW)
        if heard:
            archive.import_file(write(Path(folder) / "recorded.csv", [stretch]), now=NOW)
        doc = make_doc()
        far = (_SINCE - timedelta(days=90), NOON + timedelta(days=1))
        memory = _Cut(prints=archive.prints(*far), recorded=archive.recorded(*far))
        assert check_claims(doc, claims, archive) == check_claims(doc, claims, memory)


class _Cut(MemoryMarket):
    """A market in memory that names the scopes of what it gives, as the archive does, and no others."""

    def prints(self, *asked: Any, **only: Any) -> Any:
        """Give the prints asked for with the keys that they have."""
        told = super().prints(*asked, **only)
        used = sorted(set(told.key.tolist()))
        place = {old: new for new, old in enumerate(used)}
        key = told.key.copy()
        key[:] = [place[old] for old in told.key.tolist()]
        return type(told)(told.time_ns, told.usd, key, tuple(told.keys[old] for old in used))
