"""`newsdetect evaluate checks` from the command line: a small run, its files, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from newsdetect.evaluation.calibration import VERDICTS
from tests.cli.running import CommandLine


def test_a_small_run_leaves_report_claims_and_plot(newsdetect: CommandLine, tmp_path: Path) -> None:
    """120 claims about two markets, one of which is judged; the probability in each line is the shipped model's."""
    done = newsdetect("evaluate", "checks", "--claims", "120", "--seed", "4", "--json", "--out", tmp_path)
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["events"] == 1
    assert 55 <= told["claims"] <= 65
    assert sum(told["verdicts"].values()) == told["claims"]
    assert sum(one["claims"] for one in told["bins"]) == told["weighed"]
    assert json.loads((tmp_path / "report.json").read_text()) == told
    assert "| goal | wanted | measured | |" in (tmp_path / "report.md").read_text()
    with Image.open(tmp_path / "reliability.png") as image:
        assert image.size[0] > 500
    rows = [json.loads(line) for line in (tmp_path / "claims.jsonl").read_text().splitlines()]
    assert {row["market"] for row in rows} == {0, 1}
    judged = [row for row in rows if row["market"] == 1]
    assert len(judged) == told["claims"]
    assert {row["verdict"] for row in rows} <= set(VERDICTS)
    weighed = [row for row in judged if row["probability"] is not None]
    brier = sum((row["probability"] - row["right"]) ** 2 for row in weighed) / len(weighed)
    assert abs(brier - told["brier"]) < 1e-9


def test_a_fit_without_a_folder_is_refused_before_anything_is_drawn(newsdetect: CommandLine) -> None:
    """Weights that nobody keeps are worth no minutes of work."""
    done = newsdetect("evaluate", "checks", "--fit")
    assert done.code == 2
    assert "--out" in done.err
