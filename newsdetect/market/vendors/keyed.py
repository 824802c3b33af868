"""Make the client of a vendor that wants a key: the key out of the settings, and errors that name the setting."""

from __future__ import annotations

from typing import Literal

from pydantic import SecretStr

from newsdetect.config import CoinalyzeSettings, CoinGlassSettings, HistorySettings
from newsdetect.errors import BrokenAnswer, ConfigError, FetchError, KeyRefused
from newsdetect.fetch import ApiAnswer, ApiClient, Fetcher, Pace


def keyed_client(  # noqa: PLR0913 -- options by name
    fetcher: Fetcher,
    settings: HistorySettings,
    *,
    name: str,
    table: Literal["coinglass", "coinalyze"],
    header: str,
    pace: Pace | None = None,
) -> ApiClient:
    """Give a client whose calls carry a table's key under `header`; raise ConfigError where there is none to send."""
    mine: CoinGlassSettings | CoinalyzeSettings = getattr(settings, table)
    secret = mine.key.get_secret_value().strip() if mine.key else ""
    if not secret:
        raise ConfigError(f"{name} wants a key: set {setting(table)}", key=f"history.{table}.key")
    if not (secret.isascii() and secret.isprintable()):
        raise ConfigError(
            f"{setting(table)} holds what is no key: other letters than ASCII", key=f"history.{table}.key"
        )
    return ApiClient(
        fetcher,
        name=name,
        pace=pace or Pace(mine.calls_a_minute),
        secrets={header: SecretStr(secret)},
        refused=lambda said: KeyRefused(
            f"{name} does not take the key in {setting(table)}: {said}", key=f"history.{table}.key"
        ),
        longest_wait_s=settings.longest_wait_s,
        attempts=settings.attempts,
    )


def setting(table: str) -> str:
    """Name the setting of a vendor's key, in both its forms."""
    return f"history.{table}.key (NEWSDETECT_HISTORY__{table.upper()}__KEY)"


def said_in(answer: ApiAnswer, *names: str) -> str:
    """Give what an answer says of itself under one of these names, short; else nothing."""
    data = answer.data if isinstance(answer.data, dict) else {}
    return next((str(data[name])[:200] for name in names if data.get(name)), "")


def shape(client: ApiClient, answer: ApiAnswer, wanted: str) -> FetchError:
    """Make the error of an answer that is JSON of another shape."""
    return client.fault(BrokenAnswer, answer, f"its answer holds no {wanted}: {answer.text[:120]}")
