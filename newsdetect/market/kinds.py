"""The kinds of market files and their columns; a file's columns tell its kind.

Five kinds: the four of market data, and `recorded`: the stretches in which a recorder listened. Prints alone never
claim that a time without them was quiet; only a recorded stretch does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import get_args

from newsdetect.errors import MarketFileError, UsageError
from newsdetect.market.reports import FileKind


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one kind."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """All columns that are read."""
        return (*self.required, *self.optional)


COLUMNS: dict[FileKind, Columns] = {
    # A file that does not name its source is told one at import.
    "prints": Columns(("time", "venue", "symbol", "asset", "side", "price", "quantity", "usd"), ("source",)),
    "bars": Columns(("start", "seconds", "source", "venue", "asset", "long_usd", "short_usd"), ("retrieved_at",)),
    "snapshots": Columns(("retrieved_before", "source", "venue", "asset", "hours", "long_usd", "short_usd")),
    "candles": Columns(
        ("start", "seconds", "source", "venue", "market", "asset", "open", "high", "low", "close", "volume"),
        ("turnover", "retrieved_at"),
    ),
    "recorded": Columns(("source", "venue", "asset", "start", "end")),
}


#: The column of time that partitions and sorts a kind, as it is stored.
TIME: dict[FileKind, str] = {
    "prints": "time_ns", "bars": "start_ns", "snapshots": "retrieved_ns", "candles": "start_ns", "recorded": "start_ns",
}  # fmt: skip
#: When a row's time ends.
END: dict[FileKind, str] = {
    "prints": "time_ns + 1",
    "bars": "start_ns + seconds * 1000000000",
    "snapshots": "retrieved_ns + 1",
    "candles": "start_ns + seconds * 1000000000",
    "recorded": "end_ns",
}


def kind_of(columns: Collection[str], *, file: str, kind: str | None = None) -> FileKind:
    """Tell a file's kind by its columns, or hold its columns against the `kind` it is said to have.

    Raise MarketFileError that names the missing columns, UsageError for a kind that does not exist.
    """
    if kind is not None:
        wanted = named_kind(kind)
        missing = _missing(wanted, columns)
        if missing:
            raise MarketFileError(f"{file}: {_lacks(wanted, missing)}; it has {_listed(columns)}", key=file)
        return wanted
    fitting = [one for one in COLUMNS if not _missing(one, columns)]
    if fitting:
        return max(fitting, key=lambda one: len(COLUMNS[one].required))
    nearest = max(
        COLUMNS, key=lambda one: (len(set(COLUMNS[one].required) & set(columns)), -len(_missing(one, columns)))
    )
    raise MarketFileError(
        f"{file}: its columns are those of no kind of market file ({_listed(columns)}); "
        f"the nearest: {_lacks(nearest, _missing(nearest, columns))}",
        key=file,
    )


def named_kind(kind: str) -> FileKind:
    """Give the kind of a name; raise UsageError that lists the names there are."""
    for one in get_args(FileKind):
        if kind.casefold() == one:
            return one  # type: ignore[no-any-return]
    raise UsageError(f"{kind}: no kind of market file; there are {', '.join(COLUMNS)}", key=kind)


def _missing(kind: FileKind, columns: Collection[str]) -> list[str]:
    return [name for name in COLUMNS[kind].required if name not in columns]


def _lacks(kind: FileKind, missing: Iterable[str]) -> str:
    return f"{kind} without {', '.join(missing)}"


def _listed(columns: Collection[str]) -> str:
    """Name columns, a hostile header's thousands cut short."""
    names = [repr(name[:40]) if not name.isidentifier() else name[:40] for name in list(columns)[:20]]
    return ", ".join(names) + (", …" if len(columns) > 20 else "") if names else "none"
