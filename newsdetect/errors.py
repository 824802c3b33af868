"""What can go wrong, as one tree; every error carries the key of the thing it speaks of.

    NewsdetectError
    ├── UsageError            the caller's words: an option, a setting, a file's name
    │   └── ConfigError       newsdetect.toml or NEWSDETECT_*
    ├── FetchError            a URL gave no usable bytes
    │   ├── Refused           robots.txt, a private address, a scheme that is not http(s)
    │   ├── TooLarge          more bytes than the cap, after decompression
    │   ├── BrokenAnswer      an API answered with what is no answer of its: HTML, nothing, another shape
    │   ├── KeyRefused        an API takes no key like ours: wrong, expired, of a lesser plan
    │   └── Gone              410: stop asking
    ├── SourceError           bytes that are no feed, or a page without an article
    ├── DocumentError         text that cannot be made a document
    ├── MarketFileError       a market file that is not what its kind says (file, row, reason)
    │   └── NoUsableRow       every row of it breaks a rule
    ├── MalformedMessage      a live feed sent what is no message of its venue
    ├── SpoolError            the recorder's spool cannot be written or is in use
    ├── StoreError            the database cannot be reached, or is of another version
    ├── ModelError            a trained model's file is missing or damaged
    └── DeliveryError         mail that a server did not take

"Not enough evidence" is a verdict (`not_checkable`), never an exception.
"""

from __future__ import annotations


class NewsdetectError(Exception):
    """Anything this package raises on purpose: `key` names the thing, the message says what is wrong and the remedy."""

    def __init__(self, message: str, *, key: str | None = None) -> None:
        super().__init__(message)
        #: The URL, file, claim id or setting that the message is about.
        self.key = key


class UsageError(NewsdetectError):
    """The call asks for something that cannot be: another option, file or value is needed."""


class ConfigError(UsageError):
    """A setting in newsdetect.toml or NEWSDETECT_* is not usable."""


class FetchError(NewsdetectError):
    """A URL gave no usable bytes; `status` is the HTTP status where there was one, `retry_after` in seconds if told."""

    def __init__(
        self, message: str, *, key: str | None = None, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message, key=key)
        self.status = status
        #: How long the server wants to be left alone.
        self.retry_after = retry_after


class Refused(FetchError):
    """We did not ask: robots.txt forbids it, the address is private, or the scheme is not http(s)."""


class TooLarge(FetchError):
    """The answer ran over the size cap after decompression and was cut off."""


class BrokenAnswer(FetchError):
    """An API's answer is not of its shape: HTML, an empty body, broken JSON; never the same as "no data"."""


class KeyRefused(FetchError):
    """An API does not take the key we have; the message names the setting that holds it."""


class Gone(FetchError):
    """The server says 410: what was there is gone for good, stop asking."""


class SourceError(NewsdetectError):
    """The bytes came, but are no feed, or hold no article."""


class DocumentError(NewsdetectError):
    """The text cannot be made a document: it is binary, empty or over the size that is read."""


class MarketFileError(NewsdetectError):
    """A market file is not what its kind says; the message names file, row and reason."""


class NoUsableRow(MarketFileError):
    """Every row of a market file breaks a rule of its kind; the message names the first and its reason."""


class MalformedMessage(NewsdetectError):
    """A live feed sent what is no message of its venue; `key` is the venue, the message says what is wrong with it."""


class SpoolError(NewsdetectError):
    """The recorder's spool cannot be written, or another recorder is writing it; the message names the folder."""


class StoreError(NewsdetectError):
    """The database cannot be reached, or its schema is not this version's."""


class ModelError(NewsdetectError):
    """A file of the trained model is missing, damaged or of another version; the message says how to restore it."""


class DeliveryError(NewsdetectError):
    """A mail server did not take a message."""
