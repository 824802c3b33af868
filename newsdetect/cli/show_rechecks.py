"""What the command line prints of claims that were checked anew: those whose verdict changed, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping

from rich.padding import Padding
from rich.text import Text

from newsdetect.cli.show import out, plain, verdict_text
from newsdetect.cli.show_claim import meaning
from newsdetect.runners.rechecking import Rechecked
from newsdetect.storage.rows import DocumentRef, StoredClaim


def print_rechecked(done: Rechecked, refs: Mapping[str, DocumentRef], claims: Mapping[str, StoredClaim]) -> None:
    """Print each changed verdict with its claim, its document and the new sentence, then the counts."""
    for turned in done.turned:
        check = turned.check
        ref, stored = refs.get(turned.document_id), claims.get(check.claim_id)
        out.print(
            Text.assemble(
                verdict_text(turned.before), " → ", verdict_text(check.verdict, simulated=check.simulated),
                "  ", (plain(stored.claim.evidence.text) if stored else check.claim_id, "bold"),
                f"  {meaning(stored.claim)}" if stored else "",
            )
        )  # fmt: skip
        said = [plain(check.explanation)]
        if ref is not None:
            said.append(" · ".join(filter(None, (plain(ref.title), ref.outlet and plain(ref.outlet)))))
        said.append(f"claim {check.claim_id}")
        for line in filter(None, said):
            out.print(Padding(Text(line, style="" if line == said[0] else "dim"), (0, 0, 0, 2)))
    out.print(
        f"{done.claims} claims of {done.documents} documents checked anew, {len(done.turned)} verdicts changed",
        soft_wrap=True,
    )


def print_turned(done: Rechecked) -> None:
    """Print a line on what a round checked anew, where it did."""
    if done.documents:
        out.print(f"{done.claims} stored claims checked anew, {len(done.turned)} verdicts changed", soft_wrap=True)
