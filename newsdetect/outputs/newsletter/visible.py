"""Visible text with its places: what a reader sees of a newsletter, each character with where it stands in the source.

The text is what claims are read from; the places are where notes go. A note never goes inside a tag, an attribute or a
link: behind a character of a link's words the place is behind the link's closing tag.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: Space that a reader sees as one blank; a no-break space is none of these and stays.
SPACE = frozenset(" \t\n\r\f")


@dataclass(frozen=True, slots=True)
class Visible:
    """A newsletter's text; `starts[i]` and `ends[i]` bound character i in the source, behind it is `after[i]`.

    Line ends between blocks are made up: their place is empty.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(slots=True)
class Writer:
    """Gathers visible characters; runs of space become one blank, block borders one line end."""

    _chars: list[str] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _ends: list[int] = field(default_factory=list)
    _after: list[int] = field(default_factory=list)
    _blank: tuple[int, int] | None = None
    _border: bool = False

    def __len__(self) -> int:
        return len(self._chars)

    def write(self, chars: str, start: int, end: int) -> None:
        """Add what the source characters `[start, end)` show; a lone surrogate shows as U+FFFD."""
        for char in chars:
            if char in SPACE:
                self._blank = (self._blank[0] if self._blank else start, end)
                continue
            self._settle(start)
            self._add("\ufffd" if "\ud800" <= char <= "\udfff" else char, start, end)

    def write_source(self, source: str, start: int, end: int) -> None:
        """Add source characters that show as themselves."""
        for place in range(start, end):
            self.write(source[place], place, place + 1)

    def border(self) -> None:
        """Note that a block begins or ends here."""
        self._border = True

    def move_after(self, first: int, place: int) -> None:
        """Let notes behind the characters from number `first` on stand at `place`."""
        for number in range(first, len(self._chars)):
            self._after[number] = place

    def move_last(self, place: int, behind: int) -> None:
        """Let a note that would stand at `place`, right behind the last character, stand at `behind`."""
        if self._after and self._after[-1] == place:
            self._after[-1] = behind

    def done(self) -> Visible:
        """Give all that was gathered."""
        return Visible("".join(self._chars), tuple(self._starts), tuple(self._ends), tuple(self._after))

    def _settle(self, place: int) -> None:
        """Write the blank or line end that is due before the next character."""
        if self._chars and self._border:
            self._add("\n", place, place)
        elif self._chars and self._blank is not None:
            self._add(" ", *self._blank)
        self._blank, self._border = None, False

    def _add(self, char: str, start: int, end: int) -> None:
        self._chars.append(char)
        self._starts.append(start)
        self._ends.append(end)
        self._after.append(end)
