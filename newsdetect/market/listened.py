"""When a venue was recorded: while all streams of a scope listened, told once, across files and restarts.

A venue's liquidations come over several streams (USD-M and COIN-M, shards of symbols): its time is recorded only where
every one of them listened. A quiet stream proves that it lives by its next order alone, hours later; so what is proven
of each stream is kept in a small file beside the spool until the others have caught up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsdetect.errors import SpoolError
from newsdetect.market.manifest import put
from newsdetect.market.spool_reading import Scope, scope_of
from newsdetect.market.stretches import Stretch, united, without
from newsdetect.types import ALL

_NAME = "listened.json"
#: A stretch of one venue and coin (or ALL).
Told = tuple[str, str, int, int]


@dataclass(slots=True)
class Listened:
    """What is known of the runs whose streams may still prove more, and what the archive was told."""

    scopes: dict[int, dict[str, Scope]] = field(default_factory=dict)
    stretches: dict[int, dict[str, list[Stretch]]] = field(default_factory=dict)
    told: dict[tuple[str, str], list[Stretch]] = field(default_factory=dict)

    def add(
        self, scopes: Mapping[int, Mapping[str, Scope]], heard: Mapping[int, Mapping[str, Iterable[Stretch]]]
    ) -> None:
        """Take what more files tell of each stream."""
        for run, streams in scopes.items():
            self.scopes[run] = dict(streams)
        for run, by_stream in heard.items():
            mine = self.stretches.setdefault(run, {})
            for stream, stretches in by_stream.items():
                mine[stream] = united([*mine.get(stream, []), *stretches])

    def news(self) -> list[Told]:
        """Give the stretches that are proven and were not told yet, and note them as told."""
        found: list[Told] = []
        for run in sorted(self.scopes):
            for (venue, asset), stretches in self._recorded(run).items():
                before = self.told.get((venue, asset), [])
                new = without(stretches, before)
                self.told[venue, asset] = united([*before, *new])
                found += [(venue, asset, start, end) for start, end in new]
        # Only the latest run goes on.
        for run in sorted(self.scopes)[:-1]:
            self.scopes.pop(run)
            self.stretches.pop(run, None)
        return found

    def _recorded(self, run: int) -> dict[tuple[str, str], list[Stretch]]:
        """Give when each venue and coin was recorded in a run: while all streams heard that were subscribed to it."""
        scopes, heard = self.scopes[run], self.stretches.get(run, {})
        found = {}
        for venue, asset in sorted({(one.venue, asset) for one in scopes.values() for asset in one.assets}):
            # At each moment those count that were subscribed to the coin then: a stream that joined later says nothing
            # of the time before, one that let a coin go nothing of the time after.
            wanted = {
                name: [*one.assets.get(asset, ()), *one.assets.get(ALL, ())]
                for name, one in scopes.items()
                if one.venue == venue
            }
            missed = [gap for name, times in wanted.items() for gap in without(times, heard.get(name, []))]
            found[venue, asset] = without([one for times in wanted.values() for one in times], missed)
        return found


def read_listened(folder: Path) -> Listened:
    """Read what was kept; raise SpoolError for a damaged file."""
    path = folder / _NAME
    try:
        raw = json.loads(path.read_bytes())
        return Listened(
            scopes={
                int(run): {name: _scope(*one) for name, one in many.items()} for run, many in raw["scopes"].items()
            },
            stretches={
                int(run): {name: _stretches(each) for name, each in many.items()}
                for run, many in raw["stretches"].items()
            },
            told={(venue, asset): _stretches(each) for venue, asset, each in raw["told"]},
        )
    except FileNotFoundError:
        return Listened()
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise SpoolError(
            f"{path}: is damaged ({fault}); remove it: times already told are told again, none is lost", key=str(path)
        ) from fault


def write_listened(folder: Path, listened: Listened) -> None:
    """Keep it, whole or not at all."""
    raw = {
        "scopes": {
            run: {name: [one.venue, one.assets] for name, one in many.items()} for run, many in listened.scopes.items()
        },
        "stretches": listened.stretches,
        "told": [[venue, asset, each] for (venue, asset), each in listened.told.items()],
    }
    put(folder / _NAME, json.dumps(raw).encode())


def _scope(venue: str, assets: Any, since_ns: int = 0) -> Scope:  # noqa: ANN401 -- whatever JSON holds
    """Read a stream's scope; files of before name coins with one start for all."""
    if isinstance(assets, dict):
        return scope_of(venue, (), 0, assets)
    return scope_of(venue, assets, since_ns, None)


def _stretches(raw: Any) -> list[Stretch]:  # noqa: ANN401 -- whatever JSON holds
    return [(int(start), int(end)) for start, end in raw]
