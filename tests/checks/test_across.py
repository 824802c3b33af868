"""Articles of one event held against each other: the odd one out is named, all else is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from newsdetect import pipeline
from newsdetect.checks.across import carried, conflicts_across, inconsistent, released
from newsdetect.checks.check import Alone, Check
from newsdetect.claims.claim import Claim, Extraction
from newsdetect.documents.document import Document
from newsdetect.storage.store import Store, open_store
from tests.checks.builders import NOON, make_claim, make_doc


def article(name: str, *claims: Claim, hours: float = 0.0) -> tuple[Document, list[Claim]]:
    """Make an article published some hours after noon; its claims are its own."""
    doc = make_doc("in the past 24 hours " * 3, published=NOON + timedelta(hours=hours))
    doc = doc.model_copy(update={"id": name, "outlet": name})
    return doc, [claim.model_copy(update={"id": f"{name}-{number}"}) for number, claim in enumerate(claims)]


def figure(value: float, **fields: object) -> Claim:
    """Make a figure of CoinGlass's."""
    return make_claim(value, **({"attributed_to": "CoinGlass"} | fields))


def test_an_hour_beyond_what_two_others_tell_of_the_day_is_the_odd_one_out() -> None:
    """One article's hour exceeds the day of two others, told hours later: it is held against it alone."""
    hour = article("slip", figure(3.43e9, hours=1), hours=-8)
    found = conflicts_across([hour, article("one", figure(852e6)), article("two", figure(870e6), hours=1)])
    assert set(found) == {"slip-0"}
    (conflict, _) = found["slip-0"]
    assert "$3.43 B, told by slip, exceeds the $852 M that one tells" in conflict.note


def test_two_that_differ_are_not_judged() -> None:
    """With one other article alone nothing tells which is wrong."""
    assert conflicts_across([article("slip", figure(3.43e9, hours=1), hours=-8), article("one", figure(852e6))]) == {}


@pytest.mark.parametrize(
    "other",
    [
        {"attributed_to": "Coinalyze"},
        {"attributed_to": None},
        {"status": "historical"},
        {"metric": "largest_liquidation"},
        {"venue": "Binance"},
    ],
)
def test_other_observers_times_and_scopes_are_not_compared(other: dict[str, object]) -> None:
    """A day of another observer, or of one venue, is no whole of the market's hour."""
    hour = article("slip", figure(3.43e9, hours=1), hours=-8)
    assert (
        conflicts_across([hour, article("one", figure(852e6, **other)), article("two", figure(870e6, **other))]) == {}
    )


def test_readings_that_grow_through_the_day_all_hold() -> None:
    """$550 M, $606 M, $852 M, $904 M over the 24 hours of their own times: all true."""
    told = [(550e6, 0), (606e6, 3), (852e6, 8), (904e6, 11), (930e6, 17)]
    found = conflicts_across([article(f"a{hours}", figure(value), hours=hours) for value, hours in told])
    assert found == {}


def test_a_check_takes_the_conflict_over_unless_it_is_graver_already() -> None:
    """Plausible becomes inconsistent with the sentence that says why; contradicted stays."""
    hour = article("slip", figure(3.43e9, hours=1), hours=-8)
    found = conflicts_across([hour, article("one", figure(852e6)), article("two", figure(870e6), hours=1)])["slip-0"]
    alone = Check(claim_id="slip-0", verdict="plausible", explanation="So it is.")
    after = inconsistent(alone, found)
    assert after.verdict == "inconsistent"
    assert "other reports" in after.explanation
    assert [row.kind for row in after.evidence] == ["arithmetic", "arithmetic"]
    again = carried(after, Check(claim_id="slip-0", verdict="corroborated"))
    assert (again.verdict, again.explanation, again.evidence) == (after.verdict, after.explanation, after.evidence)
    assert after.alone == Alone(verdict="plausible", explanation="So it is.")
    assert released(after, after.alone) == alone
    assert again.alone == Alone(verdict="corroborated", explanation="")
    graver = Check(claim_id="slip-0", verdict="contradicted")
    assert inconsistent(graver, found) == graver


def test_saving_articles_holds_them_together_and_lets_go_again(store: Store) -> None:
    """The odd one out of an event is inconsistent, once; when another article is corrected, it is what it was."""
    shorts = figure(112.3e6, side="short")
    made = [
        article("slip", figure(3.43e9, hours=1), shorts, hours=-8),
        article("one", figure(852e6), shorts),
        article("two", figure(870e6), shorts, hours=1),
    ]
    for _ in range(2):
        pipeline.save(store, [_article(doc, claims) for doc, claims in made])
    assert [len(event.documents) for event in store.events().items] == [3]
    assert [one.verdict for one in store.verdicts_of(["slip-0"])["slip-0"]] == ["not_checkable", "inconsistent"]
    assert store.checks_of(["one-0"])["one-0"].verdict == "not_checkable"
    doc, claims = made[2]
    pipeline.save(store, [_article(doc, [claims[0].model_copy(update={"low": 8.7e9, "high": 8.8e9}), claims[1]])])
    assert store.checks_of(["slip-0"])["slip-0"].verdict == "not_checkable"


def test_a_store_of_an_earlier_version_is_let_go_of_too(store: Store, store_url: str) -> None:
    """What spoke against a claim before its own verdict was kept beside it: the migration takes it from the past."""
    shorts = figure(112.3e6, side="short")
    slip, one, two = (
        article("slip", figure(3.43e9, hours=1), shorts, hours=-8),
        article("one", figure(852e6), shorts),
        article("two", figure(870e6), shorts, hours=1),
    )
    pipeline.save(store, [_article(doc, claims) for doc, claims in (slip, one, two)])
    now = store.checks_of(["slip-0", "one-0"])
    with store._transactions.writing() as connection:
        connection.execute(text("ALTER TABLE checks DROP COLUMN alone"))
        connection.execute(text("ALTER TABLE causes DROP COLUMN checked"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    with open_store(store_url) as brought:
        assert brought.checks_of(["slip-0", "one-0"]) == now
        assert now["slip-0"].alone is not None
        assert now["one-0"].alone is None


def test_a_conflict_outlasts_the_articles_that_are_linked_anew(store: Store) -> None:
    """Linking looks back ten days: an article at their edge stays the odd one out though the others lie behind it."""
    shorts = figure(12.3e6, side="short")
    made = [
        article("one", figure(343e6, hours=1), shorts),
        article("two", figure(350e6, hours=1), shorts, hours=1),
        article("slip", figure(85e6), shorts, hours=9),
    ]
    pipeline.save(store, [_article(doc, claims) for doc, claims in made])
    before = store.checks_of(["slip-0"])["slip-0"]
    assert before.explanation.startswith("Inconsistent with other reports")
    later = article("later", figure(50e6), hours=24 * 10 + 5)
    pipeline.save(store, [_article(*later)])
    assert store.checks_of(["slip-0"])["slip-0"] == before


def _article(doc: Document, claims: list[Claim]) -> pipeline.Article:
    extraction = Extraction(id=doc.id, event=True, claims=tuple(claims))
    return pipeline.Article(doc, extraction, pipeline.check(doc, extraction, market=None))
