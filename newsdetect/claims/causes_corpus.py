"""The phrase corpus of causes, read once from `fixtures/corpus/causes.toml` and compiled.

The file holds how news names a cause and ties it to the figures; this module only turns its notation into compiled
patterns. A blank there stands for one or two characters of white space, ’ for any apostrophe, a line break with its
indentation for nothing; `<name>` is a fragment of the file's own. A pattern that does not compile is a fault of the
file, and names it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, cast

from newsdetect.bundled import fixtures
from newsdetect.claims.claim import CauseRole, CauseType
from newsdetect.errors import ConfigError


@dataclass(frozen=True)
class Kind:
    """One sort of cause: the words that name it, and the phrases that are one wherever the figures are."""

    type: CauseType
    role: CauseRole
    words: re.Pattern[str]
    #: Words that news has for it too, but for much else besides: they count where little else is told.
    wide: re.Pattern[str] | None
    stated: re.Pattern[str] | None
    #: A mood or a mere restlessness, which names the type of a phrase only where nothing else in it does.
    generic: bool


@dataclass(frozen=True)
class Corpus:
    """The compiled file; each field carries the patterns of the table of its name."""

    effects: MappingProxyType[str, re.Pattern[str]]
    moods: MappingProxyType[str, re.Pattern[str]]
    moves: MappingProxyType[str, re.Pattern[str]]
    connectives: MappingProxyType[str, re.Pattern[str]]
    borders: MappingProxyType[str, re.Pattern[str]]
    #: In order of precedence: the first whose words stand in a phrase names its type.
    kinds: tuple[Kind, ...]


@cache
def corpus() -> Corpus:
    """Give the shipped corpus.

    Raises ConfigError if the file does not hold what this module reads.
    """
    path = fixtures() / "corpus" / "causes.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        fragments = _expanded(tables["fragments"])
        return Corpus(
            **{
                name: MappingProxyType({key: _compiled(value, fragments) for key, value in tables[name].items()})
                for name in ("effects", "moods", "moves", "connectives", "borders")
            },
            kinds=tuple(_kind(table, fragments) for table in tables["types"]),
        )
    except (KeyError, re.error, tomllib.TOMLDecodeError) as fault:
        raise ConfigError(f"the corpus of causes cannot be read: {fault!r}", key=str(path)) from fault


def _expanded(fragments: dict[str, str]) -> dict[str, str]:
    """Resolve the fragments that name others; a fragment names only those above it."""
    done: dict[str, str] = {}
    for name, pattern in fragments.items():
        done[name] = _filled(pattern, done)
    return done


def _filled(pattern: str, fragments: dict[str, str]) -> str:
    joined = re.sub(r"\n\s*", "", pattern)
    return re.sub(r"<([a-z_]+)>", lambda found: fragments[found[1]], joined)


def _compiled(patterns: str | list[str], fragments: dict[str, str]) -> re.Pattern[str]:
    """Compile one pattern, or the alternatives of a list."""
    filled = _filled(patterns if isinstance(patterns, str) else "|".join(patterns), fragments)
    return re.compile(_notation(filled))


def _worded(words: list[str], fragments: dict[str, str]) -> re.Pattern[str]:
    """Compile a list of whole words and phrases."""
    return _compiled(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", fragments)


def _notation(pattern: str) -> str:
    """Write the file's notation as a regular expression."""
    outside_classes = re.split(r"(\[[^\]]*\])", pattern)
    return "".join(
        part if part.startswith("[") and len(part) > 1 else part.replace(" ", r"\s{1,2}").replace("’", "['’]")
        for part in outside_classes
    )


def _kind(table: dict[str, Any], fragments: dict[str, str]) -> Kind:
    return Kind(
        type=cast("CauseType", table["name"]),
        role=cast("CauseRole", table.get("role", "trigger")),
        words=_worded(table["words"], fragments),
        wide=_worded(table["wide"], fragments) if "wide" in table else None,
        stated=_compiled(table["stated"], fragments) if "stated" in table else None,
        generic=bool(table.get("generic", False)),
    )
