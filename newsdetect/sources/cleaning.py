"""Splits an article's own lines from what stands around them: newsletter boxes, source lists, disclaimers, comments.

Works on lines of text, so that a scraped page, a feed's content and a plain copy are cleaned by one set of rules. Whole
lines go or stay; none is edited. Limit: the phrases are English, and only at the end of a text is a disclaimer split
off, because an article may speak of one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: A line from this length on counts as prose when two parts of a page are weighed against each other.
_PROSE = 80


@dataclass(frozen=True, slots=True)
class Reference:
    """One line of a numbered source list: `[1] title – URL`."""

    mark: int | None
    title: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An article's own text, the source list that stood under it, and the lines that were split off."""

    text: str
    references: tuple[Reference, ...] = ()
    dropped: tuple[str, ...] = ()


_SOURCE_HEAD = re.compile(r"(?:sources?|references?|citations?|footnotes?)\s*:?\s*", re.IGNORECASE)
_REFERENCE = re.compile(
    r"\[(?P<mark>\d{1,3})\][\s:.]*(?P<title>.*?)[\s:–—-]*(?:[(<\[]?(?P<url>https?://[^\s<>)\]]+)[)>\]]?)?\s*",
    re.IGNORECASE,
)
_COMMENTS = re.compile(
    r"(?:\d+ )?(?:user )?comments?(?: \(\d+\))?:?|no comments yet\.?|leave a (?:comment|reply).{0,40}"
    r"|add a comment.{0,40}|join the (?:discussion|conversation).{0,40}|post a comment|what do you think\?",
    re.IGNORECASE,
)
#: Lines that no article means, wherever they stand.
_PROMOTION = re.compile(
    r"(?:[\w&.'’]+ ){0,3}newsletters?"
    r"|.{0,90}\bfree (?:to|in) your inbox\b.{0,30}"
    r"|(?:sign up|subscribe|register)\b.{0,80}\b(?:newsletters?|inbox|daily|e-?mails?|updates|alerts|podcast|channel)\b"
    r".{0,60}"
    r"|get (?:the|our|your) .{0,60}\b(?:newsletter|inbox)\b.{0,60}"
    r"|(?:follow|join|find) us (?:on|at)\b.{0,100}"
    r"|(?:share|tweet|print)(?: (?:this|on|via|article|story|post)\b.{0,60})?"
    r"|advertisements?|sponsored(?: content)?|story continues(?: below)?.{0,30}|loading\.{0,3}"
    r"|(?:related|recommended|more|further|suggested)(?: reading| articles?| stories| news| posts?| content"
    r"| coverage)?\s*:.{0,160}"
    r"|(?:related|recommended|further|suggested) (?:reading|articles?|stories|posts?|content|coverage)"
    r"|(?:read (?:more|also|next|on)|also read|see also|read this|don[’']t miss|must read|trending(?: now)?"
    r"|you (?:may|might) also like|more from)(?:\s*:.{0,160}|\s*[|>»→].{0,160}|\.{0,3})"
    r"|(?:image|photo|featured image|cover image)(?: credits?| source| by| from| via)?\s*:.{0,100}"
    r"|follow (?:@\w+|.{0,40} on (?:twitter|x|facebook|telegram|instagram|linkedin)).{0,60}",
    re.IGNORECASE,
)
#: Lines that belong to the house and not to the article, when they stand at its end.
_TAIL = re.compile(
    r"(?:disclaimers?|risk warning|disclosures?|legal notice|affiliate disclosure)\b.{0,2000}"
    r"|.{0,400}\b(?:not|nor|no)\b.{0,60}\b(?:financial|investment|trading|legal|professional)\b.{0,40}\badvice\b.{0,600}"
    r"|.{0,200}\bfor (?:general )?(?:informational?|educational|information)(?: and \w+)? purposes(?: only)?\b.{0,600}"
    r"|.{0,80}\bdo(?:es)? (?:your|their) own research\b.{0,300}"
    r"|(?:the|this) (?:post|article|story) .{1,300} (?:appeared first|first appeared) on .{1,80}"
    r"|(?:.{0,300}[.!?)] )?(?:follow|reach|e-?mail|contact|tweet|write to|send tips|.{0,60}\bmay be reached)\b.{0,120}"
    r"(?:[\w.+-]+@[\w-]+\.|@\w{3,}|\bon twitter\b).{0,200}"
    r"|\(?(?:additional )?(?:reporting|writing|editing) by .{0,400}"
    r"|.{0,100}\bcontributed to (?:this|the) (?:report|article|story)\b.{0,40}"
    r"|(?:first |originally |last )?(?:published|updated)(?: on| at)?:? .{0,60}\d.{0,40}"
    r"|(?:©|\(c\)|copyright\b).{0,300}|.{0,40}all rights reserved.{0,100}"
    r"|to learn more about .{0,200}, (?:explore|read|check) .{0,200}"
    r"|(?:tags?|topics?|categories|filed under|keywords)\s*:.{0,300}"
    r"|(?:about the author|about us|contact us|terms of (?:use|service)|privacy policy)",
    re.IGNORECASE | re.DOTALL,
)

_ABOUT = re.compile(r"(?:About|ABOUT) [A-Z][^.!?]{0,60}|(?:Media|Press) Contacts?")


def clean(text: str) -> Cleaned:
    """Split a text's own lines from the rest; blank lines between kept lines stay. Cleaning twice changes nothing."""
    lines, dropped = text.split("\n"), list[str]()
    references: tuple[Reference, ...] = ()
    before = -1
    while before != len(lines):  # what one rule takes away may uncover what another knows
        before = len(lines)
        lines = _filtered(_cut_comments(lines, dropped), dropped)
        lines, found = _cut_sources(lines, dropped)
        references = (*found, *references)
        lines = _trimmed(_cut_tail(_cut_about(lines, dropped), dropped))
    return Cleaned(text="\n".join(lines), references=references, dropped=tuple(dropped))


def _prose(lines: list[str]) -> int:
    return sum(len(line) for line in lines if len(line.strip()) >= _PROSE)


def _cut_comments(lines: list[str], dropped: list[str]) -> list[str]:
    """Cut off the comments, if more prose stands before their heading than after it."""
    for at, line in enumerate(lines):
        if _COMMENTS.fullmatch(line.strip()):
            before = _prose(lines[:at])
            if before and before > _prose(lines[at:]):
                dropped += [each for each in lines[at:] if each.strip()]
                return lines[:at]
    return lines


def _cut_sources(lines: list[str], dropped: list[str]) -> tuple[list[str], tuple[Reference, ...]]:
    """Take out the last numbered source list; of what follows it only prose stays."""
    for at in range(len(lines) - 1, -1, -1):
        head = _SOURCE_HEAD.match(lines[at].strip())
        if head is None:
            continue
        first = lines[at].strip()[head.end() :]
        references, after = _references([first, *lines[at + 1 :]])
        if references:
            rest = lines[len(lines) - len(after) :]
            kept = [line for line in rest if len(line.strip()) >= _PROSE and not _TAIL.fullmatch(line.strip())]
            dropped += [line for line in lines[at:] if line.strip() and line not in kept]
            return [*lines[:at], *kept], references
    return lines, ()


def _references(lines: list[str]) -> tuple[tuple[Reference, ...], list[str]]:
    """Read `[n] title – URL` lines from the top; give them and the lines after them."""
    found: list[Reference] = []
    for at, line in enumerate(lines):
        words = line.strip()
        if not words:
            continue
        match = _REFERENCE.fullmatch(words)
        if match is None:
            return tuple(found), lines[at:]
        found.append(Reference(mark=int(match["mark"]), title=match["title"] or None, url=match["url"]))
    return tuple(found), []


def _filtered(lines: list[str], dropped: list[str]) -> list[str]:
    """Drop promotions, wherever they stand."""
    kept = []
    for line in lines:
        words = line.strip().strip("-–—•*>» ")
        if words and len(words) <= 240 and _PROMOTION.fullmatch(words):
            dropped.append(line)
        else:
            kept.append(line)
    return kept


def _cut_about(lines: list[str], dropped: list[str]) -> list[str]:
    """Cut off a company's words on itself: a heading "About X" near the end, few paragraphs under it."""
    for at in range(len(lines) - 1, len(lines) // 2, -1):
        if _ABOUT.fullmatch(lines[at].strip(" *#_:")):
            below = [line for line in lines[at:] if line.strip()]
            if len(below) <= 6 and 2 * sum(map(len, below)) < sum(map(len, lines[:at])):
                dropped += below
                return lines[:at]
    return lines


def _cut_tail(lines: list[str], dropped: list[str]) -> list[str]:
    """Drop the house's own lines from the end, as long as something else is left above them."""
    end = len(lines)
    while end:
        words = lines[end - 1].strip().strip("-–—•*_ ")
        if words and not (len(words) <= 2500 and _TAIL.fullmatch(words)):
            break
        end -= 1
    if not any(line.strip() for line in lines[:end]):
        return lines
    dropped += [line for line in lines[end:] if line.strip()]
    return lines[:end]


def _trimmed(lines: list[str]) -> list[str]:
    """Take blank lines off both ends."""
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines
