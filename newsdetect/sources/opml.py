"""OPML in and out: the list of feeds as every feed reader exports it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from newsdetect.config import FeedSettings
from newsdetect.errors import SourceError

_LARGEST = 10 * 1024 * 1024


def read_opml(body: bytes, *, name: str = "OPML") -> tuple[FeedSettings, ...]:
    """Read all feeds of an OPML file, folders flattened, each URL once.

    Raise SourceError for bytes that are no OPML; entities and external files in it are never resolved.
    """
    if len(body) > _LARGEST:
        raise SourceError(f"{name}: {len(body):,} bytes are no feed list: at most {_LARGEST:,} are read", key=name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(body, parser=parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise SourceError(f"{name}: no OPML: {fault}", key=name) from fault
    if root is None or not isinstance(root.tag, str) or etree.QName(root).localname.lower() != "opml":
        raise SourceError(f"{name}: no OPML: its root is not <opml>", key=name)
    feeds: dict[str, FeedSettings] = {}
    for outline in root.iter("{*}outline"):
        attributes = {str(key).lower(): str(value).strip() for key, value in outline.attrib.items()}
        url = attributes.get("xmlurl", "")
        if re.match(r"https?://", url, re.IGNORECASE):
            outlet = attributes.get("title") or attributes.get("text") or None
            feeds.setdefault(url, FeedSettings(url=url, outlet=outlet))
    return tuple(feeds.values())


def write_opml(feeds: Iterable[FeedSettings], *, title: str = "newsdetect feeds") -> bytes:
    """Write feeds as OPML 2.0, in the order given."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for feed in feeds:
        name = feed.outlet or feed.url
        etree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written
