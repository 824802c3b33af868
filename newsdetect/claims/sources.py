"""Who a sentence names as the source of what it says: an observer, or whoever is quoted.

Known observers are a gazetteer (fixtures/corpus/entities.toml); others are read from "according to X", "X said", "a
post by analyst X". Who says so only by a pronoun or "the report" is left to `attribution`, which sees the story.
"""

from __future__ import annotations

import re

from newsdetect.claims.article import Figure, Line
from newsdetect.claims.corpus import any_of, any_word, corpus
from newsdetect.claims.entities import ASSETS, VENUES

_WORDS = corpus("attribution")
_NAME = r"(?P<name>@\w{3,20}|[A-Z][\w.&’'-]*(?:\s(?:[A-Z][\w.&-]*|of|the(?=\s[A-Z]))){0,3})"
# What may stand between "according to" and the name: who or what it is.
_WHAT = (
    rf"(?:(?:(?!{any_word(_WORDS['no_description'])}\b)[a-z][\w’'-]*|X|Twitter|DeFi|on\s(?:X|Twitter|\w+day))\s){{0,8}}"
)
_ACCORDING = re.compile(
    rf"\b(?:[Aa]ccording to|[Dd]ata (?:from|by|provided by|compiled by|shared by)|[Aa]s per|[Pp]er|[Cc]iting|[Ss]ources?:)\s(?:(?:the|recent|data|latest|figures|statistics|from|on-chain|onchain|information|by|analytics|analyst|platform|firm|trader|on|provider|market|crypto|derivatives|blockchain|tracker|monitoring|an?|report|new|monthly|weekly|daily|quarterly|research|review|note|study|analysis|survey|commentary|published|released|of|in|newsletter|exchange|investment|firm['’]s|analysts|researchers|at|its)[\s,]){{0,6}}{_NAME}"  # noqa: E501 -- a pattern reads best in one piece
)
# "According to a study published on Tuesday by the research firm One", "as reported by the paper One".
_ACCORDING_WIDE = re.compile(rf"\b(?:[Aa]ccording to|[Aa]s\s(?:\w+\s)?by)\s{_WHAT}{_NAME}")
# "As One put it".
_AS = re.compile(rf"\b[Aa]s\s(?:an?\s|the\s)?{_NAME}(?:['’]s)?(?:\s[a-z-]+){{0,2}}?\s{any_of(_WORDS['put_it'])}\b")
# "The data firm One": who may be asked for figures.
_FIRM = re.compile(rf"\b{any_word(_WORDS['fields'])}\s{any_word(_WORDS['houses'])}\s{_NAME}")
# "The numbers come from One".
_COME = re.compile(rf"\b{any_of(_WORDS['sums'])}\s(?:comes?|came|stems?|stemmed)\sfrom\s{_WHAT}{_NAME}")
# "A report from One and Other": both put their name to it.
_JOINT = re.compile(
    r"\b(?:report|study|analysis|research|paper)\s(?:from|by|of)\s(?P<name>[A-Z][\w.&-]+\sand\s[A-Z][\w.&-]+)"
)
# "A post by analyst Jane Example": the writer before the house that publishes.
_BY_EXPERT = re.compile(
    rf"\b{any_of(_WORDS['writings'])}\sby\s(?:\w+\s){{0,3}}{any_of(_WORDS['experts'])}\s{_NAME}"
    rf"|\b(?:(?i:analyst|researcher|strategist|trader|observer),?\s(?:also\s|better\s)?known\s(?:on\sX\s)?as"
    r"|who\s(?:posts?|writes?|tweets?|goes|trades?)\s(?:under|by|as)\s(?:the\s(?:name|handle|pseudonym)(?:\sof)?)?)"
    rf"\s{_NAME.replace('name', 'other')}"
)
# "Jane Example: “Over …”": the speaker before a quote; elsewhere a colon opens a list.
_SPEAKER = re.compile(rf"(?:^|[.!?]\s){_NAME}:\s[“\"]")
_SAYS = re.compile(
    rf"(?<![\w.&’'-]){_NAME}(?:(?:(?<=['’]s)|['’]s?)?\s(?:data|figures|statistics|stats|numbers|metrics|dashboards?|charts?|reports?|research|analysts|tracker|count)|(?:['’]s)\s[a-z-]+\s(?:data|figures|statistics|tracker|dashboard|chart|report|count|index|tool)|(?<!['’]s))(?:\s\([^()]{{1,40}}\))?\s(?:{any_word(_WORDS['adverbs'])}\s){{0,2}}{any_of(_WORDS['says'])}\b"
)
# A venue counts its own liquidations; only what it is said to say is a source.
_SPEAKS = re.compile(rf"\s{any_of(_WORDS['speaks'])}$")
# "…,” said Jane Example, head of research": the speaker behind the words; "…,” analyst Jane Example noted" likewise.
_SAID = re.compile(rf"[\"”’']\s{any_of(_WORDS['said'])}\s(?:analyst\s|trader\s)?{_NAME}")
# "… was liquidated, says Jane Example": behind the figure, with no other clause between.
_INVERTED = re.compile(
    rf"[^;:.!?]{{0,120}},\s(?:says|said|notes|noted|writes|wrote|reports|reported|tweeted|posted|reckons|estimates)\s(?:[a-z-]+\s){{0,5}}(?:[A-Z][\w.&-]*(?:['’]s)?\s(?:[a-z-]+\s){{0,2}}(?:analyst|head|chief|founder|co-founder|trader|researcher|strategist|economist)\s)?{_NAME}"
)
# "Jane Example, who runs a fund, says": what she is stands between.
_APPOSED = re.compile(
    r"(?<![\w’'-])(?P<name>[A-Z][\w’'-]+\s(?:[A-Z][\w’'.-]*\s?){1,2}),\s(?:who|an?|the|head|chief|co-?founder|founder|partner|director|analyst|research|trader|CEO|COO|CIO|CTO|president|manager|senior|lead|strategist|managing)\b"
    rf"[^;:.!?“”\"$]{{2,90}},\s(?:also\s)?{any_of(_WORDS['says'])}\b"
)
# "One, a platform for statistics, counts".
_CALLED = re.compile(
    rf"(?<![\w&’'.-]){_NAME},\s(?:an?|the)\s(?=[^,]*\b{any_word(_WORDS['callings'])}\b)[^;:.!?“”\"$]{{2,110}},"
    rf"\s(?:(?:has|have|also)\s)?{any_of(_WORDS['says'])}\b"
)
# "Analysts at One noted": the house.
_AT_HOUSE = re.compile(
    rf"\b(?i:analysts?|researchers?|strategists?|economists?|experts?|team)\s(?:at|from|with)\s(?:(?:the|crypto|research|data|analytics|trading|firm|exchange|platform|company|investment|bank|on-chain|market)\s){{0,5}}{_NAME}\s(?:also\s)?(?:have\s)?{any_of(_WORDS['says'])}\b"
)
_EXPERT = re.compile(rf"\b{any_of(_WORDS['experts'])}\s{_NAME}")
COUNTERS = frozenset(corpus("entities")["liquidation_data"]["names"])
WATCHERS = frozenset(corpus("entities")["liquidation_data"]["watchers"])
_NEVER = re.compile(rf"^(?:{any_word(_WORDS['never'])})(?:\W|$)", re.IGNORECASE)
# "The Kobeissi Letter": a name with its article.
_TITLED = re.compile(r"^The\s(?:[A-Z][\w.&-]*\s){1,2}(?:Letter|Block|Street|Journal|Times|Ledger|Report)$")
# "According to The Tie": in mid-sentence the article is the name's.
_MID = re.compile(r"^The\s[A-Z]\w+$")
_TITLES = re.compile(
    r"^(?:(?:Crypto|Market|On-chain|Onchain|Senior|Lead|Chief)\s)*(?:Analysts?|Trader|Researcher|Economist|Strategist)\s"
)
# What the next sentence begins with, where a caption runs into it ("Source: Coinlyze The majority").
_RUN_ON = re.compile(r"(?:\s(?:The|A|An|In|On|It|This|At|As|With|For|While|However|According|Meanwhile))+$")
_END = re.compile(r"(?:['’]s|\.|,)+$|\s+(?:data|of|the)$")
# "Venue’s Jane Example": the person.
_HOUSE = re.compile(r"^\w+['’]s?\s(?=[A-Z]\w+\s[A-Z])")
# "Some analysts of the house conclude": many say it, so the verb has no ending.
_MANY_SAY = re.compile(
    rf"(?<![\w.&’'-]){_NAME}(?:(?<=s)['’]|(?:(?<=['’]s)|['’]s)?)\s(?:own\s)?{any_word(_WORDS['staff'])}\s(?:also\s|now\s)?{any_of(_WORDS['many_say'])}\b"
)
# "By the house's count", "a note from the house": what it made.
_MADE = re.compile(
    rf"\b(?:[Bb]y|[Oo]n|[Ii]n|[Gg]oing by)\s{_NAME}(?:(?<=['’]s)|['’]s?)\s(?:own\s|latest\s)?"
    rf"{any_word(_WORDS['counts'])}\b"
    rf"|\b{any_of(_WORDS['made'])}s?\s(?:(?:published|issued|compiled|released|collected|kept|shared|put)\s)?"
    rf"(?:from|by|up\sby)\s(?:(?:the|a|an)\s)?(?:[a-z-]+\s){{0,4}}{_NAME.replace('name', 'other')}"
)
# In this order: what names a source surely goes before what may only speak of one.
_NAMING = (_ACCORDING, _ACCORDING_WIDE, _AS, _APPOSED, _AT_HOUSE, _SAYS, _MANY_SAY, _MADE, _COME, _CALLED, _FIRM)
# Another story's headline between the sentences ("Related Reading: …").
_TEASER = re.compile(any_of(_WORDS["teasers"]), re.IGNORECASE)
# "… liquidated.“We saw it,” said one", "… liquidated JUST IN: One says": another sentence without a space or an end.
_NEXT_PART = re.compile(r"[a-z][.!?][“\"](?=[A-Z])|\s(?:JUST IN|BREAKING|UPDATE|NEW):\s")
# "When asked about the $74 million": the asker's figure, not the speaker's.
_ASKED = re.compile(r"\basked\s(?:about|of)\b[^,;]{0,60}$", re.IGNORECASE)


def find_source(line: Line) -> str | None:
    """Give the source a sentence names, or None."""
    counter = find_counter(line)
    if counter:
        return counter
    quoted = _first(line, _JOINT, _SAID, _SPEAKER, _BY_EXPERT)
    if quoted:
        return quoted
    if line.observers:
        return line.observers[0].value
    return _first(line, *_NAMING)


def find_counter(line: Line) -> str | None:
    """Give the first counter of liquidations a sentence names."""
    return next((mention.value for mention in line.observers if mention.value in COUNTERS), None)


def find_speaker(line: Line) -> str | None:
    """Give the source a sentence names, or the expert it speaks of."""
    return find_source(line) or _first(line, _EXPERT)


def is_glued(figure: Figure) -> bool:
    """Tell whether another sentence is glued behind a figure's, with a speaker of its own."""
    return _NEXT_PART.search(figure.line.text, figure.end) is not None


def source_of(figure: Figure) -> str | None:
    """Give the source that a figure's sentence names for it; of several observers, the one in its own part."""
    values = {mention.value for mention in figure.line.observers}
    if len(values) > 1:
        own = {each.value for each in figure.line.observers if figure.low <= each.start < figure.high}
        if len(own) == 1:
            return own.pop()
    cut = _NEXT_PART.search(figure.line.text, figure.end)
    if cut:  # what is glued behind the figure's sentence is not of it
        before = _first(figure.line, _ACCORDING, _SAYS, _MANY_SAY, _MADE, end=cut.start())
        return before or next((each.value for each in figure.line.observers if each.start < cut.start()), None)
    return find_source(figure.line) or _first(figure.line, _INVERTED, at=figure.end)


def is_nobodys(figure: Figure) -> bool:
    """Tell a figure of the question put to a speaker, or of another story's headline, from what a source says."""
    since = max(0, figure.start - 160)
    return any(pattern.search(figure.line.text, since, figure.start) for pattern in (_ASKED, _TEASER))


def find_writer(line: Line) -> str | None:
    """Give the person a sentence names as the writer of what a house published."""
    return _first(line, _BY_EXPERT)


def _first(line: Line, *patterns: re.Pattern[str], at: int | None = None, end: int | None = None) -> str | None:
    """Give the first name that a pattern finds, before `end` or right `at` a place, and that can be a source."""
    stop = len(line.text) if end is None else end
    for pattern in patterns:
        hit = pattern.search(line.text, 0, stop) if at is None else pattern.match(line.text, at)
        if hit is None:
            continue
        name = _clean(hit["name"] or hit["other"])
        if not name or name in ASSETS or _is_none(name, pattern):
            continue
        if pattern in (_SAYS, _CALLED, _AS) and name in VENUES and not _SPEAKS.search(hit[0]):
            continue
        return name
    return None


def _is_none(name: str, pattern: re.Pattern[str]) -> bool:
    """Tell whether a capital opens no name but an ordinary word: most do where a sentence begins."""
    if _NEVER.match(name) is None or _TITLED.match(name):
        return False
    return not (pattern in (_ACCORDING, _ACCORDING_WIDE) and _MID.match(name))


def _clean(name: str) -> str:
    """Cut a name's title, its possessive, its owner's house and the words of the next sentence."""
    name = _END.sub("", _RUN_ON.sub("", name))
    person, _of, house = name.partition(" of ")
    if house and " " in person:
        name = person
    return _TITLES.sub("", _HOUSE.sub("", name))
