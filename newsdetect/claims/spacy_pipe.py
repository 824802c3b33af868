"""newsdetect as a step of a spaCy pipeline: `nlp.add_pipe("newsdetect")` marks the claims of a text as spans.

`doc.spans["claims"]` holds a span for each claim (label: the metric), `doc.spans["causes"]` one for each cause (label:
the type), and `doc._.newsdetect` the extraction itself. spaCy is an extra (`pip install 'newsdetect[spacy]'`); it finds
the step by its entry point. Limits: the text is read without a headline, and spans are widened to whole tokens.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc, Span

from newsdetect.claims.trained import extract
from newsdetect.documents.article import read_record

if not Doc.has_extension("newsdetect"):
    Doc.set_extension("newsdetect", default=None)


@Language.factory("newsdetect", default_config={"published": None})
def make_pipe(nlp: Language, name: str, published: str | None) -> Callable[[Doc], Doc]:  # noqa: ARG001 -- spaCy's form
    """Make the step; `published` is ISO 8601, for texts that name weekdays and dates."""

    def mark(doc: Doc) -> Doc:
        if not doc.text.strip():
            return doc
        found = extract(read_record({"text": doc.text, "published": published}))
        doc._.newsdetect = found
        # A content begins with the empty title's line end, which the text does not have.
        doc.spans["claims"] = _spans(doc, [(c.evidence.start - 1, c.evidence.end - 1, c.metric) for c in found.claims])
        doc.spans["causes"] = _spans(doc, [(cause.start - 1, cause.end - 1, cause.type) for cause in found.causes])
        return doc

    return mark


def _spans(doc: Doc, places: list[tuple[int, int, str]]) -> list[Span]:
    """Give spans of whole tokens."""
    made = [doc.char_span(start, end, label=label, alignment_mode="expand") for start, end, label in places]
    return [span for span in made if span is not None]
