"""Text to claims: articles a second, beside spaCy's tokenizer and the bare encoder; memory; growth with length."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import spacy

from newsdetect.claims.article import lay_out
from newsdetect.claims.scene import Scene
from newsdetect.claims.tagger import load_tagger
from newsdetect.claims.trained import extract
from newsdetect.documents.article import read_record
from tests.benchmarks.timing import best, peak_mb

Record = dict[str, Any]
_AT_MOST = 3000


def bench(shared: Path) -> None:
    """Print the lines of this part."""
    mix = read_mix(shared)
    dense = [record for record in mix if "liquidat" in (record["text"] + record["title"]).lower()]
    for name, records in (("mix of real articles", mix), ("those that speak of liquidation", dense)):
        _rate(name, records)
    print(f"claims  peak memory over {len(mix):,} articles: {peak_mb(run_all, mix):.0f} MB")
    _bare_encoder(mix[:60])
    _growth(dense)


def _bare_encoder(records: list[Record]) -> None:
    """Hold the rate against that of the encoder alone over every sentence, nothing else done."""
    encoder = load_tagger().encoder
    articles = [lay_out(read_record(record)) for record in records]
    sentences = [[Scene(article, line.text, (line,), (0,), ()) for line in article.lines] for article in articles]
    peer, _ = best(lambda: sum(1 for shown in sentences for _ in encoder(shown)), rounds=1)
    taken, _ = best(lambda: run_all(records))
    print(f"claims  {peer / taken:.1f} × the rate of the bare encoder over all sentences ({len(records)} articles)")


def read_mix(shared: Path) -> list[Record]:
    """Give real articles where they are at hand, else the project's own."""
    file = shared / "data" / "articles.jsonl.gz"
    if file.is_file():
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            # Every third: the file is sorted by outlet.
            return [json.loads(line) for number, line in enumerate(lines) if number % 3 == 0][:_AT_MOST]
    print(f"claims  {file} is not here: the project's own gold articles stand in")
    own = Path(__file__).resolve().parents[2] / "fixtures" / "gold" / "articles.jsonl"
    return [json.loads(line) for line in own.read_text(encoding="utf-8").splitlines()]


def run_all(records: list[Record]) -> int:
    """Read every record and extract; give the number of claims."""
    return sum(len(extract(read_record(record)).claims) for record in records)


def _rate(name: str, records: list[Record]) -> None:
    tokenizer = spacy.blank("en").tokenizer
    taken, found = best(lambda: run_all(records))
    peer, _ = best(lambda: sum(len(tokenizer(record["text"])) for record in records), rounds=1)
    rate = len(records) / taken
    print(
        f"claims  {name}: {rate:,.0f} articles/CPU-s one core ({len(records):,} read, {found:,} claims);"
        f" {peer / taken:.2f} × the rate of spaCy's tokenizer alone"
    )


def _growth(dense: list[Record]) -> None:
    """Show that cost grows with length, not faster: the same words once, and in one article of up to 1 MB."""
    words = "\n".join(record["text"] for record in dense)
    words *= 1 + 1_000_000 // len(words)
    pieces = [words[:size] for size in (62_500, 250_000, 1_000_000)]
    costs = [best(lambda piece=piece: run_all([{"title": "", "text": piece}]), rounds=1)[0] for piece in pieces]
    told = ", ".join(
        f"{len(piece) / 1000:,.0f} kB {cost / len(piece) * 1e6:.2f} s/MB"
        for piece, cost in zip(pieces, costs, strict=True)
    )
    print(f"claims  one long article: {told}")
