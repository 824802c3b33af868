"""The options that several commands share, and the settings they make."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from newsdetect.config import Settings, load
from newsdetect.errors import UsageError

Target = Annotated[
    str | None, typer.Argument(help="An article: a file (HTML, Markdown, plain text), a URL, or - for standard input.")
]
Home = Annotated[
    Path | None,
    typer.Option(help="Where all state lies: database and market archive.", envvar="NEWSDETECT_HOME", show_envvar=True),
]
Config = Annotated[Path | None, typer.Option(help="Settings file; by default ./newsdetect.toml if there is one.")]
Published = Annotated[
    str | None, typer.Option(help="When the text appeared, ISO 8601; a date alone is known to the day.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON alone on standard output.")]
Lines = Annotated[
    Path | None,
    typer.Option("--jsonl", help='Many articles: a line {"id","title","text","published","url"} each; - for stdin.'),
]
Out = Annotated[Path | None, typer.Option(help="Write here instead of to standard output.")]
Strict = Annotated[bool, typer.Option(help="Exit with 1 if any line was bad.")]


def settings(home: Path | None, config: Path | None) -> Settings:
    """Read the settings once, at the edge."""
    return load(config, home=home)


def instant(text: str) -> datetime:
    """Read an ISO 8601 instant; one without a zone is UTC. Raise UsageError that shows the form."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as fault:
        raise UsageError(f"{text!r} is no time: write it as 2025-08-25T21:04Z", key=text) from fault
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
