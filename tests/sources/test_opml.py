"""OPML: what every feed reader writes is read, and what we write is read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.config import FeedSettings
from newsdetect.errors import SourceError
from newsdetect.sources.opml import read_opml, write_opml


def test_folders_are_flattened_and_each_feed_comes_once():
    """Nested outlines count, repeated and addressless ones do not; the name is the outlet's."""
    body = b"""<?xml version="1.0"?><opml version="1.0"><body>
      <outline text="Crypto"><outline text="Ledger" xmlUrl="https://ledger.example/rss"/>
        <outline title="Desk" text="x" type="rss" XMLURL=" https://desk.example/rss "/></outline>
      <outline text="again" xmlUrl="https://ledger.example/rss"/><outline text="no address"/>
      <outline text="bad" xmlUrl="file:///etc/passwd"/></body></opml>"""
    assert read_opml(body) == (
        FeedSettings(url="https://ledger.example/rss", outlet="Ledger"),
        FeedSettings(url="https://desk.example/rss", outlet="Desk"),
    )


@given(st.lists(st.from_regex(r"[a-z]{1,8}&[<\"a-z]{0,4}", fullmatch=True), unique=True, max_size=5))
def test_what_is_written_is_read_back(names: list[str]):
    """Writing and reading give the same feeds, whatever stands in their names."""
    feeds = tuple(
        FeedSettings(url=f"https://{number}.example/?a=1&b={number}", outlet=name) for number, name in enumerate(names)
    )
    assert read_opml(write_opml(feeds)) == feeds


@pytest.mark.parametrize("body", [b"", b"words", b"<html/>", b"<!-- only a comment -->", b"\0\0"])
def test_what_is_no_opml_is_named(body: bytes):
    """The error names the file."""
    with pytest.raises(SourceError, match=r"feeds\.opml"):
        read_opml(body, name="feeds.opml")


def test_entities_are_not_resolved():
    """A file list cannot make us read files, or swell."""
    body = b"""<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY u "https://a.example/">]>
      <opml><body><outline text="&x;" xmlUrl="https://b.example/rss"/></body></opml>"""
    assert all("root:" not in str(feed) for feed in read_opml(body))
