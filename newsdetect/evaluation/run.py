"""Runs the extraction over a gold file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsdetect.claims.claim import Extraction
from newsdetect.documents.article import read_record
from newsdetect.documents.document import Document
from newsdetect.errors import NewsdetectError, UsageError
from newsdetect.evaluation.cases import by_kind
from newsdetect.evaluation.scores import Record, Tally, score


def read_lines(path: Path) -> Iterator[Record]:
    """Yield the records of a JSONL file; raise UsageError that names file and line for what is none."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _record(line, f"{path}:{number}")
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"{path}: cannot be read: {fault}", key=str(path)) from fault


def _record(line: str, where: str) -> Record:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as fault:
        raise UsageError(f"{where}: no JSON: {fault}", key=where) from fault
    if not isinstance(record, dict) or "id" not in record:
        raise UsageError(f'{where}: a record needs an "id"', key=where)
    return record


@dataclass(frozen=True)
class GoldSet:
    """The articles of a gold file with their records, by id; an article that cannot be read is null."""

    docs: dict[str, Document | None]
    gold: dict[str, Record]

    def predict(self, extract: Callable[[Document], Extraction]) -> dict[str, Record]:
        """Give what a reader makes of each article; of one that cannot be read, nothing."""
        return {ident: {} if doc is None else extract(doc).model_dump(mode="json") for ident, doc in self.docs.items()}

    def by_kind(self, predicted: dict[str, Record]) -> dict[str, Tally]:
        """Score each kind of articles apart."""
        return by_kind({ident: doc for ident, doc in self.docs.items() if doc is not None}, self.gold, predicted)


def read_gold(articles: Path, gold: Path) -> GoldSet:
    """Read articles and their gold file; raise UsageError for files that are none, or do not belong together."""
    truth = {record["id"]: record for record in read_lines(gold)}
    if bad := [key for key, record in truth.items() if "event" not in record or "claims" not in record]:
        raise UsageError(
            f'{gold}: the record {bad[0]} has no "event" or no "claims": is this a gold file?', key=str(gold)
        )
    docs = {record["id"]: _read(record) for record in read_lines(articles) if record["id"] in truth}
    if missing := truth.keys() - docs.keys():
        raise UsageError(
            f"{articles}: {len(missing)} articles of {gold} are not in it, {min(missing)} first", key=str(articles)
        )
    return GoldSet(docs, truth)


def _read(record: Record) -> Document | None:
    try:
        return read_record(record)
    except NewsdetectError:
        return None


def evaluate(articles: Path, gold: Path, extract: Callable[[Document], Extraction]) -> Tally:
    """Score `extract` on a file of articles and its gold file; an article that cannot be read claims nothing."""
    given = read_gold(articles, gold)
    return score(given.gold, given.predict(extract))
