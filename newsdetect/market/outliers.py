"""Prices that no market had: a print is held against its neighbours in time, and against candles where there are any.

A coin may lose all its worth within days, and most of it within minutes and back: no band around a month's price tells
such a market from a slipped digit. What does is time. A crash goes from one price to another, and the prints before and
after a price lie around it; a slipped digit stands alone, its neighbours on both sides far off. Candles of an hour or
less say what was traded: a print within them is one, however lonely, and a print far outside is none, in whatever
company. A run of more than a handful of slipped prices, with no candle to tell, looks like a market and is taken;
candles that arrive later take nothing back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from newsdetect.market.merging import parts

#: A price this many times off is a slipped digit.
_ABSURD = 10.0
#: A print this near to what candles say is one of their market: venues differ, bankruptcy prices lie outside.
_LIKE = 2.0
#: Neighbours on either side; how far in time they count; how near they must be where there are some on one side only.
_NEIGHBOURS, _FAR_NS, _NEAR_NS = 5, 86_400 * 10**9, 3600 * 10**9
#: Fewer neighbours than this tell nothing.
_FEWEST = 3
_HOUR_NS = 3600 * 10**9
_AT_ONCE = 1 << 18
LONELY = f"price is over {_ABSURD:g} times off those of its symbol before and after"
UNTRADED = f"price is over {_ABSURD:g} times outside its coin's candles of the hour"


def set_absurd_aside(connection: duckdb.DuckDBPyConnection, candles: Sequence[str]) -> None:
    """Move prints of absurd prices from the table `staged` to `bad`; `candles` are the archive's parts of candles."""
    connection.execute("CREATE OR REPLACE TABLE absurd (row BIGINT, reason VARCHAR)")
    _band(connection, candles)
    _lonely(connection)
    if connection.execute("SELECT count(*) FROM band").fetchall() != [(0,)]:
        _hold_against_candles(connection)
    connection.execute(
        "INSERT INTO bad SELECT row, reason, to_json({'price': price}) FROM staged JOIN absurd USING (row)"
    )
    connection.execute("DELETE FROM staged WHERE row IN (SELECT row FROM absurd)")


def lonely(series: NDArray[np.int64], time_ns: NDArray[np.int64], price: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which prices are far above, or far below, both what came before and what came after; all of shape (n,).

    `series` numbers what is compared; rows are in order of series and time.
    """
    before, many_before, gap_before = _side(series, time_ns, price, -1)
    after, many_after, gap_after = _side(series, time_ns, price, 1)
    # One side alone cannot tell a slipped digit from a crash, unless it is near.
    both = (many_before > 0) & (many_after > 0)
    told = (both | (np.minimum(gap_before, gap_after) <= _NEAR_NS)) & (many_before + many_after >= _FEWEST)
    low, high = np.fmin(before, after), np.fmax(before, after)
    # Where there is no neighbour at all the comparison is with NaN, which is false.
    return told & ((price > high * _ABSURD) | (price < low / _ABSURD))


def _side(
    series: NDArray[np.int64], time_ns: NDArray[np.int64], price: NDArray[np.float64], way: int
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Give the median of each row's neighbours on one side, how many there are, and how far the nearest is in time."""
    size = price.size
    beside = np.full((_NEIGHBOURS, size), np.nan)
    nearest = np.full(size, np.iinfo(np.int64).max)
    for place in range(min(_NEIGHBOURS, size - 1)):
        step = place + 1
        here, there = (slice(step, None), slice(None, -step)) if way < 0 else (slice(None, -step), slice(step, None))
        gap = np.abs(time_ns[here] - time_ns[there])
        mine = (series[here] == series[there]) & (gap <= _FAR_NS)
        beside[place, here] = np.where(mine, price[there], np.nan)
        if place == 0:
            nearest[here] = np.where(mine, gap, nearest[here])
    # Missing ones are sorted behind the others.
    beside.sort(axis=0)
    many = np.count_nonzero(~np.isnan(beside), axis=0)
    column = np.arange(size)
    middle = (beside[np.maximum(many - 1, 0) // 2, column] + beside[many // 2, column]) / 2
    return middle, many, nearest


def _lonely(connection: duckdb.DuckDBPyConnection) -> None:
    """Put down the lonely prints; only symbols whose prices differ so much at all are looked at."""
    connection.execute(
        f"CREATE OR REPLACE TABLE uneven AS SELECT row_number() OVER () AS series, venue, symbol FROM staged "
        f"GROUP BY venue, symbol HAVING max(price) > min(price) * {_ABSURD}"
    )
    reading = connection.cursor()
    try:
        reader: Iterable[pa.RecordBatch] = reading.sql(
            "SELECT series, time_ns, price, row FROM staged JOIN uneven USING (venue, symbol) "
            "ORDER BY series, time_ns, row"
        ).to_arrow_reader(_AT_ONCE)
        for rows in _judged(reader):
            connection.execute("INSERT INTO absurd SELECT unnest($rows), $reason", {"rows": rows, "reason": LONELY})
    finally:
        reading.close()


def _judged(reader: Iterable[pa.RecordBatch]) -> Iterator[list[int]]:
    """Give the numbers of lonely prints, block by block; each is judged once all its neighbours are there."""
    held: list[NDArray[Any]] = [np.empty(0, kind) for kind in (np.int64, np.int64, np.float64, np.int64)]
    done = 0
    for block in chain(reader, [None]):
        if block is not None:
            new = [column.to_numpy(zero_copy_only=False) for column in block.columns]
            held = [np.concatenate(pair) for pair in zip(held, new, strict=True)]
        upto = held[0].size - (_NEIGHBOURS if block is not None else 0)
        if upto <= done:
            continue
        found = np.flatnonzero(lonely(*held[:3])[done:upto]) + done
        if found.size:
            yield held[3][found].tolist()
        start = max(0, upto - _NEIGHBOURS)
        held, done = [column[start:] for column in held], upto - start


def _band(connection: duckdb.DuckDBPyConnection, candles: Sequence[str]) -> None:
    """Put down the lowest and highest price of each coin and hour, by candles of at most an hour."""
    connection.execute("CREATE OR REPLACE TEMP TABLE band (asset VARCHAR, hour BIGINT, low DOUBLE, high DOUBLE)")
    if candles:
        connection.execute(
            f"INSERT INTO band SELECT asset, start_ns // {_HOUR_NS} AS hour, min(low), max(high) "
            f"FROM {parts('candles', '$files')} WHERE latest AND seconds <= 3600 "
            f"AND start_ns // {_HOUR_NS} IN (SELECT DISTINCT time_ns // {_HOUR_NS} FROM staged) GROUP BY asset, hour",
            {"files": list(candles)},
        )


def _hold_against_candles(connection: duckdb.DuckDBPyConnection) -> None:
    """Let prints within candles pass, and put down those far outside."""
    within = f"price BETWEEN band.low / {_LIKE} AND band.high * {_LIKE}"
    connection.execute(
        f"DELETE FROM absurd WHERE row IN (SELECT row FROM staged JOIN absurd USING (row) JOIN band "
        f"ON band.asset = staged.asset AND hour = time_ns // {_HOUR_NS} WHERE {within})"
    )
    # Hours in which a coin's prints reach outside are few; only their prints are held against the candles one by one.
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE outside AS SELECT staged.asset, band.hour, any_value(band.low) AS low, "
        f"any_value(band.high) AS high FROM staged JOIN band "
        f"ON band.asset = staged.asset AND hour = time_ns // {_HOUR_NS} "
        f"GROUP BY staged.asset, band.hour HAVING min(price) < low / {_ABSURD} OR max(price) > high * {_ABSURD}"
    )
    connection.execute(
        f"INSERT INTO absurd SELECT row, $reason FROM staged JOIN outside "
        f"ON outside.asset = staged.asset AND outside.hour = time_ns // {_HOUR_NS} "
        f"WHERE (price < outside.low / {_ABSURD} OR price > outside.high * {_ABSURD}) "
        f"AND row NOT IN (SELECT row FROM absurd)",
        {"reason": UNTRADED},
    )
