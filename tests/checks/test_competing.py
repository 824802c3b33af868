"""Causes that compete to explain one event: how many articles name each, and which of them fit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect import pipeline
from newsdetect.checks.check import CauseCheck, CauseResult
from newsdetect.checks.competing import Competing, competing, with_rivals
from newsdetect.claims.claim import Cause, CauseType, Extraction
from newsdetect.outputs.report import report_events
from newsdetect.runners.rechecking import Rechecker
from newsdetect.storage.store import Store
from tests.checks.builders import NOON, ONE, Market, make_claim, make_doc, path

FALLING = path([112_000] * 20 + [111_500, 111_000, 110_000, 108_000, 107_000])


def told(kind: CauseType, result: CauseResult | None, *, role: str = "trigger") -> tuple[Cause, CauseCheck | None]:
    """Make a cause with what its check came to."""
    cause = Cause(type=kind, role=role, text=kind, start=1, end=9)
    return cause, None if result is None else CauseCheck(cause=0, type=kind, result=result, note=f"{kind} {result}")


def test_candidates_are_kinds_of_cause_and_each_article_speaks_once() -> None:
    """Two articles name the tariffs, one of them twice; one names a drop that fits and one rules the ETFs out."""
    given_ = [
        ("a", told("tariffs", "consistent")), ("a", told("tariffs", "not_checkable")),
        ("b", told("tariffs", "consistent")), ("b", told("macro", "timing_inconsistent")),
        ("b", told("price_drop", "direction_inconsistent")), ("c", told("whale", None)),
        ("c", told("etf_flows", "not_checkable", role="denied")), ("c", told("macro", None, role="denied")),
    ]  # fmt: skip
    found = competing([one for _, one in given_], documents=[name for name, _ in given_])
    assert [(one.type, one.documents, one.denied, one.result) for one in found.candidates] == [
        ("tariffs", 2, 0, "consistent"),
        ("macro", 1, 1, "timing_inconsistent"),
        ("price_drop", 1, 0, "direction_inconsistent"),
        ("whale", 1, 0, "not_checkable"),
    ]
    assert (found.fit, found.against, found.unknown) == (1, 2, 1)
    assert found.note == "1 of 4 causes named fits time and price, 2 do not, of 1 it cannot be told"
    assert found.candidates[0].note == "tariffs consistent"


@pytest.mark.parametrize(
    ("results", "result"),
    [
        (["consistent", "consistent", "timing_inconsistent"], "consistent"),
        (["consistent", "timing_inconsistent"], "timing_inconsistent"),
        (["not_checkable", "not_checkable", "consistent"], "consistent"),
        (["not_checkable"], "not_checkable"),
    ],
)
def test_the_word_of_most_articles_stands_and_of_as_many_the_graver(results: list[CauseResult], result: str) -> None:
    """Those that cannot tell outvote nobody."""
    many = [told("macro", one) for one in results]
    (one,) = competing(many, documents=[str(number) for number in range(len(many))]).candidates
    assert one.result == result


_RESULTS = st.sampled_from(["consistent", "timing_inconsistent", "direction_inconsistent", "not_checkable", None])
_TOLD = st.tuples(
    st.sampled_from(["a", "b", "c"]), st.sampled_from(["macro", "tariffs", "whale"]), _RESULTS, st.booleans()
)


@given(st.lists(_TOLD, max_size=12), st.randoms())
def test_counts_add_up_in_whatever_order_articles_come(rows: list, random: object) -> None:
    """Each candidate's articles are split by result, the candidates by theirs; no order shows through."""

    def of(many: list) -> Competing:
        made = [told(kind, result, role="denied" if denied else "trigger") for _, kind, result, denied in many]
        return competing(made, documents=[name for name, *_ in many])

    found = of(rows)
    assert found.fit + found.against + found.unknown == len(found.candidates)
    assert {one.type for one in found.candidates} == {kind for _, kind, _, denied in rows if not denied}
    for one in found.candidates:
        parts = (one.consistent, one.timing_inconsistent, one.direction_inconsistent, one.not_checkable)
        assert sum(parts) == one.documents == len({name for name, kind, _, no in rows if kind == one.type and not no})
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    counted = [one.model_copy(update={"note": ""}) for one in of(mixed).candidates]
    assert counted == [one.model_copy(update={"note": ""}) for one in found.candidates]


def test_a_check_says_how_many_other_causes_fit() -> None:
    """Two kinds fit beside the first, one does not; what the article rules out is no rival."""
    many = [
        told("macro", "consistent"), told("macro", "timing_inconsistent"), told("tariffs", "consistent"),
        told("whale", "consistent"), told("other", "not_checkable"), told("etf_flows", None, role="denied"),
    ]  # fmt: skip
    checks = [check or CauseCheck(cause=0, type=cause.type, result="not_checkable") for cause, check in many]
    found = with_rivals([cause for cause, _ in many], checks)
    assert [(one.rivals, one.rivals_fit) for one in found] == [(3, 2), (3, 2), (3, 1), (3, 1), (3, 2), (4, 2)]


class _Dated(Market):
    """A market that says once that it has changed."""

    def version(self, start: object = None, end: object = None) -> str:
        """Give a word for its content."""
        return f"{len(self.candle_rows)}"


def test_an_events_report_counts_its_causes_and_a_recheck_tells_them_anew(store: Store) -> None:
    """Two articles, no data: nothing can be told. Candles arrive: the drop fits, the rally does not."""
    for number, kinds in enumerate([("price_drop",), ("price_drop", "price_rally")]):
        text = "Longs worth $500 million: the drop, the rally. " + "in the past 24 hours " * 3
        doc = make_doc(text, published=NOON + timedelta(minutes=number)).model_copy(update={"id": f"doc{number}"})
        claim = make_claim(500e6, side="long").model_copy(update={"id": f"claim{number}"})
        causes = tuple(Cause(type=kind, role="trigger", text="the drop", start=30, end=38) for kind in kinds)
        extraction = Extraction(id=doc.id, event=True, claims=(claim,), causes=causes)
        checks = pipeline.check(doc, extraction, market=None)
        checked = pipeline.check_causes(doc, extraction, checks, market=None)
        pipeline.save(store, [pipeline.Article(doc, extraction, checks, checked)])
    (before,) = report_events(store)
    assert [(one.type, one.documents, one.result) for one in before.competing.candidates] == [
        ("price_drop", 2, "not_checkable"),
        ("price_rally", 1, "not_checkable"),
    ]
    candles = [*FALLING, *path([4000] * 20 + [3950, 3900, 3800, 3700, 3600], asset="ETH", end=ONE)]
    assert Rechecker(store, _Dated(candle_rows=candles)).run().documents == 2
    (after,) = report_events(store)
    assert [(one.type, one.documents, one.result) for one in after.competing.candidates] == [
        ("price_drop", 2, "consistent"),
        ("price_rally", 1, "direction_inconsistent"),
    ]
    assert after.competing.note == "1 of 2 causes named fits time and price, 1 does not"
    assert "fell by up to" in after.competing.candidates[0].note
    # An article that is read anew with other causes leaves no check of those of before.
    doc = store.document("doc1")
    extraction = store.extraction("doc1")
    assert doc is not None
    assert extraction is not None
    other = extraction.model_copy(update={"causes": extraction.causes[1:]})
    store.save_article(doc, other)
    assert [check for _, check in store.causes_of(["doc1"])["doc1"]] == [None]
