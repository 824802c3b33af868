"""Reads feeds: RSS and Atom by feedparser, JSON Feed by ourselves, from bytes that we fetched.

Broken feeds are still read as far as they go, and what was broken is said in `faults`. Only what is no feed at all is
an error, and it says what was found instead. A missing date stays unknown; all times are UTC. Texts are kept
as the feed has them, HTML and all: nothing here is fit to be shown unescaped.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urljoin

import feedparser

from newsdetect.errors import SourceError
from newsdetect.fetch.walls import bot_wall
from newsdetect.sources.entry import Entry
from newsdetect.sources.jsonfeed import read_json_feed
from newsdetect.sources.rawfeed import RawFeed, RawItem
from newsdetect.sources.timestamps import from_parsed
from newsdetect.types import Value


class Feed(Value):
    """One feed as read."""

    url: str
    title: str = ""
    entries: tuple[Entry, ...] = ()
    #: What was broken in it, one sentence each; the rest was read all the same.
    faults: tuple[str, ...] = ()
    #: How long the feed says that it stays as it is (`ttl`, `sy:updatePeriod`), in seconds; null where it does not.
    ttl_s: int | None = None


_TEASER_END = re.compile(
    r"(?:\[(?:…|\.\.\.|&#8230;|&hellip;)\]|…|read more|continue reading|read full (?:article|story))\W*$", re.IGNORECASE
)
_APPEARED = re.compile(r"the post .{1,300} appeared first on .{1,80}$", re.IGNORECASE | re.DOTALL)
#: A description from this length on, in several paragraphs, is the article itself.
_WHOLE = 1500
#: A content element shorter than this is a teaser in the wrong place.
_TEASER = 200
_PERIODS_S = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


def parse_feed(body: bytes, *, url: str, headers: Mapping[str, str] | None = None) -> Feed:
    """Read a feed's bytes; `headers` are those of the answer (charset and language count).

    Raise SourceError, and nothing else, for bytes that are no feed; it names the URL and what was found.
    """
    headers = dict(headers or {})
    if not body.strip():
        raise SourceError(f"{url}: the feed is empty (0 bytes of content)", key=url)
    raw = _json(body, url) if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else _xml(body, url, headers)
    entries, faults = _entries(raw, url)
    return Feed(url=url, title=_line(raw.title), entries=entries, faults=(*raw.faults, *faults), ttl_s=raw.ttl_s)


def _json(body: bytes, url: str) -> RawFeed:
    try:
        return read_json_feed(body)
    except ValueError as fault:
        raise SourceError(f"{url}: JSON, but no JSON Feed: {fault}", key=url) from fault


def _xml(body: bytes, url: str, headers: Mapping[str, str]) -> RawFeed:
    """Read RSS or Atom; feedparser gets a stream, because it would open bare bytes as a file's name."""
    known = {name: headers[name] for name in ("content-type", "content-language") if name in headers}
    try:
        found = feedparser.parse(
            io.BytesIO(body),
            response_headers={**known, "content-location": url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as fault:
        raise SourceError(f"{url}: unreadable as a feed ({type(fault).__name__}: {fault})", key=url) from fault
    if not found.entries and not found.version:
        raise SourceError(f"{url}: {_instead(body, url, headers)}", key=url)
    # A wrong Content-Type is the server's affair, and of no consequence to anybody who reads the feed.
    broken = found.bozo and not isinstance(found.bozo_exception, feedparser.NonXMLContentType)
    faults = [f"{type(found.bozo_exception).__name__}: {found.bozo_exception}"] if broken else []
    if not found.entries:
        faults.append("no entries")
    return RawFeed(
        title=_str(found.feed.get("title")),
        items=tuple(_item(each) for each in found.entries),
        faults=tuple(faults),
        ttl_s=_ttl(found.feed),
    )


def _instead(body: bytes, url: str, headers: Mapping[str, str]) -> str:
    """Say what stands where a feed was expected."""
    wall = bot_wall(body, headers)
    if wall:
        return f"a bot wall ({wall}) instead of a feed"
    head = body[:200_000]
    if re.search(rb"<(?:!doctype\s+html|html|body|head)\b", head[:2000], re.IGNORECASE):
        title = re.search(rb"<title[^>]*>(.{0,200}?)</title>", head, re.IGNORECASE | re.DOTALL)
        named = f' titled "{_line(title[1].decode("utf-8", "replace"))}"' if title else ""
        linked = _linked_feed(head.decode("utf-8", "replace"), url)
        return f"an HTML page{named} instead of a feed" + (f"; it links the feed {linked}" if linked else "")
    if head.lstrip()[:1] == b"<":
        return "XML of another kind than RSS or Atom"
    return f"no feed: {len(body):,} bytes that start with {body[:16]!r}"


def _linked_feed(page: str, url: str) -> str | None:
    """Give the feed that a page's head announces (autodiscovery)."""
    for link in re.findall(r"<link\b[^>]{0,600}>", page, re.IGNORECASE):
        target = re.search(r"href\s*=\s*[\"']?([^\"'\s>]+)", link, re.IGNORECASE)
        if target and re.search(r"application/(?:rss\+xml|atom\+xml|feed\+json)", link, re.IGNORECASE):
            return _absolute(html.unescape(target[1]), url)
    return None


def _item(found: Any) -> RawItem:  # noqa: ANN401 -- feedparser's untyped dictionary
    """Take what we use from one of feedparser's entries, as plain values."""
    contents = found.get("content") or []
    content = max((_markup(each) for each in contents), key=len, default="")
    detail = found.get("summary_detail")
    summary = _markup(detail) if detail else _str(found.get("summary"))
    # dict.get, because feedparser answers for a missing `updated` with the publication time, and with a warning.
    return RawItem(
        guid=_str(found.get("id")),
        link=_str(found.get("link")),
        title=_str(found.get("title")),
        content=content,
        summary=summary,
        published=from_parsed(dict.get(found, "published_parsed")),
        updated=from_parsed(dict.get(found, "updated_parsed")),
        outlet=_str((found.get("source") or {}).get("title")) or None,
    )


def _markup(detail: Any) -> str:  # noqa: ANN401 -- likewise
    """Give a text element as HTML; plain text is escaped, so that a `<` in it stays a character."""
    value = _str(detail.get("value"))
    return html.escape(value, quote=False) if detail.get("type") == "text/plain" else value


def _ttl(feed: Any) -> int | None:  # noqa: ANN401 -- likewise
    """Read how long a feed stays as it is: RSS `ttl` in minutes, or the syndication module's period."""
    minutes = _str(feed.get("ttl")).strip()
    if minutes.isdecimal() and len(minutes) < 8:
        return int(minutes) * 60 or None
    period = _PERIODS_S.get(_str(feed.get("sy_updateperiod")).strip().lower())
    times = _str(feed.get("sy_updatefrequency")).strip()
    return period // max(1, int(times)) if period and times.isdecimal() and len(times) < 5 else period


def _entries(raw: RawFeed, url: str) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Make entries with keys of their own; the same item twice is one, different items of one id are told apart."""
    entries: dict[str, Entry] = {}
    shared: Counter[str] = Counter()
    for item in raw.items:
        entry = _entry(item, raw, url)
        known = entries.get(entry.key)
        if known is not None:
            shared[entry.key] += 1
            if known == entry:
                continue
            digest = hashlib.sha256(
                f"{entry.url}\x1f{entry.title}\x1f{entry.html}".encode("utf-8", "replace")
            ).hexdigest()
            entry = entry.model_copy(update={"key": f"{entry.key}#{digest[:12]}"})
        entries[entry.key] = entry
    return tuple(entries.values()), tuple(f"the id {key!r} is used by {n + 1} entries" for key, n in shared.items())


def _entry(item: RawItem, raw: RawFeed, url: str) -> Entry:
    body, kind = _body(item)
    link = _absolute(item.link, url) if item.link else None
    digest = hashlib.sha256(f"{item.title}\x1f{body}".encode("utf-8", "replace")).hexdigest()
    return Entry(
        key=_line(item.guid) or link or digest[:24],
        url=link,
        title=_line(item.title),
        html=_str(body),
        body=kind,
        published=item.published,
        updated=item.updated,
        outlet=_line(item.outlet or raw.title) or None,
        feed_url=url,
    )


def _body(item: RawItem) -> tuple[str, Literal["feed_full", "feed_summary"]]:
    """Choose the longer of content and summary, and tell whether it is the whole article."""
    body = item.content if len(item.content) >= len(item.summary) else item.summary
    words = _APPEARED.sub("", _line(body)).strip()
    several = len(re.findall(r"<(?:p|br|div)\b", body, re.IGNORECASE)) >= 2
    # A feed that brings a summary beside its content keeps nothing back, however short a flash is.
    beside = bool(item.content) and bool(item.summary) and len(words) > 1.5 * len(_line(item.summary))
    from_content = bool(item.content) and (len(words) >= _TEASER or beside)
    whole = (from_content or (len(words) >= _WHOLE and several)) and not _TEASER_END.search(words)
    return body, "feed_full" if whole else "feed_summary"


def _absolute(link: str, base: str) -> str | None:
    """Make a link whole; None for one that is no http(s) address."""
    try:
        whole = urljoin(base, link.strip())
    except ValueError:
        return None
    return whole if whole.lower().startswith(("http://", "https://")) else None


def _line(text: str) -> str:
    """Give markup's words as one line."""
    return " ".join(html.unescape(re.sub(r"<[^<>]{1,2000}>", " ", text)).replace("\0", " ").split())


def _str(value: object) -> str:
    """Give a text that UTF-8 can hold, whatever was there."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""
