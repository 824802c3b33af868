"""Runs the extraction over a gold file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from newsdetect.claims.claim import Extraction
from newsdetect.documents.article import read_record
from newsdetect.documents.document import Document
from newsdetect.errors import NewsdetectError, UsageError
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


def evaluate(articles: Path, gold: Path, extract: Callable[[Document], Extraction]) -> Tally:
    """Score `extract` on a file of articles and its gold file; an article that cannot be read claims nothing."""
    truth = {record["id"]: record for record in read_lines(gold)}
    if bad := [key for key, record in truth.items() if "event" not in record or "claims" not in record]:
        raise UsageError(
            f'{gold}: the record {bad[0]} has no "event" or no "claims": is this a gold file?', key=str(gold)
        )
    predicted: dict[str, Record] = {}
    for record in read_lines(articles):
        if record["id"] in truth:
            try:
                predicted[record["id"]] = extract(read_record(record)).model_dump(mode="json")
            except NewsdetectError:
                predicted[record["id"]] = {}
    if missing := truth.keys() - predicted.keys():
        raise UsageError(
            f"{articles}: {len(missing)} articles of {gold} are not in it, {min(missing)} first", key=str(articles)
        )
    return score(truth, predicted)
