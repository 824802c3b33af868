"""How times are written: one named pattern a form, read as a table; an earlier line wins where two overlap.

What a match means is worked out elsewhere (`newsdetect.claims.timeframes`); numbers and units are data.
"""

from __future__ import annotations

import re
from itertools import pairwise

from newsdetect.claims.corpus import any_word, corpus

_WORDS = corpus("timeframes")

_COUNT = rf"(?P<count>\d{{1,3}}(?:\.\d)?|{any_word(_WORDS['numbers'])})"
_UNIT = rf"(?P<unit>{any_word(_WORDS['units'])})\b"
# "24-hour high", "4-hour chart": a length of something else.
_NOUN = (
    r"(?!['’]?s?[\s-](?:(?!(?:when|as|after|before|while|and|to|of|its|in|on|with|since|because|that)\b)\w+[\s-]){0,2}(?:trading\svolumes?|volumes?|high|low|highs|lows|chart|charts|candles?|candlestick|heatmap|moving|"
    r"average|ema|sma|rsi|change|range|price|timeframe|time\sframe)\b)"
)
# "24 hours ago", "two days later": a distance. What lasts "in the four hours after" an event is a length.
_GONE = r"(?!['’]?s?[\s-](?:\w+[\s-]){0,2}(?:ago|later|earlier|from\snow|ahead)\b)"
_AWAY = r"(?!['’]?s?[\s-](?:\w+[\s-]){0,2}(?:before|after)\b)"
_OTHER = _NOUN + _GONE + _AWAY
_INSIDE = r"(?:in|within|during|inside|per)"
_WITHIN = r"(?:over|under|for|across|of|by|after)"
_FILLER = (
    r"(?:(?:just|little\smore\sthan|more\sthan|worst|following|next|ensuing|subsequent|said|well\sunder|only|about|around|roughly|approximately|nearly|almost|under|over|less\sthan|a\slittle\sover|the|this|those|these|that|same|full|whole|entire|wild|a\sspan\sof|the\sspan\sof|"
    r"a\speriod\sof|the\scourse\sof|a\smatter\sof|a\smere|barely|some|any|as\slittle\sas|one|a|span\sof|space\sof|first)\s){0,4}"
)
_PAST = r"(?:past|earlier|prior\sto\snow|last|previous|prior|preceding|trailing|latest|recent|final|rolling)"

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_FULL_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAYS = ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")
# "On Friday and Saturday" is a time of two days; "on Monday and Thursday" are two times.
_PAIR = "(?:" + "|".join(rf"{one}day\s(?:and|plus)\s{two}day" for one, two in pairwise((*_DAYS, "Mon"))) + ")"
_PART = r"(?:['’]s\s(?:open|close|start))?(?:\s(?:morning|afternoon|evening|night|noon))?"
_CLOCK_DAY = rf"(?:today|yesterday|{_DAY}|{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?)"
_LOSS = r"(?:liquidat\w+|total|tally|count|toll|bill|damage|purge|sum|losses|loss|wipeout|flush|rout|carnage|washout|forced)"

_NEEDLES = {
    "time.clock": (":", "midnight"),
    "time.sameclock": ("yesterday", "frame"),
    "time.ago": (" ago",),
    "time.hours": ("시간", "분"),
    "time.weekdays": ("day",),
    "time.weekday": ("day",),
    "time.months": (" to ", " and ", " through "),
    "time.span": (" to ", " and ", " through "),
    "time.year": ("20",),
    "time.foreign": ("am ", "el ", "fin ", "하루"),
}

# One line a pattern, or two: they are read as a table.
# ruff: noqa: E501, ISC004
_TABLE = (
    ("time.clock", rf"(?:\b(?P<before>{_CLOCK_DAY}),?\s)?\b(?:(?:between|from)\s)?(?:(?P<before2>{_DAY})\s)?(?P<from>[0-2]?\d:[0-5]\d)(?:\s?(?:UTC|GMT))?\s?(?:and|to|until|[-–—])\s?(?P<to>[0-2]?\d:[0-5]\d)(?!\d)(?:\s?(?P<zone>UTC|GMT)\b)?(?:\s(?:on\s)?(?P<after>{_CLOCK_DAY})\b)?"),
    ("time.clock", r"\bsince\s(?P<from>midnight|[0-2]?\d:[0-5]\d)(?P<to>)(?:\s?(?P<zone>UTC|GMT)\b)?"),
    ("time.sameclock", r"\bsince\s(?:this\stime\s)?(?P<that>yesterday)\sat\sthis\stime\b|\bsince\sthis\stime\s(?P<same>yesterday)\b"
                  r"|\b(?:within|in)\s(?:a\s)?(?P<h>24)[\s-]hours?\stime\s?frame\b"),
    ("time.vague", r"\bovernight\b|\b(?:in|within)\s(?:just\s|only\s|a\smatter\sof\s|mere\s|a\sfew\s|several\s){0,2}(?:hours|minutes|seconds|moments)\b"
                   r"|\b(?:past|last|next|recent)\s(?:few|several)\s(?:hours|days|weeks|minutes|months)\b|\b(?:last|recent|final)\s(?:hours|minutes|days)\b"),
    ("time.half", rf"\b(?P<count>half\san?|half|quarter\sof\san|quarter)[\s-](?P<unit>hour|day)\b{_OTHER}"),
    ("time.weekday", rf"\b(?:on\s)?(?P<weekday>{_DAY})(?P<earlier>,?\s(?:of\s)?last\sweek)\b"),
    ("time.trailing", rf"\b{_PAST}(?:\s|(?=\d))(?:{_COUNT}[\s-]?)?(?:single\s|full\s)?{_UNIT}{_NOUN}{_GONE}"),
    ("time.within", rf"\b{_INSIDE}\s{_FILLER}{_COUNT}[\s-]?(?:single\s|mere\s|short\s|trading\s)?{_UNIT}(?!['’]s\s){_NOUN}{_GONE}"),
    ("time.within", rf"\b{_WITHIN}\s{_FILLER}{_COUNT}[\s-]?(?:single\s|mere\s|short\s|trading\s)?{_UNIT}(?!['’]s\s){_OTHER}"),
    ("time.within", rf"\b(?:innerhalb\svon|innerhalb|binnen|in\s(?:den|der)\s(?:letzten|vergangenen)|in|(?:en\s)?(?:las|los|la|el)\súltim[ao]s?|en)\s(?:{_COUNT}[\s-]?)?(?P<unit>{any_word(_WORDS['foreign_units'])})\b"),
    ("time.hyphen", rf"\b{_COUNT}(?:-|(?<=\d)\s?)(?P<unit>second|minute|min|hour|hr|h|day|week)\b{_OTHER}(?!s?\s(?:after|before))"),
    ("time.label", rf"(?:(?<=[(\n,;|—–])|(?<=[,;|—–.:]\s)|^)(?P<count>\d{{1,3}}|{any_word(_WORDS['numbers'])})[\s-]?(?P<unit>hours?|hrs?|h|minutes?|mins?|days?)(?=\s?(?:[):;,.|–—\n]|$|to\s\d))"),
    ("time.hours", r"(?<=[\d지간난 (])(?P<count>\d{1,3})\s?(?P<unit>시간|분)(?!\s?(?:전|후))|(?<!\d)(?P<count2>\d{1,3})\s?(?P<unit2>시간|분)(?!\s?(?:전|후))"),
    ("time.within", rf"\b(?:{_INSIDE}|on)\s(?:(?:an?|the|that|this|single|huge|massive|giant|big|violent)\s){{0,3}}{_COUNT}[\s-]?{_UNIT}\s(?:\w+\s)?(?:candle|candlestick|bar)\b"),
    ("time.rate", rf"\b(?:{_INSIDE}|on)\s(?:an?|one|the|that|this)\s(?:\w+\s){{0,2}}(?P<candle>hourly|daily)\s(?:\w+\s)?(?:candle|candlestick|bar)\b"),
    ("time.rate", r"(?:\bper\s|\ban\s|/)(?P<rate>hour|day)\b|\b(?:in|within|inside)\sthe\s(?:(?:single|very|first|worst|whole)\s){0,2}(?P<in_rate>hour)\b"
                  rf"|\b(?:the|an|a|that|this)\s(?P<its>session|hour)['’]s\s(?=(?:\w+\s){{0,3}}{_LOSS}\b)|\ba\s(?P<its2>day)['’]s\s(?=(?:\w+\s){{0,2}}{_LOSS}\b)"
                  r"|\b(?P<adverb>hourly|daily|single-day|one-day|single-hour|intraday)\b(?=\s(?:\w+\s){0,2}(?:liquidat\w+|total|scale|basis|tally|figure|toll|wipeout|timeframe|time\sframe|losses|flush|loss))"
                  r"|\b(?:that|the|this)\ssame\s(?P<same>hour|day)\b|\b(?:within|in|during)\s(?:that|this)\s(?P<that>hour)\b|\b(?P<h>24)\s?(?:hrs?|h)\b|\b(?P<one>single)\s(?P<day>day|hour)\b"),
    ("time.dayof", r"\b(?:on|over|within|across|throughout|through|during)\sthe\s(?:full\s|whole\s|entire\s|course\sof\sthe\s)?day\b(?!\s(?:(?:of|that|when|with|it|he|she|they|after|before)\b|(?-i:[A-Z][a-z])))|\bfor\sthe\sday\b(?=[,.;)]|\s(?:as|when|while|and|with)\b|$)"
                   rf"|\bthe\sday['’]s\s(?=(?:\w+\s){{0,3}}{_LOSS}\b)|\banother\sday\b(?=,|\s(?:c[ao]mes?|brings|brought|of|with|and|means|sees|saw)\b)"),
    ("time.thatday", r"\b(?:on|during|for|over|in|by)\s(?:that|the\ssame)\s(?:very\s|one\s)?(?:day|date|night|evening|morning|afternoon|session)\b|\b(?:that|the\ssame)\s(?:day|night|evening|afternoon|morning)\b(?=['’]s|[.,;:)]|$|\s(?:on|as|by|in|at|to|when|after|for|with|across|and|alone)\b)"
                     r"|\b(?:on|that|this|since)\s(?:that|the\ssame|the\svery)\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!\s\d)"),
    ("time.nth", r"\b(?:on|of|since)\sthe\s[0-3]?\d(?:st|nd|rd|th)(?:\sof\s(?:that|this|the)\s(?:same\s)?month)?(?=[.,;:)]|$|\s(?:when|as|after|with|and|is|was|were|by|to|over|he|she|it|they)\b)"),
    ("time.ago", rf"\b(?P<count>\d{{1,2}}|{any_word(_WORDS['numbers'])})\s(?P<unit>days?|weeks?)\sago\b"),
    ("time.weekdays", rf"\b(?:from|between)\s(?:(?:late|early)\s)?(?P<first>{_DAY}){_PART}\s(?:and|to|through|until|[-–—])\s(?:(?:late|early)\s)?(?P<last>{_DAY}){_PART}\b"
                      rf"|\b(?:on\s|over\s)?(?={_PAIR})(?P<first2>{_DAY})\s(?:and|plus)\s(?P<last2>{_DAY})\b(?!,?\srespectively)"),
    ("time.day", r"\b(?P<today>(?:so\sfar\s|earlier\s|later\s)?today(?!['’]s)|(?:in|during)\stoday['’]s\s(?=(?:\w+\s)?(?:trading|session|trade)\b)|this\s(?:morning|afternoon|evening)(?!['’]s)|tonight)\b|\b(?P<yesterday>yesterday|last\snight)\b"
                 r"|\b(?P<lastweek>last\sweek)\b|\b(?P<thisweek>this\sweek)\b|\b(?P<weekend>(?:over|during|on|through|across|this|past|last)\s(?:(?:the|this|past|last|an?)\s)?(?:(?:past|last|whole|entire|long|quiet|thin|calm|volatile|choppy|turbulent|wild|rough|holiday)\s)?weekend)\b"
                 rf"|\b(?P<weekends>weekend)(?:['’]s)?\s(?=(?:\w+\s)?{_LOSS}\b)"),
    ("time.weekday", rf"\b(?P<since>since\s)?(?:(?:(?P<gone>last)|on|late|early|this|past)\s){{0,2}}(?P<weekday>{_DAY})(?!\sand\b)\b"),
    ("time.span", rf"\b(?:between|from)\s(?P<month>{_MONTH})\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s(?:and|to|through)\s(?:(?P<month2>{_MONTH})\.?\s)?(?P<last>[0-3]?\d)(?:st|nd|rd|th)?\b(?![.,]\d)"),
    ("time.months", rf"\b(?:between|from)\s(?P<month>{_FULL_MONTH})\s(?:and|to|through)\s(?P<month2>{_FULL_MONTH})\b(?!\s[0-3]?\d(?!\d))(?:,?\s(?P<year>20[0-3]\d))?"),
    ("time.date", rf"\b(?P<since>since\s)?(?P<weekto>(?:the\s)?week\s(?:to|ending|through|ended)\s)?(?P<month>{_MONTH})\.?\s"
                  r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:%]|[.,]\d)(?:(?:\s?[-–—]\s?|\sto\s|\sand\s)(?P<last>[0-3]?\d)(?:st|nd|rd|th)?(?!\d))?(?:,?\s(?P<year>20[0-3]\d))?"),
    ("time.date", r"(?<![\d$.,])(?P<since>since\s)?\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:\sof)?\s(?P<month>Jan(?:uary)?|Feb(?:ruary)?|March|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?(?:,?\s(?P<year>20[0-3]\d))?"),
    ("time.month", rf"\b(?:in|of|since|during|from|last|late|early|mid|this|back\sin|throughout|['’]s)[\s-](?:late\s|early\s|mid-?)?(?P<month>{_FULL_MONTH})\b(?!\.?\s[0-3]?\d(?!\d))(?:,?\s(?:of\s)?(?P<year>20[0-3]\d))?"),
    ("time.month", rf"\b(?P<month>{_FULL_MONTH})['’]s\b(?P<year>)"),
    ("time.month", rf"\b(?P<month>{_FULL_MONTH})\s(?P<year>20[0-3]\d)\b"),
    ("time.year", r"\b(?:in|during|throughout|across)\s(?:all\sof\s|the\syear\s)?(?P<year>20[12]\d)\b(?![,.]\d|\s?%|['’]s)"),
    ("time.foreign", rf"(?:\b(?:am|el)\s(?P<foreign>{any_word(_WORDS['foreign_days'])})\b|\b(?P<fin>fin\sde\ssemana)\b|(?P<haru>하루))"),
)  # fmt: skip
#: Name, pattern, and the letters without which it cannot match: a sentence without them is not searched.
PATTERNS: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE), _NEEDLES.get(name, ())) for name, pattern in _TABLE
)
#: Most sentences name none of these: one cheap look decides whether a sentence is worth the patterns.
ANY = re.compile(
    r"hour|stunde|hora|tag|mittwoch|lunes|martes|miércoles|jueves|viernes|sábado|domingo|días?|semana|시간|\d분|하루|\bh\b|\dh|hr|day|week|month|minute|second|night|session|morning|evening|today|daily|\d:\d\d|20[12]\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\bmins?\b|\dmin|\d(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
