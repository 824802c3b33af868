"""Delivery over SMTP, against a real server on loopback."""

from __future__ import annotations

import datetime as dt
import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from newsdetect.config import MailSettings
from newsdetect.errors import ConfigError, DeliveryError
from newsdetect.outputs.digest import build_digest
from newsdetect.outputs.mail import send
from tests.outputs.mail.reports import make_report


class Inbox:
    """Takes mail for everybody but those whose address begins with `gone`."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802 -- aiosmtpd's name
        """Refuse the address, or take it."""
        if address.startswith("gone"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 -- likewise
        """Keep what came."""
        self.taken += [(address, envelope.content) for address in envelope.rcpt_tos]
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def inbox():
    return Inbox()


def serving(inbox, **given) -> Controller:
    return Controller(inbox, hostname="127.0.0.1", port=free_port(), **given)


@pytest.fixture
def server(inbox):
    controller = serving(inbox)
    controller.start()
    yield controller
    controller.stop()


def settings_for(controller, *recipients: str, **given) -> MailSettings:
    return MailSettings(
        host=controller.hostname, port=controller.port, recipients=recipients, sender="digest@news.example", **given
    )


def digest(settings):
    return build_digest([make_report()], date=dt.date(2025, 8, 26), settings=settings)


def test_each_recipient_gets_a_mail_of_their_own(server, inbox):
    """All recipients have the digest, and nobody sees the others' addresses."""
    settings = settings_for(server, "ann@reader.example", "Bob <bob@reader.example>")
    send(digest(settings), settings)
    assert [address for address, _ in inbox.taken] == ["ann@reader.example", "bob@reader.example"]
    for address, content in inbox.taken:
        assert content.count(b"@reader.example") == 1
        assert address.encode() in content
        assert b"$343 million" in content


def test_a_refused_recipient_is_named(server, inbox):
    """A 550 names the address and the server's words; the other recipients have their mail."""
    settings = settings_for(server, "gone@reader.example", "ann@reader.example")
    with pytest.raises(DeliveryError, match=r"gone@reader\.example \(550 .*no such mailbox\).*\[mail\]") as fault:
        send(digest(settings), settings)
    assert fault.value.key == "gone@reader.example"
    assert [address for address, _ in inbox.taken] == ["ann@reader.example"]


def test_a_server_that_is_down_is_named():
    """No server: the error names host and port and says what to check."""
    settings = MailSettings(host="127.0.0.1", port=free_port(), recipients=("ann@reader.example",))
    with pytest.raises(DeliveryError, match=r"127\.0\.0\.1:\d+ cannot be used .*check host, port") as fault:
        send(digest(settings), settings)
    assert fault.value.key == f"127.0.0.1:{settings.port}"


def test_a_wrong_password_is_named(inbox):
    """A refused login names the user and where the password is read from, never the password."""
    controller = serving(
        inbox, authenticator=lambda *_: AuthResult(success=False, handled=False), auth_require_tls=False
    )
    controller.start()
    try:
        settings = settings_for(controller, "ann@reader.example", username="me", password="not-this")
        with pytest.raises(DeliveryError, match=r"'me'.*NEWSDETECT_MAIL__PASSWORD") as fault:
            send(digest(settings), settings)
    finally:
        controller.stop()
    assert "not-this" not in str(fault.value)


def test_tls_is_not_left_out(server, inbox):
    """Where TLS is asked for and the server has none, nothing is sent in the clear."""
    settings = settings_for(server, "ann@reader.example", tls=True)
    with pytest.raises(DeliveryError, match="tls"):
        send(digest(settings), settings)
    assert inbox.taken == []


def test_a_password_is_not_sent_in_the_clear():
    """A password for another machine needs TLS."""
    settings = MailSettings(host="mail.example", username="me", password="x", recipients=("ann@reader.example",))
    with pytest.raises(ConfigError, match="tls = true"):
        send(digest(settings), settings)


def test_nobody_to_send_to(server):
    """Without recipients sending is refused, and the setting is named."""
    settings = settings_for(server)
    with pytest.raises(ConfigError, match="recipients"):
        send(digest(settings), settings)
