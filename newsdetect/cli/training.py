"""`newsdetect train`: the trained reader from its passages and labels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newsdetect.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(train)


def train(
    *,
    texts: Annotated[
        Path | None,
        typer.Option(help="A folder with articles*.jsonl[.gz] for the stand-off labels; else the passages are all."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the model's files go.")] = Path("models/claim-reader"),
    config: Annotated[Path | None, typer.Option(help="The run; by default models/claim-reader/config.toml.")] = None,
    device: Annotated[str | None, typer.Option(help="cpu or cuda; by default cuda where there is one.")] = None,
    written_alone: Annotated[
        bool,
        typer.Option("--written-alone", help="Train on the passages alone, and keep only its scores, for the card."),
    ] = False,
    settle: Annotated[
        bool,
        typer.Option(
            "--settle", help="Keep the weights in --out: weigh them against the rules, measure, write the card."
        ),
    ] = False,
    causes: Annotated[
        bool, typer.Option("--causes", help="Fit only the weights by which the rules rank causes; seconds, no torch.")
    ] = False,
) -> None:
    """Train the reader of claims; progress and its scores on held-out families are printed as it runs."""
    from newsdetect.bundled import models
    from newsdetect.claims.tagger import SHIPPED
    from newsdetect.cli.show import note

    if texts is not None and not texts.is_dir():
        raise UsageError(f"--texts {texts}: no such folder", key="--texts")
    if causes:
        _fit_causes(texts, config or models() / SHIPPED / "config.toml")
        return
    try:
        from newsdetect.training.run import best_device, gather, run, run_written_alone, settle_again
        from newsdetect.training.standoff import LABELS
        from newsdetect.training.train import Config
    except ImportError as fault:
        raise UsageError(f"training needs its extra: pip install 'newsdetect[train]' ({fault})", key="train") from fault
    where = device or best_device()
    whole = Config.read(config or models() / SHIPPED / "config.toml")
    # The card tells of the run that the weights came from, wherever it is written again.
    settings = whole if settle else whole.on(where)
    material = gather(settings, texts, labels=LABELS)
    if settle:
        settle_again(settings, material, out, told=note)
        return
    if written_alone:
        run_written_alone(settings, material, out, device=where, told=note)
        return
    run(settings, material, out, device=where, told=note)


def _fit_causes(texts: Path | None, config: Path) -> None:
    """Fit and write the weights of causes."""
    import tomllib

    from newsdetect.bundled import fixtures
    from newsdetect.cli.show import note
    from newsdetect.training.cause_run import fit_causes

    held_out = tomllib.loads(config.read_text(encoding="utf-8"))["held_out"]
    target = fixtures() / "corpus" / "causes_weights.toml"
    if texts is None:
        note("no --texts: fitted to the passages and examples alone")
    weights, phrases = fit_causes(texts, held_out, target)
    note(f"{weights:,} weights, fitted to {phrases:,} phrases, written to {target}")
