"""The time told of the market's move, for figures whose own sentences name none.

A move is dated near its figure ("Bitcoin fell on Monday"), by the price it reached ("below $87,000", told again with
its day further down), by a word that takes it up again ("the sudden rise", of the rise two paragraphs before), or in a
sentence of its own ("The drop came on Sunday"). The words are data (moves.toml). Limits: of several times none is
surely the move's, unless one is told of the figure's own coin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from newsdetect.claims.article import Line
from newsdetect.claims.corpus import any_of, corpus
from newsdetect.claims.timeframes import Timeframe
from newsdetect.claims.windows import Told, is_short, usable

_WORDS = corpus("moves")
_BREAK = re.compile(r"[,;:—–]\s|\s(?:and|but|while|when|with)\s")
_OTHER_THING = re.compile(any_of(_WORDS["other_things"]), re.IGNORECASE)
_MOVE = re.compile(any_of(_WORDS["moves"]), re.IGNORECASE)
_NOUN = any_of(_WORDS["nouns"])
# "The sudden increase saw …": the move told before.
_AGAIN = re.compile(rf"\W{{0,3}}(?:the|this|that|such)\s(?:[\w-]+\s){{0,2}}(?:{_NOUN})\b", re.IGNORECASE)
# "The drop came during a quiet weekend": nothing but when the move was.
_DATED = re.compile(
    rf"^(?:the|this|that|all this)\s(?:[\w-]+\s){{0,2}}(?:{_NOUN})\s(?:{any_of(_WORDS['dated'])})\s[^.;,$]{{0,40}}$",
    re.IGNORECASE,
)
# "Liquidations surged by 122% to over $2 billion": measured against the time before, by a clock of its own.
_MEASURED = re.compile(
    r"\bliquidations\s(?:\w+\s){0,2}(?:ros?e|surg|jump|soar|spik|climb|increas|grew|up)\w*\s(?:by\s)?(?:(?:over|more than|nearly|about)\s)?[\d.,]+\s?%",  # noqa: E501 -- a pattern reads best in one piece
    re.IGNORECASE,
)
_LEVEL = re.compile(r"\$\d{1,3},\d{3}(?![\d,.]*\s?(?:million|billion|[MB]\b)|,\d|\d)")
_WHOLE_MARKET = re.compile(r"\b(?:across|entire|whole|broader|overall)\b.{0,20}\bmarket\b", re.IGNORECASE)
_PERCENT = re.compile(r"\d\s?%")
#: How many sentences back it is still the same move, and how many where a word takes it up again.
_NEAR, _FAR = 3, 10
#: How many sentences apart a move is told with the same price.
_LEVEL_REACH = 6
#: A week's change told with that price is measured from elsewhere.
_DAY_HOURS = 24
#: How many sentences behind a figure a sentence dates its move.
_DATED_REACH = 6


def is_other(line: Line, time: Timeframe) -> bool:
    """Tell a time whose own clause speaks of volumes, funds and the like."""
    return _OTHER_THING.search(line.text, *_clause(line, time)) is not None


def of_move(lines: Sequence[Line], position: int) -> Told | None:
    """Give the time told nearby of the market's move."""
    line = lines[position]
    if line.has(_MEASURED):
        return None
    again = _AGAIN.match(line.text) is not None
    for before in reversed(lines[max(0, position - (_FAR if again else _NEAR)) : position]):
        moves = [time for time in _moves(before) if not is_of_one_coin(before, time, line)]
        if position - before.position > _NEAR:
            moves = [time for time in moves if time.window and time.window.start]
        if moves:
            return _only(moves) or of_coin(line, before, moves)
    behind = [t for after in lines[position + 1 : position + 2] for t in _moves(after) if t.window and t.window.hours]
    if behind:
        return Told(behind[0].window, "window.move")
    return _of_level(lines, position)


def dated(lines: Sequence[Line], position: int) -> Told | None:
    """Give the time of a sentence that says when the move was, and nothing else."""
    for line in lines[position + 1 : position + 1 + _DATED_REACH]:
        for time in usable(line):
            if time.window is not None and is_short(time.window) and _DATED.search(line.text[: time.start]):
                return Told(time.window, "window.dated")
    return None


def is_of_one_coin(line: Line, time: Timeframe, figure: Line) -> bool:
    """Tell a time by which a small coin's own change is measured, where the figure is the whole market's."""
    coins = {each.value for each in line.assets}
    low, high = _clause(line, time)
    return (
        len(coins) == 1
        and not coins & {"BTC", "ETH"}
        and _PERCENT.search(line.text, low, high) is not None
        and figure.has(_WHOLE_MARKET)
    )


def _of_level(lines: Sequence[Line], position: int) -> Told | None:
    """Give the time of the move that is told further down with the same price: "fell below $87,000 on Thursday"."""
    levels = set(_LEVEL.findall(lines[position].text))
    if not levels:
        return None
    for line in lines[position + 1 : position + 1 + _LEVEL_REACH]:
        if levels & set(_LEVEL.findall(line.text)):
            moves = [time for time in usable(line) if _is_dateable(line, time)]
            if moves:
                return _only(moves)
    return None


def _is_dateable(line: Line, time: Timeframe) -> bool:
    """Tell a day or length that dates a sentence of a move, however many clauses it has."""
    if time.window is None or time.window.length_hours > _DAY_HOURS or is_other(line, time):
        return False
    return line.has(_MOVE)


def _moves(line: Line) -> list[Timeframe]:
    return [time for time in usable(line) if _is_of_move(line, time)]


def _only(moves: list[Timeframe]) -> Told | None:
    """Give the one time that all tell."""
    return Told(moves[-1].window, "window.move") if len({str(time.window) for time in moves}) == 1 else None


def of_coin(figure: Line, line: Line, moves: Iterable[Timeframe]) -> Told | None:
    """Give the time told of the only coin that the figure's sentence names."""
    coins = {each.value for each in figure.assets}
    if len(coins) != 1:
        return None
    own: list[Timeframe] = []
    for time in moves:
        low, high = _clause(line, time)
        if coins == {each.value for each in line.assets if low <= each.start < high}:
            own.append(time)
    return _only(own) if own else None


def _is_of_move(line: Line, time: Timeframe) -> bool:
    """Tell a time whose own clause tells of the market's move."""
    if time.window is None or not is_short(time.window) or time.rule == "time.ago" or is_other(line, time):
        return False
    return _MOVE.search(line.text, *_clause(line, time)) is not None


def _clause(line: Line, time: Timeframe) -> tuple[int, int]:
    """Give the ends of the clause that a time stands in."""
    starts = [hit.end() for hit in _BREAK.finditer(line.text, 0, time.start)]
    end = _BREAK.search(line.text, time.end)
    return starts[-1] if starts else 0, end.start() if end else len(line.text)
