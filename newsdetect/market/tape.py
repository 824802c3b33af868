"""The archive's prints as numpy columns, read by row groups, and their roll-ups by the hour; both kept while in use.

A part never changes under its name (an import writes a new one), so what was read of it stays true. What is kept is
bounded in bytes; what was asked for longest ago goes first.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from newsdetect.market import rollups
from newsdetect.market.exact import Limbs
from newsdetect.market.manifest import Part
from newsdetect.market.provider import PrintKey
from newsdetect.market.rolling import Chunk, Groups, Rolling, Span, added, sliced, slide
from newsdetect.market.rollups import HOUR_NS, SCOPE, Hours

#: Bytes of columns and roll-ups that are kept: some weeks of a busy market's roll-ups, or a day of its orders.
_KEPT = 192 << 20
_TABLE = 1 << 20


@dataclass(frozen=True, slots=True)
class _Groups:
    """What a part's footer tells: the time `[start_ns, end_ns)` of each row group."""

    metadata: pq.FileMetaData
    times: tuple[tuple[int, int], ...]


class Tape:
    """Reads the prints of an archive's parts; safe to share between threads."""

    def __init__(self, folder: Path, connect: Callable[[], duckdb.DuckDBPyConnection], *, kept: int = _KEPT) -> None:
        self._folder, self._connect, self._most = folder, connect, kept
        self._guard = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], tuple[int, Any]] = OrderedDict()
        self._bytes = 0
        self._places: dict[PrintKey, int] = {}

    @property
    def keys(self) -> tuple[PrintKey, ...]:
        """All scopes met so far; their places never change."""
        with self._guard:
            return tuple(self._places)

    def chunks(self, parts: Sequence[Part], start_ns: int, end_ns: int) -> Iterator[Chunk]:
        """Give the prints of `[start_ns, end_ns)`, in order of time, in chunks of a row group."""
        for part in parts:
            if part.start_ns >= end_ns or part.end_ns <= start_ns:
                continue
            for number, (since, until) in enumerate(self._footer(part.file).times):
                if since < end_ns and until > start_ns:
                    yield sliced(self._rows(part.file, number), start_ns, end_ns)

    def hours(self, part: Part) -> Hours:
        """Give a part's roll-up."""
        return self._once((part.file, -1), lambda: self._hours(part.file), lambda one: one.nbytes)  # type: ignore[no-any-return]

    def rolling(self, parts: Sequence[Part], asked: Span, group: Callable[[Sequence[PrintKey]], Groups]) -> Rolling:
        """Give the curves of a moving window: single orders at its edges, roll-ups between them."""
        start = asked.first_ns - asked.length_ns
        reach = asked.last_ns - asked.first_ns
        enters = list(self.chunks(parts, asked.first_ns, asked.last_ns))
        leaves = list(self.chunks(parts, start, start + reach))
        whole = self._whole_hours(parts, start, asked.first_ns)
        edges = list(self._edges(parts, start, asked.first_ns))
        groups = group(self.keys)
        before = added(edges, groups)
        for keys, sums, _ in whole:
            _add(before, sums, groups.place[keys])
        return slide(asked, groups, before, enters, leaves)

    def window(self, parts: Sequence[Part], start_ns: int, end_ns: int) -> tuple[Limbs, NDArray[np.float64]]:
        """Sum `[start_ns, end_ns)` by key, shape (3, keys), and give the largest order of each key; see `keys`."""
        whole = self._whole_hours(parts, start_ns, end_ns)
        edges = list(self._edges(parts, start_ns, end_ns))
        keys = self.keys
        largest = np.zeros(len(keys))
        sums = added(edges, Groups((("",),) * len(keys), (), np.arange(len(keys))))
        for chunk in edges:
            np.maximum.at(largest, chunk.key, chunk.usd)
        for places, part, top in whole:
            _add(sums, part, places)
            largest[places] = np.maximum(largest[places], top)
        return sums, largest

    def _whole_hours(
        self, parts: Sequence[Part], start_ns: int, end_ns: int
    ) -> list[tuple[NDArray[np.int64], Limbs, NDArray[np.float64]]]:
        """Sum the hours that lie wholly inside, part by part: keys, sums and largest orders."""
        first, last = -(-start_ns // HOUR_NS), end_ns // HOUR_NS
        held = [self.hours(part) for part in parts if part.start_ns < last * HOUR_NS and part.end_ns > first * HOUR_NS]
        return [(one.keys, *one.between(first, last)) for one in held if first < last]

    def _edges(self, parts: Sequence[Part], start_ns: int, end_ns: int) -> Iterator[Chunk]:
        """Give the orders of the hours that lie inside in part."""
        first, last = -(-start_ns // HOUR_NS) * HOUR_NS, end_ns // HOUR_NS * HOUR_NS
        if first >= last:
            yield from self.chunks(parts, start_ns, end_ns)
            return
        yield from self.chunks(parts, start_ns, first)
        yield from self.chunks(parts, last, end_ns)

    def _footer(self, file: str) -> _Groups:
        return self._once((file, -2), lambda: _footer(self._folder / file), lambda _: 8_192)  # type: ignore[no-any-return]

    def _rows(self, file: str, group: int) -> Chunk:
        return self._once((file, group), lambda: self._read(file, group), lambda one: sum(c.nbytes for c in one))  # type: ignore[no-any-return]

    def _read(self, file: str, group: int) -> Chunk:
        opened = pq.ParquetFile(
            self._folder / file, metadata=self._footer(file).metadata, read_dictionary=list(SCOPE), pre_buffer=False
        )
        with opened:
            table = opened.read_row_group(group, columns=["time_ns", "usd", *SCOPE], use_threads=False)
        return Chunk(table.column("time_ns").to_numpy(), table.column("usd").to_numpy(), self._key(table))

    def _hours(self, file: str) -> Hours:
        table = rollups.read(self._connect(), self._folder, file)
        return rollups.hours(table, self._key(table))

    def _key(self, table: pa.Table) -> NDArray[np.int64]:
        """Give the place of each row's scope among all scopes."""
        columns = [_encoded(table.column(name)) for name in SCOPE]
        words = [column.dictionary.to_pylist() or [""] for column in columns]
        shape = tuple(len(many) for many in words)
        code = np.zeros(table.num_rows, np.int64)
        for column, size in zip(columns, shape, strict=True):
            code *= size
            code += column.indices.to_numpy()
        table_size = math.prod(shape)
        # Where the names could make few scopes, rows find theirs in a table.
        small = table_size <= _TABLE
        seen = np.flatnonzero(np.bincount(code, minlength=table_size)) if small else np.unique(code)
        digits = np.unravel_index(seen, shape)
        spelt = zip(*([many[one] for one in at] for many, at in zip(words, digits, strict=True)), strict=True)
        with self._guard:
            found = [self._places.setdefault(PrintKey(*names), len(self._places)) for names in spelt]
        if not small:
            return np.array(found, np.int64)[np.searchsorted(seen, code)]
        place = np.zeros(table_size, np.int64)
        place[seen] = found
        return place.take(code)

    def _once(self, name: tuple[str, int], make: Callable[[], Any], size: Callable[[Any], int]) -> Any:  # noqa: ANN401 -- of several kinds
        """Give what is kept under a name, or make it; two threads may make it twice, to the same end."""
        with self._guard:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name][1]
        made = make()
        with self._guard:
            if name not in self._kept:
                self._kept[name] = (size(made), made)
                self._bytes += self._kept[name][0]
            while self._bytes > self._most and len(self._kept) > 1:
                _, (gone, _) = self._kept.popitem(last=False)
                self._bytes -= gone
        return made


def _footer(path: Path) -> _Groups:
    with pq.ParquetFile(path) as file:
        metadata = file.metadata
    column = metadata.schema.to_arrow_schema().names.index("time_ns")
    told = (metadata.row_group(number).column(column).statistics for number in range(metadata.num_row_groups))
    times = [(one.min, one.max + 1) if one is not None and one.has_min_max else (-(2**63), 2**63) for one in told]
    return _Groups(metadata, tuple(times))


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    one = column.combine_chunks()
    return one if pa.types.is_dictionary(one.type) else one.dictionary_encode()


def _add(sums: Limbs, part: Limbs, places: NDArray[np.int64]) -> None:
    """Add sums by key to sums by place; a place past the last is of no group."""
    inside = places < sums.shape[1]
    for row, more in zip(sums, part, strict=True):
        np.add.at(row, places[inside], more[inside])
