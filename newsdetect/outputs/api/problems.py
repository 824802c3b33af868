"""Errors as RFC 9457 problem details: what was wrong, never what stands inside.

Our own errors name the thing and the remedy, so their words are given; of a fault in the code or the database only that
there was one.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from newsdetect.errors import DocumentError, FetchError, NewsdetectError, Refused, SourceError, TooLarge, UsageError

MEDIA_TYPE = "application/problem+json"


class InvalidField(BaseModel):
    """One field that is not as it must be."""

    #: Where it stands: `body.published`, `query.limit`.
    field: str
    message: str


class Problem(BaseModel):
    """A problem detail of RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    #: The URL, file or id that the problem is about.
    key: str | None = None
    errors: list[InvalidField] = Field(default_factory=list)


def _schema() -> dict[str, Any]:
    """Give the problem's JSON schema in one piece, for it stands in the middle of the OpenAPI document."""
    schema = Problem.model_json_schema()
    schema["properties"]["errors"]["items"] = schema.pop("$defs")["InvalidField"]
    return schema


#: What any endpoint may answer besides its own; for the OpenAPI document.
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": _schema()}}}
    for status in (422, 500, 503)
}

# The first that fits: a page that is too large is the page's fault, a server that fails is the server's.
_STATUS: tuple[tuple[type[NewsdetectError], int], ...] = (
    (Refused, 422),
    (TooLarge, 422),
    (FetchError, 502),
    (UsageError, 422),
    (DocumentError, 422),
    (SourceError, 422),
)


def install(app: FastAPI) -> None:
    """Let all errors of the application be answered as problems."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(NewsdetectError, _ours)
    app.add_exception_handler(Exception, _unexpected)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe further statuses of an endpoint as problems."""
    described = RESPONSES[500]["content"]
    return {status: {"description": HTTPStatus(status).phrase, "content": described} for status in statuses}


def problem(
    status: int,
    detail: str | None = None,
    *,
    key: str | None = None,
    errors: list[InvalidField] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with a problem."""
    told = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, key=key, errors=errors or [])
    return JSONResponse(told.model_dump(), status_code=status, headers=headers, media_type=MEDIA_TYPE)


async def _http(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    detail = fault.detail if fault.detail != HTTPStatus(fault.status_code).phrase else None
    return problem(fault.status_code, detail, headers=fault.headers)


async def _invalid(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and media_type != "application/json" and not media_type.endswith("+json"):
        return problem(415, "send the body as application/json")
    found = [
        InvalidField(field=".".join(map(str, each["loc"])), message=each["msg"].removeprefix("Value error, "))
        for each in fault.errors()
    ]
    return problem(422, "the request is not as it must be", errors=found)


async def _ours(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, NewsdetectError)
    for kind, status in _STATUS:
        if isinstance(fault, kind):
            return problem(status, str(fault), key=fault.key)
    # The store's and the archive's errors name our files and hosts: those are for the log.
    request.app.state.log.error("request failed", path=request.url.path, fault=str(fault))
    return problem(503, "a part of the service is not available: try again later")


async def _unexpected(_request: Request, _fault: Exception) -> Response:
    # Raised again behind us, so that the server logs it with its trace.
    return problem(500, "a fault of ours; it was logged")
