"""The application: API, health and pages around one service."""

from __future__ import annotations

import structlog
from fastapi import FastAPI

from newsdetect import __version__
from newsdetect.outputs.api.articles import article_routes
from newsdetect.outputs.api.body_limit import BodyLimit
from newsdetect.outputs.api.listings import listing_routes
from newsdetect.outputs.api.models import Health
from newsdetect.outputs.api.problems import RESPONSES, install
from newsdetect.outputs.api.service import Service
from newsdetect.outputs.web.pages import add_pages
from newsdetect.outputs.web.security import SecurityHeaders

#: A body of more bytes is refused; an article has at most four million characters.
MAX_BODY = 8 * 1024 * 1024


def create_app(service: Service, *, max_body: int = MAX_BODY) -> FastAPI:
    """Make the application; it takes `service` as it is and closes nothing of it."""
    app = FastAPI(
        title="newsdetect",
        summary="Reads liquidation claims out of crypto news and holds them against market data",
        version=__version__,
        # The documentation pages load scripts from elsewhere; /openapi.json is there for tools.
        docs_url=None,
        redoc_url=None,
    )
    app.state.log = structlog.get_logger("newsdetect.api")
    install(app)
    app.add_middleware(BodyLimit, most=max_body)
    # Added last, so outermost: what the others answer has these headers too.
    app.add_middleware(SecurityHeaders)

    @app.get("/healthz", tags=["health"], responses=RESPONSES)
    def healthz() -> Health:
        """Say that the service and its database answer."""
        service.store.ping()
        return Health(version=__version__)

    app.include_router(article_routes(service))
    app.include_router(listing_routes(service))
    add_pages(app, service.store)
    return app
