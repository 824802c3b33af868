"""When a document was published: every reading that its page, feed and address give, and the one that is believed.

Pages misdate events, sometimes by years: a date is one more claim, so each is kept with its kind, a conflict in sight.
A time without a zone could be any clock's, so only its day is believed. A citation of something whose creation
time is known (CoinMarketCap's ObjectId) bounds the citing document from below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from newsdetect.documents.document import DATE_ORDER, DateKind, Publication
from newsdetect.errors import DocumentError

#: Nothing was reported on crypto futures before; an older or a later year is a broken reading.
_EARLIEST, _LATEST = datetime(1995, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_OBJECT_ID = re.compile(
    r"coinmarketcap\.com/(?:\w+/)?community/(?:articles|post)/(?P<id>[0-9a-f]{24})\b", re.IGNORECASE
)
_URL_DATE = re.compile(r"[/_-](?P<y>20[012]\d)[/-](?P<m>0?[1-9]|1[0-2])[/-](?P<d>0?[1-9]|[12]\d|3[01])(?=[/_.?#-]|$)")
_URL_COMPACT = re.compile(r"[/_-](?P<y>20[012]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=[/_.?#-]|$)")
_DAY = timedelta(days=1)


def given_date(value: str | datetime, *, field: str = "published") -> Publication:
    """Read the caller's own word: ISO 8601, a date alone is known to the day; a naive time is taken as UTC.

    Raise DocumentError naming `field` where it is no such date.
    """
    if isinstance(value, datetime):
        at = value if value.tzinfo else value.replace(tzinfo=UTC)
        return Publication(at=at, kind="given")
    words = value.strip()
    try:
        if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", words):
            day = date.fromisoformat(words)
            return Publication(at=datetime(day.year, day.month, day.day, tzinfo=UTC), kind="given", precision="day")
        at = datetime.fromisoformat(words)
    except ValueError as fault:
        raise DocumentError(f"{field}: {value!r} is no ISO 8601 date: {fault}", key=field) from fault
    return Publication(at=at if at.tzinfo else at.replace(tzinfo=UTC), kind="given")


def read_date(value: str, kind: DateKind) -> Publication | None:
    """Read a date as a page writes it, ISO 8601 or RFC 2822; None where it is neither, or out of all reason."""
    words = " ".join(value.split())
    at = _iso(words) or _mail(words)
    if at is None:
        return None
    if at.tzinfo is None:
        at = datetime(at.year, at.month, at.day, tzinfo=UTC)
        return Publication(at=at, kind=kind, precision="day") if _EARLIEST <= at <= _LATEST else None
    try:
        at = at.astimezone(UTC)
    except OverflowError:
        return None
    return Publication(at=at, kind=kind) if _EARLIEST <= at <= _LATEST else None


def _iso(words: str) -> datetime | None:
    """Read ISO 8601, forgiving a blank before the zone and more digits of a second than Python reads."""
    words = re.sub(r"(\.\d{6})\d+", r"\1", words)
    words = re.sub(r"\s+(?=[+-]\d{2}:?\d{2}$)", "", words)
    words = re.sub(r"\s*(?:UTC|GMT)$", "Z", words)
    try:
        return datetime.fromisoformat(words)
    except ValueError:
        return None


def _mail(words: str) -> datetime | None:
    try:
        return parsedate_to_datetime(words)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None


def objectid_time(url: str | None) -> datetime | None:
    """Give the creation time that a CoinMarketCap community address carries in its ObjectId; None for others."""
    match = _OBJECT_ID.search(url or "")
    if match is None:
        return None
    at = datetime.fromtimestamp(int(match["id"][:8], 16), UTC)
    return at if _EARLIEST <= at <= _LATEST else None


def url_date(url: str | None) -> Publication | None:
    """Give the day that an address names, as in /2025/08/25/; None where it names none."""
    path = re.sub(r"^[a-z]+://[^/]*", "", url or "", flags=re.IGNORECASE)
    match = _URL_DATE.search(path) or _URL_COMPACT.search(path)
    if match is None:
        return None
    try:
        at = datetime(int(match["y"]), int(match["m"]), int(match["d"]), tzinfo=UTC)
    except ValueError:
        return None
    return Publication(at=at, kind="url", precision="day")


def address_dates(url: str | None) -> list[Publication]:
    """Give what a document's own address tells of its time."""
    found = [each for each in (url_date(url),) if each]
    made = objectid_time(url)
    return [*found, Publication(at=made, kind="objectid")] if made else found


def not_before(created: Iterable[datetime | None]) -> list[Publication]:
    """Give the bound that citations set: no document is older than the newest thing it cites."""
    known = [at for at in created if at is not None]
    return [Publication(at=max(known), kind="objectid", bound="not_before")] if known else []


def believed(dates: Iterable[Publication]) -> Publication | None:
    """Choose among all readings: the kind's order first, then the exact time of the day that it names.

    A reading that is more than a day older than something the document cites is passed over, unless it is the caller's.
    """
    ranked = sorted(dates, key=lambda each: (each.bound != "at", DATE_ORDER.index(each.kind)))
    bounds = [each.at for each in ranked if each.bound == "not_before"]
    at = [each for each in ranked if each.bound == "at"]
    credible = [each for each in at if each.kind == "given" or all(each.at + _DAY >= bound for bound in bounds)]
    if not credible:
        return next((each for each in ranked if each.bound == "not_before"), at[0] if at else None)
    first = credible[0]
    if first.precision == "day" and first.kind != "given":
        same_day = (each for each in credible if each.precision == "second" and abs(each.at - first.at) <= _DAY)
        return next(same_day, first)
    return first
