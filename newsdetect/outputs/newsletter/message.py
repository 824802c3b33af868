"""A newsletter as a mail (.eml): its HTML parts annotated where they stand, encodings and all.

The stdlib's mail parser tells no offsets and writes a message anew, so the parts are found in the source, and a note is
spliced into the encoded body: as it is into 7bit, 8bit and binary, as lines of its own into quoted-printable, and by
encoding anew into base64, where that gives back the original layout. Limits: a part in a charset other than UTF-8
that is sent as 8bit shows its non-ASCII characters as U+FFFD; DKIM signatures over the body no longer hold, as with any
change on the way; in quoted-printable a figure before two dashes gets no note.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import HeaderParser
from email.policy import default

from newsdetect.outputs.newsletter.notes import NOTE, Annotated, Annotation, insert, without

#: Multiparts in multiparts deeper than this are no newsletter.
_DEEPEST = 10
_QP_TOKEN = re.compile(rb"=([0-9A-Fa-f]{2})|=[ \t]*(\r\n|\r|\n|\Z)|[^=]|=", re.DOTALL)
_HEAD_END = re.compile(r"\r?\n\r?\n")
# A note in quoted-printable: its own lines, each closed by a soft line end.
_CLOSE = "</span>"
_QP_NOTE = re.compile(
    rf"=(\r\n|\n)(<span data-newsdetect=3D(?:[^=\r\n]|=[0-9A-F]{{2}}|=\1(?!{_CLOSE}))*+)=\1{_CLOSE}=\1"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """An HTML part's body: source characters `[start, end)` in a transfer encoding."""

    start: int
    end: int
    encoding: str
    charset: str


def annotate_message(source: str, annotate: Callable[[str], Annotated]) -> Annotated:
    """Annotate a message's HTML parts; `annotate` gets a part's HTML and gives it back with its notes."""
    pieces: list[str] = []
    annotations: list[Annotation] = []
    last = 0
    for part in _html_parts(source):
        body, notes = _annotated(source[part.start : part.end], part, annotate)
        pieces += (source[last : part.start], body)
        annotations += notes
        last = part.end
    return Annotated(content="".join([*pieces, source[last:]]), annotations=tuple(annotations))


def clean_message(source: str) -> str:
    """Take the notes out of a message's HTML parts."""
    pieces: list[str] = []
    last = 0
    for part in _html_parts(source):
        pieces += (source[last : part.start], _cleaned(source[part.start : part.end], part))
        last = part.end
    return "".join([*pieces, source[last:]])


def _annotated(body: str, part: _Part, annotate: Callable[[str], Annotated]) -> tuple[str, tuple[Annotation, ...]]:
    if part.encoding == "quoted-printable":
        text, places = _from_quoted(body, part.charset)
        # A note ends with its line: two dashes behind it would begin one, and could be the mark between two parts.
        told = [each for each in _with_text(annotate(text)) if not body.startswith("--", places[each[0].place])]
        notes = [(places[note.place], _quoted(found, body)) for note, found in told]
        return insert(body, notes), _moved(tuple(note for note, _ in told), part.start, places)
    if part.encoding == "base64":
        layout = _layout(body, part.charset)
        if layout is None:
            return body, ()
        done = annotate(layout.text)
        return layout.written(done.content), _moved(done.annotations, part.start, None)
    done = annotate(body)
    return done.content, _moved(done.annotations, part.start, range(len(body) + 1))


def _cleaned(body: str, part: _Part) -> str:
    if part.encoding == "quoted-printable":
        return _QP_NOTE.sub(_unquoted_note, body)
    if part.encoding == "base64":
        layout = _layout(body, part.charset)
        return body if layout is None else layout.written(without(layout.text))
    return without(body)


def _with_text(done: Annotated) -> Iterator[tuple[Annotation, str]]:
    """Give each note with its HTML, in the order of the source."""
    return zip(done.annotations, (found[0] for found in NOTE.finditer(done.content)), strict=True)


def _moved(notes: tuple[Annotation, ...], start: int, places: range | list[int] | None) -> tuple[Annotation, ...]:
    """Count notes' places in the message; base64 has no place of a character, so the body's start stands for all."""
    return tuple(note.model_copy(update={"place": start + (places[note.place] if places else 0)}) for note in notes)


def _quoted(note: str, body: str) -> str:
    """Write a note in quoted-printable: ASCII, `=` coded, lines short, soft line ends before and behind."""
    newline = "\r\n" if "\r\n" in body else "\n"
    coded = note.removesuffix(_CLOSE).replace("=", "=3D")
    lines: list[str] = []
    while coded:
        cut = 72
        # A coded character is not cut in two.
        while len(coded) > cut and "=" in coded[cut - 2 : cut]:
            cut -= 1
        lines.append(coded[:cut])
        coded = coded[cut:]
    soft = f"={newline}"
    return f"{soft}{soft.join([*lines, _CLOSE])}{soft}"


def _unquoted_note(found: re.Match[str]) -> str:
    """Give nothing for what is a note once decoded, else what stood there."""
    plain = (found[2] + _CLOSE).replace(f"={found[1]}", "").replace("=3D", "=")
    return "" if NOTE.fullmatch(plain) else found[0]


def _from_quoted(body: str, charset: str) -> tuple[str, list[int]]:
    """Decode quoted-printable; `places[i]` is where character i begins in the body, the last one the body's end."""
    raw = body.encode("latin-1", "replace")
    data, starts = bytearray(), []
    for token in _QP_TOKEN.finditer(raw):
        if token[2] is not None:
            continue
        data += bytes([int(token[1], 16)]) if token[1] else token[0]
        starts.append(token.start())
    starts.append(len(body))
    text = bytes(data).decode(charset, "surrogateescape" if charset in _ESCAPING else "replace")
    places, at = [], 0
    for char in text:
        places.append(starts[min(at, len(starts) - 1)])
        at += _width(char, charset)
    places.append(len(body))
    return text, places


_ESCAPING = frozenset({"utf-8", "ascii"})


def _width(char: str, charset: str) -> int:
    """Give how many bytes a character took; one byte that is no character took itself."""
    if "\ud800" <= char <= "\udfff" or char == "\ufffd":
        return 1 if charset != "utf-8" or char != "\ufffd" else 3
    return len(char.encode(charset, "replace"))


@dataclass(frozen=True, slots=True)
class _Base64:
    """A base64 body that can be written again as it was: its text, line length, line end, and what stood around it."""

    text: str
    charset: str
    width: int
    newline: str
    before: str
    behind: str

    def written(self, text: str) -> str:
        coded = base64.b64encode(text.encode(self.charset, "surrogateescape")).decode()
        lines = [coded[i : i + self.width] for i in range(0, len(coded), self.width)]
        return self.before + self.newline.join(lines) + self.behind


def _layout(body: str, charset: str) -> _Base64 | None:
    """Read a base64 body; null where writing it again would not give the same characters."""
    core = body.strip("\r\n")
    first = core.split("\n", 1)[0].rstrip("\r")
    newline = "\r\n" if "\r\n" in core else "\n"
    try:
        text = base64.b64decode(core.encode("ascii")).decode(charset, "surrogateescape")
    except (binascii.Error, UnicodeError):
        return None
    begin = body.find(core) if core else 0
    # One line tells no length: mail allows 76.
    width = max(len(first), 76) if newline not in core else len(first)
    layout = _Base64(text, charset, width or 76, newline, body[:begin], body[begin + len(core) :])
    return layout if core and layout.written(text) == body else None


def _html_parts(source: str, start: int = 0, end: int | None = None, depth: int = 0) -> Iterator[_Part]:
    """Find the HTML bodies of a message or part that stands at `[start, end)`, in order."""
    end = len(source) if end is None else end
    border = _HEAD_END.search(source, start, end)
    if source.startswith(("\n", "\r\n"), start):
        head, body = "", start + (1 if source[start] == "\n" else 2)
    elif border is not None:
        head, body = source[start : border.end()], border.end()
    else:
        return
    headers = HeaderParser(EmailMessage, policy=default).parsestr(head, headersonly=True)
    kind = headers.get_content_type()
    boundary = headers.get_boundary() if kind.startswith("multipart/") else None
    if boundary and depth < _DEEPEST:
        for left, right in _between(source, body, end, boundary):
            yield from _html_parts(source, left, right, depth + 1)
    elif kind == "text/html" and headers.get_content_disposition() != "attachment":
        encoding = str(headers.get("Content-Transfer-Encoding", "7bit")).strip().lower()
        yield _Part(body, end, encoding, _charset(headers))


def _between(source: str, start: int, end: int, boundary: str) -> Iterator[tuple[int, int]]:
    """Give the stretches between a boundary's lines; the line end before a boundary belongs to it."""
    line = re.compile(rf"(?:\r?\n|\A|(?<=\n))--{re.escape(boundary)}(--)?[ \t]*(?:\r?\n|\Z)")
    left: int | None = None
    for found in line.finditer(source, start, end):
        if left is not None:
            yield left, max(left, found.start())
        if found[1]:
            return
        left = found.end()
    if left is not None:
        yield left, end


def _charset(headers: EmailMessage) -> str:
    """Give the part's charset under Python's name; an unknown one is read as Latin-1, which loses nothing."""
    name = headers.get_content_charset() or "utf-8"
    try:
        "".encode(name)
    except LookupError:
        return "latin-1"
    return "utf-8" if name.replace("_", "-") in {"utf-8", "utf8", "us-ascii", "ascii"} else name
