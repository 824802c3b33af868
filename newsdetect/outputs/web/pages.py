"""The pages: `/` with all events and `/events/{id}` with everything about one.

Article text is hostile. Templates escape by default, text of articles stands in `<bdi>` so that no bidirectional mark
reaches beyond it, addresses become links only if they are http(s); the headers of `security` are the second wall.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from newsdetect.errors import UsageError
from newsdetect.outputs import digest_wording
from newsdetect.outputs.report import EventReport, report, severest
from newsdetect.outputs.web import wording
from newsdetect.storage.store import Store

_FOLDER = Path(__file__).parent
#: A verdict may change at any time; ask again.
_HEADERS = {"Cache-Control": "no-cache"}
#: Events of one page.
_PAGE = 50


def add_pages(app: FastAPI, store: Store) -> None:
    """Add the pages and their style sheet to an application."""
    templates = _environment()

    def show(template: str, facts: Mapping[str, object], *, status: int = 200) -> HTMLResponse:
        return HTMLResponse(templates.get_template(template).render(facts), status_code=status, headers=_HEADERS)

    def missing(title: str, text: str, *, status: int) -> HTMLResponse:
        return show("error.html.j2", {"title": title, "text": text}, status=status)

    @app.get("/", include_in_schema=False)
    def events(cursor: Annotated[str | None, Query()] = None) -> HTMLResponse:
        try:
            found = store.events(cursor=cursor, limit=_PAGE)
        except UsageError:
            return missing("No such page", "This page of events does not exist.", status=422)
        told = report(store, found.items)
        return show("events.html.j2", {"reports": told, "next": found.next, "later": cursor is not None})

    @app.get("/events/{event_id}", include_in_schema=False)
    def event(event_id: str) -> HTMLResponse:
        found = store.event(event_id)
        told = report(store, [found]) if found else []
        if not told:
            text = "No event has this id. It may have been joined to another one since."
            return missing("No such event", text, status=404)
        return show("event.html.j2", _facts(store, told[0]))

    app.mount("/static", StaticFiles(directory=_FOLDER / "static"))


def _facts(store: Store, told: EventReport) -> dict[str, object]:
    """Gather what the page of one event shows."""
    by_claim = {check.claim_id: check for check in told.checks}
    figures = [
        (figure, severest([by_claim[ident] for ident in figure.claim_ids if ident in by_claim]))
        for figure in told.event.figures
    ]
    return {
        "report": told,
        "figures": figures,
        # The checks that speak for a figure stand open; those of its other reports can be unfolded.
        "shown": {check.claim_id for _, check in figures if check},
        "claims": store.claims_by_id(check.claim_id for check in told.checks),
        "names": {ref.id: ref for ref in told.documents},
    }


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "amount": digest_wording.amount,
        "window": digest_wording.window,
        "scope": digest_wording.scope,
        "safe_url": digest_wording.safe_url,
        "counted": digest_wording.counted,
        "moment": wording.moment,
        "share": wording.share,
        "allowed": wording.allowed,
        "origin": wording.origin,
        "names": wording.names,
        "beside_badge": wording.beside_badge,
    }
    environment.globals |= {
        "verdicts": digest_wording.VERDICT_WORDS,
        "meanings": wording.MEANINGS,
        "kinds": wording.KINDS,
        "says": wording.SAYS,
        "results": digest_wording.CAUSE_RESULTS,
        "sides": {"long": "longs", "short": "shorts", "both": "longs and shorts"},
    }
    return environment
