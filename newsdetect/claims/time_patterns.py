"""How times are written: one named pattern a form, read as a table; an earlier line wins where two overlap.

What a match means is worked out elsewhere (`newsdetect.claims.timeframes`); numbers and units are data.
"""

from __future__ import annotations

import re
from itertools import pairwise

from newsdetect.claims import periods
from newsdetect.claims.clock_times import clock_range, clock_since
from newsdetect.claims.corpus import any_word, corpus
from newsdetect.claims.lengths import COUNT, DASH, JOIN, NUMBER_WORD, UNIT

_WORDS = corpus("timeframes")

#: What lasts, or is counted, in a length without being trade: "the 90-day tariff pause", "a seven-day winning streak".
_STRETCH = (
    r"(?:funding|ceasefire|truce|pause|outage|downtime|streak|deadline|ultimatum|reprieve|delay|suspension|ban|maintenance|moratorium"
    r"|shutdown|war|visit|trip|summit|meeting|talks|conference|hearing|trial|lock-?up|vesting|extension|contracts?|futures"
    r"|options?|treasur(?:y|ies)|bonds?|yields?|notes?|bills?|auction|mortgage|volatility|correlation|vwap|support|resistance|notice|sentence)"
)
# "24-hour high", "4-hour chart": a length of something else.
_NOUN = (
    r"(?!['’]?s?[\s-](?:(?!(?:when|as|after|before|while|and|to|of|its|in|on|with|since|because|that)\b)\w+[\s-]){0,2}(?:trading\svolumes?|volumes?|high|low|highs|lows|chart|charts|candles?|candlestick|heatmap|moving|"
    r"average|ema|sma|rsi|atr|change|range|price|timeframe|time\sframe)\b)"
    rf"(?!['’]?s?[\s-](?:(?!(?:when|as|after|before|while|and|to|of|its|in|on|with|since|because|that)\b)[\w-]+\s)?{_STRETCH}\b)(?!-old\b)"
)
# "24 hours ago", "two days later": a distance. What lasts "in the four hours after" an event is a length.
_GONE = r"(?!['’]?s?[\s-](?:\w+[\s-]){0,2}(?:ago|later|earlier|from\snow|ahead)\b)"
_AWAY = r"(?!['’]?s?[\s-](?:\w+[\s-]){0,2}(?:before|after)\b)"
_OTHER = _NOUN + _GONE + _AWAY
_INSIDE = r"(?:in|within|during|inside|per|took|takes|into(?=\s(?:just|only|a\ssingle)\s))"
#: "The worst start of a week", "the middle of a day": no length of a report.
_WITHIN = (
    r"(?:over|under|for|across|(?<!start\s)(?<!beginning\s)(?<!end\s)(?<!close\s)(?<!middle\s)(?<!rest\s)of|by|after)"
)
#: How much so.
_VERY = r"(?:particularly|especially|very|truly|most|unusually)"
#: How trade was in a length of time.
_ROUGH = (
    r"(?:frantic|wild|brutal|chaotic|volatile|bloody|turbulent|hectic|harrowing|feverish|violent|choppy|painful|dramatic"
    r"|red|rough|breathless|tense|bruising|busy|nervous|punishing|tumultuous|stormy|tough|crazy|eventful|restless|rocky|savage"
    r"|frenzied|frenetic|fierce|messy|ugly|grim|bumpy|dizzying|whirlwind|sleepless|disastrous|terrible|horrible|mad|bad|dark)"
)
_FILLER = (
    r"(?:(?:(?:day|session|week|crash)['’]s|just|little\smore\sthan|more\sthan|worst|following|next|ensuing|subsequent|said|well\sunder|only|about|around|roughly|approximately|nearly|almost|under|over|less\sthan|a\slittle\sover|the|this|those|these|that|same|full|whole|entire|wild|a\sspan\sof|the\sspan\sof|"
    r"a\speriod\sof|the\scourse\sof|a\smatter\sof|a\smere|barely|no\smore\sthan|(?:fewer|no\sless)\sthan|a\sbit\s(?:more|less)\sthan|at\smost|close\sto|as\smany\sas|slightly\s(?:under|over|more\sthan|less\sthan)|a\sbit\s(?:over|under)|well\sover|some|all\sof|mere|merely|scarcely|hardly|some|any|as\slittle\sas|one|a|(?:busiest|heaviest|peak|opening|closing|bloodiest|wildest|deadliest|costliest)|span\sof|space\sof|first"
    rf"|(?:{_VERY}\s)?{_ROUGH}(?:,?\s(?:and\s)?{_ROUGH})?)\s|~\s?){{0,4}}"
)
#: How such a length was: "in 40 frantic minutes", "over three straight days".
_LIKE = rf"(?:(?:single|mere|short|trading|straight|consecutive|successive|full|whole|(?:{_VERY}\s)?{_ROUGH})\s){{0,2}}"
_PAST = r"(?:past|earlier|prior\sto\snow|last|previous|prior|preceding|trailing|latest|recent|final|rolling)"

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)"
)
_FULL_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
#: "Mon", "Thurs." and their like, in capitals: where two stand together they are days.
_SHORT = r"(?-i:Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun)"
_DAYS = ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")
# "On Friday and Saturday" is a time of two days; "on Monday and Thursday" are two times.
_PAIR = "(?:" + "|".join(rf"{one}day\s(?:and|plus)\s{two}day" for one, two in pairwise((*_DAYS, "Mon"))) + ")"
#: "Friday, Oct. 10" and "Friday the 10th of October" are one time, read as the date.
_NOT_DATED = rf"(?!,?\s\(?(?:the\s)?(?:{_MONTH}\.?\s[0-3]?\d\b|[0-3]?\d(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\b))"
_NAMED_DAY = rf"(?:(?:{_DAY}|(?-i:Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun)\.?),?\s\(?(?:the\s)?)?"
#: "October 10 of last year".
_LAST_YEAR = r"(?:,?\s(?:of\s)?(?:(?P<lastyear>last\syear)|this\syear))?"
_PART = r"(?:['’]s\s(?:open|close|start))?(?:\s(?:morning|afternoon|evening|night|noon))?"
_CLOCK_DAY = rf"(?:today|yesterday|{_DAY}|{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?)"
_PLACE = r"(?:(?:Asian?|European?|American|London|New\sYork|Hong\sKong|Wall\sStreet|Tokyo)(?:['’]s)?|U\.?S\.?)"
_LOSS = r"(?:liquidat\w+|total|tally|count|toll|bill|damage|purge|sum|losses|loss|wipeout|flush|rout|carnage|washout|forced)"

_MONTH_STARTS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_STARTS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NEEDLES = {
    "time.clock": (":", "midnight", "noon", "a.m", "p.m", "am", "pm"),
    "time.sameclock": ("yesterday", "frame", " ago", "earlier", "before", "prior"),
    "time.ago": (" ago",),
    "time.period": (
        "month",
        "quarter",
        "year",
        "week",
        "day",
        "half",
        "td",
        "20",
        "h1",
        "h2",
        "q1",
        "q2",
        "q3",
        "q4",
        "1q",
        "2q",
        "3q",
        "4q",
        "so far",
        "start of",
        "beginning of",
        "turn of",
    ),
    "time.hours": ("시간", "분"),
    "time.weekdays": ("day", *_DAY_STARTS),
    "time.weekday": ("day", "on ", "early ", "late ", "since ", "last ", "this "),
    "time.date": (*_MONTH_STARTS, "20", "/"),
    "time.month": _MONTH_STARTS,
    "time.months": (" to ", " and ", " through "),
    "time.span": (" to ", " and ", " through ", "-", "–", "—"),
    "time.year": ("20",),
    "time.foreign": ("am ", "el ", "fin ", "하루"),
}

# One line a pattern, or two: they are read as a table.
# ruff: noqa: E501, ISC004
_TABLE = (
    ("time.clock", clock_range(_CLOCK_DAY)),
    ("time.clock", clock_since()),
    ("time.sameclock", r"\bsince\s(?:this\stime\s)?(?P<that>yesterday)\sat\sthis\stime\b|\bsince\sthis\stime\s(?P<same>yesterday)\b"
                  r"|\b(?:within|in)\s(?:a\s)?(?P<h>24)[\s-]hours?\stime\s?frame\b"
                  r"|\b(?:(?<!more\s)(?<!less\s)(?<!fewer\s)(?<!longer\s)than|from|since|against|versus|(?:compared|relative)\s(?:to|with))\s(?:(?:about|around|roughly)\s)?(?:(?P<its>24)\shours|(?:a|one)\s(?P<its2>day))\s(?:ago|earlier|before|prior)\b"),
    ("time.vague", r"\bovernight\b|\blast\snight\b(?!['’]s)|\b(?:in|within)\s(?:just\s|only\s|a\smatter\sof\s|mere\s|a\sfew\s|several\s){0,2}(?:hours|minutes|seconds|moments)\b"
                   r"|\b(?:past|last|next|recent)\s(?:few|several)\s(?:hours|days|weeks|minutes|months)\b|\b(?:last|recent|final|past)\s(?:hours|minutes|days|weeks|months)\b"),
    *(("time.period", form) for form in periods.FORMS),
    ("time.half", rf"\b(?P<count>half\san?|half\s(?:of\s)?the|half|three[\s-]quarters\sof\san|quarter\sof\san|quarter)[\s-](?P<unit>hour|day)\b{_OTHER}"),
    ("time.weekday", rf"\b(?:on\s)?(?P<weekday>{_DAY})(?P<earlier>,?\s(?:of\s)?last\sweek)\b"),
    ("time.trailing", rf"\b{_PAST}(?:\s{{1,2}}|-(?=day|hour|24|week)|(?=\d))(?:{COUNT}{JOIN})?{_LIKE}{UNIT}{_NOUN}{_GONE}"),
    ("time.trailing", r"\b(?:past|last|prior|previous|trailing)\s(?P<count>\d{1,3})(?P<unit>m|w)\b"),
    ("time.trailing", rf"\b(?:past|trailing|preceding|last(?=\s\w+\s(?!ago)))\s(?:{COUNT}\s)?(?P<unit>year)\b(?:\sand\sa\s(?P<tail>half)\b)?{_NOUN}{_GONE}(?!['’]s)"),
    ("time.within", rf"\b{_INSIDE}\s{_FILLER}{COUNT}{JOIN}{_LIKE}{UNIT}(?!['’]s\s(?!(?:trading|trade|time)\b)){_NOUN}{_GONE}"),
    ("time.within", rf"\b{_WITHIN}\s{_FILLER}{COUNT}{JOIN}{_LIKE}{UNIT}(?!['’]s\s){_OTHER}"),
    ("time.within", rf"\b(?:the\s{COUNT}{JOIN}{UNIT}(?=\s(?:to|through|until|till|ending|ended|leading|up\sto)\b)|(?:counting|going|looking|reaching|stretching|measured)\sback\s(?:over\s)?(?:the\s)?(?:(?:past|last)\s)?(?P<count2>\d{{1,3}}|{NUMBER_WORD})\s(?P<unit2>hours?|days?)\b)"),
    ("time.within", rf"\b{_ROUGH}\s(?:and\s{_ROUGH}\s)?{COUNT}{JOIN}{UNIT}(?!['’]s\s){_OTHER}|\b(?P<count2>\d{{1,3}}|{NUMBER_WORD})\s{_ROUGH}\s(?P<unit2>minutes|hours|days)\b{_OTHER}"),
    ("time.within", rf"\b(?:in|over|within|during|across)\sthe\s(?:{COUNT}{JOIN})?{UNIT}(?=\s(?:(?:that|which)\sfollowed|after\sthat|thereafter)\b)|\bthe\s(?:full|whole|entire)\s(?P<count2>\d{{1,3}}|{NUMBER_WORD})\s(?P<unit2>hours|days|minutes)\b{_OTHER}"),
    ("time.within", rf"\b(?:widen|extend|expand|zoom|stretch)\w*\s(?:\w+\s){{0,4}}?(?:to|over)\s(?:the\s|a\s)?(?:full\s|whole\s)?{COUNT}{JOIN}{UNIT}{_OTHER}"),
    ("time.hyphen", rf"\b(?P<count>\d{{1,3}}|{NUMBER_WORD})(?:{DASH}|\s)(?P<unit>hour|day|minute)\sliquidations?\s(?:charts?|data|tables?|heatmaps?|figures?|numbers?)\b"),
    ("time.within", rf"\b{COUNT}{JOIN}{UNIT}(?=\s(?:that|which)\s(?:saw|brought|cost|wiped|erased)\b|\s(?:in|during)\swhich\b)"),
    ("time.within", rf"\b(?:innerhalb\svon|innerhalb|binnen|in\s(?:den|der)\s(?:letzten|vergangenen)|in|(?:en\s)?(?:las|los|la|el)\súltim[ao]s?|en)\s(?:{COUNT}{JOIN})?(?P<unit>{any_word(_WORDS['foreign_units'])})\b"),
    ("time.hyphen", rf"\b(?P<count>\d{{1,3}})(?:{DASH}|(?=,?\s))(?=,?\s(?:and\s|or\s)?(?:\d{{1,3}}{DASH},?\s(?:and\s|or\s)?)?\d{{1,3}}{DASH}(?P<unit>hour|day|minute)\b)"),
    ("time.hyphen", rf"\b(?:{COUNT}{DASH})?(?P<unit>hour|day|week|month)-?long\b{_OTHER}"),
    ("time.hyphen", r"\b(?P<count>\d{1,2})(?P<unit>d|w)\s(?=(?:\w+\s){0,2}(?:liquidat|basis\b|total\b))"),
    ("time.hyphen", rf"\b(?P<count>\d{{1,3}}|{NUMBER_WORD})\s(?P<unit>minutes|hours?|days?)\sof\s(?=(?:(?!and\s)\w+\s){{0,2}}(?:sell|trading|liquidat|losses|turmoil|carnage|chaos|panic|pain|forced))"),
    ("time.hyphen", rf"\b{COUNT}(?:{DASH}|(?<=\d)\s?)(?P<unit>second|minute|min|hour|hr|h|day|week)\b{_OTHER}(?!s?\s(?:after|before))"),
    ("time.label", rf"(?:(?<=[(\n,;|—–])|(?<=[,;|—–.:]\s)|^)(?P<count>\d{{1,3}}|{NUMBER_WORD})[\s-]?(?P<unit>hours?|hrs?|h|minutes?|mins?|days?)(?=\s?(?:[):;,.|–—\n]|$|to\s\d))"),
    ("time.hours", r"(?<=[\d지간난 (])(?P<count>\d{1,3})\s?(?P<unit>시간|분)(?!\s?(?:전|후))|(?<!\d)(?P<count2>\d{1,3})\s?(?P<unit2>시간|분)(?!\s?(?:전|후))"),
    ("time.within", rf"\b(?:{_INSIDE}|on)\s(?:(?:an?|one|the|that|this|single|huge|massive|giant|big|violent)\s){{0,3}}{COUNT}{JOIN}{UNIT}\s(?:\w+\s)?(?:candle|candlestick|bar)\b"),
    ("time.rate", rf"\b(?:{_INSIDE}|on)\s(?:an?|one|the|that|this)\s(?:\w+\s){{0,2}}(?P<candle>hourly|daily)\s(?:\w+\s)?(?:candle|candlestick|bar)\b"),
    ("time.rate", r"(?:\bper\s|\ban\s|/)(?P<rate>hour|day)\b(?![\s-](?:later|earlier|ago|long)\b)|\b(?:in|within|inside|at|during)\s(?:the|its)\s(?:(?:single|very|first|worst|whole|peak|opening|closing|final|busiest|heaviest|bloodiest|wildest)\s){0,2}(?P<in_rate>hour)\b"
                  rf"|\b(?:the|an|a|that|this)\s(?P<its>session|hour)['’]s\s(?=(?:\w+\s){{0,3}}{_LOSS}\b)|\ba\s(?P<its2>day)['’]s\s(?=(?:\w+\s){{0,2}}{_LOSS}\b)"
                  r"|\b(?P<adverb>hourly|daily|single-day|one-day|single-hour|intraday)\b(?=\s(?:\w+\s){0,2}(?:liquidat\w+|total|scale|basis|tally|figure|toll|wipeout|timeframe|time\sframe|losses|flush|loss|purge|rout|carnage|washout))"
                  r"|\b(?P<slow>weekly|monthly)\s(?=(?:\w+\s){0,2}(?:liquidations?|liquidated)\b|(?:total|tally|sum|count|toll)\b)"
                  r"|\b(?:over|for|across|throughout|during)\sthe\s(?:whole\s|full\s|entire\s)?(?P<slow2>week|month)\b(?:\sas\sa\swhole\b)?(?=[,.:;)]|$|\s(?:were|was|came|totaled|totalled|stood|amounted)\b)"
                  r"|\b(?:that|the|this)\ssame\s(?P<same>hour|day)\b|\b(?:within|in|during|over)\s(?:that|this)\s(?P<that>hour)\b|\b(?P<one>single)\s(?:trading\s|calendar\s)?(?P<day>day|hour)\b"
                  rf"|\b(?P<h>24)\s?(?:hrs?|h)\b{_NOUN}"),
    ("time.dayof", r"\b(?:on|over|within|across|throughout|through|during)\sthe\s(?:full\s|whole\s|entire\s|course\sof\sthe\s)?day\b(?!\s(?:(?:of|that|when|with|it|he|she|they|after|before)\b|(?-i:[A-Z][a-z])))|\b(?:for|over|in)\sthe\s(?:whole\s|full\s)?day\b(?=[,.:;)]|\s(?:as|when|while|and|with)\b|$)"
                   rf"|\bthe\sday['’]s\s(?=(?:\w+\s){{0,3}}{_LOSS}\b)|\ba\s(?:full|whole)\sday['’]s\s(?=(?:\w+\s){{0,2}}{_LOSS}\b)|\b(?:the\s)?(?:following|next|ensuing)\sday['’]s\strading\b|\banother\sday\b(?=,|\s(?:c[ao]mes?|brings|brought|of|with|and|means|sees|saw)\b)"),
    ("time.thatday", r"\b(?:on|during|for|over|in|by)\s(?:that|the\ssame)\s(?:very\s|one\s)?(?:day|date|night|evening|morning|afternoon|session)\b|\b(?:that|the\ssame)\s(?:day|night|evening|afternoon|morning)\b(?=['’]s|[.,;:)]|$|\s(?:on|as|by|in|at|to|when|after|for|with|across|and|alone)\b)"
                     r"|\b(?:on|that|this|since)\s(?:that|the\ssame|the\svery)\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!\s\d)"),
    ("time.nth", rf"\b(?:on|of|since)\sthe\s[0-3]?\d(?:st|nd|rd|th)(?!\s(?:and|to|through)\s(?:the\s)?[0-3]?\d(?:st|nd|rd|th)\s(?:of\s)?{_MONTH}\b)(?:\sof\s(?:that|this|the)\s(?:same\s)?month)?(?=[.,;:)]|$|\s(?:when|as|after|with|and|is|was|were|by|to|over|he|she|it|they)\b)"),
    ("time.ago", rf"\b(?P<count>\d{{1,2}}|{NUMBER_WORD})\s(?P<unit>days?|weeks?)\sago\b"),
    ("time.weekdays", rf"\b(?:from|between)\s(?:(?:late|early)\s)?(?P<first>{_DAY}){_PART}\s?(?:and|to|through|until|into|[-–—])\s?(?:(?:late|early)\s)?(?P<last>{_DAY}){_PART}\b"
                      rf"|\b(?:on\s|late\s)?(?P<first3>{_DAY})(?:{_PART}\sinto\s(?:early\s|late\s)?|\sthrough\s|\s?[-–—]\s?)(?P<last3>{_DAY}){_PART}\b"
                      rf"|\b(?P<first4>{_SHORT})\b\.?(?:\s(?:to|through|into)\s|\s?[-–—]\s?)(?P<last4>{_SHORT})\b"
                      rf"|\b(?:from|between)\s(?P<first5>{_SHORT})\b\.?\s(?:and|until)\s(?P<last5>{_SHORT})\b"
                      rf"|\bfor\s(?P<first6>{_DAY})\sto\s(?P<last6>{_DAY})\b"
                      rf"|\b(?:on\s|over\s)?(?={_PAIR})(?P<first2>{_DAY})\s(?:and|plus)\s(?P<last2>{_DAY})\b(?!,?\srespectively)"),
    ("time.day", r"\b(?P<today>(?:so\sfar\s|earlier\s|later\s)?today(?!['’]s)|(?:in|during)\stoday['’]s\s(?=(?:\w+\s)?(?:trading|session|trade)\b)|this\s(?:morning|afternoon|evening)(?!['’]s)|tonight)\b|\bthe\sday\sbefore\s(?P<dayearlier>yesterday)\b|\b(?P<since>since\s)?(?P<yesterday>yesterday|last\snight(?=['’]s))\b|\b(?P<since2>since\s)(?:the\s)?(?:past\s|last\s)?(?P<weekend2>weekend)\b"
                 rf"|\b(?P<since3>since)\s(?:the\s)?(?:early\s)?{_PLACE}\s(?P<open>(?:morning|trading|market)(?:\s(?:hours|open|opening|session|trade))?|open|opening|session)\b"
                 r"|\b(?P<lastweek>last\sweek)\b|\b(?P<thisweek>this\sweek)\b|\b(?P<weekend>(?:over|during|at|on|through|across|this|past|last)\s(?:(?:the|this|past|last|an?)\s)?(?:(?:past|last|whole|entire|long|quiet|thin|calm|volatile|choppy|turbulent|wild|rough|holiday)\s)?weekend)\b"
                 rf"|\b(?P<weekends>weekend)(?:['’]s)?(?:\s(?=(?:\w+\s)?(?:{_LOSS}|trading|session|wreck|crash|sell-?off|slide|plunge|slump|bloodbath)\b)|(?=:))"),
    ("time.weekday", rf"\b(?P<since>since\s)?(?P<weekto>(?:the\s)?week\s(?:to|ending|through|ended)\s(?:on\s)?)?(?:(?:(?P<gone>last)|on|late|early|this|past)\s){{0,2}}(?<!Black\s)(?<!Cyber\s)(?<!Good\s)(?P<weekday>{_DAY})(?!\sand\s(?:on\s)?{_DAY}\b|\sTimes\b){_NOT_DATED}\b"),
    ("time.weekday", rf"\b(?:(?P<since>since)|(?P<gone>last)|on|early|late|this)\s(?-i:(?P<weekday>Mon|Tues?|Wed|Thu(?:rs)?|Fri|Sat|Sun(?=\.)))\b\.?{_NOT_DATED}"),
    ("time.span", rf"\b(?:(?P<between>between|from)\s)?(?P<month>{_MONTH})\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s?(?P<join>and|to|through|[-–—])\s?(?:{_DAY},?\s)?(?P<month2>{_MONTH})\.?\s(?P<last>[0-3]?\d)(?:st|nd|rd|th)?\b(?![.,]\d)(?:,?\s(?P<year>20[0-3]\d))?"),
    ("time.span", rf"\b(?:between|from)\s(?P<month>{_MONTH})\.?\s(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s(?:and|to|through)\s(?P<last>[0-3]?\d)(?:st|nd|rd|th)?\b(?![.,]\d)(?:,?\s(?P<year>20[0-3]\d))?"),
    ("time.span", rf"(?<![\d$.,])\b(?:(?P<between>between|from)\s)?(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:\s(?P<month>{_MONTH}))?\s?(?P<join>and|to|through|[-–—])\s?(?:the\s)?(?P<last>[0-3]?\d)(?:st|nd|rd|th)?\s(?:of\s)?(?P<month2>{_MONTH})\b(?:,?\s(?P<year>20[0-3]\d))?"),
    ("time.months", rf"\b(?:between|from|in|during|over|across)\s(?P<month>{_FULL_MONTH})\s(?:and|to|through)\s(?P<month2>{_FULL_MONTH})\b(?!\s[0-3]?\d(?!\d))(?:,?\s(?P<year>20[0-3]\d))?"),
    ("time.date", rf"\b(?P<since>since\s)?(?P<weekto>(?:the\s)?week\s(?:to|ending|through|ended)\s(?:on\s)?)?(?P<weekof>(?:the\s)?week\s(?:of|beginning|starting|commencing)\s(?:on\s)?)?(?P<weekendof>(?:the\s)?weekend\sof\s)?{_NAMED_DAY}(?P<month>{_MONTH})(?:\.?\s{{1,2}}|-|\.)"
                  r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d%]|:\d|[.,]\d|-?(?:style|like)\b)(?:(?:\s?[-–—]\s?|\sto\s|\sand\s)(?P<last>[0-3]?\d)(?:st|nd|rd|th)?(?![\d%]|[.,:]\d|\s(?:percent|million|billion|minutes|hours)))?(?:,?\s(?:of\s)?(?P<year>20[0-3]\d))?"
                  rf"{_LAST_YEAR}"),
    ("time.date", rf"(?<![\d$.,])(?P<since>since\s(?:the\s)?)?{_NAMED_DAY}\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?:\sof)?(?:\s|-)(?P<month>Jan(?:uary)?|Feb(?:ruary)?|March|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?(?:(?:,?\s|-)(?P<year>20[0-3]\d))?"),
    ("time.date", rf"\b(?:(?:(?P<since>since)|on)\s)?{_NAMED_DAY}the\s(?P<nth>{any_word(_WORDS['ordinals'])})\sof\s(?P<month>{_FULL_MONTH})\b(?!['’]s)(?:,?\s(?P<year>20[0-3]\d))?"),
    ("time.date", r"(?<![\w/.-])(?:(?P<since>since)\s|on\s)?(?P<iso>20[0-3]\d[-/.][01]?\d[-/.][0-3]?\d)(?![\w/-]|\s?\d\d?:\d\d|\.\d)"),
    ("time.date", r"(?<![\w/.-])(?:(?P<since>since)\s|on\s)?(?P<numeric>[0-3]?\d(?P<mark>[/.])[0-3]?\d(?P=mark)20[0-3]\d)(?![\w/-]|\s?\d\d?:\d\d|\.\d)"),
    ("time.date", r"(?:(?<=\bthe\s)|\b(?:(?P<since>since)|on)\s(?:the\s)?)(?P<numeric>1?\d/[0-3]?\d)(?=['’]s\s|[.,;)]|$|\s(?:\w+\s)?(?:crash|liquidat|wipeout|flush|flash|sell|event|cascade|rout|purge|meltdown|massacre))"),
    ("time.month", rf"\b(?:in|of|since|during|from|last|late|early|mid|this|back\sin|throughout|['’]s|month\sof)[\s-](?:late\s|early\s|mid-?)?(?P<month>{_FULL_MONTH})\b(?!\.?\s[0-3]?\d(?!\d))(?:,?\s(?:of\s)?(?P<year>20[0-3]\d))?"),
    ("time.month", rf"\b(?-i:(?=[A-Z]))(?P<month>{_FULL_MONTH})(?:['’]s\b(?P<year>)|(?=\s(?:(?:crypto|bitcoin|ether|market|total|forced|futures)\s){{0,2}}liquidations\b)|(?=,\swhen\b))"),
    ("time.month", rf"\b(?P<month>{_MONTH})\.?\s(?P<year>20[0-3]\d)\b"),
    ("time.year", r"\b(?:in|during|throughout|across)\s(?:all\sof\s|the\syear\s)?(?P<year>20[12]\d)\b(?![,.]\d|\s?%|['’]s)"),
    ("time.foreign", rf"(?:\b(?:am|el)\s(?P<foreign>{any_word(_WORDS['foreign_days'])})\b|\b(?P<fin>fin\sde\ssemana)\b|(?P<haru>하루))"),
)  # fmt: skip
#: Name, pattern, and the letters without which it cannot match: a sentence without them is not searched.
PATTERNS: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE), _NEEDLES.get(name, ())) for name, pattern in _TABLE
)
#: Most sentences name none of these: one cheap look decides whether a sentence is worth the patterns.
ANY = re.compile(
    r"hour|since\s(?:[\w.]+\s){1,3}open|year|ytd|mtd|qtd|wtd|quarter|\bq[1-4]\b|\d[qmdw]\b|\d[qm]2\d|half|\bh[12]\b|\d/\d|noon|\d\s?[ap]\.?m\b|\b(?:mon|tues?|wed|thu|thurs|fri|sat|sun)\b|stunde|hora|tag|mittwoch|lunes|martes|miércoles|jueves|viernes|sábado|domingo|días?|semana|시간|\d분|하루|\bh\b|\dh|hr|day|week|month|minute|second|night|session|morning|evening|today|daily|\d:\d\d|20[12]\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\bmins?\b|\dmin|\d(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
