"""The demo's documents say what their expectations tell, from page or feed to claim."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from newsdetect.bundled import fixtures
from newsdetect.claims.claim import Claim, Extraction
from newsdetect.claims.extract import extract
from newsdetect.documents.article import read_entry, read_html
from newsdetect.sources.feeds import parse_feed
from newsdetect.types import Window

PAGES = sorted(fixtures().glob("articles/*/expected.json"))
FEEDS = sorted(fixtures().glob("feeds/demo/*.expected.json"))
FIELDS = ("metric", "value", "unit", "hedge", "side", "asset", "venue", "status", "attributed_to")


def extraction_of_entry(expected: Path, key: str) -> Extraction:
    name = expected.name.removesuffix(".expected.json")
    feed = next(file for file in expected.parent.glob(f"{name}.*") if not file.name.endswith(".expected.json"))
    entries = parse_feed(feed.read_bytes(), url=f"https://feeds.example/{feed.name}").entries
    return extract(read_entry(next(entry for entry in entries if entry.key == key)))


def told(claims: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """Give what expected claims say; a calendar date is its midnight in UTC."""
    return {(*(claim[field] for field in FIELDS), window_of(claim["window"]), claim["evidence"]) for claim in claims}


def window_of(raw: dict[str, Any] | None) -> str | None:
    if raw is None:
        return None
    if "hours" in raw:
        return Window(hours=raw["hours"]).model_dump_json()
    ends = {name: raw[name] if "T" in raw[name] else f"{raw[name]}T00:00" for name in ("start", "end")}
    return Window(**{name: end if end.endswith("Z") else f"{end}Z" for name, end in ends.items()}).model_dump_json()


def read(claims: tuple[Claim, ...]) -> set[tuple[Any, ...]]:
    return {
        (
            *(getattr(claim, field) for field in FIELDS),
            claim.window.model_dump_json() if claim.window else None,
            claim.evidence.text,
        )
        for claim in claims
    }


@pytest.mark.parametrize("expected", PAGES, ids=lambda file: file.parent.name)
def test_pages_give_the_claims_expected_of_them(expected: Path) -> None:
    """Each page gives exactly its claims, with every field."""
    record = json.loads(expected.read_text(encoding="utf-8"))
    found = extract(read_html((expected.parent / "page.html").read_bytes(), url=record["url"]))
    assert read(found.claims) == told(record["claims"])
    assert found.event == record["event"]


ENTRIES = [
    pytest.param(file, record, id=record["key"])
    for file in FEEDS
    for record in json.loads(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("expected", "record"), ENTRIES)
def test_feed_entries_give_the_claims_expected_of_them(expected: Path, record: dict[str, Any]) -> None:
    """Each entry of the demo's feeds gives exactly its claims, with every field."""
    found = extraction_of_entry(expected, record["key"])
    assert read(found.claims) == told(record["claims"])
    assert found.event == record["event"]
