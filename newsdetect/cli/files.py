"""Files that a command line names, to the byte; what cannot be read or written is named."""

from __future__ import annotations

import sys
from pathlib import Path

from newsdetect.errors import UsageError


def read_bytes(target: str) -> bytes:
    """Read a file's or standard input's bytes."""
    if target == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(target).read_bytes()
    except OSError as fault:
        raise UsageError(f"{target}: cannot be read: {fault.strerror}", key=target) from fault


def write_text(path: Path, content: str) -> None:
    """Write a file to the byte."""
    write_bytes(path, content.encode("utf-8", "surrogateescape"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file's bytes."""
    try:
        path.write_bytes(content)
    except OSError as fault:
        raise UsageError(f"{path}: cannot be written: {fault.strerror}", key=str(path)) from fault
