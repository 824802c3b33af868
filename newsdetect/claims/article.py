"""An article laid out for reading: its sentences, and in each the figures with the stretch of text that is their own.

A sentence with several figures is cut into one territory each ("$422M in longs & $226M in shorts"), so that a side, a
coin or a role is looked for where it was said. The cut falls on a connective between two figures ("while", "compared
to", ", with"), else on the last comma, "and" or "with" between them, else in front of the second figure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from newsdetect.claims import anaphora
from newsdetect.claims.amounts import Amount, find_amounts
from newsdetect.claims.entities import Mention, find_assets, find_observers, find_sides, find_venues
from newsdetect.claims.sentences import Sentence, split
from newsdetect.claims.timeframes import Timeframe, find_timeframes
from newsdetect.documents.document import Document

# Where one figure's part of a sentence ends: the first connective, else the last break of the surest kind.
_CONNECTIVE = re.compile(
    r"[,;—–]\s?(?:and\s|while\s|whereas\s|but\s|followed\s|compared\s|with\s|of\swhich\s|including\s|versus\s|led\s)"
    r"|\sand\s(?=the\s(?:single\s)?(?:largest|biggest)\b)|\s(?:while|whereas|following|amid|after|compared\s(?:to|with)|versus|vs\.?|followed|against|but)\s|;\s|\.\s|\s?[—–]\s?|\s&\s|\s[/|→]\s"
)
_BREAKS = (
    re.compile(r",\s(?!\w+ing\b|worth\b|valued\b)"),
    re.compile(r",\s"),
    re.compile(
        r"(?<!longs)(?<!shorts)(?<!long)(?<!short)\sand\s|\sand\s(?!(?:longs|shorts|long|short)\b)|\s(?:or(?!\sshort)|plus)\s"
    ),
    re.compile(r"\s(?:with|as|after|to|from)\s"),
    re.compile(r"\s\("),
)


#: How many sentences a word that points back ("that day") can reach.
_MEMORY = 8


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount in its sentence: what stands in its territory to its left and right."""

    amount: Amount
    line: Line = field(repr=False)
    #: The territory, as offsets into the sentence's text.
    low: int
    high: int

    @property
    def left(self) -> str:
        """The territory's text before the figure."""
        return self.line.text[self.low : self.start]

    @property
    def right(self) -> str:
        """The territory's text behind the figure."""
        return self.line.text[self.end : self.high]

    @property
    def start(self) -> int:
        """Where the figure starts in its sentence's text."""
        return self.amount.start - self.line.sentence.start

    @property
    def end(self) -> int:
        """Where the figure ends in its sentence's text."""
        return self.amount.end - self.line.sentence.start


class Line:
    """One sentence with its figures; the names in it are looked up when first asked for."""

    def __init__(
        self,
        sentence: Sentence,
        position: int,
        amounts: list[Amount],
        published: datetime | None,
        before: tuple[Line, ...] = (),
    ) -> None:
        self.sentence = sentence
        #: Which sentence of the article it is.
        self.position = position
        self.text = sentence.text
        self._published = published
        self._before = before
        self.figures = tuple(_figures(self, amounts))
        self._has: dict[re.Pattern[str], bool] = {}

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether the sentence has a pattern; looked for once, however many figures ask."""
        if pattern not in self._has:
            self._has[pattern] = pattern.search(self.text) is not None
        return self._has[pattern]

    @cached_property
    def lower(self) -> str:
        """The text in lower case, of the same length."""
        lower = self.text.lower()
        return lower if len(lower) == len(self.text) else self.text

    @cached_property
    def times(self) -> list[Timeframe]:
        """The times named in the sentence, also those that point back to a sentence before."""
        before = (line.own_times for line in reversed(self._before))
        return anaphora.settle(self.own_times, self.text, before=before, published=self._published)

    @cached_property
    def own_times(self) -> list[Timeframe]:
        """The times named in the sentence, read by itself."""
        return find_timeframes(self.text, published=self._published)

    @cached_property
    def sides(self) -> list[Mention]:
        """The words for long and short positions."""
        return find_sides(self.text)

    @cached_property
    def assets(self) -> list[Mention]:
        """The coins named."""
        return find_assets(self.text)

    @cached_property
    def venues(self) -> list[Mention]:
        """The venues named."""
        return find_venues(self.text)

    @cached_property
    def observers(self) -> list[Mention]:
        """The data sources named."""
        return find_observers(self.text)


@dataclass(frozen=True)
class Article:
    """A document laid out for reading."""

    doc: Document
    lines: tuple[Line, ...]
    published: datetime | None

    @property
    def title(self) -> Line | None:
        """The headline, if there is one."""
        return self.lines[0] if self.lines and self.lines[0].sentence.title else None


def lay_out(doc: Document) -> Article:
    """Cut a document into lines with their figures."""
    published = doc.published.at if doc.published else None
    if published is not None and not 2000 <= published.year <= 9000:
        published = None  # no time of any market; arithmetic on it could leave the calendar
    sentences = split(doc.content)
    amounts = find_amounts(doc.content)
    lines: list[Line] = []
    next_amount = 0
    for position, sentence in enumerate(sentences):
        own: list[Amount] = []
        while next_amount < len(amounts) and amounts[next_amount].start < sentence.end:
            amount = amounts[next_amount]
            if amount.start >= sentence.start and amount.end <= sentence.end:
                own.append(amount)
            next_amount += 1
        lines.append(Line(sentence, position, own, published, tuple(lines[-_MEMORY:])))
    return Article(doc=doc, lines=tuple(lines), published=published)


def _figures(line: Line, amounts: list[Amount]) -> list[Figure]:
    """Give each amount of a sentence its territory; plain small numbers claim none."""
    start = line.sentence.start
    holders = [amount for amount in amounts if amount.kind != "bare" or amount.scaled]
    cuts = [0]
    for first, second in pairwise(holders):
        gap = line.text[first.end - start : second.start - start]
        cuts.append(first.end - start + _cut(gap, governs=first.scaled or first.kind != "money"))
    cuts.append(len(line.text))
    figures = [Figure(amount, line, low, high) for amount, low, high in zip(holders, cuts, cuts[1:], strict=False)]
    bare = [
        Figure(amount, line, 0, len(line.text)) for amount in amounts if amount.kind == "bare" and not amount.scaled
    ]
    return sorted([*figures, *bare], key=lambda figure: figure.amount.start)


def _cut(gap: str, *, governs: bool) -> int:
    """Say where in the text between two figures the first one's territory ends; a price governs nothing behind it."""
    sure = _CONNECTIVE.search(gap)
    if sure is not None:
        return sure.start()
    for breaks in _BREAKS:
        found = [hit.start() for hit in breaks.finditer(gap)]
        if found:
            return found[-1]
    return len(gap) if governs else 0
