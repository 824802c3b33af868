"""What is stored, page by page: `GET /v1/documents`, `/claims`, `/events`, `/checks`, `/feeds`.

Follow `next` by `cursor=` for the following page. Every answer has an ETag; ask again with If-None-Match and 304 says
that nothing changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel

from newsdetect.checks.check import Verdict
from newsdetect.events.event import Event
from newsdetect.outputs.api.models import CheckRow, ClaimRow, EventRow, Feeds, When
from newsdetect.outputs.api.problems import RESPONSES, responses
from newsdetect.outputs.api.service import Service
from newsdetect.outputs.report import report
from newsdetect.storage.paging import LARGEST_PAGE
from newsdetect.storage.rows import ClaimFilter, DocumentRef, Page
from newsdetect.storage.store import Store
from newsdetect.types import Metric, Side, Status

_Cursor = Annotated[str | None, Query(max_length=2000, description="`next` of the page before")]
_Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]
_Since = Annotated[When | None, Query(description="ISO 8601, included")]
_Until = Annotated[When | None, Query(description="ISO 8601, not included")]
_Name = Annotated[str | None, Query(max_length=200)]
_Usd = Annotated[float | None, Query(ge=0, allow_inf_nan=False)]

_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "Nothing changed"}}


def listing_routes(service: Service) -> APIRouter:
    """Give the endpoints that list what is stored."""
    routes = APIRouter(prefix="/v1", tags=["stored"], responses={**RESPONSES, **_UNCHANGED})

    @routes.get("/documents", response_model=Page[DocumentRef])
    def documents(
        request: Request, *, since: _Since = None, until: _Until = None, cursor: _Cursor = None, limit: _Limit = 50
    ) -> Response:
        """List documents by publication time, the newest first."""
        return _answer(request, service.store.documents(since=since, until=until, cursor=cursor, limit=limit))

    @routes.get("/claims", response_model=Page[ClaimRow])
    def claims(  # noqa: PLR0913 -- a parameter a filter
        request: Request,
        *,
        asset: _Name = None,
        venue: _Name = None,
        side: Side | None = None,
        metric: Metric | None = None,
        status: Status | None = None,
        min_usd: _Usd = None,
        since: _Since = None,
        until: _Until = None,
        cursor: _Cursor = None,
        limit: _Limit = 50,
    ) -> Response:
        """List claims by their document's time, the newest first."""
        wanted = ClaimFilter(
            asset=asset, venue=venue, side=side, metric=metric, status=status,
            min_usd=min_usd, since=since, until=until,
        )  # fmt: skip
        found = service.store.claims(wanted, cursor=cursor, limit=limit)
        rows = tuple(ClaimRow(**dict(row.claim), document=row.document) for row in found.items)
        return _answer(request, Page(items=rows, next=found.next))

    @routes.get("/events", response_model=Page[EventRow])
    def events(  # noqa: PLR0913 -- a parameter a filter
        request: Request,
        *,
        asset: _Name = None,
        side: Side | None = None,
        since: _Since = None,
        until: _Until = None,
        cursor: _Cursor = None,
        limit: _Limit = 50,
    ) -> Response:
        """List events by their first report, the newest first, with the verdict on the headline figure."""
        found = service.store.events(asset=asset, side=side, since=since, until=until, cursor=cursor, limit=limit)
        return _answer(request, Page(items=_event_rows(service.store, found.items), next=found.next))

    @routes.get("/events/{event_id}", response_model=EventRow, responses=responses(404))
    def event(request: Request, event_id: str) -> Response:
        """Give one event."""
        found = service.store.event(event_id)
        if found is None:
            raise HTTPException(404, "no event has this id; it may have been joined to another one")
        return _answer(request, _event_rows(service.store, [found])[0])

    @routes.get("/checks", response_model=Page[CheckRow])
    def checks(  # noqa: PLR0913 -- a parameter a filter
        request: Request,
        *,
        verdict: Verdict | None = None,
        since: _Since = None,
        until: _Until = None,
        cursor: _Cursor = None,
        limit: _Limit = 50,
    ) -> Response:
        """List checks by the time they were made, the newest first."""
        found = service.store.checks(verdict=verdict, since=since, until=until, cursor=cursor, limit=limit)
        rows = tuple(CheckRow(**dict(row.check), checked_at=row.checked_at) for row in found.items)
        return _answer(request, Page(items=rows, next=found.next))

    @routes.get("/feeds", response_model=Feeds)
    def feeds(request: Request) -> Response:
        """Tell how the feeds do, and the faults seen last."""
        found = Feeds(items=tuple(service.store.feed_states()), faults=service.store.faults().items)
        return _answer(request, found)

    return routes


def _event_rows(store: Store, events: Sequence[Event]) -> tuple[EventRow, ...]:
    told = {each.event.id: each for each in report(store, events)}
    added = ("verdict", "probability", "explanation", "simulated", "checks", "competing")
    return tuple(
        EventRow(**dict(event), **{name: getattr(told[event.id], name) for name in added if event.id in told})
        for event in events
    )


def _answer(request: Request, value: BaseModel) -> Response:
    """Answer with JSON and its ETag, or with 304 where the caller has it."""
    body = value.model_dump_json().encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
