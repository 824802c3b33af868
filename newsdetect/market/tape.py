"""The archive's prints as numpy columns, read by row groups, and their roll-ups by the hour; both kept while in use."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from newsdetect.market import rollups
from newsdetect.market.exact import Limbs
from newsdetect.market.keeping import Kept
from newsdetect.market.manifest import Part
from newsdetect.market.provider import PrintKey
from newsdetect.market.rolling import Chunk, Groups, Rolling, Span, added, sliced, slide
from newsdetect.market.rollups import HOUR_NS, SCOPE, Hours
from newsdetect.market.totals import Cells, PrintTotals, add

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

    def __init__(
        self,
        folder: Path,
        connect: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]],
        *,
        kept: int = _KEPT,
    ) -> None:
        self._folder, self._connect = folder, connect
        self._kept: Kept[Any] = Kept(kept)
        self._guard = threading.Lock()
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

    def day(self, part: Part) -> Chunk:
        """Give all prints of a part, in order of time, read in one go and not kept."""
        with pq.ParquetFile(self._folder / part.file, read_dictionary=list(SCOPE)) as opened:
            table = opened.read(columns=["time_ns", "usd", *SCOPE], use_threads=False)
        return Chunk(table.column("time_ns").to_numpy(), table.column("usd").to_numpy(), self._key(table))

    def hours(self, part: Part) -> Hours:
        """Give a part's roll-up."""
        return self._kept.once((part.file, -1), lambda: self._hours(part.file), lambda one: one.nbytes)  # type: ignore[no-any-return]

    def rolling(self, parts: Sequence[Part], asked: Span, group: Callable[[Sequence[PrintKey]], Groups]) -> Rolling:
        """Give the curves of a moving window: single orders at its edges, roll-ups between them."""
        start = asked.first_ns - asked.length_ns
        reach = asked.last_ns - asked.first_ns
        enters = list(self.chunks(parts, asked.first_ns, asked.last_ns))
        leaves = list(self.chunks(parts, start, start + reach))
        whole = self._whole_hours(parts, start, asked.first_ns)
        edges = [one for edge in _ragged(start, asked.first_ns) for one in self.chunks(parts, *edge)]
        groups = group(self.keys)
        before = added(edges, groups)
        for keys, sums, _ in whole:
            _add(before, sums, groups.place[keys])
        return slide(asked, groups, before, enters, leaves)

    def totals(self, parts: Callable[[], Sequence[Part]], start_ns: int, end_ns: int) -> PrintTotals:
        """Give the sums of the prints of `[start_ns, end_ns)` over any windows within it.

        They may be asked for long after: once a part was replaced and swept, all are summed as `parts` names them then.
        """
        held = list(parts())

        def summed(edges: NDArray[np.int64]) -> Cells:
            nonlocal held
            try:
                return self._cells(held, edges)
            except FileNotFoundError:
                held = list(parts())
                return self._cells(held, edges)

        largest = summed(np.array([start_ns, end_ns], np.int64)).largest[:, 0]
        keys = self.keys
        mine = np.flatnonzero(largest)

        def cells(edges: NDArray[np.int64]) -> Cells:
            told = summed(edges)
            return Cells(told.sums[:, mine], told.largest[mine])

        return PrintTotals.by_cells([keys[place] for place in mine], cells)

    def _cells(self, parts: Sequence[Part], edges: NDArray[np.int64]) -> Cells:
        """Sum what lies between neighbouring edges: whole hours by roll-ups, the rest of each cell by its orders."""
        pairs = list(pairwise(edges.tolist()))
        ragged = [one for cell in pairs for one in _ragged(*cell)]
        chunks = [one for stretch in _joined(ragged) for one in self.chunks(parts, *stretch)]
        whole = [(place, *one) for place, cell in enumerate(pairs) for one in self._whole_hours(parts, *cell)]
        shape = (len(self.keys), len(pairs))
        sums, largest = np.zeros((3, *shape), np.int64), np.zeros(shape)
        for chunk in chunks:
            add(sums, largest, edges, chunk)
        for place, keys, more, top in whole:
            sums[:, keys, place] += more
            largest[keys, place] = np.maximum(largest[keys, place], top)
        return Cells(sums, largest)

    def _whole_hours(
        self, parts: Sequence[Part], start_ns: int, end_ns: int
    ) -> list[tuple[NDArray[np.int64], Limbs, NDArray[np.float64]]]:
        """Sum the hours that lie wholly inside, part by part: keys, sums and largest orders."""
        first, last = -(-start_ns // HOUR_NS), end_ns // HOUR_NS
        held = [self.hours(part) for part in parts if part.start_ns < last * HOUR_NS and part.end_ns > first * HOUR_NS]
        return [(one.keys, *one.between(first, last)) for one in held if first < last]

    def _footer(self, file: str) -> _Groups:
        return self._kept.once((file, -2), lambda: _footer(self._folder / file), lambda _: 8_192)  # type: ignore[no-any-return]

    def _rows(self, file: str, group: int) -> Chunk:
        return self._kept.once((file, group), lambda: self._read(file, group), lambda one: sum(c.nbytes for c in one))  # type: ignore[no-any-return]

    def _read(self, file: str, group: int) -> Chunk:
        opened = pq.ParquetFile(
            self._folder / file, metadata=self._footer(file).metadata, read_dictionary=list(SCOPE), pre_buffer=False
        )
        with opened:
            table = opened.read_row_group(group, columns=["time_ns", "usd", *SCOPE], use_threads=False)
        return Chunk(table.column("time_ns").to_numpy(), table.column("usd").to_numpy(), self._key(table))

    def _hours(self, file: str) -> Hours:
        with self._connect() as connection:
            table = rollups.read(connection, self._folder, file)
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


def _footer(path: Path) -> _Groups:
    with pq.ParquetFile(path) as file:
        metadata = file.metadata
    column = metadata.schema.to_arrow_schema().names.index("time_ns")
    told = (metadata.row_group(number).column(column).statistics for number in range(metadata.num_row_groups))
    times = [(one.min, one.max + 1) if one is not None and one.has_min_max else (-(2**63), 2**63) for one in told]
    return _Groups(metadata, tuple(times))


def _ragged(start_ns: int, end_ns: int) -> list[tuple[int, int]]:
    """Give what a time holds besides whole hours."""
    first, last = -(-start_ns // HOUR_NS) * HOUR_NS, end_ns // HOUR_NS * HOUR_NS
    if first >= last:
        return [(start_ns, end_ns)]
    return [(start, end) for start, end in ((start_ns, first), (last, end_ns)) if start < end]


def _joined(stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join stretches that follow upon each other, so that orders between close edges are read in one go."""
    found: list[tuple[int, int]] = []
    for start, end in stretches:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _encoded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    one = column.combine_chunks()
    return one if pa.types.is_dictionary(one.type) else one.dictionary_encode()


def _add(sums: Limbs, part: Limbs, places: NDArray[np.int64]) -> None:
    """Add sums by key to sums by place; a place past the last is of no group."""
    inside = places < sums.shape[1]
    for row, more in zip(sums, part, strict=True):
        np.add.at(row, places[inside], more[inside])
