"""Read CSV and Parquet market files as streams of text columns, each row with its number.

Everything is brought to text, so that one set of rules (cleaning.py) reads numbers and times of both forms. A row with
too few or too many fields becomes a faulty row with its number, it does not shift the others. Memory stays bounded: a
file is never held whole.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from newsdetect.errors import MarketFileError
from newsdetect.market.kinds import COLUMNS, kind_of
from newsdetect.market.reports import FileKind

#: Bytes of CSV, or rows of Parquet, that are read at once; all that is done with a block takes some 20 times as much.
_BLOCK = 4 << 20
_ROWS = 50_000
_LONGEST_HEADER = 1 << 20
#: A file with more rows of another width is no CSV of these columns.
_MOST_RAGGED = 100_000
_PARQUET = b"PAR1"
_GZIP = b"\x1f\x8b"


@dataclass(slots=True)
class MarketFile:
    """One opened file: its kind, and its rows as batches of text columns with a `row` number (the first is 1)."""

    name: str
    kind: FileKind
    #: Columns of the file that its kind does not know.
    left_out: tuple[str, ...]
    batches: Iterator[pa.Table]
    #: Numbers and reasons of rows that could not be split into fields; filled while `batches` is read.
    ragged: list[tuple[int, str]] = field(default_factory=list)


@contextmanager
def opened(path: Path, *, kind: str | None = None) -> Iterator[MarketFile]:
    """Open a market file for reading; raise MarketFileError for one that cannot be read or is of no kind."""
    try:
        with path.open("rb") as raw:
            head = raw.read(4)
            raw.seek(0)
            if head == _PARQUET:
                yield _parquet(raw, path.name, kind)
            elif not head:
                raise MarketFileError(f"{path.name}: the file is empty", key=str(path))
            elif head[:2] == _GZIP:
                with gzip.open(raw) as unpacked:
                    yield _csv(unpacked, path.name, kind)
            else:
                yield _csv(raw, path.name, kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError) as fault:
        raise MarketFileError(f"{path.name}: cannot be read: {_first_line(fault)}", key=str(path)) from fault
    except (OSError, EOFError, zlib.error) as fault:
        why = fault.strerror if isinstance(fault, OSError) and fault.strerror else _first_line(fault)
        raise MarketFileError(f"{path.name}: cannot be read: {why}", key=str(path)) from fault


def size_of(path: Path) -> int:
    """Give a file's bytes on disk; none for one that `opened` will say is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def of_rows(
    rows: Sequence[Mapping[str, str | float | None]],
    kind: FileKind,
    *,
    name: str,
    bad: Sequence[tuple[int, str]] = (),
) -> MarketFile:
    """Give rows that came another way than in a file of ours as one; `bad` are those that could not be read at all.

    A row's number stands under `row`, else it is its place in the list.
    """
    columns = [column for column in COLUMNS[kind].known if any(column in row for row in rows)]
    told = {column: pa.array([_told(row.get(column)) for row in rows], pa.string()) for column in columns}
    numbers = pa.array([row.get("row", place) for place, row in enumerate(rows, start=1)], pa.int64())
    batches = iter([pa.table({**told, "row": numbers})]) if rows else iter(())
    return MarketFile(name, kind, (), batches, list(bad))


def _told(value: str | float | None) -> str:
    return "" if value is None else str(value)


def _parquet(raw: IO[bytes], name: str, kind: str | None) -> MarketFile:
    file = pq.ParquetFile(raw)
    named = _named(file.schema_arrow.names, name)
    told = kind_of(named, file=name, kind=kind)
    wanted = {column: named[column] for column in COLUMNS[told].known if column in named}
    return MarketFile(name, told, _rest(named, told), _parquet_batches(file, wanted, name))


def _parquet_batches(file: pq.ParquetFile, wanted: dict[str, str], name: str) -> Iterator[pa.Table]:
    row = 1
    for batch in file.iter_batches(batch_size=_ROWS, columns=list(wanted.values())):
        columns = {column: _as_text(batch.column(own), f"{name}, column {own}") for column, own in wanted.items()}
        columns["row"] = pa.array(range(row, row + batch.num_rows), pa.int64())
        row += batch.num_rows
        yield pa.table(columns)


def _as_text(column: pa.Array, what: str) -> pa.Array:
    """Write a column as text that reads back to the same value; instants as nanoseconds since 1970."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("ns", kind.tz)).cast(pa.int64())
    elif pa.types.is_date(kind):
        column = column.cast(pa.timestamp("ns")).cast(pa.int64())
    elif pa.types.is_nested(kind) or pa.types.is_boolean(kind):
        raise MarketFileError(f"{what}: {kind} is neither a number, a time nor text", key=what)
    return column.cast(pa.string())


def _csv(raw: Any, name: str, kind: str | None) -> MarketFile:  # noqa: ANN401 -- a binary stream, packed or not
    head = raw.readline(_LONGEST_HEADER).removeprefix(codecs.BOM_UTF8)
    try:
        columns = next(iter(csv.reader([head.decode("utf-8")])), [])
    except (UnicodeDecodeError, csv.Error) as fault:
        raise MarketFileError(f"{name}: is neither Parquet nor CSV in UTF-8", key=name) from fault
    named = _named(columns, name)
    told = kind_of(named, file=name, kind=kind)
    wanted = {column: named[column] for column in COLUMNS[told].known if column in named}
    file = MarketFile(name, told, _rest(named, told), iter(()))
    file.batches = _csv_batches(raw, columns, wanted, file.ragged, name)
    return file


def _csv_batches(
    raw: Any,  # noqa: ANN401 -- likewise
    columns: list[str],
    wanted: dict[str, str],
    ragged: list[tuple[int, str]],
    name: str,
) -> Iterator[pa.Table]:
    """Read the rows below a header; rows that do not split into its fields go to `ragged`."""

    def keep_number(row: Any) -> str:  # noqa: ANN401 -- pyarrow's InvalidRow
        if len(ragged) >= _MOST_RAGGED:
            # Here, for a file of such rows alone gives no batch after which they could be counted.
            return "error"
        ragged.append((row.number, f"has {row.actual_columns} fields where the header has {row.expected_columns}"))
        return "skip"

    try:
        reader = pacsv.open_csv(
            raw,
            # Row numbers of bad rows are known to one thread alone.
            read_options=pacsv.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=columns),
            parse_options=pacsv.ParseOptions(invalid_row_handler=keep_number),
            convert_options=pacsv.ConvertOptions(
                include_columns=list(wanted.values()),
                column_types=dict.fromkeys(wanted.values(), pa.string()),
                strings_can_be_null=False,
            ),
        )
        taken = 0
        for batch in reader:
            numbers = _numbers(taken, batch.num_rows, ragged)
            taken += batch.num_rows
            table = pa.table({column: batch.column(own) for column, own in wanted.items()})
            yield table.append_column("row", pa.array(numbers, pa.int64()))
    except pa.ArrowInvalid as fault:
        if "Empty CSV" in str(fault):  # a header without rows
            return
        if len(ragged) >= _MOST_RAGGED:
            raise MarketFileError(
                f"{name}: over {_MOST_RAGGED:,} rows do not split into its {len(columns)} columns", key=name
            ) from fault
        raise


def _numbers(taken: int, count: int, ragged: list[tuple[int, str]]) -> NDArray[np.int64]:
    """Give the numbers of the next `count` rows after `taken` good ones, shifted by the ragged rows above each."""
    # The j-th ragged row has its number less j good rows (less one) above it.
    shifts = np.array([number - 1 - j for j, (number, _) in enumerate(ragged)], dtype=np.int64)
    good = np.arange(taken, taken + count, dtype=np.int64)
    return good + 1 + np.searchsorted(shifts, good, side="right")


def _named(columns: list[str], name: str) -> dict[str, str]:
    """Give the file's own columns by their plain names; raise MarketFileError where one comes twice."""
    named: dict[str, str] = {}
    for column in columns:
        plain = column.strip().casefold()
        if plain in named:
            raise MarketFileError(f"{name}: the column {plain[:40]} comes twice", key=name)
        named[plain] = column
    return named


def _rest(named: dict[str, str], kind: FileKind) -> tuple[str, ...]:
    return tuple(own for plain, own in named.items() if plain not in COLUMNS[kind].known)


def _first_line(fault: BaseException) -> str:
    return str(fault).partition("\n")[0][:200]
