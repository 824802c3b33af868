"""The command line: the only wiring. Each command imports what it needs when it is called, so that help is quick.

Exit codes: 0 done; 1 a fault that the message names with its remedy; 2 wrong usage. JSON goes to stdout alone,
everything else to stderr.
"""

from __future__ import annotations

import logging
import sys
from typing import Annotated

import structlog
import typer

from newsdetect import __version__
from newsdetect.cli import evaluating, market, newsletters, reading, recording, serving, training
from newsdetect.cli.show import complain
from newsdetect.errors import NewsdetectError, UsageError

app = typer.Typer(
    name="newsdetect",
    help="Reads liquidation claims out of crypto news and holds them against market data.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for module in (serving, recording, reading, newsletters, training):
    module.register(app)
app.add_typer(market.app, name="market")
app.add_typer(evaluating.app, name="evaluate")


def _tell_version(asked: bool) -> None:
    """Print the version and end, where it is asked for."""
    if asked:
        typer.echo(f"newsdetect {__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", is_eager=True, callback=_tell_version)
    ] = False,
) -> None:
    """Read liquidation claims out of crypto news and hold them against market data."""
    del version  # told before any command runs


def main() -> None:
    """Run the command line; a fault of ours becomes a message and an exit code, never a traceback."""
    _log_to_stderr()
    try:
        app()
    except UsageError as fault:
        complain(fault)
        sys.exit(2)
    except NewsdetectError as fault:
        complain(fault)
        sys.exit(1)
    except BrokenPipeError:
        # The reader of our output has seen enough; Python would complain once more when it closes stdout.
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)


def _log_to_stderr() -> None:
    """Keep standard output for results; below a warning nothing is said."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        # Asked for anew each time: whoever captures standard error has another one later.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
