"""What the command line prints of a check, for a reader who wants to follow it by hand.

The verdict, the window found, what was counted by venue and side with its share of the claim, the ranges that follow,
the price, and the sentence that says why the verdict is no stronger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newsdetect.checks.check import Basis, Check, Evidence, Weighing
from newsdetect.checks.weighing import ratio
from newsdetect.checks.wording import clock, money, percent, percents, span
from newsdetect.cli.show import out, plain, verdict_text
from newsdetect.types import ALL, Interval, Period

#: Rows of evidence that a terminal shows of each kind.
_AT_MOST = 2
_SUMS = ("prints", "bars", "snapshot", "series")


def print_check(check: Check) -> None:
    """Print a verdict with the numbers behind it and its sentence."""
    head = Text.assemble(verdict_text(check.verdict, simulated=check.simulated))
    if check.probability is not None:
        head.append(f"  probability {check.probability:.2f}", style="dim")
    out.print(Padding(head, (0, 0, 0, 2)))
    facts = Table.grid(padding=(0, 2, 0, 0))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column()
    for name, said in _facts(check):
        facts.add_row(name, Text(plain(said)))
    facts.add_row("why", Text(plain(check.explanation)))
    out.print(Padding(facts, (0, 0, 0, 2)))


def _facts(check: Check) -> Iterator[tuple[str, str]]:
    """Give what a reader needs beside the sums, each with its name."""
    weighed = check.weighing
    if check.window is not None:
        yield "window", _window(check.window, weighed)
    yield from _sums([row for row in check.evidence if row.kind in _SUMS], weighed.claimed if weighed else None)
    if weighed is not None and weighed.seen is not None and weighed.coverage is not None:
        share = f", {percents(weighed.ratio)} of the claim" if weighed.ratio else ""
        yield "seen", f"{span(weighed.seen)}{share}; K {percents(weighed.coverage)} of such a total"
    if weighed is not None and weighed.reported is not None:
        yield "reported", f"by that a report on the whole would say {span(weighed.reported)}"
        if weighed.true_size is not None and (weighed.true_size.low or weighed.true_size.high):
            yield "true size", f"{span(weighed.true_size)}, with what sampled feeds left out"
    if weighed is not None and weighed.specific is not None:
        yield "special", f"as good a match in one random window of {weighed.specific:.3g}"
    if check.alone is not None:
        yield "alone", f"{check.alone.verdict.replace('_', ' ')}: {check.alone.explanation}"
    for row in [row for row in check.evidence if row.kind not in _SUMS]:
        yield "price" if row.kind == "candles" else row.kind, f"{row.note}{_by(row)}"


def _window(window: Period, weighed: Weighing | None) -> str:
    said = f"{clock(window.start)} to {clock(window.end)}"
    if weighed is None or weighed.tried < 2:
        return said
    return f"{said}, of {weighed.tried} ends tried from {clock(weighed.first_end)} to {clock(weighed.last_end)}"


def _by(row: Evidence) -> str:
    """Say who tells a row and what it says of the claim."""
    told = " ".join(filter(None, (row.source, row.venue if row.venue != row.source else None)))
    return f" ({', '.join(filter(None, (told, '' if row.kind == 'arithmetic' else row.says)))})" if told else ""


def _sums(rows: Sequence[Evidence], claimed: Interval | None) -> Iterator[tuple[str, str]]:
    """Give what was counted, a line a source and venue; of each kind those that hold most of the scope."""
    for kind in _SUMS:
        found = sorted((row for row in rows if row.kind == kind), key=lambda row: -(row.coverage or 0.0))
        for row in found[:_AT_MOST]:
            yield kind, _counted(row, claimed)
            for basis in row.basis[:_AT_MOST]:
                yield "", _range(basis)
            if len(row.basis) > _AT_MOST:
                yield "", f"… {len(row.basis) - _AT_MOST} more ranges with --json"
        if len(found) > _AT_MOST:
            yield kind, f"… {len(found) - _AT_MOST} more with --json"


def _range(basis: Basis) -> str:
    """Say what a reading was weighed by: how another teller tells it, or its share of the scope, and whence."""
    if basis.what == "share":
        said = f"{basis.of} is {percents(Interval(low=basis.low, high=basis.high))} of {basis.to}"
    else:
        ends = f"{basis.low or 0:.2f}" + (" or more" if basis.high is None else f" to {basis.high:.2f}")
        said = f"{basis.to} is told as {ends} times {basis.of}"
    since = f"{basis.since:%Y-%m-%d}" if basis.since is not None else ""
    if not basis.fitted:
        return f"{said}: prior{f' of {since}' if since else ''} ({basis.note})"
    until = f"{basis.until:%Y-%m-%d}" if basis.until is not None else ""
    return f"{said}: fitted to {basis.windows} windows of {basis.hours:g} h, {since} to {until}"


def _counted(row: Evidence, claimed: Interval | None) -> str:
    """Write one row of sums: who tells it, of which venue and coins, by side, and what share of the claim it is."""
    coins = row.assets if len(row.assets) <= 4 else (*row.assets[:3], f"{len(row.assets) - 3} more")
    whole = Interval(low=row.low, high=row.high)
    sides = [f"{name} {span(one)}" for name, one in (("longs", row.longs), ("shorts", row.shorts)) if one is not None]
    facts = [f"{share} of the claim" if claimed and (share := percents(ratio(whole, claimed))) else ""]
    facts += [f"K {percent(row.coverage)}"] if row.coverage is not None else []
    facts += [f"{percent(row.connected)} of the window recorded"] if row.connected is not None else []
    if row.corrected is not None:
        most = "at least " if row.saturated else ""
        facts.append(f"{most}{money(row.corrected)} with what the feed left out")
    scope = f"{'all venues' if row.venue == ALL else row.venue} {', '.join(coins)}"
    by_side = f" ({', '.join(sides)})" if sides else ""
    said = f"{row.source}, {scope}: {span(whole)}{by_side}"
    return "; ".join([said, *filter(None, facts), row.says])
