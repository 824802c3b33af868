"""The mark-up of passages: what a mark says, what is wrong with one, and that the shipped corpus holds to it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsdetect.bundled import fixtures
from newsdetect.errors import UsageError
from newsdetect.training.gold import gold_record
from newsdetect.training.passages import Passage, read_corpus, read_family
from newsdetect.types import Window

FILES = sorted((fixtures() / "passages").rglob("*.txt"))


def family(tmp_path: Path, text: str) -> list[Passage]:
    """Read one file of passages."""
    file = tmp_path / "wire.txt"
    file.write_text(text, encoding="utf-8")
    return read_family(file)


def passage(tmp_path: Path, text: str, head: str = "@ one 2025-08-25T21:04Z") -> Passage:
    """Read one passage."""
    (found,) = family(tmp_path, f"{head}\n{text}\n")
    return found


def test_marks_are_taken_out_and_count_in_the_content(tmp_path):
    """Headline and body are plain, and each mark's span is its own characters."""
    found = passage(
        tmp_path,
        "# Longs lose [[$5M|liq, 1h, long]]\n\n"
        "Some [[$5.2 million|liq, 1h, long]] went {{on a fall|price_drop trigger}}.",
    )
    assert found.doc.title == "Longs lose $5M"
    assert found.doc.text == "Some $5.2 million went on a fall."
    spans = [label.span for label in found.labels] + [cause.span for cause in found.causes]
    assert [found.doc.content[span.start : span.end] for span in spans] == [span.text for span in spans]
    assert found.doc.published.at == datetime(2025, 8, 25, 21, 4, tzinfo=UTC)


def test_a_label_holds_the_whole_meaning(tmp_path):
    """Role, window, side, hedge, status and names are read in any order; the rest is the default."""
    (label,) = passage(
        tmp_path, "[[$5M|largest, at_least, venue=OKX, 30m, short, by=Velo, coin=SOL, historical]]"
    ).labels
    assert (label.role, label.hedge, label.venue, label.side) == ("largest", "at_least", "OKX", "short")
    assert (label.window, label.attributed_to, label.asset) == (Window(hours=0.5), "Velo", "SOL")
    assert label.status == "historical"
    (bare,) = passage(tmp_path, "[[$5M|liq]]").labels
    assert (bare.window, bare.side, bare.asset, bare.venue) == (None, "both", "ALL", "ALL")
    assert (bare.hedge, bare.status) == ("exact", "asserted")


def test_calendar_windows_are_days_or_instants_in_utc(tmp_path):
    """A pair of dates is midnight to midnight, a pair of times is those."""
    days, hours = passage(
        tmp_path, "[[$5M|liq, 2025-08-24/2025-08-25]] [[$6M|liq, 2025-08-25T16:00/2025-08-25T20:00]]"
    ).labels
    assert days.window.hours is None
    assert days.window.length_hours == 24
    assert hours.window.start == datetime(2025, 8, 25, 16, tzinfo=UTC)


def test_figures_may_stand_inside_causes(tmp_path):
    """Marks nest."""
    found = passage(tmp_path, "{{bitcoin fell below [[$110,000|price]]|price_drop trigger}}")
    assert found.causes[0].span.text == "bitcoin fell below $110,000"
    assert found.labels[0].span.text == "$110,000"


def test_an_undated_passage_has_no_publication(tmp_path):
    """A head without a time leaves it unknown."""
    assert passage(tmp_path, "[[$5M|liq]]", head="@ one").doc.published is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[$5M|loot]]", "is no role"),
        ("[[$5M|liq, sideways]]", "is no field"),
        ("[[$5M|price, 1h]]", "has no fields"),
        ("[[$5M|liq, long, short]]", "given twice"),
        ("[[$5M", "never closed"),
        ("$5M|liq]]", "never opened"),
        ("{{a fall|gravity trigger}}", "is no cause"),
        ("{{a fall|price_drop}}", "is no cause"),
        ("[[ $5M|liq]]", "space at an end"),
    ],
)
def test_a_wrong_mark_is_named_with_its_place(tmp_path, text, told):
    """The error gives file, line and passage."""
    with pytest.raises(UsageError, match=told) as raised:
        passage(tmp_path, text)
    assert "wire.txt:1 (one)" in str(raised.value)


def test_mentions_of_one_claim_are_one_gold_claim(tmp_path):
    """A headline's rounded figure and the body's precise one are the precise claim; different meanings stay apart."""
    record = gold_record(
        passage(
            tmp_path,
            "# [[$5M|liq, 1h]] gone\n[[$5.21 million|liq, 1h]] went, [[$4 million|liq, 1h, long]] of it. "
            "[[$5.21 million|liq, 24h]].",
        )
    )
    assert [(claim["value"], claim["side"], claim["window"]["hours"]) for claim in record["claims"]] == [
        (5.21e6, "both", 1.0),
        (4e6, "long", 1.0),
        (5.21e6, "both", 24.0),
    ]
    assert record["event"] is True


def test_the_corpus_is_large_and_varied():
    """At least three thousand passages in many families, every role, side, status and cause type among them."""
    corpus = read_corpus(fixtures() / "passages")
    assert len(corpus) >= 3000
    assert len({each.family for each in corpus}) >= 60
    labels = [label for each in corpus for label in each.labels]
    assert {label.status for label in labels} == {"asserted", "historical", "hypothetical"}
    assert {"liq", "largest", "traders", "price", "position", "loss", "flow"} <= {label.role for label in labels}
    assert len({cause.type for each in corpus for cause in each.causes}) == 20
    assert sum(not any(label.is_claim for label in each.labels) for each in corpus) >= 300
    assert len({each.doc.content for each in corpus}) == len(corpus)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_family_is_well_marked(file):
    """Each file reads, and its calendar windows begin before they end and not after the publication."""
    for each in read_family(file):
        for label in each.labels:
            period = label.window.period if label.window else None
            if period is not None and each.doc.published is not None and label.status != "hypothetical":
                assert (period.start - each.doc.published.at).days <= 1, (each.doc.title, label)
