"""`enrich`: a newsletter in, annotated out, and back again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from newsdetect.cli.files import read_bytes, write_text
from newsdetect.cli.options import Config, Home, Out, Published, settings
from newsdetect.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(enrich)


def enrich(
    target: Annotated[str, typer.Argument(help="A newsletter (HTML, Markdown or .eml), or - for standard input.")],
    *,
    out: Out = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take the notes out again: the bytes are as before.")
    ] = False,
    kind: Annotated[
        str | None, typer.Option(help="html, markdown or eml; by default told by name and content.")
    ] = None,
    published: Published = None,
    home: Home = None,
    config: Config = None,
) -> None:
    """Put a note with its verdict behind each figure of a newsletter, or take the notes out."""
    from newsdetect.cli.show import note
    from newsdetect.cli.wiring import open_desk
    from newsdetect.outputs.newsletter import remove as without_notes

    source = read_bytes(target).decode("utf-8", "surrogateescape")
    told = _kind(kind, target, source)
    if remove:
        content = without_notes(source, kind=told)
    else:
        with open_desk(settings(home, config)) as desk:
            content, notes = desk.enrich(told, source, published)
        verdicts = ", ".join(f"{each.figure} {each.verdict.replace('_', ' ')}" for each in notes)
        note(f"{len(notes)} note{'' if len(notes) == 1 else 's'}{': ' if notes else ''}{verdicts}")
    if out is None:
        sys.stdout.buffer.write(content.encode("utf-8", "surrogateescape"))
    else:
        write_text(out, content)


def _kind(given: str | None, target: str, source: str) -> Any:  # noqa: ANN401 -- one of the literal kinds
    """Tell a newsletter's kind: as given, by its name, by its content."""
    if given is not None:
        if given not in ("html", "markdown", "eml"):
            raise UsageError(f"--kind {given}: html, markdown or eml", key="--kind")
        return given
    suffix = Path(target).suffix.lower()
    by_name = {".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".eml": "eml"}
    if suffix in by_name:
        return by_name[suffix]
    head = source[:4000].lstrip("\ufeff\r\n ")
    return "html" if head.startswith("<") else "eml" if "\nMIME-Version:" in head else "markdown"
