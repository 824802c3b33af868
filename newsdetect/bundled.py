"""Where the data that ships with the product lies: at the top of a clone, inside the package once installed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from newsdetect.errors import UsageError

_PACKAGE = Path(__file__).resolve().parent


@cache
def fixtures() -> Path:
    """Give the folder of shipped fixtures: phrase corpora, demo articles, feeds and the simulated tape."""
    for folder in (_PACKAGE / "_bundled" / "fixtures", _PACKAGE.parent / "fixtures"):
        if folder.is_dir():
            return folder
    raise UsageError("the shipped fixtures are missing: install newsdetect again", key="fixtures")


@cache
def models() -> Path:
    """Give the folder of shipped models."""
    for folder in (_PACKAGE / "_bundled" / "models", _PACKAGE.parent / "models"):
        if folder.is_dir():
            return folder
    raise UsageError("the shipped models are missing: install newsdetect again", key="models")
