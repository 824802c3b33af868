"""What the command line prints: results on standard output, everything else on standard error.

Article words are printed as text: rich's own mark-up in them is never read, and control characters never reach a
terminal.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from rich.console import Console
from rich.text import Text

from newsdetect.checks.check import Verdict
from newsdetect.errors import NewsdetectError

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)

_STYLES: dict[Verdict | None, str] = {
    "corroborated": "bold green",
    "plausible": "bold cyan",
    "not_checkable": "dim",
    "inconsistent": "bold yellow",
    "contradicted": "bold red",
    None: "dim",
}


def complain(fault: NewsdetectError) -> None:
    """Say what went wrong, on standard error."""
    err.print(Text.assemble(("newsdetect: ", "bold red"), plain(str(fault))))


def note(words: str) -> None:
    """Say something beside the result, on standard error."""
    err.print(Text(plain(words), style="dim"))


def plain(words: str) -> str:
    """Give words without what a terminal would obey."""
    return "".join(each if each.isprintable() or each == "\n" else "\ufffd" for each in words)


def print_json(value: BaseModel | Sequence[BaseModel] | dict[str, Any]) -> None:
    """Print JSON alone on standard output."""
    sys.stdout.write(json_text(value))


def json_text(value: BaseModel | Sequence[BaseModel] | dict[str, Any]) -> str:
    """Write JSON as it is printed and as files hold it."""
    return json.dumps(jsonable(value), ensure_ascii=False, indent=2) + "\n"


def jsonable(value: Any) -> Any:  # noqa: ANN401 -- whatever JSON can hold
    """Turn values of ours, however deep, into what JSON can say."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, dict):
        return {key: jsonable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(each) for each in value]
    return value


def verdict_text(verdict: Verdict | None, *, simulated: bool = False) -> Text:
    """Give a verdict in its colour."""
    word = (verdict or "not checked").replace("_", " ")
    return Text(f"{word} (simulated)" if simulated else word, style=_STYLES[verdict])
