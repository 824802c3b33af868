"""`POST /v1/extract`, `/v1/check` and `/v1/enrich`: one article or newsletter in, what we make of it out.

Nothing is stored. The work is the processor's, so these are plain functions that run in the thread pool.
"""

from __future__ import annotations

from fastapi import APIRouter

from newsdetect.documents.document import Document
from newsdetect.outputs.api.models import ArticleIn, Checked, Enriched, Extracted, NewsletterIn
from newsdetect.outputs.api.problems import RESPONSES, responses
from newsdetect.outputs.api.service import Service


def article_routes(service: Service) -> APIRouter:
    """Give the endpoints that read what they are sent."""
    routes = APIRouter(prefix="/v1", tags=["articles"], responses={**RESPONSES, **responses(400, 413, 415)})

    @routes.post("/extract", responses=responses(502))
    def extract(article: ArticleIn) -> Extracted:
        """Give claims and causes of one article."""
        doc = _read(service, article)
        found = service.extract(doc)
        return Extracted(document=doc, event=found.event, claims=found.claims, causes=found.causes)

    @routes.post("/check", responses=responses(502))
    def check(article: ArticleIn) -> Checked:
        """Give claims of one article with verdicts and evidence."""
        doc = _read(service, article)
        found = service.extract(doc)
        checks = service.check(doc, found)
        return Checked(
            document=doc, event=found.event, claims=found.claims, causes=found.causes, checks=checks,
            cause_checks=service.check_causes(doc, found, checks),
        )  # fmt: skip

    @routes.post("/enrich")
    def enrich(newsletter: NewsletterIn) -> Enriched:
        """Give a newsletter back with a note behind each figure."""
        kind, source = newsletter.source
        content, annotations = service.enrich(kind, source, newsletter.published)
        return Enriched(content=content, annotations=annotations)

    return routes


def _read(service: Service, article: ArticleIn) -> Document:
    return service.read(
        text=article.text, html=article.html, url=article.url, title=article.title, published=article.published
    )
