"""Many articles through one function: a JSON line in, a JSON line out, in order, streaming."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from newsdetect.errors import ModelError, NewsdetectError, UsageError

Record = dict[str, Any]


@contextmanager
def _opened(path: Path | None, mode: str, standard: IO[str]) -> Iterator[IO[str]]:
    """Open a file, or the standard stream for none and for -."""
    if path is None or str(path) == "-":
        yield standard
        return
    try:
        # Bytes that are no UTF-8 become a bad line further on, not the end of the run.
        stream = path.open(mode, encoding="utf-8", errors="surrogateescape")
    except OSError as fault:
        raise UsageError(f"{path}: cannot be opened: {fault.strerror}", key=str(path)) from fault
    with stream:
        yield stream


def _answer(line: str, number: int, handle: Callable[[Record], Record]) -> Record:
    """Give the line's answer, or what is wrong with it."""
    key: object = None
    try:
        line.encode("utf-8")
        record = json.loads(line)
        key = record.get("id") if isinstance(record, dict) else None
        if not isinstance(record, dict):
            raise UsageError("the line is no JSON object")
        return handle(record)
    except UnicodeEncodeError:
        fault = "the line is no UTF-8"
    except (json.JSONDecodeError, RecursionError) as error:
        fault = f"the line is no JSON: {error}"
    except ModelError:
        raise  # no line is to blame
    except NewsdetectError as error:
        fault = str(error)
    return {"id": key, "line": number, "error": fault}


def stream_lines(source: Path, out: Path | None, handle: Callable[[Record], Record]) -> int:
    """Answer each line of `source` into `out`; give the number of bad ones, each of which left a line with `error`."""
    bad = 0
    with _opened(source, "r", sys.stdin) as incoming, _opened(out, "w", sys.stdout) as outgoing:
        for number, line in enumerate(incoming, start=1):
            if not line.strip():
                continue
            answer = _answer(line, number, handle)
            bad += "error" in answer
            outgoing.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return bad
