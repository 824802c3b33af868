"""The one polite, guarded HTTP client; every byte from outside comes through `Fetcher` or another `Opener`."""

from newsdetect.fetch.answer import Fetched, Opener
from newsdetect.fetch.api import ApiAnswer, ApiClient, Busy
from newsdetect.fetch.client import Fetcher
from newsdetect.fetch.pace import Pace

__all__ = ["ApiAnswer", "ApiClient", "Busy", "Fetched", "Fetcher", "Opener", "Pace"]
