"""What goes over the wire where it is not one of the package's values as it is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from newsdetect.checks.check import CauseCheck, Check, Verdict
from newsdetect.checks.competing import Competing
from newsdetect.claims.claim import Cause, Claim
from newsdetect.documents.dates import given_date
from newsdetect.documents.document import Document
from newsdetect.errors import DocumentError
from newsdetect.events.event import Event
from newsdetect.outputs.newsletter import Annotation, Kind
from newsdetect.sources.schedule import FeedState
from newsdetect.storage.rows import DocumentRef, Fault
from newsdetect.types import Instant, Value


def _when(value: object) -> datetime:
    try:
        return given_date(str(value)).at
    except (DocumentError, OverflowError) as fault:
        raise ValueError("write an ISO 8601 date or instant, such as 2025-08-25T21:04:45Z") from fault


def _date(value: object) -> object:
    if value is not None:
        _when(value)
    return value


#: An instant in a query; a date alone is its midnight UTC.
When = Annotated[datetime, BeforeValidator(_when, json_schema_input_type=str)]
#: A publication time, kept as the caller wrote it: a date alone is known to the day.
Published = Annotated[str, BeforeValidator(_date, json_schema_input_type=str)]


class ArticleIn(Value):
    """One article: exactly one of `text` (plain or Markdown), `html` and `url`."""

    text: str | None = None
    html: str | None = None
    url: str | None = Field(default=None, max_length=8192)
    title: str | None = None
    #: ISO 8601; null is unknown.
    published: Published | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(each is not None for each in (self.text, self.html, self.url)) != 1:
            raise ValueError("give exactly one of text, html and url")
        return self


class NewsletterIn(Value):
    """One newsletter: exactly one of `html`, `markdown` and `eml`."""

    html: str | None = None
    markdown: str | None = None
    eml: str | None = None
    #: How notes look; there is one style so far.
    style: Literal["note"] | None = None
    published: Published | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(each is not None for each in (self.html, self.markdown, self.eml)) != 1:
            raise ValueError("give exactly one of html, markdown and eml")
        return self

    @property
    def source(self) -> tuple[Kind, str]:
        """The newsletter's kind and content."""
        given: tuple[tuple[Kind, str | None], ...] = (
            ("html", self.html),
            ("markdown", self.markdown),
            ("eml", self.eml),
        )
        return next((kind, content) for kind, content in given if content is not None)


class Extracted(Value):
    """What was read out of an article."""

    document: Document
    event: bool
    claims: tuple[Claim, ...]
    causes: tuple[Cause, ...]


class Checked(Extracted):
    """The same with a check for each claim, and one for each cause."""

    checks: tuple[Check, ...]
    cause_checks: tuple[CauseCheck, ...] = ()


class Enriched(Value):
    """A newsletter with its notes."""

    content: str
    annotations: tuple[Annotation, ...]


class ClaimRow(Claim):
    """A stored claim, with the document that makes it."""

    document: DocumentRef


class CheckRow(Check):
    """A stored check, with the time it was made."""

    checked_at: Instant


class EventRow(Event):
    """A stored event, with the verdict on its headline figure and the checks of all its claims."""

    verdict: Verdict | None = None
    probability: float | None = None
    explanation: str = ""
    simulated: bool = False
    checks: tuple[Check, ...] = ()
    #: The causes that its documents name, with how many name each and which fit time and price.
    competing: Competing = Competing()


class Feeds(Value):
    """The health of all feeds, and the faults seen last."""

    items: tuple[FeedState, ...]
    faults: tuple[Fault, ...]


class Health(Value):
    """The service answers, and so does its database."""

    status: Literal["ok"] = "ok"
    version: str
