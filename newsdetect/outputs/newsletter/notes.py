"""Notes: the small mark behind a figure, how it is written, put in and taken out again.

A note is plain ASCII with everything escaped, so that no charset and no word of an article can change what it is. Its
form is exact: taking notes out deletes that form alone, and so restores the source to the byte.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from newsdetect.checks.check import Check, Verdict
from newsdetect.claims.claim import Claim
from newsdetect.errors import UsageError
from newsdetect.outputs.newsletter.visible import Visible
from newsdetect.types import Value

#: What each verdict is called, and its ground under white letters (contrast over 4.5 in light and dark mails).
_WORDS: dict[Verdict, tuple[str, str]] = {
    "corroborated": ("corroborated", "#1a6e33"),
    "plausible": ("plausible", "#1f5fa8"),
    "not_checkable": ("not checkable", "#5a6270"),
    "inconsistent": ("inconsistent", "#9a4a00"),
    "contradicted": ("contradicted", "#b3261e"),
}
_STYLE = (
    "margin:0 1px 0 4px;padding:1px 5px 1px 2px;border-radius:3px;"
    "font:bold 11px Arial,sans-serif;color:#ffffff;background-color:{ground};"
    "text-decoration:none;white-space:nowrap;vertical-align:1px"
)
NOTE = re.compile(r'<span data-newsdetect="[^"<>]*" role="note" style="[^"<>]*" title="[^"<>]*">[^<>]*</span>')

#: What Markdown, and the merge fields of mailing tools (`{{ }}`, `%% %%`, `*| |*`), would read as theirs.
_ALIVE = re.compile(r"[|{}%*_`\[\]\\~]")


class Annotation(Value):
    """One note: whose verdict, and behind which source character it stands."""

    claim_id: str
    verdict: Verdict
    #: The figure as a reader sees it.
    figure: str
    #: The offset in the source without notes.
    place: int


class Annotated(Value):
    """A newsletter with its notes."""

    content: str
    annotations: tuple[Annotation, ...]


Checked = Sequence[tuple[Claim, Check | None]]


def placed(visible: Visible, checked: Checked) -> list[tuple[Annotation, str]]:
    """Give each checked claim's note and where it goes, in the order of the source; a claim without a check has none.

    The claims' offsets count in a newline and the visible text: a document's content with an empty title. Raise
    UsageError for a claim whose evidence does not stand there.
    """
    found: dict[tuple[int, Verdict], tuple[Annotation, str]] = {}
    for claim, check in checked:
        start, end = claim.evidence.start - 1, claim.evidence.end - 1
        if not 0 <= start < end or visible.text[start:end] != claim.evidence.text:
            raise UsageError(
                f"claim {claim.id}: {claim.evidence.text!r} is not what the newsletter says at {claim.evidence.start}: "
                "read the claims from its visible text with an empty title",
                key=claim.id,
            )
        if check is None:
            continue
        place = visible.after[end - 1]
        note = Annotation(claim_id=claim.id, verdict=check.verdict, figure=claim.evidence.text, place=place)
        # Two claims on the same characters with one verdict are one note.
        found.setdefault((place, check.verdict), (note, written(check)))
    return sorted(found.values(), key=lambda pair: pair[0].place)


def written(check: Check) -> str:
    """Write a note as HTML: the verdict in a word, its reason in the title."""
    word, ground = _WORDS[check.verdict]
    label = f"{word} (simulated)" if check.simulated else word
    reason = f"newsdetect: {label}. {check.explanation}".strip()
    return (
        f'<span data-newsdetect="{_safe(check.claim_id)}" role="note" style="{_STYLE.format(ground=ground)}"'
        f' title="{_safe(reason)}"> {_safe(label)}</span>'
    )


def insert(source: str, notes: Sequence[tuple[int, str]]) -> str:
    """Put texts into the source, each at its place; places ascend."""
    pieces: list[str] = []
    last = 0
    for place, note in notes:
        pieces += (source[last:place], note)
        last = place
    return "".join([*pieces, source[last:]])


def without(source: str) -> str:
    """Take all notes out of HTML or Markdown."""
    return NOTE.sub("", source)


def _safe(text: str) -> str:
    """Escape for an attribute or text, in ASCII; control characters become blanks, a lone surrogate U+FFFD."""
    clean = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c if c.isprintable() else " " for c in text)
    coded = html.escape(clean, quote=True).encode("ascii", "xmlcharrefreplace").decode("ascii")
    return _ALIVE.sub(lambda found: f"&#{ord(found[0])};", coded)
