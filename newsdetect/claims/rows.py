"""Rows told in turn: "BTC and ETH followed at $68 million and $17 million, respectively".

The names in front of a run of figures are dealt out to them in their order: coins, venues or sides, whichever there
are exactly as many of (the last ones, where more are named). A sentence is read so where it says `respectively`, or
where as many names as figures stand joined right before them ("DOGE and ADA futures saw $40 million and $25 million").
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby, pairwise

from newsdetect.claims.entities import Mention
from newsdetect.claims.meaning import Reading

_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
_JOINT = re.compile(r"\)?,?\s(?:(?:and|&)\s)?(?:\w+\s\()?|\)?(?:\s\()?")
# A list that names not all of them: nothing is dealt.
_OPEN = re.compile(r"\)?,?\s(?:and|&)\s(?:\w+\s){0,2}(?:others?|more|the\srest|altcoins?)\b", re.IGNORECASE)
#: This near to the last name the first figure stands: "ADA futures saw $40 million".
_LEAD = 40
#: Two figures of one run stand this near: "$68 million and $17 million".
_NEAR = 24


def in_turn(readings: list[Reading]) -> list[Reading]:
    """Give the readings with the figures of each `respectively` dealt their names."""
    done = list(readings)
    for line, group in groupby(enumerate(readings), key=lambda each: each[1].figure.line):
        said = line.has(_RESPECTIVELY)
        for run in _runs(readings, [at for at, _reading in group]):
            if said or _are_joined(readings, run):
                for at, dealt in zip(run, _dealt([readings[at] for at in run]), strict=True):
                    done[at] = dealt
    return done


def _runs(readings: list[Reading], own: list[int]) -> list[list[int]]:
    """Cut a sentence's figures into runs that stand close together."""
    runs: list[list[int]] = []
    for at in own:
        last = readings[runs[-1][-1]].figure if runs else None
        kind = readings[at].figure.amount.kind
        if last and kind == last.amount.kind and readings[at].figure.start - last.end <= _NEAR:
            runs[-1].append(at)
        else:
            runs.append([at])
    return [run for run in runs if len(run) > 1]


def _are_joined(readings: list[Reading], run: list[int]) -> bool:
    """Tell whether a run's names stand joined right before it, as many as its figures."""
    line = readings[run[0]].figure.line
    start = readings[run[0]].figure.start
    since = max((other.end for other in line.figures if other.end <= start), default=0)
    for mentions in (line.assets, line.venues):
        named = [each for each in mentions if since <= each.start and each.end <= start]
        if len({each.value for each in named}) == len(run) and start - named[-1].end <= _LEAD:
            gaps = [line.text[a.end : b.start] for a, b in pairwise(named) if a.value != b.value]
            return not _OPEN.match(line.text, named[-1].end) and all(_JOINT.fullmatch(gap) for gap in gaps)
    return False


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
