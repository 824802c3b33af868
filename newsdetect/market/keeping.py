"""What was read of an archive's parts and is kept while in use: bounded in bytes, the longest unused goes first.

A part never changes under its name (an import writes a new one), so what was read of it stays true.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Kept(Generic[_Value]):
    """Values by name; safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._guard = threading.Lock()
        self._held: OrderedDict[Hashable, tuple[int, _Value]] = OrderedDict()
        self._bytes = 0

    def once(self, name: Hashable, make: Callable[[], _Value], size: Callable[[_Value], int]) -> _Value:
        """Give what is kept under a name, or make it; two threads may make it twice, to the same end."""
        with self._guard:
            if name in self._held:
                self._held.move_to_end(name)
                return self._held[name][1]
        made = make()
        with self._guard:
            if name not in self._held:
                self._held[name] = (size(made), made)
                self._bytes += self._held[name][0]
            while self._bytes > self._most and len(self._held) > 1:
                _, (gone, _) = self._held.popitem(last=False)
                self._bytes -= gone
        return made
