"""Events as the terminal tells them: a line each with figure, window, side, reports and verdict, its evidence below."""

from __future__ import annotations

from collections.abc import Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newsdetect.cli.show import out, plain, verdict_text
from newsdetect.cli.show_claim import window_text
from newsdetect.outputs import digest_wording as wording
from newsdetect.outputs.report import EventReport
from newsdetect.runners.demo import Demo

#: Widths of the columns before the last: fixed, so that the events line up though each is a table of its own.
_WIDTHS = (24, 18, 12, 22)


def print_demo(found: Demo) -> None:
    """Print what the demo came to: what was read, the events, the files."""
    simulated = Text("The market data are simulated.", style="yellow")
    said = (
        f"Read {wording.counted(found.feeds, 'feed')} and {wording.counted(found.entries, 'article')} "
        f"({found.new} new), found {wording.counted(len(found.reports), 'event')} with "
        f"{wording.counted(found.claims, 'claim')}, held each against {found.market_rows:,} rows of market data. "
    )
    out.print(Text.assemble(said, simulated))
    out.print()
    print_events(found.reports)
    for file, what in found.files:
        out.print(Text(f"{file}  {what}"), soft_wrap=True)
    out.print(Text(f"newsdetect serve --home {found.folder / 'home'}  shows the same as a page"), soft_wrap=True)


def print_events(reports: Sequence[EventReport]) -> None:
    """Print events, the largest first, each with the sentence of evidence behind its verdict."""
    out.print(_row("FIGURE", "WINDOW", "SIDE", "REPORTS", Text("VERDICT", style="dim"), style="dim"))
    for report in sorted(reports, key=lambda each: (each.headline.unit != "USD", -each.headline.value)):
        figure = report.headline
        event = report.event
        # A copy is no second source: what counts is who saw the numbers.
        reports_word = f"{wording.counted(len(event.documents), 'report')}, {event.independent} independent"
        verdict = verdict_text(report.verdict, simulated=report.simulated)
        side = {"long": "longs", "short": "shorts", "both": "both"}[figure.side]
        out.print(_row(plain(wording.amount(figure)), _window(report), side, reports_word, verdict, style="bold"))
        out.print(Padding(Text(plain(report.explanation)), (0, 0, 1, 2)))


def _window(report: EventReport) -> str:
    told = report.headline.window
    if told is not None and told.period is not None and told.period.hours == 24:
        return told.period.start.date().isoformat()
    return "no window" if told is None else window_text(told)


def _row(figure: str, window: str, side: str, reports: str, verdict: Text, *, style: str) -> Table:
    table = Table.grid(padding=(0, 1))
    for width in _WIDTHS:
        table.add_column(width=width, no_wrap=True, overflow="ellipsis")
    table.add_column()
    table.add_row(Text(figure, style=style), Text(window), Text(side), Text(reports), verdict)
    return table
