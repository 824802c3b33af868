"""What the price says of a claim: whether it moved the way the losing side loses, and whether a named level was traded.

Refuting needs more than a wrong close: the losing move must never have come at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from newsdetect.checks.prices import Move, Moves
from newsdetect.checks.readings import WHOLE
from newsdetect.checks.tuning import tuning
from newsdetect.types import Side

Word = Literal["supports", "silent", "against", "refutes"]
#: What the price may say, by its number in columns.
WORDS: tuple[Word, ...] = ("silent", "supports", "against", "refutes")
_SILENT, _SUPPORTS, _AGAINST, _REFUTES = range(4)
_Number = Any


def direction(found: Sequence[Move], side: Side) -> Word:
    """Say whether the moves fit a wipe-out of `side`; `refutes` where every coin's candles leave no doubt."""
    if not found:
        return "silent"
    fall, rise, net, covered = (
        np.array([[getattr(one, name)] for one in found]) for name in ("fall", "rise", "net", "covered")
    )
    return WORDS[int(_direction(fall, rise, net, covered, np.ones((len(found), 1), bool), side)[0])]


def directions(found: Sequence[Moves], side: Side) -> NDArray[np.int8]:
    """Say the same of many windows, by number in `WORDS`."""
    there = np.array([one.there for one in found])
    net = np.array([np.where(one.there, one.close / np.where(one.there, one.open, 1.0) - 1, 0.0) for one in found])
    fall, rise = (np.array(column) for column in zip(*((one.went.fall, one.went.rise) for one in found), strict=True))
    covered = np.array([one.covered for one in found])
    return _direction(fall, rise, net, covered, there, side)


def _direction(  # noqa: PLR0913, PLR0917 -- columns of a move
    fall: NDArray[np.float64],
    rise: NDArray[np.float64],
    net: NDArray[np.float64],
    covered: NDArray[np.float64],
    there: NDArray[np.bool_],
    side: Side,
) -> NDArray[np.int8]:
    """Judge moves of shape (coins, windows); coins without candles have no say."""
    tuned = tuning()
    if side == "both":
        stirred = (there & (np.maximum(fall, rise) >= tuned.move_supports)).any(axis=0)
        return np.where(stirred, _SUPPORTS, _SILENT).astype(np.int8)
    losing, other = (fall, net) if side == "long" else (rise, -net)
    beyond = (losing < tuned.never_more) & (other >= tuned.moved_other_way) & (covered >= WHOLE)
    wrong = (losing < tuned.move_supports) & (other >= tuned.move_supports)
    right = (there & (losing >= tuned.move_supports)).any(axis=0)
    said = np.where((beyond | ~there).all(axis=0), _REFUTES, np.where((wrong | ~there).all(axis=0), _AGAINST, right))
    return np.where(there.any(axis=0), said, _SILENT).astype(np.int8)


def never_traded(found: Sequence[Move], levels: Mapping[str, float]) -> list[tuple[Move, float]]:
    """Give the named price levels (coin → USD) that lie outside all that was traded in the window."""
    return [
        (move, levels[move.asset])
        for move in found
        if move.asset in levels and move.covered >= WHOLE and not _near(move.low, move.high, levels[move.asset])
    ]


def any_never_traded(found: Sequence[Moves], levels: Mapping[str, float]) -> NDArray[np.bool_]:
    """Tell in which windows any named price level lies outside all that was traded."""
    outside = [
        one.there & (one.covered >= WHOLE) & ~_near(one.went.low, one.went.high, levels[one.asset])
        for one in found
        if one.asset in levels
    ]
    return np.asarray(np.any([np.zeros(len(found[0].windows), bool), *outside], axis=0))


def _near(low: _Number, high: _Number, level: float) -> _Number:
    """Tell whether a level lies in the range of prices and a little beyond; of numbers or of columns."""
    slack = tuning().level
    return (low * (1 - slack) <= level) & (level <= high * (1 + slack))
