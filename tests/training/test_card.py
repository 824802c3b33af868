"""The model card: what a run on the written corpus alone scored stands beside the model's, with how it was trained."""

from __future__ import annotations

import json

from newsdetect.bundled import models
from newsdetect.claims.tagger import SHIPPED
from newsdetect.training.card import WRITTEN_ALONE, write_card


def test_the_run_on_the_written_corpus_alone_is_told_where_there_was_one(tmp_path):
    """Without it the card has no such row, and says nothing of a last run."""
    metrics = json.loads((models() / SHIPPED / "metrics.json").read_text(encoding="utf-8"))
    write_card(tmp_path, metrics)
    without = (tmp_path / "README.md").read_text(encoding="utf-8")
    row = {"detect": 0.5, "strict": 0.25, "event": 0.125, "causes": 0.0, "spans": 0.0}
    told = {"trained": "of 3 passes on cpu", "scores": {"dev": row}}
    (tmp_path / WRITTEN_ALONE).write_text(json.dumps(told), encoding="utf-8")
    write_card(tmp_path, metrics)
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| written corpus alone |" not in without
    assert "last run" not in without
    assert "| dev | written corpus alone | 0.500 | 0.250 | 0.125 | 0.000 | 0.000 |" in card
    assert "last run,\nof 3 passes on cpu." in card
