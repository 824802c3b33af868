"""The help of every command: no word of it is taken for markup and lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import typer
from rich.text import Text

from newsdetect.cli import app


def _helps() -> Iterator[tuple[str, str]]:
    """Give the help of each command and option, by name."""
    waiting: list[tuple[str, object]] = [("newsdetect", typer.main.get_command(app))]
    while waiting:
        name, command = waiting.pop()
        yield name, getattr(command, "help", None) or ""
        for option in getattr(command, "params", ()):
            yield f"{name} {option.name}", getattr(option, "help", None) or ""
        waiting += [(f"{name} {word}", each) for word, each in getattr(command, "commands", {}).items()]


@pytest.mark.parametrize(("name", "said"), sorted(_helps()))
def test_help_is_printed_as_it_is_written(name: str, said: str) -> None:
    """A table's name in brackets is markup: rich drops it, and the sentence loses its end."""
    assert Text.from_markup(said).plain == said, name
