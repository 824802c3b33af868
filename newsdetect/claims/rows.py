"""Rows told in turn: "BTC and ETH followed at $68 million and $17 million, respectively".

The names in front of a run of figures are dealt out to them in their order: coins, venues or sides, whichever there
are exactly as many of (the last ones, where more are named). Only a sentence that says `respectively` is read so.
"""

from __future__ import annotations

import re
from dataclasses import replace

from newsdetect.claims.entities import Mention
from newsdetect.claims.meaning import Reading

_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
#: Two figures of one run stand this near: "$68 million and $17 million".
_NEAR = 24


def in_turn(readings: list[Reading]) -> list[Reading]:
    """Give the readings with the figures of each `respectively` dealt their names."""
    done = list(readings)
    for number, reading in enumerate(readings):
        line = reading.figure.line
        first_of_line = number == 0 or readings[number - 1].figure.line is not line
        if first_of_line and _RESPECTIVELY.search(line.text):
            own = [at for at, other in enumerate(readings) if other.figure.line is line]
            for run in _runs(readings, own):
                for at, dealt in zip(run, _dealt([readings[at] for at in run]), strict=True):
                    done[at] = dealt
    return done


def _runs(readings: list[Reading], own: list[int]) -> list[list[int]]:
    """Cut a sentence's figures into runs that stand close together."""
    runs: list[list[int]] = []
    for at in own:
        if runs and readings[at].figure.start - readings[runs[-1][-1]].figure.end <= _NEAR:
            runs[-1].append(at)
        else:
            runs.append([at])
    return [run for run in runs if len(run) > 1]


def _dealt(run: list[Reading]) -> list[Reading]:
    """Deal the names before a run to its figures."""
    line, start = run[0].figure.line, run[0].figure.start
    coins, venues, sides = (_names(each, start, len(run)) for each in (line.assets, line.venues, line.sides))
    done = []
    for number, reading in enumerate(run):
        changed = reading
        if coins:
            changed = replace(changed, asset=coins[number])
        elif venues:
            changed = replace(changed, venue=venues[number])
        elif sides:
            changed = replace(changed, side="long" if sides[number] == "long" else "short")
        done.append(replace(changed, rules=(*changed.rules, "row.respectively")) if changed is not reading else reading)
    return done


def _names(mentions: list[Mention], end: int, count: int) -> list[str]:
    """Give the last `count` distinct names before `end`, in their order; none where there are fewer."""
    names = list(dict.fromkeys(mention.value for mention in mentions if mention.end <= end))
    return names[-count:] if len(names) >= count else []
