"""The phrase corpora under fixtures/corpus: word lists that are rules, and the phrases that test them.

A rule that is a list of words lives as data, beside phrases it must read (positive) and must leave alone (negative), so
that one file serves the rule, its tests and the reader who asks what is understood.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

from newsdetect.bundled import fixtures


@cache
def corpus(name: str) -> dict[str, Any]:
    """Read one corpus, e.g. `amounts`; the result is shared and must not be changed."""
    with (fixtures() / "corpus" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def any_of(fragments: Iterable[str]) -> str:
    """Join regular-expression fragments to one alternation, the longest first so that it wins."""
    return "(?:" + "|".join(sorted(fragments, key=len, reverse=True)) + ")"


def any_word(words: Iterable[str]) -> str:
    """Join plain words or phrases to one alternation, the longest first; a space stands for any white space."""
    return any_of(re.escape(word).replace(r"\ ", r"\s") for word in words)


def spaced(found: str) -> str:
    """Write what `any_word` found as the corpus has it, whatever white space stands in the text."""
    return re.sub(r"\s", " ", found)
