"""A law of reading the spool: however orders are spread over sessions, files and repeats, each is there once."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from newsdetect.market.spool_reading import read_spool
from newsdetect.market.spool_rows import line, message_head, message_line
from newsdetect.market.venues import binance
from tests.market.recorder.feed import force_order

NOON_MS = 1_781_092_800_000
#: A message by the number of its order, the session that heard it, and whether it was heard in a new file.
_HEARD = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 3), st.booleans()), min_size=1, max_size=40)


def _message(number: int) -> str:
    return force_order(number, at_ms=NOON_MS + number)


@given(_HEARD, st.booleans())
def test_every_order_is_read_once(heard: list[tuple[int, int, bool]], ended: bool) -> None:
    """Orders told again count as duplicates; nothing is lost, nothing comes twice, in whatever order it came."""
    streams = {"binance-usdm": {"venue": "Binance", "assets": ["ALL"], "since": 1}}
    files: list[list[str]] = []
    for at, (number, session, new) in enumerate(heard):
        if new or not files:
            files.append([line("segment", at, version=1, segment=len(files) + 1, session=0, run=1, streams=streams)])
        files[-1].append(message_line(at, message_head("binance-usdm", session), _message(number)))
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, lines in enumerate(files):
            paths.append(Path(folder) / f"{number:08d}.jsonl")
            paths[-1].write_text("".join(lines) + (line("end", 99) if ended else ""))
        reading = read_spool(paths)
    told = {binance.parse(_message(number)).orders[0].key for number, _, _ in heard}
    assert set(reading.orders) == told
    assert len(told) + reading.duplicates == len(heard)
    assert reading.faults == []
