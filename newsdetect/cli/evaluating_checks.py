"""`newsdetect evaluate checks`: verdicts and probabilities against planted truth, and the fit of the probability."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from newsdetect.cli.files import write_bytes
from newsdetect.cli.options import AsJson
from newsdetect.errors import UsageError


def checks(
    *,
    claims: Annotated[
        int, typer.Option(help="How many planted claims to check; half of them are judged.", min=120)
    ] = 4800,
    seed: Annotated[int, typer.Option(help="Another seed gives other markets and claims.", min=0)] = 20250825,
    out: Annotated[
        Path | None, typer.Option(help="A folder for report.md, report.json, reliability.png and claims.jsonl.")
    ] = None,
    fit: Annotated[
        bool,
        typer.Option("--fit", help="Fit the probability to the other half first; writes probability.toml to --out."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check claims about simulated markets, whose truth is known, through feeds that hold a part of it each."""
    from newsdetect.checks.probability import shipped
    from newsdetect.cli.show import json_text, note
    from newsdetect.evaluation import planted_run, probability_fit
    from newsdetect.evaluation.calibration import score
    from newsdetect.evaluation.calibration_report import as_text
    from newsdetect.evaluation.reliability_plot import plot

    if fit and out is None:
        raise UsageError("--fit writes probability.toml: name a folder with --out")
    if out is not None:
        _made(out)
    outcomes: list[planted_run.Outcome] = []
    for many in planted_run.run(claims=claims, seed=seed):
        outcomes += many
        if sys.stderr.isatty():
            print(f"\r{len(outcomes):,} claims checked", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    command = f"newsdetect evaluate checks --claims {claims} --seed {seed}{' --fit' if fit else ''}"
    model = probability_fit.fit([one for one in outcomes if not one.judged]) if fit else shipped()
    scores = score([one for one in outcomes if one.judged], model)
    report = as_text(scores, command=command)
    told = json_text({"command": command, "missed": scores.missed(), **scores.as_json()})
    if as_json:
        print(told, end="")
    else:
        print(report, end="")
    if out is None:
        return
    files: dict[str, bytes] = {
        "report.md": report.encode(),
        "report.json": told.encode(),
        "claims.jsonl": "".join(
            _line(asdict(one), model.probability(one.signs) if one.signs else None) for one in outcomes
        ).encode(),
        "reliability.png": plot(scores.bins, title=f"Checks against planted truth: {scores.weighed:,} judged claims"),
    }
    if fit:
        opening = probability_fit.told(command=command, scores=scores)
        files["probability.toml"] = probability_fit.as_toml(model, told=opening).encode()
    for name, content in files.items():
        write_bytes(out / name, content)
    note(f"wrote {', '.join(files)} to {out}")


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise UsageError(f"{folder}: no folder can be made there: {fault.strerror}", key=str(folder)) from fault


def _line(row: dict[str, Any], probability: float | None) -> str:
    return json.dumps(row | {"probability": probability}, ensure_ascii=False) + "\n"
