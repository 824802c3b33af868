"""`newsdetect evaluate`: how well claims are read, on any gold file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from newsdetect.cli.options import AsJson
from newsdetect.errors import UsageError

app = typer.Typer(name="evaluate", help="How well claims are read, on any gold file.", invoke_without_command=True)


@app.callback()
def evaluate(
    context: typer.Context,
    *,
    articles: Annotated[Path | None, typer.Option(help="Articles, JSON Lines.")] = None,
    gold: Annotated[Path | None, typer.Option(help="Their gold records, JSON Lines.")] = None,
    shared: Annotated[
        Path | None, typer.Option(help="A folder with eval/<set>/articles.jsonl and gold.jsonl; scores each set in it.")
    ] = None,
    errors: Annotated[int, typer.Option(help="Show the first N articles that went wrong.", min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """Score the extraction: --articles and --gold, a folder of sets (--shared), or the project's own small gold set."""
    if context.invoked_subcommand is not None:
        return
    from newsdetect.claims.extract import extract
    from newsdetect.cli.show import note, print_json
    from newsdetect.evaluation.report import as_json as scores_json
    from newsdetect.evaluation.report import as_text
    from newsdetect.evaluation.run import evaluate as score

    found = {}
    for name, (texts, truth) in _sets(articles, gold, shared).items():
        tally = score(texts, truth, extract)
        found[name] = scores_json(tally)
        if not as_json:
            print(f"{name}: {tally.articles} articles\n{as_text(tally)}\n")
        for line in tally.errors[:errors]:
            note(json.dumps(line, ensure_ascii=False))
    if as_json:
        print_json(found)


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
