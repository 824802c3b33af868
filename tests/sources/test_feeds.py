"""Feeds: what each of the cases beside their expectations gives, and what bytes that are no feed give."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsdetect.bundled import fixtures
from newsdetect.errors import SourceError
from newsdetect.sources.feeds import Feed, parse_feed
from newsdetect.types import iso
from tests.sources.builders import rss

CASES = sorted(path for path in (fixtures() / "feeds" / "cases").iterdir() if "expected" not in path.name)
URL = "https://feeds.example/rss"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_a_feed_gives_what_stands_beside_it(case: Path):
    """Each case file is read to the objects expected of it."""
    expected = json.loads(case.with_name(f"{case.stem}.expected.json").read_text())
    feed = parse_feed(case.read_bytes(), url=URL)
    assert (feed.title, feed.ttl_s, len(feed.faults)) == (expected["title"], expected["ttl_s"], expected["faults"])
    assert len(feed.entries) == len(expected["entries"])
    for entry, wanted in zip(feed.entries, expected["entries"], strict=True):
        dates = {name: iso(at) if (at := getattr(entry, name)) else None for name in ("published", "updated")}
        found = {**entry.model_dump(), **dates}
        assert entry.key.startswith(wanted.pop("key"))
        assert wanted.pop("holds", "") in entry.html
        assert {name: found[name] for name in wanted} == wanted


def test_every_key_of_a_feed_is_its_own():
    """Different items under one id are told apart, and twice the same reading gives the same keys."""
    items = [f"<guid>same</guid><title>Story {number}</title>" for number in range(5)]
    first, second = (parse_feed(rss(*items), url=URL) for _ in range(2))
    assert len({entry.key for entry in first.entries}) == 5
    assert first == second


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"<!DOCTYPE html><html><head><title>Down for maintenance</title></head></html>", "Down for maintenance"),
        (b"<html><head><title>Just a moment...</title></head></html>", "bot wall (Cloudflare)"),
        (
            b"<html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head>",
            "https://feeds.example/feed",
        ),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "no feed"),
        (b"plain words", "plain words"),
        (b"<?xml version='1.0'?><note><to>you</to></note>", "another kind"),
        (b"{}", "JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1"', "JSON Feed"),
        (b"{" + b'"a":{' * 100_000, "JSON Feed"),
        (b"\0" * 1000, "no feed"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, says: str):
    """The error names the URL and what stood there instead."""
    with pytest.raises(SourceError) as raised:
        parse_feed(body, url=URL)
    assert str(raised.value).startswith(URL)
    assert says in str(raised.value)


def test_the_charset_of_the_answer_counts():
    """A feed that does not name its encoding is read by the Content-Type it came with."""
    body = '<rss version="2.0"><channel><title>Größe</title><item><title>Ölkrise</title></item></channel></rss>'
    feed = parse_feed(body.encode("iso-8859-1"), url=URL, headers={"content-type": "text/xml; charset=iso-8859-1"})
    assert (feed.title, feed.entries[0].title) == ("Größe", "Ölkrise")


def test_bare_bytes_are_never_a_file_name():
    """A body that is the path of a file is words, not that file's content."""
    with pytest.raises(SourceError):
        parse_feed(str(CASES[0]).encode(), url=URL)


@pytest.mark.parametrize(
    ("description", "body"),
    [
        ("A word.", "feed_summary"),
        ("&lt;p&gt;" + "Much was sold. " * 120 + "&lt;/p&gt;&lt;p&gt;More.&lt;/p&gt;", "feed_full"),
        ("&lt;p&gt;" + "Much was sold. " * 120 + "&lt;/p&gt;&lt;p&gt;Read more&lt;/p&gt;", "feed_summary"),
    ],
)
def test_a_description_is_the_article_only_where_it_is_long_and_whole(description: str, body: str):
    """A teaser stays a teaser, however long; what ends in "read more" is none of the two."""
    assert parse_feed(rss(f"<description>{description}</description>"), url=URL).entries[0].body == body


def wellformed(feed: Feed) -> bool:
    """Tell whether all that a feed gave can be stored: text is text, keys are there and unique."""
    keys = [entry.key for entry in feed.entries]
    texts = [feed.title, *feed.faults]
    texts += [
        text for each in feed.entries for text in (each.key, each.title, each.html, each.outlet or "", each.url or "")
    ]
    for text in texts:
        text.encode("utf-8")
    return all(keys) and len(set(keys)) == len(keys)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CASES), st.data())
def test_mutated_bytes_give_a_feed_or_a_source_error(case: Path, data: st.DataObject):
    """Whatever happens to its bytes, a feed is read or refused, and what is read can be stored."""
    body = bytearray(case.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body)))
        length = data.draw(st.integers(0, 40))
        body[at : at + length] = data.draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from([b"<", b"&#0;", b"]]>", b"\xed\xa0\x80", b"<title>", b"&x;", b"\0"]),
            )
        )
    try:
        feed = parse_feed(bytes(body), url=URL)
    except SourceError as fault:
        assert URL in str(fault)  # noqa: PT017 -- either outcome is right, each has its own law
    else:
        assert wellformed(feed)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=200),
    st.dictionaries(st.sampled_from(["content-type", "content-language"]), st.text(max_size=30)),
)
def test_any_bytes_give_a_feed_or_a_source_error(body: bytes, headers: dict[str, str]):
    """No bytes and no headers raise anything else."""
    try:
        assert wellformed(parse_feed(body, url=URL, headers=headers))
    except SourceError as fault:
        assert URL in str(fault)  # noqa: PT017 -- likewise
