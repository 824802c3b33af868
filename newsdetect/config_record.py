"""Settings of the live recorder: the `[record]` tables of newsdetect.toml, which config.py reads."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


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
    #: `/metrics` on 127.0.0.1; null means none, 0 any port that is free (the log names it).
    metrics_port: int | None = Field(default=None, ge=0, le=65_535)
    #: Clocks that differ by more are told of.
    skew_s: float = Field(default=2.0, gt=0)
