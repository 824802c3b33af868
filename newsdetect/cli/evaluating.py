"""`newsdetect evaluate`: how well claims are read, on any gold file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from newsdetect.claims.claim import Extraction
from newsdetect.cli.evaluating_checks import checks
from newsdetect.cli.options import AsJson
from newsdetect.documents.document import Document
from newsdetect.errors import UsageError

app = typer.Typer(name="evaluate", help="How well claims are read, on any gold file.", invoke_without_command=True)
app.command("checks")(checks)


@app.callback()
def evaluate(
    context: typer.Context,
    *,
    articles: Annotated[Path | None, typer.Option(help="Articles, JSON Lines.")] = None,
    gold: Annotated[Path | None, typer.Option(help="Their gold records, JSON Lines.")] = None,
    shared: Annotated[
        Path | None, typer.Option(help="A folder with eval/<set>/articles.jsonl and gold.jsonl; scores each set in it.")
    ] = None,
    kinds: Annotated[bool, typer.Option("--kinds", help="Also by style and by hard case.")] = False,
    baselines: Annotated[
        bool, typer.Option("--baselines/--no-baselines", help="Also the rules alone, the model alone, a naive reader.")
    ] = True,
    errors: Annotated[int, typer.Option(help="Show the first N articles that went wrong.", min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """Score the extraction: --articles and --gold, a folder of sets (--shared), or the project's own small gold set."""
    if context.invoked_subcommand is not None:
        return
    from newsdetect.cli.show import note, print_json
    from newsdetect.evaluation.report import as_json as scores_json
    from newsdetect.evaluation.report import as_line, as_text
    from newsdetect.evaluation.run import read_gold
    from newsdetect.evaluation.scores import score

    found: dict[str, Any] = {}
    for name, (texts, truth) in _sets(articles, gold, shared).items():
        given = read_gold(texts, truth)
        for reader, extract in _readers(baselines=baselines).items():
            predicted = given.predict(extract)
            tally = score(given.gold, predicted)
            found.setdefault(name, {})[reader] = scores_json(tally)
            if as_json:
                continue
            if reader != "newsdetect":
                print(f"  {reader:12} {as_line(tally)}")
                continue
            print(f"{name}: {tally.articles} articles\n{as_text(tally)}")
            for kind, part in (given.by_kind(predicted) if kinds else {}).items():
                print(f"  {kind:28} {as_line(part)}")
            for line in tally.errors[:errors]:
                note(json.dumps(line, ensure_ascii=False))
        if not as_json:
            print()
    if as_json:
        print_json(found)


def _readers(*, baselines: bool) -> dict[str, Callable[[Document], Extraction]]:
    """Give the readers to score by their names, ours first."""
    from newsdetect.claims.decoding import ALONE
    from newsdetect.claims.extract import extract as by_rules
    from newsdetect.claims.trained import extract, extract_with, shipped
    from newsdetect.evaluation.naive import read_naively

    readers: dict[str, Callable[[Document], Extraction]] = {"newsdetect": extract}
    if baselines:
        alone = replace(shipped(), trust=ALONE)
        readers["rules alone"] = by_rules
        readers["model alone"] = lambda doc: extract_with(alone, doc)
        readers["naive"] = lambda doc: by_rules(doc, read=read_naively)
    return readers


def _sets(articles: Path | None, gold: Path | None, shared: Path | None) -> dict[str, tuple[Path, Path]]:
    """Give the sets to score: name → articles and gold."""
    from newsdetect.bundled import fixtures
    from newsdetect.cli.show import note

    if (articles is None) != (gold is None):
        raise UsageError("--articles and --gold go together")
    own = {"own gold set": (fixtures() / "gold" / "articles.jsonl", fixtures() / "gold" / "gold.jsonl")}
    if articles is not None and gold is not None:
        return {str(articles): (articles, gold)}
    if shared is None:
        return own
    folder = shared / "eval"
    sets = {
        each.name: (each / "articles.jsonl", each / "gold.jsonl")
        for each in sorted(folder.glob("*"))
        if each.name in ("train", "dev", "validation") and (each / "gold.jsonl").is_file()
    }
    if not sets:
        note(f"{folder}: no set with articles.jsonl and gold.jsonl there; scoring the project's own gold set alone")
    return own | sets
