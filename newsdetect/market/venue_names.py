"""One name a venue: the one under which claims know it, whatever a file calls it."""

from __future__ import annotations

import tomllib
from functools import cache

import duckdb

from newsdetect.bundled import fixtures
from newsdetect.types import ALL


def venue_name(said: str) -> str:
    """Give the name under which claims know a venue; as it was said where they do not."""
    return _venues().get(said.strip().lower(), said.strip())


def tell_venues(connection: duckdb.DuckDBPyConnection) -> None:
    """Put down the spellings of venues that `cleaning` reads, in lower case, each with the venue's name."""
    names = _venues()
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE venue_names AS SELECT unnest($aliases) AS alias, unnest($names) AS name",
        {"aliases": list(names), "names": list(names.values())},
    )


@cache
def _venues() -> dict[str, str]:
    """Give the spellings of venues in lower case, with the name under which claims know them."""
    with (fixtures() / "corpus" / "entities.toml").open("rb") as file:
        names: dict[str, list[str]] = tomllib.load(file)["venues"]
    known = {alias.lower(): name for name, aliases in names.items() for alias in (name, *aliases)}
    return known | {ALL.lower(): ALL}
