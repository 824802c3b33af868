"""The daily digest: one mail with each event of a day, its verdict and the evidence; no mail where nothing happened.

Plain text and HTML are alternatives of one message. The HTML is laid out in tables of 600 pixels with its styles
inlined, as mail clients want it; light and dark. Article text is escaped by the template, whatever it holds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache

import css_inline
import jinja2

from newsdetect.config import MailSettings
from newsdetect.outputs import digest_wording as wording
from newsdetect.outputs.mail import addresses, one_line, unsubscribe_headers
from newsdetect.outputs.report import SEVERITY, EventReport

#: More events than this make no morning's reading; the rest is counted.
MOST_EVENTS = 20


def build_digest(
    reports: Sequence[EventReport],
    *,
    date: dt.date,
    settings: MailSettings,
    sent_at: dt.datetime | None = None,
    page: str | None = None,
) -> EmailMessage | None:
    """Write the digest of a day's events as a MIME message; null where there is nothing to say.

    `sent_at` stands in the Date header (now, if not given); `page` is the address where events can be looked up. The
    Message-ID is a hash of day and content, so that the same digest sent twice is seen as one. Raise ConfigError for
    an address in the settings that is none.
    """
    if not reports:
        return None
    text, page_html = (
        digest_text(reports, date=date),
        digest_html(reports, date=date, page=page, unsubscribe=settings.unsubscribe),
    )
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject(reports, date=date)
    (sender,) = addresses([settings.sender], setting="mail.sender")
    message["From"] = sender
    if settings.recipients:
        message["To"] = addresses(settings.recipients, setting="mail.recipients")
    message["Date"] = format_datetime(sent_at or dt.datetime.now(dt.UTC))
    message["Message-ID"] = _message_id(date, text, sender.domain or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    for name, value in unsubscribe_headers(settings):
        message[name] = value
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(page_html, subtype="html", cte="quoted-printable")
    # Of the content, as the Message-ID is: the same digest is the same bytes.
    message.set_boundary(f"newsdetect-{hashlib.sha256((text + page_html).encode()).hexdigest()[:24]}")
    return message


def subject(reports: Sequence[EventReport], *, date: dt.date) -> str:
    """Give the subject: the day, the largest figure with its verdict, how many events."""
    first = _ordered(reports)[0]
    simulated = " (simulated data)" if any(report.simulated for report in reports) else ""
    events = wording.counted(len(reports), "event")
    verdict = wording.VERDICT_WORDS.get(first.verdict, "not checked")
    return one_line(f"{wording.day(date)}: {wording.amount(first.headline)} liquidated, {verdict}; {events}{simulated}")


def digest_html(
    reports: Sequence[EventReport], *, date: dt.date, page: str | None = None, unsubscribe: str | None = None
) -> str:
    """Write the digest as a page that mail clients lay out: styles inlined, media queries kept.

    `page` and `unsubscribe` are linked in the footer, if they are http(s) addresses.
    """
    written = (
        _templates()
        .get_template("digest.html.j2")
        .render(_told(reports, date), page=wording.safe_url(page), unsubscribe=wording.safe_url(unsubscribe))
    )
    return css_inline.inline(written, keep_at_rules=True, load_remote_stylesheets=False)


def digest_text(reports: Sequence[EventReport], *, date: dt.date) -> str:
    """Write the digest as plain text."""
    return _templates().get_template("digest.txt.j2").render(_told(reports, date)).strip() + "\n"


def _told(reports: Sequence[EventReport], date: dt.date) -> dict[str, object]:
    """Give what both templates are filled with."""
    ordered = _ordered(reports)
    verdicts = Counter(report.verdict for report in ordered)
    return {
        "date": wording.day(date),
        "reports": ordered[:MOST_EVENTS],
        "more": max(0, len(ordered) - MOST_EVENTS),
        "events": wording.counted(len(ordered), "event"),
        "verdicts": [(verdict, verdicts[verdict]) for verdict in (*SEVERITY, None) if verdicts[verdict]],
        "simulated": any(report.simulated for report in ordered),
    }


def _ordered(reports: Sequence[EventReport]) -> list[EventReport]:
    """Order events by size, dollars first: what moved most is read first."""
    return sorted(reports, key=lambda report: (report.headline.unit != "USD", -report.headline.value, report.event.id))


def _message_id(date: dt.date, text: str, domain: str) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:20]
    return f"<digest.{date.isoformat()}.{digest}@{domain}>"


@cache
def _templates() -> jinja2.Environment:
    # The text part is no HTML: there, and only there, escaping would show its own characters.
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("newsdetect.outputs"),
        autoescape=jinja2.select_autoescape(disabled_extensions=("txt.j2",), default=True),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(words=wording)
    return environment
