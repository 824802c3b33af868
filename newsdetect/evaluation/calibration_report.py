"""Puts the scores of checks on planted truth into words: what was asked, what came out, and which goals were missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from newsdetect.evaluation.calibration import GOALS, VERDICTS, Scores

_NAMES = {
    "false_contradicted": "right claims called contradicted (at most)",
    "precision_corroborated": "right claims of those called corroborated (at least)",
    "ece": "expected calibration error (at most)",
    "caught_by_ten": "claims wrong by ten or more, not called plausible or better (at least)",
}


def as_text(scores: Scores, *, command: str) -> str:
    """Write the report of the judged half as Markdown, which is read as well on a terminal."""
    asked = f"{scores.claims:,} judged claims about {scores.events} simulated routs that nothing was fitted to"
    lines = [
        f"Checks against planted truth: `{command}`",
        "",
        f"{asked}; {scores.base_rate:.1%} of them are right:",
        "their words, widened by the 5 % that two readings of one source may differ, hold their observer's sum.",
        "",
        "| goal | wanted | measured | |",
        "| --- | --- | --- | --- |",
        *_goals(scores),
        "",
        *(f"- {line}" for line in _more(scores)),
        "",
        "| probability | claims | said | right |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| {one.low:.1f}–{one.high:.1f} | {one.claims:,} | {one.said:.3f} | {one.right:.3f} |" for one in scores.bins
    ]
    lines += ["", *_table("perturbation", scores.confusion), "", *_table("view", scores.by_view)]
    return "\n".join(lines) + "\n"


def _goals(scores: Scores) -> Iterator[str]:
    missed = scores.missed()
    for name, wanted in GOALS.items():
        came = "missed" if name in missed else "reached"
        yield f"| {_NAMES[name]} | {wanted:.2f} | {_rate(getattr(scores, name))} | {came} |"


def _more(scores: Scores) -> Iterator[str]:
    yield (
        f"Contradicted although right: {_rate(scores.false_contradicted)} of {scores.false_contradicted_of:,} held "
        f"against data; inconsistent for a wrong figure beside them: {_rate(scores.beside_a_wrong_one)}"
    )
    yield (
        f"Corroborated: {scores.verdicts['corroborated']:,} claims, {_rate(scores.recall_corroborated)} of the right "
        f"ones; right to the letter, without the 5 %: {_rate(scores.precision_strict)}"
    )
    yield (
        f"Wrong by ten or more where data can tell: {scores.by_ten:,}; of those that name no source "
        f"({scores.by_ten_unnamed:,}) caught: {_rate(scores.caught_by_ten_unnamed)}"
    )
    yield (
        f"Brier {_rate(scores.brier)} over {scores.weighed:,} claims with a probability, the base rate alone "
        f"{_rate(scores.brier_base)}; of the calibration error chance alone would make {_rate(scores.ece_by_chance)}"
    )


def _table(name: str, counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    head = [f"| {name} | {' | '.join(verdict.replace('_', ' ') for verdict in VERDICTS)} |"]
    head.append(f"| --- |{' --- |' * len(VERDICTS)}")
    return head + [
        f"| {key} | {' | '.join(str(many[verdict]) for verdict in VERDICTS)} |" for key, many in counts.items()
    ]


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
