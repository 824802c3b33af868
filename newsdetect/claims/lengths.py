"""Lengths of time as they are written: "an hour and a half", "twenty-four hours", "1h20m", "3–hour".

The fragments that patterns of times are made of, and the hours that their groups come to. Words and units are data.
"""

from __future__ import annotations

from newsdetect.claims.corpus import any_word, corpus, spaced

_WORDS = corpus("timeframes")
_NUMBERS: dict[str, float] = _WORDS["numbers"]
_TENS: dict[str, float] = _WORDS["tens"]
_FRACTIONS: dict[str, float] = _WORDS["fractions"]
_UNITS: dict[str, float] = _WORDS["units"] | _WORDS["short_units"] | _WORDS["foreign_units"]
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
#: Longer than a year is no report's time.
_LONGEST = 24 * 400

#: A hyphen, or what print sets for it.
DASH = r"[-\u2010\u2011\u2013]"
#: Between a count and its unit: "24 hours", "24-hour", "24h", "24 or so hours", "sixty-odd minutes".
JOIN = rf"(?:\s?{DASH}\s?|\s{{1,2}}|{DASH}odd\s|\sor\sso\s|(?<=[\d½¼¾]))"
NUMBER_WORD = rf"(?:{any_word(_TENS)}[\s-]{any_word(_ONES)}|{any_word(_NUMBERS)}|{any_word(_TENS)})"
#: "12 to 24 hours" and "one or two days" stand for what is half-way.
_UP_TO = rf"(?:(?:\s(?:to|or)\s|\s?{DASH}\s?)(?P<upto>\d{{1,3}}|{NUMBER_WORD}))?"
COUNT = rf"(?P<count>\d{{1,3}}(?:\.\d{{1,2}})?[½¼¾]?|½|{NUMBER_WORD})(?P<plus>\sand\s(?:a|one)[\s-]half)?{_UP_TO}"
#: What is added behind a unit: "an hour and a half", "two hours and ten minutes".
_BEHIND = (
    rf"(?:\sand\sa\s(?P<tail>half|quarter)\b|,?\s(?:and\s)?(?P<more>\d{{1,2}}|{NUMBER_WORD})\s(?P<rest>minutes?|mins?)\b"
    r"|\sor\s(?P<or>two|so\b)|(?<=\dh)(?P<more2>[0-5]?\d)(?P<rest2>m|min)\b)?"
)
UNIT = rf"(?P<unit>{any_word(_WORDS['units'])})(?:\b|(?<=\dh)(?=[0-5]?\dm)){_BEHIND}"


def hours_of(groups: dict[str, str]) -> float | None:
    """Work out a length from the groups of the fragments; None where it is none of a report."""
    unit = groups.get("unit") or groups["unit2"]
    count = groups.get("count") or groups.get("count2")
    if unit.casefold() == "second" and count in ("a", "A"):
        return None  # "after a second token"
    whole = count_of(count) + (0.5 if "plus" in groups else 0.0)
    if "upto" in groups:
        whole = (whole + count_of(groups["upto"])) / 2
    if groups.get("or") == "two":
        whole = (whole + 2) / 2
    whole += {"half": 0.5, "quarter": 0.25}.get(groups.get("tail", "").casefold(), 0.0)
    hours = whole * unit_hours(unit)
    rest, more = groups.get("rest") or groups.get("rest2"), groups.get("more") or groups.get("more2")
    if rest and more:
        hours += count_of(more) * unit_hours(rest)
    return round(hours, 4) if 0 < hours <= _LONGEST else None


def unit_hours(unit: str) -> float:
    """Give the hours of one unit."""
    return _UNITS[unit.casefold()]


def count_of(word: str | None) -> float:
    """Read how many units; none written is one."""
    if word is None:
        return 1.0
    key = spaced(word).casefold()
    if key in _NUMBERS:
        return _NUMBERS[key]
    if key[-1] in _FRACTIONS:
        return _FRACTIONS[key[-1]] + (float(key[:-1]) if key[:-1] else 0.0)
    ten, _, one = key.replace(" ", "-").partition("-")
    if ten in _TENS:
        return _TENS[ten] + (_NUMBERS[one] if one else 0.0)
    return float(key)
