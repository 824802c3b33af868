"""The daily digest: what it says, and that it is a mail every client can read."""

from __future__ import annotations

import datetime as dt
import email
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.checks.check import Check
from newsdetect.config import MailSettings
from newsdetect.errors import ConfigError
from newsdetect.events.event import Figure
from newsdetect.outputs import digest_wording as wording
from newsdetect.outputs.digest import MOST_EVENTS, build_digest, digest_html, digest_text, subject
from newsdetect.storage.rows import DocumentRef
from newsdetect.types import Window
from tests.outputs.mail.reports import MILLION, make_report

DATE = dt.date(2025, 8, 26)
SENT = dt.datetime(2025, 8, 26, 6, tzinfo=dt.UTC)
SETTINGS = MailSettings(
    sender="newsdetect <digest@news.example>",
    recipients=("ann@reader.example",),
    unsubscribe="https://news.example/leave?who=ann",
)


def build(reports, **given):
    return build_digest(reports, date=DATE, settings=given.pop("settings", SETTINGS), sent_at=SENT, **given)


def parts(message) -> tuple[str, str]:
    """Give the plain and HTML parts as a mail client decodes them from the wire."""
    read = email.message_from_bytes(message.as_bytes(), policy=default)
    return read.get_body(("plain",)).get_content(), read.get_body(("html",)).get_content()


def test_nothing_to_say_no_mail():
    """A day without events sends nothing."""
    assert build([]) is None


def test_headers():
    """A digest has a sender, a date, an id, a way to leave, and says that no person wrote it."""
    message = build([make_report()])
    assert message["From"] == "newsdetect <digest@news.example>"
    assert message["To"] == "ann@reader.example"
    assert message["Date"] == "Tue, 26 Aug 2025 06:00:00 +0000"
    assert message["Message-ID"].startswith("<digest.2025-08-26.")
    assert message["List-Unsubscribe"] == "<https://news.example/leave?who=ann>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"


def test_the_same_digest_has_the_same_id():
    """Sent twice it is one message to a client; another content is another one."""
    assert build([make_report()])["Message-ID"] == build([make_report()])["Message-ID"]
    assert build([make_report()])["Message-ID"] != build([make_report(344)])["Message-ID"]


def test_both_parts_tell_the_event():
    """Verdict, figure, window, side, reports, independent sources and evidence stand in both alternatives."""
    for part in parts(build([make_report()])):
        for words in (
            "$343 million",
            "plausible",
            "1 hour · longs and shorts · all assets · all venues",
            "$852 million",
            "2 reports, all of one source; figures by CoinGlass",
            "https://a.example/1",
            "tenth",
        ):
            assert words.casefold() in part.casefold()


def test_simulated_data_are_named():
    """A verdict on simulated data says so in the subject and in both parts; a real one does not."""
    reports = [make_report(simulated=True)]
    assert "simulated" in subject(reports, date=DATE)
    assert all("SIMULATED" in part for part in parts(build(reports)))
    assert not any("SIMULATED" in part for part in parts(build([make_report()])))


def test_a_failed_figure_beside_the_headline_shows():
    """Each further figure has its own verdict, and one that failed leads them, however small."""
    figures = tuple(
        Figure(value=n * MILLION, window=Window(hours=24), claim_ids=(f"c{n}",))
        for n in (900, 800, 700, 600, 500, 400, 85)
    )
    checks = tuple(
        Check(claim_id=f"c{n}", verdict="contradicted" if n == 85 else "plausible")
        for n in (900, 800, 700, 600, 500, 85)
    )
    plain, html = parts(build([make_report(930, further=figures, checks=checks)]))
    assert "also: $85 million (24 hours), contradicted" in plain
    assert "also: $900 million (24 hours), plausible" in plain
    assert "and 1 further figure" in plain
    assert html.index("$85 million") < html.index("$900 million")


@pytest.mark.parametrize(
    ("documents", "independent", "told"),
    [(1, 1, "1 report"), (3, 1, "3 reports, all of one source"), (8, 6, "8 reports, 6 of them independent")],
)
def test_reports_and_sources(documents, independent, told):
    """Reports are counted, and how many of them copy nobody."""
    report = make_report(observers=())
    event = report.event.model_copy(update={"documents": tuple("abcdefgh"[:documents]), "independent": independent})
    assert wording.sources(report.model_copy(update={"event": event})) == told


def test_an_unchecked_event_says_so():
    """Without a verdict the digest says that nothing was checked, rather than nothing."""
    assert all("not checked" in part.casefold() for part in parts(build([make_report(verdict=None, explanation="")])))


def test_the_largest_leads_and_the_many_are_counted():
    """Events stand by size; beyond twenty they are counted."""
    reports = [make_report(float(n)) for n in range(1, MOST_EVENTS + 4)]
    text = digest_text(reports, date=DATE)
    assert text.index("$23 million") < text.index("$22 million")
    assert "$3 million" not in text
    assert "And 3 smaller events." in text
    assert "23 events" in subject(reports, date=DATE)


def test_hostile_words_are_shown_not_run():
    """Titles, quotes and outlets cannot start a tag, leave an attribute, fill a template or add a header."""
    bad = "<script>alert(1)</script>{{ 7*7 }}\"'>\r\nBcc: all@x.example\x00\ud800"
    refs = (DocumentRef(id="d", title=bad, outlet=bad, url="javascript:alert(1)"),)
    message = build([make_report(documents=refs, quote=bad, explanation=bad, observers=(bad,))])
    plain, html = parts(message)
    assert "<script" not in html
    assert "javascript:" not in html
    assert "javascript:" not in plain
    assert "{{ 7*7 }}" in html
    assert message["Bcc"] is None
    assert "\nBcc:" not in plain


def test_hostile_units_stay_on_the_subjects_line():
    """Words that reach the subject cannot break out of it."""
    headline = Figure(value=5.0, unit="X\r\nBcc: a@b.example", window=None)
    message = build([make_report(headline=headline)])
    assert message["Bcc"] is None
    assert "5 X Bcc: a@b.example liquidated" in message["Subject"]


@pytest.mark.parametrize("field", ["sender", "recipients"])
@pytest.mark.parametrize("wrong", ["nobody", "a@b.example\r\nBcc: c@d.example", "", "@", "a@b.example, c@d.example"])
def test_a_wrong_address_is_named(field, wrong):
    """A setting that is no single address is refused by the setting's name."""
    settings = SETTINGS.model_copy(update={field: wrong if field == "sender" else (wrong,)})
    with pytest.raises(ConfigError, match=f"mail.{field}"):
        build([make_report()], settings=settings)


@pytest.mark.parametrize("wrong", ["javascript:x", "http://a.example", "https://a.example/\r\nBcc: x", "https://a> <b"])
def test_a_wrong_unsubscribe_address_is_named(wrong):
    """The address to leave by is https or mailto and cannot break its header."""
    with pytest.raises(ConfigError, match=r"mail\.unsubscribe"):
        build([make_report()], settings=SETTINGS.model_copy(update={"unsubscribe": wrong}))


def test_no_unsubscribe_address_no_header():
    """Without a configured address there is no empty header."""
    message = build([make_report()], settings=SETTINGS.model_copy(update={"unsubscribe": None}))
    assert message["List-Unsubscribe"] is None


def test_the_html_is_laid_out_for_mail_clients():
    """Styles are inlined, media queries for dark and small screens kept, the sheet is 600 pixels of table."""
    html = digest_html([make_report()], date=DATE, page="https://news.example/")
    assert 'width="600"' in html
    assert html.count("style=") > 20
    assert "prefers-color-scheme: dark" in html
    assert "@media only screen" in html
    assert "<script" not in html
    assert 'href="https://news.example/"' in html


def test_lines_fit_on_the_wire():
    """No encoded line is longer than mail allows, and all lines end in CRLF."""
    wire = build([make_report(explanation="long " * 300, quote="é" * 900)]).as_bytes()
    assert max(map(len, wire.split(b"\r\n"))) <= 78
    assert b"\n" not in wire.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("figure", "amount", "scope"),
    [
        (Figure(value=343 * MILLION, window=Window(hours=1)), "$343 million", "1 hour"),
        (Figure(value=806.4 * MILLION, window=Window(hours=24)), "$806.4 million", "24 hours"),
        (Figure(value=1.05e9), "$1.05 billion", "no window told"),
        (Figure(value=19.16e9, side="long", asset="BTC", venue="OKX"),
         "$19.16 billion", "no window told · longs · BTC · OKX"),
        (Figure(value=240, unit="BTC", window=Window(hours=0.0167)), "240 BTC", "1 minute"),
        (Figure(value=151676, unit="traders", metric="traders_liquidated", window=Window(hours=12)),
         "151,676 traders", "traders liquidated · 12 hours"),
        (Figure(value=85_200, window=Window(start=SENT.replace(hour=0), end=SENT.replace(day=27, hour=0))),
         "$85,200", "26 August 2025"),
        (Figure(value=5e6, window=Window(start=SENT, end=SENT.replace(hour=9))),
         "$5 million", "26 Aug 06:00 to 26 Aug 09:00 UTC"),
    ],
)  # fmt: skip
def test_wording(figure, amount, scope):
    """Figures and their scopes are said as readers say them."""
    assert (wording.amount(figure), wording.scope(figure, whole=False)) == (amount, scope)


@given(st.floats(1, 1e15), st.sampled_from(["USD", "BTC"]))
def test_every_amount_can_be_said(value, unit):
    """No amount is written in powers of ten or with a long tail of digits."""
    said = wording.amount(Figure(value=value, unit=unit))
    assert "e+" not in said
    assert len(said) < 28
