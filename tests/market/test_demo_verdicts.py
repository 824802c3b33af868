"""The demo's documents against the simulated market: true figures stand, wrong ones fall, as the fixtures expect."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsdetect.bundled import fixtures
from newsdetect.checks.check_claims import check_claims
from newsdetect.claims.claim import Claim, claim_id
from newsdetect.claims.extract import extract
from newsdetect.claims.intervals import interval
from newsdetect.documents.article import read_entry, read_html
from newsdetect.documents.document import Document
from newsdetect.market.archive import MarketArchive
from newsdetect.sources.feeds import parse_feed
from newsdetect.types import Period, Span, Window
from tests.market.builders import at

_FIXTURES = fixtures()
_DEMO = tomllib.loads((_FIXTURES / "demo.toml").read_text(encoding="utf-8"))
_STANDS = {"corroborated", "plausible"}


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> MarketArchive:
    """Give an archive of the shipped market."""
    archive = MarketArchive(tmp_path_factory.mktemp("demo") / "market")
    for path in sorted((_FIXTURES / "market").glob("*.csv")):
        archive.import_file(path)
    return archive


def documents() -> Iterator[tuple[str, Document, dict[str, Any]]]:
    """Give the demo's documents with what is expected of each."""
    for page in _DEMO["pages"]:
        file = _FIXTURES / page["file"]
        expected = json.loads(file.with_name("expected.json").read_text(encoding="utf-8"))
        yield file.parent.name, read_html(file.read_bytes(), url=page["url"]), expected
    for feed in _DEMO["feeds"]:
        file = _FIXTURES / feed["file"]
        records = json.loads(Path(file).with_suffix(".expected.json").read_text(encoding="utf-8"))
        entries = {entry.key: entry for entry in parse_feed(file.read_bytes(), url=feed["url"]).entries}
        for record in records:
            yield record["key"], read_entry(entries[record["key"]]), record


DOCUMENTS = [pytest.param(doc, expected, id=name) for name, doc, expected in documents()]


def labelled(doc: Document, label: dict[str, Any]) -> Claim:
    """Make the claim that a label describes, whatever the extractor would make of the text."""
    start = doc.content.index(label["evidence"])
    span = Span(start=start, end=start + len(label["evidence"]), text=label["evidence"])
    stands = interval(label["value"], text=label["evidence"], hedge=label["hedge"], word=None)
    window = None
    if label["window"] is not None:
        window = Window(**{key: at(f"{day}T00:00Z") if key != "hours" else day for key, day in label["window"].items()})
    fields = {
        name: label[name] for name in ("metric", "unit", "side", "asset", "venue", "status", "attributed_to", "hedge")
    }
    rules = ("role.position",) if "9,080" in doc.content else ()
    key = claim_id("doc", span, label["value"], label["metric"], window, *map(str, fields.values()))
    return Claim(
        id=key,
        value=label["value"],
        window=window,
        evidence=span,
        low=stands.low,
        high=stands.high,
        rules=rules,
        **fields,
    )


@pytest.mark.parametrize(("doc", "expected"), DOCUMENTS)
def test_labelled_claims_get_their_verdicts(doc: Document, expected: dict[str, Any], market: MarketArchive) -> None:
    """Figures with a verdict in the fixtures get it, the parts of a wrong sum fall with it, and all the rest stand."""
    claims = [labelled(doc, label) for label in expected["claims"]]
    verdicts = {check.claim_id: check.verdict for check in check_claims(doc, claims, market)}
    wanted = expected.get("verdicts", {})
    inconsistent = "inconsistent" in wanted.values()
    for claim in claims:
        allowed = {wanted.get(claim.evidence.text)} if claim.evidence.text in wanted else _STANDS
        assert verdicts[claim.id] in (allowed | {"inconsistent"} if inconsistent else allowed), claim.evidence.text


@pytest.mark.parametrize(("doc", "expected"), [one for one in DOCUMENTS if one.values[1].get("verdicts")])
def test_extracted_claims_get_the_verdicts_that_the_demo_shows(
    doc: Document, expected: dict[str, Any], market: MarketArchive
) -> None:
    """From the text to the verdict: what `newsdetect demo` prints of the wrong figures."""
    claims = extract(doc).claims
    verdicts = {
        claim.evidence.text: check.verdict
        for claim, check in zip(claims, check_claims(doc, claims, market), strict=True)
    }
    assert {figure: verdicts.get(figure) for figure in expected["verdicts"]} == expected["verdicts"]


def test_the_seeds_figures_share_one_end_and_say_that_they_are_simulated(market: MarketArchive) -> None:
    """$343 M and $852 M of one sentence end at one time, are confirmed, and are called simulated."""
    doc, expected = next(one.values for one in DOCUMENTS if one.id == "coinmarketcap-community")
    claims = [labelled(doc, label) for label in expected["claims"]]
    hour, day = check_claims(doc, claims, market)
    assert (hour.verdict, day.verdict) == ("corroborated", "corroborated")
    assert hour.window == Period.trailing(at("2025-08-25T21:04:45Z"), 1)
    assert day.window == Period.trailing(at("2025-08-25T21:04:45Z"), 24)
    assert hour.simulated
    assert "SIMULATED" in hour.explanation
    assert next(row for row in hour.evidence if row.venue == "ALL").coverage == 1.0
