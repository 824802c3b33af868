"""Dates are claims: each reading with its kind, the conflict in sight, the unknown unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.documents.dates import believed, given_date, not_before, objectid_time, read_date, url_date
from newsdetect.documents.document import DATE_ORDER, Publication
from newsdetect.errors import DocumentError

AT = datetime(2025, 8, 25, 21, 4, 45, tzinfo=UTC)
DAY = datetime(2025, 8, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "at", "precision"),
    [
        ("2025-08-25T21:04:45Z", AT, "second"),
        ("2025-08-25T23:04:45+02:00", AT, "second"),
        ("2025-08-25 21:04:45 UTC", AT, "second"),
        ("2025-08-25T21:04:45.1234567Z", AT + timedelta(microseconds=123456), "second"),
        ("2025-08-25 17:04:45 -04:00", AT, "second"),
        ("Mon, 25 Aug 2025 21:04:45 GMT", AT, "second"),
        ("2025-08-25", DAY, "day"),
        ("2025-08-25T21:04:45", DAY, "day"),
    ],
)
def test_a_page_s_date_is_read_in_utc(value: str, at: datetime, precision: str):
    """A time without a zone could be any clock's: only its day is known."""
    reading = read_date(value, "meta")
    assert (reading.at, reading.precision, reading.kind) == (at, precision, "meta")


@pytest.mark.parametrize(
    "value", ["", "3h ago", "yesterday", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-10:00", "1756155885"]
)
def test_what_is_no_date_stays_unknown(value: str):
    """Nonsense and years out of reason are no reading."""
    assert read_date(value, "json-ld") is None


@given(st.text(max_size=40))
def test_no_date_raises(value: str):
    """Whatever a page writes, it is a UTC reading or none."""
    reading = read_date(value, "meta")
    assert reading is None or reading.at.tzinfo == UTC


@pytest.mark.parametrize(
    ("url", "at"),
    [
        ("https://coinmarketcap.com/community/articles/68accfed9de84b22569c1284/", AT),
        ("https://coinmarketcap.com/en/community/articles/68accfed9de84b22569c1284", AT),
        ("https://coinmarketcap.com/community/articles/68accfed", None),
        ("https://other.example/community/articles/68accfed9de84b22569c1284/", None),
        ("https://coinmarketcap.com/community/articles/000000019de84b22569c1284/", None),
        (None, None),
    ],
)
def test_an_objectid_carries_its_second(url: str | None, at: datetime | None):
    """The first eight hex digits of a CoinMarketCap community id are the time of its creation."""
    assert objectid_time(url) == at


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2025/08/25/longs-lose", DAY),
        ("https://a.example/news/2025-8-25-longs", DAY),
        ("https://a.example/news/20250825/longs", DAY),
        ("https://a.example/news-20250825.html", DAY),
        ("https://a.example/2025/13/25/x", None),
        ("https://a.example/2025/02/30/x", None),
        ("https://a.example/articles/12025082512", None),
        ("https://2025-08-25.example/x", None),
        ("https://www.ainvest.com/news/343-million-crypto-futures-liquidations-2508", None),
    ],
)
def test_an_address_names_a_day(url: str, day: datetime | None):
    """A date in the path is known to the day; digits that are none stay digits."""
    reading = url_date(url)
    assert (reading.at if reading else None) == day


def reading(kind: str, at: datetime = AT, **more) -> Publication:
    """Make a reading."""
    return Publication(kind=kind, at=at, **more)


def test_the_kinds_are_believed_in_order():
    """The first of the order wins, whatever order they were found in."""
    readings = [reading(kind, AT + timedelta(hours=n)) for n, kind in enumerate(DATE_ORDER)]
    while readings:
        assert believed(reversed(readings)) == readings[0]
        readings.pop(0)
    assert believed([]) is None


def test_the_exact_time_of_a_day_is_better_than_the_day():
    """A meta tag that names the second refines JSON-LD that names its day; it does not move it."""
    day, second = reading("json-ld", DAY, precision="day"), reading("meta")
    other = reading("meta", AT + timedelta(days=9))
    assert believed([day, second]) == second
    assert believed([day, other]) == day


def test_a_date_before_what_the_document_cites_is_passed_over():
    """A page that misdates itself by years cannot be older than its source; the caller's word stands."""
    bound = reading("objectid", bound="not_before")
    wrong, right = reading("json-ld", AT - timedelta(days=700)), reading("meta", AT + timedelta(hours=1))
    assert believed([wrong, right, bound]) == right
    assert believed([wrong, bound]) == bound
    said = reading("given", AT - timedelta(days=700))
    assert believed([said, bound]) == said


def test_the_newest_citation_is_the_bound():
    """Nobody cites what is not yet there; citations without a time bound nothing."""
    assert not_before([None, AT, AT - timedelta(days=3)]) == [reading("objectid", bound="not_before")]
    assert not_before([None]) == []


@pytest.mark.parametrize("value", ["yesterday", "", "2025-13-01", "25.08.2025"])
def test_the_caller_s_date_is_iso_or_an_error_that_names_the_field(value: str):
    """A date we were given and cannot read is not silently dropped."""
    with pytest.raises(DocumentError, match="published"):
        given_date(value)


def test_the_caller_s_date_alone_is_a_day():
    """Date alone: the day. With a time: the second, in UTC where it names no zone."""
    assert given_date("2025-08-25") == reading("given", DAY, precision="day")
    assert given_date("2025-08-25T21:04:45") == given_date("2025-08-25T21:04:45Z") == given_date(AT) == reading("given")
