"""Settings: frozen, read once at the edge from newsdetect.toml and NEWSDETECT_*, passed down from there.

Order: what the caller passes, then the environment, then the file, then the defaults here. All state lies under `home`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

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


class BinanceRecord(BaseModel):
    """The `[record.binance]` table: base URLs. The stream of USD-M moved in April 2026; its old address is mute."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    usdm_stream: str = "wss://fstream.binance.com/market/ws"
    coinm_stream: str = "wss://dstream.binance.com/ws"
    coinm_rest: str = "https://dapi.binance.com"


class BybitRecord(BaseModel):
    """The `[record.bybit]` table: base URLs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    linear_stream: str = "wss://stream.bybit.com/v5/public/linear"
    inverse_stream: str = "wss://stream.bybit.com/v5/public/inverse"
    rest: str = "https://api.bybit.com"


class OkxRecord(BaseModel):
    """The `[record.okx]` table: base URLs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stream: str = "wss://ws.okx.com:8443/ws/v5/public"
    rest: str = "https://www.okx.com"


class RecordSettings(BaseModel):
    """The `[record]` table: what the live recorder listens to, and when it worries. All times in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    venues: tuple[str, ...] = ("binance", "bybit", "okx")
    #: Symbols as their venue writes them; none means every contract of the venue.
    symbols: tuple[str, ...] = ()
    binance: BinanceRecord = BinanceRecord()
    bybit: BybitRecord = BybitRecord()
    okx: OkxRecord = OkxRecord()
    connect_timeout_s: float = Field(default=10.0, gt=0)
    #: A subscription that is not acknowledged by then is tried anew.
    ack_timeout_s: float = Field(default=10.0, gt=0)
    #: Connected, acknowledged, and not one order for so long: the alarm, and a new connection. Null means the
    #: stream's own measure: ten minutes for a market that never rests, six hours for a quiet one.
    silent_s: float | None = Field(default=None, gt=0)
    #: Bybit and OKX drop who does not ask for so long (20 and 30 s).
    ping_s: float = Field(default=15.0, gt=0)
    #: A ping that is not answered by then means a dead connection.
    pong_timeout_s: float = Field(default=10.0, gt=0)
    #: Before a new try: `first`, doubled each time up to `most`, less a random share of a half.
    backoff_first_s: float = Field(default=1.0, gt=0)
    backoff_most_s: float = Field(default=60.0, gt=0)
    #: Binance ends a connection after 24 hours; the next one listens before the old one is let go.
    rotate_s: float = Field(default=23 * 3600.0, gt=0)
    #: What came in since the last tick is lost where the power goes; a killed process loses nothing it wrote.
    fsync_s: float = Field(default=0.2, gt=0)
    #: A spool file is closed, and taken into the archive, so often.
    segment_s: float = Field(default=300.0, gt=0)
    #: How long spool files stay after the archive took them.
    keep_s: float = Field(default=7 * 86_400.0, ge=0)
    #: More unwritten bytes than this, and nothing more is read from the sockets until the disk has caught up.
    max_unwritten: int = Field(default=8 * 1024 * 1024, gt=0)
    #: Left alone so long after a 403 (Bybit asks for ten minutes) and a 451, which no waiting mends.
    forbidden_s: float = Field(default=600.0, gt=0)
    blocked_s: float = Field(default=3600.0, gt=0)
    #: Bybit's symbols and all contract sizes are asked for anew so often.
    listing_s: float = Field(default=6 * 3600.0, gt=0)
    #: Clocks that differ by more are told of.
    skew_s: float = Field(default=2.0, gt=0)


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
