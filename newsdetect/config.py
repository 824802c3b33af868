"""Settings: frozen, read once at the edge from newsdetect.toml and NEWSDETECT_*, passed down from there.

Order: what the caller passes, then the environment, then the file, then the defaults here. All state lies under `home`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from newsdetect.config_record import RecordSettings
from newsdetect.errors import ConfigError


class FeedSettings(BaseModel):
    """One `[[feeds]]` table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    outlet: str | None = None


class FetchSettings(BaseModel):
    """The `[fetch]` table: how politely and how guardedly we ask."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user_agent: str = "newsdetect/0.1 (+https://example.invalid/newsdetect; reads liquidation claims)"
    connect_timeout_s: float = 10.0
    #: For one whole answer, redirects included.
    total_timeout_s: float = 60.0
    #: After decompression; miniflux's figure.
    max_bytes: int = 15 * 1024 * 1024
    max_redirects: int = 5
    #: Between two requests to one host, unless its robots.txt asks for more.
    host_delay_s: float = 1.0
    obey_robots: bool = True
    #: Private and loopback addresses are refused unless this is set (tests, intranets).
    allow_private: bool = False
    attempts: int = 2


class CandleVenues(BaseModel):
    """The `[history.candles]` table: a base URL a venue, in place of the hosts that ccxt knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    binance: str | None = None
    bybit: str | None = None
    okx: str | None = None
    coinbase: str | None = None
    #: For each venue; all of them allow more.
    calls_a_minute: int = Field(default=300, gt=0)


class CoinGlassSettings(BaseModel):
    """The `[history.coinglass]` table; the key comes from NEWSDETECT_HISTORY__COINGLASS__KEY."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = "https://open-api-v4.coinglass.com"
    key: SecretStr | None = None
    #: The smallest plan's; what the answers say of the key's own limit takes its place.
    calls_a_minute: int = Field(default=30, gt=0)


class CoinalyzeSettings(BaseModel):
    """The `[history.coinalyze]` table; the key comes from NEWSDETECT_HISTORY__COINALYZE__KEY."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = "https://api.coinalyze.net/v1"
    key: SecretStr | None = None
    #: Each symbol of a call counts as one.
    calls_a_minute: int = Field(default=40, gt=0)


class HistorySettings(BaseModel):
    """The `[history]` table: whom `newsdetect market fetch` asks, and how patiently."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    candles: CandleVenues = CandleVenues()
    coinglass: CoinGlassSettings = CoinGlassSettings()
    coinalyze: CoinalyzeSettings = CoinalyzeSettings()
    #: Who asks to be left alone for longer than this is not waited for.
    longest_wait_s: float = Field(default=90.0, ge=0)
    #: Of one call, where the server says it is busy.
    attempts: int = Field(default=4, gt=0)


class MailSettings(BaseModel):
    """The `[mail]` table; the password comes from NEWSDETECT_MAIL__PASSWORD."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = "localhost"
    port: int = 25
    username: str | None = None
    password: SecretStr | None = None
    tls: bool = False
    sender: str = "newsdetect@localhost"
    recipients: tuple[str, ...] = ()
    #: Where to leave the list: an https address that answers POST (one click, RFC 8058), or a `mailto:`.
    unsubscribe: str | None = None


class Settings(BaseSettings):
    """All settings of one process."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="NEWSDETECT_", env_nested_delimiter="__", toml_file="newsdetect.toml"
    )

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("newsdetect")))
    #: The database's URL; by default SQLite under `home`.
    database: str | None = None
    feeds: tuple[FeedSettings, ...] = ()
    #: An OPML file whose feeds are read too.
    opml: Path | None = None
    fetch: FetchSettings = FetchSettings()
    mail: MailSettings = MailSettings()
    record: RecordSettings = RecordSettings()
    history: HistorySettings = HistorySettings()
    #: The largest text that is read, in characters; more is a recorded fault.
    max_text: int = 4_000_000

    @property
    def database_url(self) -> str:
        """The URL that the store opens."""
        return self.database or f"sqlite:///{self.home / 'newsdetect.db'}"

    @property
    def market_folder(self) -> Path:
        """Where the market archive keeps its Parquet files."""
        return self.home / "market"

    @property
    def spool_folder(self) -> Path:
        """Where the live recorder keeps what it heard, and its status."""
        return self.home / "spool"

    def make_home(self) -> None:
        """Make the home folder if need be; raise ConfigError where that cannot be done."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            why = fault.strerror or fault
            raise ConfigError(
                f"home: {self.home} cannot be made: {why}; name another with --home", key="home"
            ) from fault

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- pydantic-settings calls with these names
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 -- likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the caller, then the environment, then the file; no .env, no secrets folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(config: Path | None = None, **given: Any) -> Settings:  # noqa: ANN401 -- whatever a setting holds
    """Read the settings; `config` is another file than ./newsdetect.toml, `given` overrules both.

    Raise ConfigError for a file that is missing, is no TOML, or holds a setting that does not exist.
    """
    given = {name: value for name, value in given.items() if value is not None}
    file = config or Path("newsdetect.toml")
    if config is not None and not config.is_file():
        raise ConfigError(f"{config}: no such settings file", key=str(config))

    class _Settings(Settings):
        model_config = SettingsConfigDict(**{**Settings.model_config, "toml_file": file})

    try:
        return _Settings(**given)
    except ValidationError as fault:
        # Without what was given: it may be a key or a password.
        said = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in fault.errors())
        raise ConfigError(f"settings ({file} and NEWSDETECT_*): {said}", key=str(file)) from None
    except ValueError as fault:
        raise ConfigError(f"settings ({file} and NEWSDETECT_*): {fault}", key=str(file)) from fault
