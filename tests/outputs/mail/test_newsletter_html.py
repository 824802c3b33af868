"""Annotating HTML newsletters: where notes go, and that the source stays as it was."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.bundled import fixtures
from newsdetect.checks.check import Check
from newsdetect.claims.claim import Claim, claim_id
from newsdetect.errors import UsageError
from newsdetect.outputs.newsletter import annotate, enrich, remove, visible_text
from newsdetect.outputs.newsletter.notes import NOTE
from newsdetect.types import Span
from tests.outputs.mail.newsletters import check_figures


def enriched(source: str):
    return enrich(source, kind="html", check=check_figures)


def with_marks(source: str) -> str:
    """Annotate, each note written as a bar."""
    return NOTE.sub("|", enriched(source).content)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("one<br>two<BR/>three", "one\ntwo\nthree"),
        ("<td>a</td><td>b</td>", "a\nb"),
        ("$<b>343</b> <i>million</i>", "$343 million"),
        ("$343\r\n   million", "$343 million"),
        ("&#36;343&nbsp;million &amp; more", "$343\u00a0million & more"),
        ("$343<!-- $1 -->.5 million", "$343.5 million"),
        ("<script>$1</script><style>$2</style><title>$3</title>x", "x"),
        ('<img alt="$1" title="$2">x', "x"),
        ('<div style="color:red; DISPLAY : none">$1<div>$2</div></div>x', "x"),
        ("<p hidden>$1</p>x", "x"),
        ("<head><meta charset=x>$1</head><body>x", "x"),
        ("<head><body>x", "x"),
        ('<p title="a > b">x</p>', "x"),
        ("<p class=don't>x</p>it's", "x\nit's"),
        ("a < b and 3 <4 $1", "a < b and 3 <4 $1"),
        ("<!DOCTYPE html><?xml version='1.0'?><![if mso]>x<![endif]>", "x"),
        ("x<p class='never closed", "x"),
        ("<SCRIPT>a</p>$1</Script >x", "x"),
        ("&notanentity; &amp &#0; x", "¬anentity; & \ufffd x"),
        ("", ""),
    ],
)
def test_visible_text(source, text):
    """Visible text is what a reader sees: blocks part it, inline tags do not, hidden things are left out."""
    assert visible_text(source).text == text


@pytest.mark.parametrize(
    ("source", "marked"),
    [
        ("<p>went $343 million in</p>", "<p>went $343 million| in</p>"),
        ("$<b>343</b> <i>million</i> x", "$<b>343</b> <i>million|</i> x"),
        ("$<b>343&nbsp;million</b>", "$<b>343&nbsp;million|</b>"),
        ('<a href="/x">$343 million</a> x', '<a href="/x">$343 million</a>| x'),
        ("<A HREF=x>of <u>$343 million</u> gone</A>.", "<A HREF=x>of <u>$343 million</u> gone</A>|."),
        ('<a title="$5">x</a><script>"$6"</script>', '<a title="$5">x</a><script>"$6"</script>'),
        ("&#36;5 and &dollar;6", "&#36;5| and &dollar;6|"),
    ],
)
def test_where_notes_go(source, marked):
    """A note stands behind its figure, outside of tags and attributes, and behind a link rather than in it."""
    assert with_marks(source) == marked


@pytest.mark.parametrize("name", ["breakwater.html", "margin-notes-tricky.html"])
def test_the_shipped_newsletters(name):
    """Real letters' tricks: every visible figure gets its note once, and the bytes come back."""
    source = (fixtures() / "newsletters" / name).read_bytes().decode()
    done = enriched(source)
    assert len(done.annotations) >= 5
    assert "999" not in {note.figure for note in done.annotations}
    assert enriched(done.content) == done
    assert remove(done.content) == source


def test_an_annotation_says_where_and_what():
    """An annotation names its claim, verdict and figure, and the offset behind the figure in the bare source."""
    source = "<p>went <b>$343 million</b> in</p>"
    (note,) = enriched(source).annotations
    assert (note.figure, note.verdict) == ("$343 million", "corroborated")
    assert source[: note.place].endswith("$343 million")


def test_claims_read_beforehand():
    """Claims read from the visible text by the caller are placed as well as those of a callback."""
    source = "<p>went <b>$343 million</b> in</p>"
    assert annotate(source, check_figures(visible_text(source).text)) == enriched(source)


def test_new_verdicts_replace_old_ones():
    """Annotating again with another verdict leaves the new note alone."""
    first = enriched("went $343 million in").content
    second = enrich(first, kind="html", check=lambda text: check_figures(text, simulated=True)).content
    assert "simulated" not in first
    assert second.count("data-newsdetect") == 1
    assert "corroborated (simulated)" in second


def test_hostile_words_stay_words():
    """No word of an explanation can leave its attribute, start a tag or fill a mailing tool's merge field."""
    bad = '"><script>alert(1)</script> {{ id }} %%x%% *|Y|* é \ud800 \x00'
    content = enrich("$5 x", kind="html", check=lambda text: check_figures(text, explanation=bad)).content
    assert content.isascii()
    assert NOTE.sub("", content) == "$5 x"
    note = NOTE.search(content)[0]
    assert not re.search(r"script>|\{\{|%%|\*\|", note)


def test_a_claim_without_a_check_gets_no_note():
    """Where nothing was checked nothing is said."""
    checked = [(claim, None) for claim, _ in check_figures("$5 x")]
    assert annotate("$5 x", checked).content == "$5 x"


def test_two_claims_on_one_figure():
    """Claims on the same characters give one note a verdict."""
    span = Span(start=1, end=3, text="$5")
    claims = [
        Claim(id=claim_id("d", span, n), metric="liquidations", value=5, low=5, high=5, evidence=span) for n in range(3)
    ]
    verdicts = ["plausible", "plausible", "contradicted"]
    checked = [(c, Check(claim_id=c.id, verdict=v)) for c, v in zip(claims, verdicts, strict=True)]
    assert [note.verdict for note in annotate("$5 x", checked).annotations] == ["plausible", "contradicted"]


@pytest.mark.parametrize("start", [0, 2, 90])
def test_a_claim_of_another_text_is_refused(start):
    """Evidence that does not stand where the claim says is the caller's fault, and the error says which and why."""
    span = Span(start=start, end=start + 2, text="$5")
    claim = Claim(id="c9", metric="liquidations", value=5, low=5, high=5, evidence=span)
    with pytest.raises(UsageError, match=r"c9.*visible text") as fault:
        annotate("$5 x", [(claim, None)])
    assert fault.value.key == "c9"


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "$343 million",
                "$<b>5",
                "</b>",
                "&#36;7",
                "&nbsp;",
                "&am",
                "<p>",
                "</P>",
                "<br/>",
                "<a href='x>y'>",
                "</a>",
                "<!--",
                "-->",
                "<!-->",
                "<script>",
                "</script>",
                "<title>",
                "</title>",
                "<div style=display:none>",
                "</div>",
                '<x a="',
                '"',
                "'",
                ">",
                "<",
                "</",
                "<?",
                "<!",
                "\r\n",
                "\t",
                "\ud83d",
                "\u00a0",
                "é",
                "<head>",
                "<body>",
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=25,
)


@given(PIECES.map("".join))
def test_removing_restores(source):
    """Whatever the source, removing the notes gives it back to the character."""
    assert remove(enriched(source).content) == source


@given(PIECES.map("".join))
def test_twice_is_once(source):
    """Annotating an annotated letter changes nothing."""
    once = enriched(source)
    assert enriched(once.content) == once


@given(PIECES.map("".join))
def test_places_hold(source):
    """Each visible character has a place in order, and an untouched one is the source's own character there."""
    visible = visible_text(source)
    assert len(visible.text) == len(visible.starts) == len(visible.ends) == len(visible.after)
    assert list(visible.starts) == sorted(visible.starts)
    for char, start, end in zip(visible.text, visible.starts, visible.ends, strict=True):
        if end - start == 1 and char not in " \ufffd":
            assert source[start:end] == char


@given(PIECES.map("".join))
def test_notes_are_not_read_again(source):
    """The visible text of an annotated letter is that of the bare one, wherever its parts still run together."""
    assert visible_text(enriched(source).content).text == visible_text(source).text


def test_deep_nesting_is_read():
    """Twenty thousand nested tags are read like any others."""
    source = "<div>" * 20_000 + "$5" + "</div>" * 20_000
    assert len(enriched(source).annotations) == 1
