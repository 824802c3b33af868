"""The written corpus: passages in the manner of news, marked up so that a person can read and edit them.

A file is a family; a passage begins with a line `@ name [published]`, its headline, if it has one, with `# `, and
lines with `// ` are notes. Two marks, which may nest:

    [[$343 million|liq, 1h, long, coin=BTC, venue=Binance, by=CoinGlass, at_least]]      a figure and what it means
    {{a sudden sell-off|price_drop trigger}}                                             a cause, its type and role

Every figure carries one. The first of its words is its role (`ROLES`; only the first three are claims); the others are
written where they are not the default: a window (`1h`, `30m`, `2d`, or `2025-08-24/2025-08-25` and
`2025-08-25T16:00/2025-08-25T20:00` in UTC), a side (`long`, `short`), a hedge (`about`, `at_least`, `at_most`), a
status (`historical`, `hypothetical`), `coin=`, `venue=`, `by=` (who says so), `unit=`. Each mention of one claim is
marked in full. `event` and the merged claims follow from the marks as they do from readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

from newsdetect.claims.claim import CauseRole, CauseType
from newsdetect.documents.dates import given_date
from newsdetect.documents.document import Document, document_id
from newsdetect.errors import DocumentError, UsageError
from newsdetect.types import ALL, Hedge, Side, Span, Status, Value, Window

#: What a mark may call its figure; those of the first row are claims.
METRICS = {"liq": "liquidations", "largest": "largest_liquidation", "traders": "traders_liquidated"}
OTHER_ROLES = (
    "price", "level", "cap", "volume", "interest", "flow", "position", "margin", "profit", "loss", "holding", "fine",
    "difference", "average", "leverage", "trade", "other",
)  # fmt: skip
ROLES = (*METRICS, *OTHER_ROLES)

_MARK = re.compile(r"\[\[|\{\{|\|(?P<label>[^|\[\]{}\n]*)(?P<close>\]\]|\}\})")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_HEAD = re.compile(r"@ (?P<name>\S+)(?: (?P<published>\S+))?")


class Label(Value):
    """What a figure was marked as."""

    span: Span
    role: str
    window: Window | None = None
    side: Side = "both"
    asset: str = ALL
    venue: str = ALL
    hedge: Hedge = "exact"
    status: Status = "asserted"
    attributed_to: str | None = None
    unit: str | None = None

    @property
    def is_claim(self) -> bool:
        """Whether the figure is a claim about liquidations."""
        return self.role in METRICS


class MarkedCause(Value):
    """What was marked as a cause."""

    span: Span
    type: CauseType
    role: CauseRole


class Passage(Value):
    """One passage: the document that a reader sees, and its labels with offsets into `Document.content`."""

    #: The family's name (the file's), of which whole ones are held out.
    family: str
    doc: Document
    labels: tuple[Label, ...] = ()
    causes: tuple[MarkedCause, ...] = ()


def read_family(path: Path) -> list[Passage]:
    """Read one file of passages; raise UsageError that names file, line and passage for a mark that is none."""
    found: list[Passage] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise UsageError(f"{path}: cannot be read: {fault}", key=str(path)) from fault
    for number, head, body in _blocks(lines, path):
        where = f"{path}:{number} ({head['name']})"
        try:
            found.append(_passage(path.stem, head, body))
        except (ValueError, DocumentError) as fault:
            raise UsageError(f"{where}: {fault}", key=where) from fault
    names = [passage.doc.id for passage in found]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(f"{path}: two passages have the words of {twice}", key=str(path))
    return found


def read_corpus(folder: Path) -> list[Passage]:
    """Read every family under a folder, in order of their paths."""
    return [passage for path in sorted(folder.rglob("*.txt")) for passage in read_family(path)]


def _blocks(lines: list[str], path: Path) -> Iterator[tuple[int, re.Match[str], list[str]]]:
    """Cut a file at its heads."""
    head: re.Match[str] | None = None
    start = 0
    body: list[str] = []
    for number, line in enumerate(lines, start=1):
        if line.startswith("// "):
            continue
        if line.startswith("@ "):
            if head is not None:
                yield start, head, body
            head, start, body = _HEAD.fullmatch(line.rstrip()), number, []
            if head is None:
                raise UsageError(f"{path}:{number}: a passage begins with `@ name [published]`", key=f"{path}:{number}")
        elif head is not None:
            body.append(line)
        elif line.strip():
            raise UsageError(f"{path}:{number}: text before the first `@ name`", key=f"{path}:{number}")
    if head is not None:
        yield start, head, body


def _passage(family: str, head: re.Match[str], body: list[str]) -> Passage:
    """Read one passage of its head and its lines."""
    title = ""
    if body and body[0].startswith("# "):
        title, body = body[0][2:].strip(), body[1:]
    content, marks = _unmarked(f"{title}\n" + "\n".join(body).strip())
    title, _, text = content.partition("\n")
    published = given_date(head["published"]) if head["published"] else None
    doc = Document(id=document_id(title, text, f"{family}/{head['name']}"), title=title, text=text, published=published)
    labels, causes = [], []
    for kind, span, label in marks:
        if kind == "]]":
            labels.append(_label(span, label))
        else:
            causes.append(_cause(span, label))
    return Passage(family=family, doc=doc, labels=tuple(labels), causes=tuple(causes))


def _unmarked(marked: str) -> tuple[str, list[tuple[str, Span, str]]]:
    """Take the marks out: the plain content, and each mark's kind, span and label in order of their starts."""
    plain: list[str] = []
    length, last = 0, 0
    open_marks: list[tuple[str, int]] = []
    marks: list[tuple[str, int, int, str]] = []
    for hit in _MARK.finditer(marked):
        plain.append(marked[last : hit.start()])
        length, last = length + hit.start() - last, hit.end()
        if hit["close"] is None:
            open_marks.append(("]]" if hit[0] == "[[" else "}}", length))
            continue
        if not open_marks or open_marks[-1][0] != hit["close"]:
            raise ValueError(f"the mark |{hit['label']}{hit['close']} was never opened")
        kind, start = open_marks.pop()
        marks.append((kind, start, length, hit["label"]))
    if open_marks:
        raise ValueError("a mark is never closed, or has no |label")
    plain.append(marked[last:])
    content = "".join(plain)
    if stray := re.search(r"\[\[|\]\]|\{\{|\}\}", content):
        raise ValueError(f"a stray {stray[0]}")
    found = [(kind, Span(start=start, end=end, text=content[start:end]), label) for kind, start, end, label in marks]
    return content, sorted(found, key=lambda mark: (mark[1].start, -mark[1].end))


def _label(span: Span, label: str) -> Label:
    """Read a figure's label: its role, then its fields."""
    role, *words = (word.strip() for word in label.split(","))
    if role not in ROLES:
        raise ValueError(f"{role!r} is no role: one of {', '.join(ROLES)}")
    if not span.text.strip() or span.text != span.text.strip():
        raise ValueError(f"the mark around {span.text!r} is empty or has space at an end")
    fields: dict[str, Any] = {}
    for word in words:
        name, value = _field(word)
        if name in fields:
            raise ValueError(f"{name} is given twice")
        fields[name] = value
    if fields and role not in METRICS:
        raise ValueError(f"a {role} has no fields")
    return Label(span=span, role=role, **fields)


def _field(word: str) -> tuple[str, Any]:
    """Read one word of a label as a field's name and value."""
    for name, words in (("side", get_args(Side)), ("hedge", get_args(Hedge)), ("status", get_args(Status))):
        if word in words:
            return name, word
    key, equals, value = word.partition("=")
    names = {"coin": "asset", "venue": "venue", "by": "attributed_to", "unit": "unit"}
    if equals and key in names and value:
        return names[key], value
    return "window", _window(word)


def _window(word: str) -> Window:
    """Read a window: a length, or two ends in UTC with a slash between."""
    length = _LENGTH.fullmatch(word)
    if length:
        return Window(hours=round(float(length[1]) * _SECONDS[length[2]] / 3600, 4))
    start, slash, end = word.partition("/")
    if not slash:
        raise ValueError(f"{word!r} is no field: a window is 1h, 30m, 2d or START/END")
    return Window(start=_instant(start), end=_instant(end))


def _instant(word: str) -> datetime:
    if "T" in word:
        return datetime.fromisoformat(word).replace(tzinfo=UTC)
    return datetime.combine(date.fromisoformat(word), datetime.min.time(), tzinfo=UTC)


def _cause(span: Span, label: str) -> MarkedCause:
    """Read a cause's label: type and role."""
    kind, _, role = label.strip().partition(" ")
    if kind not in get_args(CauseType) or role not in get_args(CauseRole):
        raise ValueError(f"{label!r} is no cause: a type and a role are needed, as in `price_drop trigger`")
    return MarkedCause(span=span, type=kind, role=role)
