"""The one polite, guarded HTTP client; every byte from outside comes through `Fetcher` or another `Opener`."""

from newsdetect.fetch.answer import Fetched, Opener
from newsdetect.fetch.client import Fetcher

__all__ = ["Fetched", "Fetcher", "Opener"]
