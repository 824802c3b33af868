"""Events as the terminal tells them: a line each with figure, window, side, reports and verdict, its evidence below.

Under an event stand those of its other figures that the check speaks against, each with its reason, and the rest on one
line.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newsdetect.checks.competing import Competing
from newsdetect.cli.show import out, plain, verdict_text
from newsdetect.cli.show_claim import window_text
from newsdetect.events.event import Figure
from newsdetect.outputs import digest_wording as wording
from newsdetect.outputs.report import EventReport
from newsdetect.runners.demo import Demo

#: Widths of the columns before the last: fixed, so that the events line up though each row is a table of its own.
_WIDTHS = (16, 11, 7, 18)
#: Verdicts that a reader must not miss.
_AGAINST = ("contradicted", "inconsistent")


def print_demo(found: Demo) -> None:
    """Print what the demo came to: what was read, the events, the files."""
    said = (
        f"Read {wording.counted(found.feeds, 'feed')} and {wording.counted(found.entries, 'article')} "
        f"({found.new} new), found {wording.counted(found.claims, 'claim')} about "
        f"{wording.counted(len(found.reports), 'event')}, held each against {found.market_rows:,} rows of market data. "
    )
    out.print(Text.assemble(said, ("The market data are simulated.", "yellow")))
    out.print()
    print_events(found.reports)
    for file, what in found.files:
        out.print(Text.assemble((str(file), "bold"), f"  {what}"), soft_wrap=True)
    serve = f"newsdetect serve --home {found.folder / 'home'}"
    out.print(Text.assemble((serve, "bold"), "  shows the events as a page"), soft_wrap=True)


def print_events(reports: Sequence[EventReport]) -> None:
    """Print events, the largest first, each with the sentence of evidence behind its verdict."""
    out.print(_row("FIGURE", "WINDOW", "SIDE", "REPORTS", Text("VERDICT", style="dim"), style="dim"))
    for report in sorted(reports, key=lambda each: (each.headline.unit != "USD", -each.headline.value)):
        event = report.event
        # A copy is no second source: reports are counted beside what is independent in them.
        seen = f"{len(event.documents)} ({event.independent} independent)"
        verdict = verdict_text(report.verdict, simulated=report.simulated)
        out.print(_figure_row(report.headline, seen, verdict, style="bold"))
        out.print(Padding(Text(_sentence(report.explanation, report.simulated)), (0, 0, 0, 2)))
        _print_others(report)
        _print_causes(report.competing)
        out.print()


def _print_others(report: EventReport) -> None:
    """Print the event's other figures: each that something speaks against, the rest in a line."""
    rest: list[str] = []
    against: dict[str, list[Table]] = {}
    for figure, check in wording.figure_checks(report):
        if check is not None and check.verdict in _AGAINST:
            # Figures that exclude each other share one sentence.
            verdict = verdict_text(check.verdict, simulated=check.simulated)
            row = _figure_row(figure, str(len(figure.claim_ids)), verdict)
            against.setdefault(_sentence(check.explanation, check.simulated), []).append(row)
            continue
        word = check.verdict.replace("_", " ") if check else "not checked"
        rest.append(f"{wording.amount(figure)} ({_scope(figure)}) {word}")
    for sentence, rows in against.items():
        for row in rows:
            out.print(row)
        out.print(Padding(Text(sentence), (0, 0, 0, 2)))
    if rest:
        out.print(Padding(Text(plain(f"also: {'; '.join(rest)}"), style="dim"), (0, 0, 0, 2)))


def _print_causes(found: Competing) -> None:
    """Print the causes that are named for an event, with how many reports name each and what speaks for or against."""
    if not found.candidates:
        return
    told = []
    for one in found.candidates:
        said = f"{one.type.replace('_', ' ')} ({wording.counted(one.documents, 'report')}"
        said += f", ruled out by {one.denied}" if one.denied else ""
        told.append(f"{said}: {wording.CAUSE_RESULTS[one.result]})")
    out.print(Padding(Text(f"why: {found.note}: {'; '.join(told)}", style="dim"), (0, 0, 0, 2)))


def _figure_row(figure: Figure, seen: str, verdict: Text, *, style: str = "") -> Table:
    side = {"long": "longs", "short": "shorts", "both": "both"}[figure.side]
    return _row(plain(wording.amount(figure)), _window(figure), side, seen, verdict, style=style)


def _scope(figure: Figure) -> str:
    """Write what a figure is of, briefly."""
    parts = [_window(figure)]
    parts += [f"{figure.side}s"] if figure.side != "both" else []
    parts += [plain(each) for each in (figure.asset, figure.venue) if each != "ALL"]
    return ", ".join(parts)


def _window(figure: Figure) -> str:
    told = figure.window
    if told is not None and told.period is not None and told.period.hours == 24:
        return told.period.start.date().isoformat()
    return "no window" if told is None else window_text(told)


def _sentence(explanation: str, simulated: bool) -> str:
    """Give a check's sentence; that it is simulated stands in the verdict already."""
    return plain(explanation.removeprefix("SIMULATED market data. ") if simulated else explanation)


def _row(figure: str, window: str, side: str, reports: str, verdict: Text, *, style: str) -> Table:
    table = Table.grid(padding=(0, 1))
    for width in _WIDTHS:
        table.add_column(width=width, no_wrap=True, overflow="ellipsis")
    table.add_column()
    table.add_row(Text(figure, style=style), Text(window), Text(side), Text(reports), verdict)
    return table
