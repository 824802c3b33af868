"""Newsletters annotated: a note with the verdict behind each figure, and the same newsletter back without them.

Two laws: annotating twice changes nothing, and removing the notes restores the original to the byte. So nothing is ever
parsed and written back; notes are spliced into the source at offsets. A newsletter that already carries notes loses
them before it gets new ones.

To keep bytes, read files with `newline=""` and `errors="surrogateescape"`, and write them likewise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from newsdetect.outputs.newsletter.html_text import visible_text
from newsdetect.outputs.newsletter.markdown_text import visible_markdown
from newsdetect.outputs.newsletter.message import annotate_message, clean_message
from newsdetect.outputs.newsletter.notes import Annotated, Annotation, Checked, insert, placed, without

__all__ = ["Annotated", "Annotation", "Kind", "annotate", "enrich", "remove", "visible_markdown", "visible_text"]

Kind = Literal["html", "markdown", "eml"]


def enrich(content: str, *, kind: Kind, check: Callable[[str], Checked]) -> Annotated:
    """Annotate a newsletter's figures.

    `check` gets the visible text and gives the claims in it with their checks. Their offsets count in a line end and
    the text, which is a document's content with an empty title: evidence that starts at `n` is the visible text's
    character `n - 1`. Notes of an earlier run are replaced. In an `.eml` the HTML parts are annotated one by one; plain
    text parts stay as they are.
    """
    original = remove(content, kind=kind)
    if kind == "eml":
        return annotate_message(original, lambda source: _annotated(source, "html", check))
    return _annotated(original, kind, check)


def annotate(content: str, checked: Checked) -> Annotated:
    """Annotate HTML with claims already read from `visible_text(content)`; offsets as in `enrich`."""
    return enrich(content, kind="html", check=lambda _: checked)


def remove(content: str, *, kind: Kind = "html") -> str:
    """Take all notes out: the bytes are those before annotating."""
    return clean_message(content) if kind == "eml" else without(content)


def _annotated(source: str, kind: Kind, check: Callable[[str], Checked]) -> Annotated:
    visible = visible_markdown(source) if kind == "markdown" else visible_text(source)
    notes = placed(visible, check(visible.text))
    return Annotated(
        content=insert(source, [(note.place, text) for note, text in notes]),
        annotations=tuple(note for note, _ in notes),
    )
