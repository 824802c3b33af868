"""One fit of the ranking of causes from files to file: labelled articles, passages and examples in, weights out.

Seconds of work and no torch: the same articles and passages that the reader learns from, read by the rules.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from newsdetect.bundled import fixtures
from newsdetect.claims.claim import Claim
from newsdetect.claims.extract import extract, is_event, lay_out_if_asked
from newsdetect.claims.sentences import split
from newsdetect.documents.document import Document, document_id
from newsdetect.training.cause_weights import Phrase, fit, phrases, written
from newsdetect.training.gold import gold_record
from newsdetect.training.passages import read_corpus
from newsdetect.training.standoff import LABELS, labelled
from newsdetect.types import Side, Span

#: What a phrase of a real article counts, of a written passage, and of an example.
REAL, WRITTEN, EXAMPLE = 1.0, 0.7, 2.0

_HEAD = """\
# What each sign of a phrase that may be a cause is worth: weights that add up to the logarithm of its odds, and
# `always`, which every phrase has. Fitted by `newsdetect train --causes` to the labelled articles, the passages that
# are not held out and the examples of `causes_examples.toml`; what signs mean is said in `claims/causes_ranking.py`.

"""


def fit_causes(texts: Path | None, held_out: Collection[str], target: Path) -> tuple[int, int]:
    """Fit the weights and write them to `target`; give how many they are, and of how many phrases.

    `texts` is a folder of article files, or null for the written corpus alone.
    """
    read = [*_articles(texts), *_passages(held_out), *_examples()]
    weights = fit(read)
    target.write_text(_HEAD + written(weights), encoding="utf-8")
    return len(weights), len(read)


def _articles(texts: Path | None) -> Iterator[Phrase]:
    for name in LABELS:
        for doc, record in labelled(name, texts)[0]:
            told = [(each["type"], doc.content[each["start"] : each["end"]]) for each in record["causes"]]
            yield from _of(doc, told, REAL)


def _passages(held_out: Collection[str]) -> Iterator[Phrase]:
    for passage in read_corpus(fixtures() / "passages"):
        if passage.family not in held_out:
            causes = gold_record(passage)["causes"]
            yield from _of(passage.doc, [(each["type"], each["text"]) for each in causes], WRITTEN)


def _examples() -> Iterator[Phrase]:
    """Give the phrases of the examples, each with its figure as the only claim; one of a cause tells of its type."""
    with (fixtures() / "corpus" / "causes_examples.toml").open("rb") as file:
        examples: dict[str, list[dict[str, Any]]] = tomllib.load(file)
    for kind, rows in (("positive", examples["positive"]), ("negative", examples["negative"])):
        for row in rows:
            doc = Document(id=document_id("", row["text"], "example"), title="", text=row["text"])
            told = [(row["type"], row["span"])] if kind == "positive" else []
            types = [row["type"]] if kind == "positive" else row.get("types")
            spans = [(one.start, one.end) for one in split(doc.content)]
            for phrase in phrases(
                doc, spans, [_claim(doc, row["figure"], row.get("side", "both"))], told, counts=EXAMPLE
            ):
                if types is None or any(f"type:{name}" in phrase.signs for name in types):
                    yield phrase


def _claim(doc: Document, figure: str, side: Side) -> Claim:
    """Make the claim of an example's figure; what it is worth says nothing about why."""
    start = doc.content.index(figure)
    evidence = Span(start=start, end=start + len(figure), text=figure)
    return Claim(id=figure, metric="liquidations", value=1e8, low=1e8, high=1e8, side=side, evidence=evidence)


def _of(doc: Document, told: list[tuple[str, str]], counts: float) -> Iterator[Phrase]:
    article = lay_out_if_asked(doc)
    claims: tuple[Claim, ...] = extract(doc).claims
    if article is not None and is_event(claims):
        spans = [(line.sentence.start, line.sentence.end) for line in article.lines]
        yield from phrases(doc, spans, claims, told, counts=counts)
