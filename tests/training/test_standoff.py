"""Stand-off labels: no words of anybody's text, offsets that find them again, articles looked for by id."""

from __future__ import annotations

import gzip
import json

import pytest

from newsdetect.bundled import fixtures
from newsdetect.documents.article import read_record
from newsdetect.errors import UsageError
from newsdetect.training.standoff import find_texts, read_labels, stand_off

ARTICLE = {"id": "a", "title": "Longs lose $5M", "text": "Some $5M went. Then $5M again, on a fall.", "published": None}
CLAIM = {"metric": "liquidations", "value": 5e6, "unit": "USD", "side": "long", "evidence": "$5M"}
RECORD = {
    "id": "a",
    "event": True,
    "claims": [CLAIM],
    "causes": [{"type": "price_drop", "role": "trigger", "text": "a fall"}],
}
FILES = sorted((fixtures() / "labels").glob("*.jsonl"))
#: What a label may hold in words: names and closed lists, never a sentence.
_LONGEST_NAME = 60


def test_words_become_offsets():
    """Evidence and causes leave their place and nothing of their words."""
    doc = read_record(ARTICLE)
    found = stand_off(RECORD, doc)
    claim, cause = found["claims"][0], found["causes"][0]
    assert doc.content[claim["start"] : claim["end"]] == "$5M"
    assert doc.content[cause["start"] : cause["end"]] == "a fall"
    assert "evidence" not in claim
    assert "text" not in cause


def test_a_given_place_is_kept():
    """Where the words stand several times, the annotator's offset counts."""
    doc = read_record(ARTICLE)
    second = doc.content.rindex("$5M")
    found = stand_off({**RECORD, "claims": [{**CLAIM, "start": second}]}, doc)
    assert found["claims"][0]["start"] == second


def test_words_that_are_not_there_are_named():
    """The error names article and words."""
    with pytest.raises(UsageError, match=r"a: '\$7M'"):
        stand_off({**RECORD, "claims": [{**CLAIM, "evidence": "$7M"}]}, read_record(ARTICLE))


def test_articles_are_found_by_id_in_any_file(tmp_path):
    """Plain and gzipped files under a folder are searched; what is nowhere is left out."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "articles.jsonl").write_text(json.dumps(ARTICLE) + "\n")
    with gzip.open(tmp_path / "articles.jsonl.gz", "wt") as file:
        file.write(json.dumps({**ARTICLE, "id": "b"}) + "\n")
    assert set(find_texts(tmp_path, ["a", "b", "c"])) == {"a", "b"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_shipped_labels_hold_no_text(file):
    """Of the articles only ids, offsets and values are in the repository."""
    records = read_labels(file)
    assert len(records) >= 100
    for record in records:
        assert set(record) == {"id", "event", "claims", "causes"}
        for item in (*record["claims"], *record["causes"]):
            assert item["start"] < item["end"]
            assert not {"evidence", "text"} & set(item)
            assert all(len(value) <= _LONGEST_NAME for value in item.values() if isinstance(value, str))
