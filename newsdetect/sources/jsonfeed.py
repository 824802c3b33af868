"""Reads JSON Feed 1 and 1.1, which feedparser does not know; a broken item is a fault, the others are read."""

from __future__ import annotations

import html
import json
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from newsdetect.sources.rawfeed import RawFeed, RawItem
from newsdetect.sources.timestamps import from_iso


def _text(value: object) -> object:
    """Let a number stand for an id, as many feeds write it, and give only text that UTF-8 can hold."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


_Text = Annotated[str | None, BeforeValidator(_text)]


class _Item(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: _Text = None
    url: _Text = None
    external_url: _Text = None
    title: _Text = None
    content_html: _Text = None
    content_text: _Text = None
    summary: _Text = None
    date_published: _Text = None
    date_modified: _Text = None


def read_json_feed(body: bytes) -> RawFeed:
    """Read a JSON Feed; raise ValueError saying what is missing where the bytes are none."""
    try:
        root = json.loads(body.decode("utf-8-sig", "replace"), strict=False)
    except RecursionError as fault:
        raise ValueError("it nests too deep") from fault
    if not isinstance(root, dict) or not isinstance(root.get("items"), list):
        raise ValueError("it has no list of items")  # noqa: TRY004 -- the bytes are at fault, not a caller's type
    if "jsonfeed.org" not in str(root.get("version", "")):
        raise ValueError(f"its version is {str(root.get('version'))[:60]!r}, not jsonfeed.org's")
    items, faults = [], []
    for at, item in enumerate(root["items"]):
        try:
            items.append(_raw(_Item.model_validate(item)))
        except ValidationError as fault:
            first = fault.errors()[0]
            faults.append(f"item {at}: {'.'.join(map(str, first['loc'])) or 'item'}: {first['msg']}")
    if not root["items"]:
        faults.append("no entries")
    title: Any = _text(root.get("title"))
    return RawFeed(title=title if isinstance(title, str) else "", items=tuple(items), faults=tuple(faults))


def _raw(item: _Item) -> RawItem:
    plain = item.content_text or ""
    paragraphs = "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in plain.splitlines() if line.strip())
    return RawItem(
        guid=item.id or "",
        link=item.url or item.external_url or "",
        title=html.escape(item.title or "", quote=False),
        content=item.content_html or paragraphs,
        summary=html.escape(item.summary or "", quote=False),
        published=from_iso(item.date_published),
        updated=from_iso(item.date_modified),
    )
