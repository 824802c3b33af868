"""The causes that compete to explain one event, over all articles that report it: how many name each, and which fit.

What is counted are kinds of cause, not words: ten articles that name the tariffs name one candidate. An article speaks
once for each. Whether a candidate could have been the cause is what the checks of its articles say of its time and the
price; where they differ, the word of most stands, and of as many the graver.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from newsdetect.checks.check import CauseCheck, CauseResult
from newsdetect.claims.claim import Cause, CauseType
from newsdetect.types import Value

#: Which word stands where an article, or as many articles, say several; what cannot be told goes last.
_GRAVITY: tuple[CauseResult, ...] = (
    "timing_inconsistent", "direction_inconsistent", "consistent", "not_checkable",
)  # fmt: skip


class Candidate(Value):
    """One kind of cause that articles of an event name."""

    type: CauseType
    #: Articles that name it, and those that rule it out.
    documents: int
    denied: int = 0
    #: Of those that name it, by what the check of it came to.
    consistent: int = 0
    timing_inconsistent: int = 0
    direction_inconsistent: int = 0
    not_checkable: int = 0
    result: CauseResult
    #: Why, as one of the articles' checks says it, with its numbers.
    note: str = ""
    simulated: bool = False


class Competing(Value):
    """All candidates of an event, those that fit first; a cause that every article rules out is none."""

    candidates: tuple[Candidate, ...] = ()
    #: How many candidates fit time and price, how many do not, and of how many neither can be told.
    fit: int = 0
    against: int = 0
    unknown: int = 0
    #: The same in words.
    note: str = ""


def competing(told: Iterable[tuple[Cause, CauseCheck | None]], *, documents: Sequence[str]) -> Competing:
    """Count candidates over the causes of an event's articles; `documents` gives each cause's article, in order.

    A cause without a check counts as one that cannot be told.
    """
    by_type: dict[CauseType, dict[str, list[tuple[Cause, CauseCheck | None]]]] = {}
    for (cause, check), document in zip(told, documents, strict=True):
        by_type.setdefault(cause.type, {}).setdefault(document, []).append((cause, check))
    found = [one for kind, articles in by_type.items() if (one := _candidate(kind, articles)) is not None]
    found.sort(key=lambda one: (one.result != "consistent", one.result == "not_checkable", -one.documents, one.type))
    results = Counter(one.result for one in found)
    fit, unknown = results["consistent"], results["not_checkable"]
    against = len(found) - fit - unknown
    return Competing(
        candidates=tuple(found), fit=fit, against=against, unknown=unknown, note=_note(fit, against, unknown)
    )


def with_rivals(causes: Sequence[Cause], checks: Sequence[CauseCheck]) -> tuple[CauseCheck, ...]:
    """Give a document's cause checks with how many other kinds of cause it names, and how many of these fit."""
    told = list(zip(causes, checks, strict=True))
    found = []
    for cause, check in told:
        others = [(one, its) for one, its in told if one.type != cause.type]
        rivals = competing(others, documents=[""] * len(others))
        found.append(check.model_copy(update={"rivals": len(rivals.candidates), "rivals_fit": rivals.fit}))
    return tuple(found)


def _note(fit: int, against: int, unknown: int) -> str:
    """Say it in words: `1 of 3 causes named fits time and price, 1 does not, of 1 it cannot be told`."""
    named = fit + against + unknown
    if not named:
        return "no cause is named"
    rest = [f"{against} {'does' if against == 1 else 'do'} not"] if against else []
    rest += [f"of {unknown} it cannot be told"] if unknown else []
    fits = f"{fit} of {named} {'cause' if named == 1 else 'causes'} named {'fits' if fit == 1 else 'fit'}"
    return ", ".join([f"{fits} time and price", *rest])


def _candidate(kind: CauseType, articles: dict[str, list[tuple[Cause, CauseCheck | None]]]) -> Candidate | None:
    """Count what articles say of one kind of cause; None where all of them rule it out."""
    words: list[tuple[CauseResult, CauseCheck | None]] = []
    denied = 0
    for told in articles.values():
        named = [check for cause, check in told if cause.role != "denied"]
        if not named:
            denied += 1
            continue
        words.append(min(((_result(check), check) for check in named), key=lambda one: _GRAVITY.index(one[0])))
    if not words:
        return None
    counts = Counter(result for result, _ in words)
    checkable = {result: number for result, number in counts.items() if result != "not_checkable"}
    result = min(checkable or counts, key=lambda one: (-counts[one], _GRAVITY.index(one)))
    speaks = next((check for word, check in words if word == result and check is not None), None)
    return Candidate(
        type=kind, documents=len(words), denied=denied, consistent=counts["consistent"],
        timing_inconsistent=counts["timing_inconsistent"], direction_inconsistent=counts["direction_inconsistent"],
        not_checkable=counts["not_checkable"], result=result, note=speaks.note if speaks else "",
        simulated=speaks.simulated if speaks else False,
    )  # fmt: skip


def _result(check: CauseCheck | None) -> CauseResult:
    return check.result if check is not None else "not_checkable"
