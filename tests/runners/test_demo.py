"""The demo: the whole product on the bundled fixtures; what its documents are there for comes out, twice the same."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from newsdetect.bundled import fixtures
from newsdetect.cli.show_events import print_demo
from newsdetect.errors import UsageError
from newsdetect.outputs.newsletter import remove
from newsdetect.runners.demo import Demo, run_demo
from newsdetect.storage.store import open_store


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Give the folder of a demo that ran."""
    return tmp_path_factory.mktemp("demo") / "newsdetect-demo"


@pytest.fixture(scope="module")
def demo(folder) -> Demo:
    """Run the demo once."""
    return run_demo(folder)


def expected_verdicts() -> dict[str, str]:
    """Give the figures that the fixtures say a verdict of, as they are worded."""
    found: dict[str, str] = {}
    for file in [*fixtures().glob("feeds/demo/*.expected.json"), *fixtures().glob("articles/*/expected.json")]:
        records = json.loads(file.read_text(encoding="utf-8"))
        for record in records if isinstance(records, list) else [records]:
            found |= record.get("verdicts", {})
    return found


def test_every_document_is_read_without_a_fault(demo):
    """All feeds and pages that the demo names are read."""
    assert demo.faults == ()
    assert (demo.feeds, demo.entries, demo.new) == (3, 13, 13)


def test_the_fixtures_verdicts_come_out(demo, folder):
    """Each figure that a fixture is there for has the verdict it must have."""
    with open_store(f"sqlite:///{folder / 'home' / 'newsdetect.db'}") as store:
        claims = {row.claim.id: row.claim.evidence.text for row in store.claims(limit=500).items}
        verdicts = {claims[ident]: check.verdict for ident, check in store.checks_of(claims).items()}
    expected = expected_verdicts()
    assert len(expected) >= 4
    assert {figure: verdicts[figure] for figure in expected} == expected


def test_the_seeds_figures_are_corroborated_by_a_simulated_market(demo):
    """The seed's event is one event of many reports and one observer, and everything about it says simulated."""
    largest = max(demo.reports, key=lambda report: report.headline.value)
    assert (largest.headline.value, largest.headline.window.hours) == (852e6, 24)
    assert (largest.verdict, largest.simulated) == ("corroborated", True)
    assert largest.event.observers == ("CoinGlass",)
    assert len(largest.event.documents) >= 8
    assert largest.event.independent < len(largest.event.documents)
    assert {(343e6, 1.0)} <= {(each.value, each.window.hours) for each in largest.event.figures if each.window}


def test_it_leaves_a_digest_and_an_annotated_newsletter(demo):
    """The mail has both parts and says simulated; the newsletter has its notes, and without them is the original."""
    files = {path.name: path for path, _ in demo.files}
    mail = message_from_bytes(files["digest.eml"].read_bytes(), policy=policy.default)
    assert "simulated" in mail["Subject"]
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert "<table" in files["digest.html"].read_text(encoding="utf-8")
    letter = files["newsletter.html"].read_bytes().decode()
    assert letter.count('role="note"') == demo.notes >= 3
    assert "contradicted (simulated)" in letter or "corroborated (simulated)" in letter
    assert remove(letter, kind="html") == (fixtures() / "newsletters" / "breakwater.html").read_text(encoding="utf-8")


def test_a_second_run_adds_nothing(demo, folder):
    """Into the same folder the demo stores nothing twice, and tells and leaves the same."""
    before = {path: path.read_bytes() for path, _ in demo.files}
    again = run_demo(folder)
    assert again.new == 0
    assert again.reports == demo.reports
    assert {path: path.read_bytes() for path, _ in again.files} == before


def test_the_terminal_tells_it_in_eighty_columns(demo, capsys, monkeypatch):
    """The table names figure, window, side, reports, verdict and evidence, and nothing is cut off."""
    monkeypatch.setenv("COLUMNS", "80")
    print_demo(demo)
    told = capsys.readouterr().out
    assert "market data are simulated" in " ".join(told.split())
    for words in ("$852 million", "24 h", "6 independent", "corroborated (simulated)", "contradicted (simulated)"):
        assert words in told
    assert "…" not in told


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    """A file in its place is a fault with its name."""
    taken = tmp_path / "taken"
    taken.write_text("a file")
    with pytest.raises(UsageError, match="taken"):
        run_demo(taken / "demo")
