"""Annotating newsletters that are mails: every transfer encoding keeps its bytes."""

from __future__ import annotations

import email
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.bundled import fixtures
from newsdetect.outputs.newsletter import enrich, remove
from newsdetect.outputs.newsletter.notes import NOTE
from tests.outputs.mail.newsletters import check_figures

HTML = (
    "<p>Märkte: <b>$343&nbsp;million</b> in one hour, of <a href='x'>$852 million</a> – all.</p>\n"
    + "<p>fill</p>\n" * 9
)


def enriched(source: str):
    return enrich(source, kind="eml", check=check_figures)


def make_mail(html: str = HTML, *, cte: str = "quoted-printable", charset: str = "utf-8", policy=default) -> str:
    """Write a mail with both alternatives, its HTML in a transfer encoding."""
    mail = EmailMessage(policy=policy)
    mail["Subject"] = "Letter"
    mail.set_content("of $343 million in one hour")
    mail.add_alternative(html, subtype="html", cte=cte, charset=charset)
    return mail.as_bytes().decode("utf-8", "surrogateescape")


def html_of(source: str) -> str:
    mail = email.message_from_bytes(source.encode("utf-8", "surrogateescape"), policy=default)
    return mail.get_body(("html",)).get_content()


@pytest.mark.parametrize("policy", [default, SMTP], ids=["lf", "crlf"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-15", "windows-1252"])
@pytest.mark.parametrize("cte", ["quoted-printable", "base64"])
def test_encoded_parts(cte, charset, policy):
    """A note lands behind its figure in the decoded part, and taking it out restores the message."""
    source = make_mail(HTML.replace("–", "-"), cte=cte, charset=charset, policy=policy)
    done = enriched(source)
    assert [note.figure for note in done.annotations] == ["$343\u00a0million", "$852 million"]
    assert NOTE.sub("|", html_of(done.content)) == html_of(source).replace("million</b>", "million|</b>").replace(
        "million</a>", "million</a>|"
    )
    assert remove(done.content, kind="eml") == source
    assert enriched(done.content) == done


def test_unencoded_parts():
    """8bit bodies are annotated as they stand."""
    source = make_mail(cte="8bit")
    done = enriched(source)
    assert NOTE.sub("|", html_of(done.content)).count("|") == 2
    assert remove(done.content, kind="eml") == source


def test_lines_stay_short():
    """Notes make no line of a quoted-printable part longer than those that were there."""
    source = make_mail("<p>" + "word $5 million " * 40 + "</p>")
    done = enriched(source)
    assert len(done.annotations) == 40
    assert max(map(len, done.content.splitlines())) <= max(map(len, source.splitlines()))


def test_a_note_makes_no_boundary():
    """Two dashes behind a figure would begin a line behind its note, and end the part there."""
    head = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    source = f"Content-Type: multipart/mixed; boundary=b\n\n--b\n{head}$5 million fell, and $343 million--b\n--b--\n"
    done = enriched(source)
    assert [note.figure for note in done.annotations] == ["$5 million"]
    assert remove(done.content, kind="eml") == source


def test_only_html_parts_change():
    """Headers and the plain text stay to the byte."""
    source = make_mail()
    before, after = (text.split("Content-Type: text/html")[0] for text in (source, enriched(source).content))
    assert before == after


def test_attachments_stay():
    """An attached page is no part of the letter."""
    mail = EmailMessage()
    mail.set_content("see attachment")
    mail.add_attachment("<p>$5</p>", subtype="html", filename="x.html")
    assert enriched(mail.as_string()).annotations == ()


def test_base64_of_odd_layout_is_left_alone():
    """A body that would not come back as it was is not touched."""
    source = "Content-Type: text/html\nContent-Transfer-Encoding: base64\n\nJDUg\nbQ==\nJDYg\n"
    assert enriched(source).content == source


def test_the_shipped_mail():
    """The fixture's figures get their notes and its bytes come back."""
    source = (fixtures() / "newsletters" / "small-hours.eml").read_bytes().decode()
    done = enriched(source)
    assert [note.figure for note in done.annotations] == ["$904 million", "$731.9\u00a0million", "$85.2 million"]
    assert remove(done.content, kind="eml") == source


@pytest.mark.parametrize(
    "source", ["", "no head", "Content-Type: multipart/mixed; boundary=x\n\n--x\n--x--\n", "\n\n$5"]
)
def test_what_is_no_mail_stays(source):
    """A message without an HTML part is given back as it came."""
    assert enriched(source).content == source


BODIES = st.lists(
    st.sampled_from(
        [
            "$343 million",
            "=",
            "=\n",
            "=3D",
            "=24",
            "=E2=80=94",
            "=E2",
            "<b>",
            "</b>",
            "=\r\n",
            "\n",
            "&nbsp;",
            "é",
            "=zz",
            "<a href=3Dx>",
            "</a>",
            "</span>",
            "<span data-newsdetect=3D",
            "--b",
            "\n--b\n",
            "\n\n",
            "$<i>5</i>",
            "\udc80",
        ]
    ),
    max_size=25,
).map("".join)


@given(
    BODIES,
    st.sampled_from(["7bit", "quoted-printable", "base64", "strange"]),
    st.sampled_from(["utf-8", "latin-1", "shift_jis", "x"]),
)
def test_removing_restores(body, encoding, charset):
    """Whatever stands in the message, removing the notes gives it back."""
    head = f"Content-Type: text/html; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    for source in (head + body, f"Content-Type: multipart/mixed; boundary=b\n\n--b\n{head}{body}\n--b--\n"):
        once = enriched(source)
        assert remove(once.content, kind="eml") == source
        assert enriched(once.content) == once
