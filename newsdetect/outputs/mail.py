"""Mail: addresses and headers that cannot be broken out of, and delivery over SMTP.

Each recipient gets a message of their own over one connection, so nobody sees the others' addresses and one refusal
stops no other delivery. Limits: no DKIM signature of our own (leave that to the mail server), no retry: the caller
learns what was not taken.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterator, Sequence
from copy import deepcopy
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses

import aiosmtplib

from newsdetect.config import MailSettings
from newsdetect.errors import ConfigError, DeliveryError

#: Implicit TLS from the first byte; on any other port STARTTLS.
_TLS_PORT = 465
_TIMEOUT_S = 30.0


def send(message: EmailMessage, settings: MailSettings) -> None:
    """Deliver a message to `settings.recipients`.

    Raise ConfigError for settings that cannot work, DeliveryError for a server that cannot be reached or refuses; its
    key is the refused recipient or the server. Where some recipients are refused, the others have their mail.
    """
    asyncio.run(deliver(message, settings))


async def deliver(message: EmailMessage, settings: MailSettings) -> None:
    """Deliver as `send` does, from a running event loop."""
    recipients = addresses(settings.recipients, setting="mail.recipients")
    if not recipients:
        raise ConfigError("nobody to send to: set recipients in [mail]", key="mail.recipients")
    _guard_password(settings)
    client = aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        username=settings.username,
        password=settings.password.get_secret_value() if settings.password else None,
        use_tls=settings.tls and settings.port == _TLS_PORT,
        start_tls=settings.tls and settings.port != _TLS_PORT,
        timeout=_TIMEOUT_S,
    )
    await _connect(client, settings)
    try:
        refused = [fault for to in recipients if (fault := await _refusal(client, message, to)) is not None]
    finally:
        await _close(client)
    if refused:
        raise DeliveryError(_refusals(refused, settings), key=refused[0][0])


def addresses(given: Sequence[str], *, setting: str) -> tuple[Address, ...]:
    """Read addresses, with or without a name; raise ConfigError for one that is none or spans lines."""
    return tuple(_address(one, setting) for one in given)


def one_line(text: str) -> str:
    """Bring words to one line: control characters and runs of space become one blank; a lone surrogate U+FFFD."""
    clean = ("\ufffd" if "\ud800" <= char <= "\udfff" else char if char.isprintable() else " " for char in text)
    return " ".join("".join(clean).split())


def unsubscribe_headers(settings: MailSettings) -> Iterator[tuple[str, str]]:
    """Give the headers by which a reader leaves the list; one click (RFC 8058) for an https address."""
    where = settings.unsubscribe
    if where is None:
        return
    if not where.startswith(("https://", "mailto:")) or one_line(where) != where or set(where) & set("<> ,"):
        raise ConfigError(f"mail.unsubscribe: {where!r} is no https: or mailto: address", key="mail.unsubscribe")
    yield "List-Unsubscribe", f"<{where}>"
    if where.startswith("https://"):
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _address(given: str, setting: str) -> Address:
    wrong = ConfigError(f"{setting}: {given!r} is no mail address", key=setting)
    read = getaddresses([given])
    if one_line(given) != given or len(read) != 1 or "@" not in read[0][1]:
        raise wrong
    name, spec = read[0]
    try:
        return Address(display_name=name, addr_spec=spec)
    except (ValueError, IndexError, HeaderParseError) as fault:
        raise wrong from fault


def _guard_password(settings: MailSettings) -> None:
    """Refuse to send a password in the clear to another machine."""
    if settings.password is None or settings.tls or _loopback(settings.host):
        return
    raise ConfigError(
        f"the mail password would cross the network to {settings.host} unencrypted: set tls = true in [mail]",
        key="mail.tls",
    )


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _connect(client: aiosmtplib.SMTP, settings: MailSettings) -> None:
    server = f"{settings.host}:{settings.port}"
    try:
        await client.connect()
    except aiosmtplib.SMTPAuthenticationError as fault:
        raise DeliveryError(
            f"{server} refuses the user {settings.username!r}: check username in [mail] and NEWSDETECT_MAIL__PASSWORD",
            key=server,
        ) from fault
    except (aiosmtplib.SMTPException, OSError) as fault:
        raise DeliveryError(
            f"mail server {server} cannot be used ({one_line(str(fault))}): check host, port and tls in [mail], "
            "and that the server runs",
            key=server,
        ) from fault


async def _refusal(client: aiosmtplib.SMTP, message: EmailMessage, to: Address) -> tuple[str, str] | None:
    """Send one recipient's copy; give the address and the server's words where it is refused."""
    own = deepcopy(message)
    del own["To"]
    own["To"] = to
    try:
        await client.send_message(own, recipients=[to.addr_spec])
    except aiosmtplib.SMTPRecipientsRefused as fault:
        first = fault.recipients[0]
        return to.addr_spec, f"{first.code} {one_line(first.message)}"
    except aiosmtplib.SMTPResponseException as fault:
        return to.addr_spec, f"{fault.code} {one_line(fault.message)}"
    except (aiosmtplib.SMTPException, OSError) as fault:
        return to.addr_spec, one_line(str(fault))
    return None


def _refusals(refused: Sequence[tuple[str, str]], settings: MailSettings) -> str:
    told = "; ".join(f"{address} ({words})" for address, words in refused)
    return (
        f"{settings.host}:{settings.port} did not take the mail for {told}: correct or remove the address in "
        "[mail] recipients, and send again; all others have been delivered"
    )


async def _close(client: aiosmtplib.SMTP) -> None:
    """Say goodbye; a server that has gone already has nothing more to tell."""
    try:
        await client.quit()
    except aiosmtplib.SMTPServerDisconnected:
        client.close()
