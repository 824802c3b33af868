"""Files and pipes: what kind of text comes in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.documents.plain import readable, sniff
from tests.documents.builders import PROSE, make_page


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (make_page(), "html"),
        ("  \n<!-- saved --><html><body>x", "html"),
        ("<p>One.</p>\n<p>Two.</p><p>Three.</p>", "html"),
        ("\ufeff<!DOCTYPE html>", "html"),
        ("# Title\n\nWords.", "markdown"),
        ("Words with **stress** and a\n\n- list\n- of two", "markdown"),
        ("\n".join(PROSE), "text"),
        ("Price < 100 and > 50 <b>", "text"),
        ("- a single list\n- is still text", "text"),
        ("Source:\n[1] A title – https://a.example/1", "text"),
        ("", "text"),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_content(text: str, kind: str):
    """A page has tags, Markdown more than one kind of mark; in doubt it is text."""
    assert sniff(text) == kind


@given(st.text())
def test_readable_text_is_settled(text: str):
    """Reading twice changes nothing more, and no NUL, carriage return or half a character is left."""
    once = readable(text)
    assert readable(once) == once
    assert not set(once) & {"\0", "\r", "\u200b", "\xa0", "\u2028"}
    once.encode("utf-8")
