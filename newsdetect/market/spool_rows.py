"""The rows of the recorder's spool: one JSON object a line, each with its time `at` (ns since 1970) and its `row`.

    segment    a file's first line: number, run, session numbers given out so far, the run's streams
    contracts  contract sizes of a venue, as known from here on
    open       a session has connected          subscribed  all its subscriptions are acknowledged: it listens
    carry      a session goes on in this file; `since`: until then what it heard is told by the files before;
               `fruitful`: it has told an order
    message    as it came, in `raw`             malformed   likewise, with `why` it is none
    idle       the alarm: connected but silent since `heard`
    alive      the connection lived at `heard`
    close      a session ended, `why`; it can have heard things until `until`
    end        a file's last line: it was closed in order

Messages stand as text in `raw`, for the archive is made of them alone and may be made anew by a better parser.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from json.encoder import encode_basestring_ascii
from pathlib import Path
from typing import Any

VERSION = 1


def line(row: str, at: int, **fields: Any) -> str:  # noqa: ANN401 -- whatever JSON can hold
    """Write one row."""
    return json.dumps({"at": at, "row": row, **fields}, separators=(",", ":")) + "\n"


def message_head(stream: str, session: int) -> str:
    """Write what all messages of one session have in common, once."""
    return f',"row":"message","stream":{encode_basestring_ascii(stream)},"session":{session},"raw":'


def message_line(at: int, head: str, raw: str) -> str:
    """Write one message; a tenth of the time of `line`, for bursts are made of it."""
    return f'{{"at":{at}{head}{encode_basestring_ascii(raw)}}}\n'


def rows(path: Path) -> Iterator[tuple[dict[str, Any] | None, bytes]]:
    """Give each line's row with the line itself; None for a line that is no row."""
    with path.open("rb") as file:
        for each in file:
            yield read_row(each), each


def read_row(text: bytes) -> dict[str, Any] | None:
    """Read one line; None for what is no row."""
    if not text.endswith(b"\n"):
        return None
    try:
        row = json.loads(text)
    except ValueError:
        return None
    known = isinstance(row, dict) and isinstance(row.get("at"), int) and isinstance(row.get("row"), str)
    return row if known else None
