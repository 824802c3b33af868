"""What the command line prints of an article: its claims, their checks with the evidence in numbers, its causes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newsdetect.checks.check import CauseCheck, Check
from newsdetect.claims.claim import Cause, Claim, Extraction
from newsdetect.cli.show import out, plain
from newsdetect.cli.show_check import print_check
from newsdetect.documents.document import Document
from newsdetect.storage.rows import PastVerdict
from newsdetect.types import ALL, Window, iso

_SCALES = ((1e9, "B"), (1e6, "M"), (1e3, "k"))


def print_article(
    doc: Document, extraction: Extraction, checks: Sequence[Check] = (), causes: Sequence[CauseCheck] = ()
) -> None:
    """Print a document's claims and causes, with their checks where there are some."""
    out.print(Text(plain(doc.title) or "(no headline)", style="bold"))
    out.print(Text(_published(doc), style="dim"))
    if not extraction.claims:
        out.print("No claim about liquidations.")
        return
    by_claim = {check.claim_id: check for check in checks}
    for claim in extraction.claims:
        out.print()
        _print_claim(claim)
        if claim.id in by_claim:
            print_check(by_claim[claim.id])
    if extraction.causes:
        out.print()
        out.print(_causes(extraction.causes))
    for found in causes:
        said = f"{plain(' '.join(extraction.causes[found.cause].text.split()))}: {found.result.replace('_', ' ')}"
        others = f"; of {found.rivals} other causes named {found.rivals_fit} fit too" if found.rivals else ""
        out.print(Padding(Text(f"{said} ({plain(found.note)}{others})"), (0, 0, 0, 2)))


def _published(doc: Document) -> str:
    if doc.published is None:
        return "published: unknown"
    at = doc.published
    when = at.at.date().isoformat() if at.precision == "day" else iso(at.at)
    bound = "not before " if at.bound == "not_before" else ""
    return f"published: {bound}{when} ({at.kind})"


def _print_claim(claim: Claim) -> None:
    """Print one claim as a line, and what it stands for and where as another."""
    out.print(Text.assemble((plain(claim.evidence.text), "bold"), "  ", meaning(claim)))
    where = f"{_interval(claim)} · characters {claim.evidence.start}–{claim.evidence.end} · claim {claim.id}"
    out.print(Padding(Text(plain(where), style="dim"), (0, 0, 0, 2)))


def meaning(claim: Claim) -> str:
    """Write what a claim says, between dots."""
    parts = [claim.metric.replace("_", " "), window_text(claim.window), _side(claim.side)]
    parts += [f"coin {claim.asset}" if claim.asset != ALL else "all coins"]
    parts += [f"on {plain(claim.venue)}" if claim.venue != ALL else "all venues"]
    parts += [claim.status]
    if claim.attributed_to:
        parts.append(f"says {plain(claim.attributed_to)}")
    return " · ".join(parts)


def window_text(window: Window | None) -> str:
    """Write a window: `1 h`, `30 min`, `2025-08-24T21:04:45Z to …`, `no window told`."""
    if window is None:
        return "no window told"
    period = window.period
    if period is not None:
        return f"{iso(period.start)} to {iso(period.end)}"
    hours = window.length_hours
    return f"{hours:g} h" if hours >= 1 else f"{hours * 60:g} min"


def _side(side: str) -> str:
    return {"long": "longs", "short": "shorts", "both": "longs and shorts"}[side]


def _interval(claim: Claim) -> str:
    """Write what a claim's words stand for: `342.5–343.5 M USD (exact)`."""
    low, high = claim.low, claim.high
    scale, letter = next(((scale, f" {letter}") for scale, letter in _SCALES if (high or low or 0) >= scale), (1.0, ""))
    ends = [None if end is None else f"{end / scale:,.10g}" for end in (low, high)]
    hedge = claim.hedge.replace("_", " ")
    if ends[0] is None or ends[1] is None:
        told = f"up to {ends[1]}" if ends[0] is None else f"{ends[0]} or more"
    else:
        told = ends[0] if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}"
    return f"{told}{letter} {claim.unit} ({hedge})"


def _causes(causes: Iterable[Cause]) -> Text:
    said = Text("why, as the article says: ", style="dim")
    for number, cause in enumerate(causes):
        said.append("; " if number else "")
        said.append(plain(" ".join(cause.text.split())))
        said.append(f" ({cause.type.replace('_', ' ')}, {cause.role})", style="dim")
    return said


def print_trace(doc: Document, claim: Claim, check: Check | None = None, past: Sequence[PastVerdict] = ()) -> None:
    """Print how a claim came about: its words in their sentence, what settled each of its fields, its verdicts."""
    start, end = max(0, claim.evidence.start - 140), claim.evidence.end + 140
    content = doc.content
    quote = Text("… " if start else "", style="dim")
    quote.append(plain(" ".join(content[start : claim.evidence.start].split())) + " ", style="default")
    quote.append(plain(claim.evidence.text), style="bold")
    quote.append(" " + plain(" ".join(content[claim.evidence.end : end].split())), style="default")
    out.print(quote)
    out.print()
    _print_claim(claim)
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("settled", "by rule"):
        table.add_column(name)
    for rule in claim.rules:
        table.add_row(rule.partition(".")[0], Text(plain(rule)))
    out.print(Padding(table, (1, 0, 0, 2)))
    out.print(Padding(Text(f"confidence {claim.confidence:.2f}", style="dim"), (0, 0, 0, 2)))
    if check is not None:
        out.print()
        print_check(check)
    if len(past) > 1:
        said = ", then ".join(f"{one.verdict.replace('_', ' ')} ({iso(one.checked_at)})" for one in past)
        out.print(Padding(Text(f"verdicts: {said}", style="dim"), (0, 0, 0, 2)))
