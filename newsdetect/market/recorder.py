"""The live recorder: listens to the venues' liquidation feeds and keeps every message, each silence and each gap."""

from __future__ import annotations

import asyncio
from pathlib import Path

import websockets  # noqa: F401

from newsdetect.config import RecordSettings
from newsdetect.fetch.answer import Opener
from newsdetect.market.archive import MarketArchive
from newsdetect.market.recorder_status import RecorderStatus


async def record(
    settings: RecordSettings,
    spool: Path,
    *,
    opener: Opener,
    archive: MarketArchive | None = None,
    stop: asyncio.Event | None = None,
) -> RecorderStatus:
    """Record until `stop` is set; give the last status.

    `spool` is the folder of the spool (`Settings.spool_folder`). With an archive, finished spool files are taken into
    it as they close, and the last when the recording ends. `opener` asks for contract sizes and symbols. Raise
    UsageError for a venue or symbol that does not exist, SpoolError where another recorder is writing the spool.
    """
    raise NotImplementedError
