"""Annotating Markdown newsletters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsdetect.bundled import fixtures
from newsdetect.outputs.newsletter import enrich, remove, visible_markdown
from newsdetect.outputs.newsletter.notes import NOTE
from tests.outputs.mail.newsletters import check_figures


def enriched(source: str):
    return enrich(source, kind="markdown", check=check_figures)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# Head\ntext", "Head\ntext"),
        ("one\ntwo\n\nthree", "one two\nthree"),
        ("- a\n- b\n1. c", "a\nb\nc"),
        ("> quoted\n> on", "quoted on"),
        ("**$343** *million* and _so_ ~~on~~", "$343 million and so on"),
        ("snake_case stays", "snake_case stays"),
        ('a [link](https://x.example/$1 "t") b', "a link b"),
        ("![alt $1](x.png) b <i>c</i> <https://x.example>", "b c"),
        ("`$1` ``$`2`` b", "b"),
        ("```\n$1\n```\nb\n~~~ text\n$2\n~~~", "b"),
        ("---\ntitle: $1\n---\nb", "b"),
        (r"\$343 \*million\*", "$343 *million*"),
        ("| a | b |\n| --- | ---: |\n| c | d |", "a\nb\nc\nd"),
        ("x[^1]\n\n[^1]: note\n[r]: https://x.example", "x\nnote"),
        ("&#36;343&nbsp;million", "$343\u00a0million"),
        ("", ""),
    ],
)
def test_visible_markdown(source, text):
    """Markers, addresses, code and front matter are not what a reader sees."""
    assert visible_markdown(source).text == text


@pytest.mark.parametrize(
    ("source", "marked"),
    [
        ("of **$343 million** in", "of **$343 million**| in"),
        ("of **$343** million in", "of **$343** million| in"),
        ("of [$343 million](https://x.example) in", "of [$343 million](https://x.example)| in"),
        ("$343\nmillion", "$343\nmillion|"),
        ("`$5` and $6", "`$5` and $6|"),
    ],
)
def test_where_notes_go(source, marked):
    """A note stands behind the marker that closes its figure's emphasis, and behind a link's address."""
    assert NOTE.sub("|", enriched(source).content) == marked


def test_the_shipped_letter():
    """The letter's figures get notes, its code block none, and a renderer shows the emphasis as before."""
    source = (fixtures() / "newsletters" / "night-ledger.md").read_bytes().decode()
    done = enriched(source)
    assert {note.figure for note in done.annotations} >= {"$904 million", "$343 million", "$85.2 million"}
    assert "$1 million" not in {note.figure for note in done.annotations}
    assert NOTE.sub("", MarkdownIt().enable("table").render(done.content)) == MarkdownIt().enable("table").render(
        source
    )


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "$343 million",
                "**",
                "*",
                "_",
                "`",
                "```\n",
                "[",
                "](",
                ")",
                "|",
                "\n",
                "\r\n",
                "\n\n",
                "# ",
                "> ",
                "- ",
                "---\n",
                "\\",
                "&#36;5",
                "<b>",
                "<",
                ">",
                "$7",
                " ",
                "~~",
                "[^1]",
                "]: ",
                "![",
                "http://x/$9",
            ]
        ),
        st.text(max_size=6),
    ),
    max_size=25,
)


@given(PIECES.map("".join))
def test_removing_restores_and_twice_is_once(source):
    """Removing the notes gives the letter back to the character, and annotating again changes nothing."""
    once = enriched(source)
    assert remove(once.content, kind="markdown") == source
    assert enriched(once.content) == once
