"""The amount and time grammars on phrases that were written apart from them, beside two libraries that do the same.

A phrase is right if every figure in it (every time expression) is found with its value and unit (its window) and no
other figure of that kind is. The peers are asked for what they can give: quantulum3 for amounts, recognizers-text for
both, of times the lengths alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsdetect.claims.amounts import find_amounts
from newsdetect.claims.timeframes import find_timeframes
from newsdetect.documents.dates import given_date
from newsdetect.evaluation.scores import same_window

BLIND = Path(__file__).resolve().parents[2] / "fixtures" / "blind"
Record = dict[str, Any]
#: Stands for the publication where a phrase has none; only lengths are compared then.
_SOME_DAY = datetime(2025, 1, 1, tzinfo=UTC)
Amounts = Callable[[str], list[tuple[float, str]]]


def bench() -> None:
    """Print the lines of this part."""
    phrases = read("amounts")
    print(
        f"blind   amounts, {len(phrases)} phrases: newsdetect {share(right_amounts(each, ours) for each in phrases)}",
        end="",
    )
    for name, peer in amount_peers():
        print(f"; {name} {share(right_amounts(each, peer) for each in phrases)}", end="")
    times = read("times")
    print(f"\nblind   times, {len(times)} phrases: newsdetect {share(map(right_times, times))}", end="")
    peer_times = time_peer()
    if peer_times is not None:
        print(f"; recognizers-text {share(right_length(each, peer_times) for each in times)} (lengths alone)", end="")
    print()


def read(name: str) -> list[Record]:
    """Read one file of the blind set."""
    return [json.loads(line) for line in (BLIND / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() if line]


def share(right: Iterable[bool]) -> str:
    """Write how many are right."""
    told = list(right)
    return f"{sum(told)}/{len(told)}"


def ours(text: str) -> list[tuple[float, str]]:
    """Give our figures, plain numbers left out."""
    return [(each.value, each.unit) for each in find_amounts(text) if each.kind != "bare" or each.scaled]


def right_amounts(phrase: Record, reader: Amounts) -> bool:
    """Tell whether a reader finds exactly the phrase's figures."""
    wanted = [(float(each["value"]), each["unit"]) for each in phrase["amounts"]]
    found = reader(phrase["text"])
    return len(found) == len(wanted) and all(
        any(unit == other and abs(value - got) <= 0.001 * value for got, other in found) for value, unit in wanted
    )


def right_times(phrase: Record) -> bool:
    """Tell whether our times are exactly the phrase's windows."""
    at = _published(phrase)
    found = [
        time.window.model_dump(mode="json") if time.window else None
        for time in find_timeframes(phrase["text"], published=at)
    ]
    wanted = [each["window"] for each in phrase["windows"]]
    return len(found) == len(wanted) and all(any(same_window(window, got) for got in found) for window in wanted)


def _published(phrase: Record) -> datetime | None:
    return given_date(phrase["published"]).at if phrase["published"] else None


def amount_peers() -> Iterable[tuple[str, Amounts]]:
    """Give the peers that are installed."""
    try:
        from quantulum3 import parser  # noqa: PLC0415 -- a peer that is only here if somebody installed it
    except ImportError:
        print(" (quantulum3 is not installed: pip install -e '.[bench]')", end="")
    else:
        units = {"dollar": "USD", "united states dollar": "USD", "euro": "EUR", "pound sterling": "GBP"}
        yield (
            "quantulum3",
            lambda text: [
                (each.value, units.get(each.unit.name, each.unit.name))
                for each in parser.parse(text)
                if each.unit.name != "dimensionless"
            ],
        )
    try:
        from recognizers_number_with_unit import recognize_currency  # noqa: PLC0415 -- as above
        from recognizers_text import Culture  # noqa: PLC0415 -- as above
    except ImportError:
        print(" (recognizers-text is not installed: pip install -e '.[bench]')", end="")
    else:
        names = {"Dollar": "USD", "United States dollar": "USD", "Euro": "EUR", "British pound": "GBP", "Pound": "GBP"}
        yield (
            "recognizers-text",
            lambda text: [
                (float(each.resolution["value"] or 0), names.get(each.resolution["unit"], str(each.resolution["unit"])))
                for each in recognize_currency(text, Culture.English)
            ],
        )


def time_peer() -> Callable[[str, datetime | None], list[Record]] | None:
    """Give recognizers-text's durations and date ranges as windows, where it is installed."""
    try:
        from recognizers_date_time import recognize_datetime  # noqa: PLC0415 -- as above
        from recognizers_text import Culture  # noqa: PLC0415 -- as above
    except ImportError:
        return None

    def find(text: str, at: datetime | None) -> list[Record]:
        found = []
        reference = (at or _SOME_DAY).replace(tzinfo=None)
        for each in recognize_datetime(text, Culture.English, reference=reference):
            values = (each.resolution or {}).get("values") or [{}]
            if "duration" in each.type_name:
                found.append({"hours": float(values[-1].get("value", 0)) / 3600})
            elif each.type_name.endswith(".date"):
                found.append({"hours": 24.0})
            elif "start" in values[-1] and "end" in values[-1]:
                found.append({"start": values[-1]["start"], "end": values[-1]["end"]})
        return found

    return find


def right_length(phrase: Record, reader: Callable[[str, datetime | None], list[Record]]) -> bool:
    """Tell whether a peer finds windows of the right lengths: it does not know which end trails a report."""
    found = [_hours(each) for each in reader(phrase["text"], _published(phrase))]
    wanted = [_hours(each["window"]) for each in phrase["windows"] if each["window"]]
    return all(any(got and abs(got - hours) <= 0.1 * hours for got in found) for hours in wanted if hours)


def _hours(window: Record) -> float | None:
    if "hours" in window:
        return float(window["hours"])
    try:
        start, end = datetime.fromisoformat(window["start"]), datetime.fromisoformat(window["end"])
    except ValueError:
        return None
    return (end.replace(tzinfo=None) - start.replace(tzinfo=None)).total_seconds() / 3600
