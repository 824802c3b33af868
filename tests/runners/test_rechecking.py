"""Stored claims are checked anew once data of their time have arrived, and only then; a changed verdict stays seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsdetect import pipeline
from newsdetect.checks.reach import reach
from newsdetect.claims.claim import Claim, Extraction
from newsdetect.documents.document import Document, Publication
from newsdetect.market.archive import MarketArchive
from newsdetect.runners.rechecking import Rechecker
from newsdetect.storage.store import Store
from newsdetect.types import Window
from tests.checks.builders import NOON, make_claim

HEADER = "start,seconds,source,venue,asset,long_usd,short_usd,retrieved_at\n"


@pytest.fixture
def market(tmp_path: Path) -> Iterator[MarketArchive]:
    """Give an empty archive."""
    with MarketArchive(tmp_path / "market") as archive:
        yield archive


def bars(folder: Path, *, usd: float, start: datetime, hours: int = 24, name: str = "bars.csv") -> Path:
    """Write hourly bars of a venue that the claims name."""
    rows = [
        f"{(start + timedelta(hours=hour)).isoformat()},3600,CoinGlass,ALL,ALL,{usd / hours},0,\n"
        for hour in range(hours)
    ]
    file = folder / name
    file.write_text(HEADER + "".join(rows))
    return file


def stored(store: Store, market: MarketArchive, ident: str = "doc", **claim) -> str:
    """Store a checked document with one claim of $100 million; give the claim's id."""
    doc = Document(id=ident, title=ident, text="$text", published=Publication(at=NOON, kind="given"))
    made = make_claim(100e6, attributed_to="CoinGlass", **claim)
    made = made.model_copy(update={"id": f"{ident}-claim"})
    extraction = Extraction(id=ident, event=True, claims=(made,))
    pipeline.save(store, [pipeline.Article(doc, extraction, pipeline.check(doc, extraction, market=market))])
    return made.id


def test_data_that_arrive_change_the_verdict_once(store, market, tmp_path):
    """Nothing held: not checkable. Bars of the claim's own source, far above it: contradicted, and its past stays."""
    ident = stored(store, market)
    rechecker = Rechecker(store, market)
    assert rechecker.run().documents == 0
    assert store.checks_of([ident])[ident].verdict == "not_checkable"
    market.import_file(bars(tmp_path, usd=900e6, start=NOON - timedelta(hours=30), hours=31))
    done = rechecker.run()
    assert (done.documents, done.claims) == (1, 1)
    (turned,) = done.turned
    assert (turned.before, turned.check.verdict) == ("not_checkable", "contradicted")
    assert store.checks_of([ident])[ident] == turned.check
    assert [one.verdict for one in store.verdicts_of([ident])[ident]] == ["not_checkable", "contradicted"]
    assert rechecker.run().documents == 0
    assert Rechecker(store, market).run().documents == 0


def test_data_of_another_time_ask_for_nothing(store, market, tmp_path):
    """Bars of a year before and of a year after lie beyond all that a claim can be held against."""
    stored(store, market)
    for days, name in ((-400, "old.csv"), (200, "later.csv")):
        market.import_file(bars(tmp_path, usd=9e6, start=NOON + timedelta(days=days), name=name), now=_later())
    assert Rechecker(store, market).run().documents == 0


def test_only_the_documents_that_they_reach_are_read_again(store, market, tmp_path):
    """Two reports half a year apart; data for one of them leave the other alone."""
    near = stored(store, market)
    period = {"start": NOON - timedelta(days=200), "end": NOON - timedelta(days=199)}
    far = stored(store, market, "far", window=Window(**period), status="historical")
    market.import_file(bars(tmp_path, usd=900e6, start=period["start"]))
    done = Rechecker(store, market).run()
    assert [turned.check.claim_id for turned in done.turned] == [far]
    assert done.documents == 1
    assert set(store.verdicts_of([near])) == {near}


def test_many_are_checked_as_each_alone(store, market, tmp_path):
    """A crowd of pending documents shares what is read of the market, and each gets the verdict that it gets alone."""
    idents = [stored(store, market, f"doc{number}") for number in range(60)]
    market.import_file(bars(tmp_path, usd=900e6, start=NOON - timedelta(hours=30), hours=31))
    assert Rechecker(store, market).run().documents == 60
    checks = store.checks_of(idents)
    doc, extraction = store.document("doc0"), store.extraction("doc0")
    (alone,) = pipeline.check(doc, extraction, market=market)
    assert checks[idents[0]] == alone
    assert {check.verdict for check in checks.values()} == {"contradicted"}


def test_a_document_read_anew_is_checked_anew(store, market, tmp_path):
    """Another extraction of a known document is pending, though the archive is as it was."""
    market.import_file(bars(tmp_path, usd=100e6, start=NOON - timedelta(hours=30), hours=31))
    stored(store, market)
    rechecker = Rechecker(store, market)
    assert rechecker.run().documents == 1
    stored(store, market, hours=12)
    assert Rechecker(store, market).run().documents == 1


def test_a_revised_reading_is_data_too(store, market, tmp_path):
    """The same buckets told anew are found: aggregators revise their history."""
    market.import_file(bars(tmp_path, usd=90e6, start=NOON - timedelta(hours=30), hours=31))
    ident = stored(store, market)
    rechecker = Rechecker(store, market)
    rechecker.run()
    market.import_file(bars(tmp_path, usd=900e6, start=NOON - timedelta(hours=30), hours=31, name="revised.csv"))
    assert rechecker.run().documents == 1
    assert store.checks_of([ident])[ident].verdict == "contradicted"


@pytest.mark.parametrize("status", ["asserted", "historical", "hypothetical"])
def test_what_no_data_can_help_has_no_reach(status):
    """A claim without a window, or that nobody asserts of a time, reaches nowhere."""
    published = Publication(at=NOON, kind="given")
    assert reach(published, [make_claim(hours=None, status=status)]) is None
    trailing = reach(published, [make_claim(status=status)])
    assert (trailing is None) == (status != "asserted")
    if trailing is not None:
        assert trailing.start < NOON - timedelta(days=60)
        assert trailing.end > NOON
    assert reach(None, [make_claim(status=status)]) is None


def _later() -> datetime:
    return datetime(2027, 1, 1, tzinfo=UTC)


def test_what_other_articles_let_go_of_says_what_the_market_says_by_then(store, market, tmp_path):
    """Held to be the odd one out before data came: let go of afterwards, a claim has the verdict of those data."""
    shorts = make_claim(112.3e6, side="short", attributed_to="CoinGlass")
    told = [("slip", 3.43e9, 1, -8), ("one", 852e6, 24, 0), ("two", 870e6, 24, 1)]
    made = {
        name: (_day(name, hours), (_named(name, value, length), _named(name, 112.3e6, 24, like=shorts)))
        for name, value, length, hours in told
    }
    for doc, claims in made.values():
        _save(store, market, doc, claims)
    before = store.checks_of(["slip-3430"])["slip-3430"]
    assert (before.verdict, before.alone.verdict) == ("inconsistent", "not_checkable")
    rows = [f"{(NOON - timedelta(hours=hour)).isoformat()},3600,CoinGlass,Binance,BTC,3e6,1e6,\n" for hour in range(72)]
    (tmp_path / "bars.csv").write_text(HEADER + "".join(rows))
    market.import_file(tmp_path / "bars.csv")
    Rechecker(store, market).run()
    held = store.checks_of(["slip-3430"])["slip-3430"]
    assert (held.verdict, held.alone.verdict) == ("inconsistent", "plausible")
    doc, (total, short) = made["two"]
    _save(store, market, doc, (total.model_copy(update={"low": 8.7e9, "high": 8.8e9}), short))
    after = store.checks_of(["slip-3430"])["slip-3430"]
    assert (after.verdict, after.alone, after.explanation) == ("plausible", None, held.alone.explanation)
    assert "CoinGlass" in after.explanation
    assert [one.verdict for one in store.verdicts_of(["slip-3430"])["slip-3430"]] == [
        "not_checkable", "inconsistent", "plausible",
    ]  # fmt: skip


def _day(name: str, hours: float) -> Document:
    published = Publication(at=NOON + timedelta(hours=hours), kind="given")
    return Document(id=name, title="", text="in the past 24 hours " * 3, outlet=name, published=published)


def _named(name: str, value: float, hours: float, *, like: Claim | None = None) -> Claim:
    claim = like or make_claim(value, hours=hours, attributed_to="CoinGlass")
    return claim.model_copy(update={"id": f"{name}-{value / 1e6:.0f}"})


def _save(store: Store, market: MarketArchive, doc: Document, claims: tuple[Claim, ...]) -> None:
    extraction = Extraction(id=doc.id, event=True, claims=claims)
    pipeline.save(store, [pipeline.Article(doc, extraction, pipeline.check(doc, extraction, market=market))])
