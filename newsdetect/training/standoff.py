"""Stand-off labels of public articles: what they claim and where it stands, by id and offset, without a word of text.

A line of a label file: `{"id", "event", "claims": [… "start", "end"], "causes": [{"type", "role", "start", "end"}]}`,
in the fields of the annotation guide. Texts come from a folder of article files (`{"id", "title", "text", "published"}`
a line, JSON Lines, gzipped or not) that whoever trains has at hand; offsets count in title, newline, text.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from newsdetect.bundled import fixtures
from newsdetect.documents.article import read_record
from newsdetect.documents.document import Document
from newsdetect.errors import NewsdetectError, UsageError

Record = dict[str, Any]

#: The files of stand-off labels under fixtures/labels.
LABELS = ("train", "dev", "web")

#: What a label keeps of its record; notes and quotes are left out.
_KEPT = (
    "metric", "value", "low", "high", "unit", "hedge", "window", "side", "asset", "venue", "status", "attributed_to",
    "type", "role",
)  # fmt: skip


def read_labels(path: Path) -> list[Record]:
    """Read a label file; raise UsageError that names file and line for what is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as fault:
        raise UsageError(f"{path}: no label file: {fault}", key=str(path)) from fault


def labelled(name: str, texts: Path | None) -> tuple[list[tuple[Document, Record]], int]:
    """Give a label file's articles that are at hand under a folder (null: none), and how many are not."""
    records = {str(each["id"]): each for each in read_labels(fixtures() / "labels" / f"{name}.jsonl")}
    found = find_texts(texts, records) if texts is not None else {}
    return [(doc, records[ident]) for ident, doc in found.items()], len(records) - len(found)


def find_texts(folder: Path, wanted: Iterable[str]) -> dict[str, Document]:
    """Find the articles of these ids in the article files anywhere under a folder."""
    missing = set(wanted)
    found: dict[str, Document] = {}
    for path in sorted([*folder.rglob("articles*.jsonl"), *folder.rglob("articles*.jsonl.gz")]):
        if not missing:
            break
        for record in _records(path):
            if str(record.get("id")) in missing:
                try:
                    found[str(record["id"])] = read_record(record)
                except NewsdetectError:
                    continue  # counted as missing by whoever asks
                missing.discard(str(record["id"]))
    return found


def _records(path: Path) -> Iterator[Record]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if isinstance(record, dict):
                yield record


def stand_off(record: Record, doc: Document) -> Record:
    """Turn a gold record with its words into labels with offsets; raise UsageError for words that are not there."""
    content = doc.content

    def place(item: Record, words: str) -> Record:
        start = item.get("start", content.find(words))
        if start < 0 or content[start : start + len(words)] != words:
            raise UsageError(f"{record['id']}: {words!r} does not stand in its article", key=str(record["id"]))
        kept = {name: item[name] for name in _KEPT if name in item}
        return {**kept, "start": start, "end": start + len(words)}

    return {
        "id": record["id"],
        "event": record["event"],
        "claims": [place(claim, claim["evidence"]) for claim in record["claims"]],
        "causes": [place(cause, cause["text"]) for cause in record.get("causes", ())],
    }
