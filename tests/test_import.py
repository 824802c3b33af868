"""What importing the package costs, and which names it offers."""

from __future__ import annotations

import doctest
import subprocess
import sys

import pytest

import newsdetect

#: Libraries that are dear to load: seconds, or hundreds of megabytes.
DEAR = ("torch", "transformers", "spacy", "duckdb", "pyarrow", "fastapi", "sqlalchemy", "trafilatura", "httpx2", "ccxt")


def loaded_by(statement: str) -> set[str]:
    """Run a statement in a fresh interpreter; give the top-level packages that it loaded."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(told.stdout.split())


def test_importing_the_package_loads_nothing_dear():
    """`import newsdetect` loads no library at all, not even pydantic."""
    assert loaded_by("import newsdetect").isdisjoint({*DEAR, "pydantic"})


def test_reading_claims_loads_no_model_and_no_service():
    """Who only extracts pays for the extractor: no model library, no database, no market, no web framework."""
    assert loaded_by("import newsdetect.claims.extract").isdisjoint(DEAR)


@pytest.mark.parametrize("module", ["events.linking", "checks.check_claims", "market.provider", "errors"])
def test_what_decides_loads_no_model_and_no_service(module):
    """Linking and checking are pure: they load neither."""
    assert loaded_by(f"import newsdetect.{module}").isdisjoint({*DEAR} - {"trafilatura"})


def test_the_command_line_loads_what_a_command_needs():
    """Help and `extract` wait neither for a model nor for the market's engine nor for the web framework."""
    assert loaded_by("import newsdetect.cli").isdisjoint({"torch", "transformers", "spacy", "duckdb", "fastapi"})


@pytest.mark.parametrize("name", newsdetect.__all__)
def test_every_public_name_leads_somewhere(name):
    """A public name is what its home calls so, is listed, and says in its docstring what it is."""
    found = getattr(newsdetect, name)
    assert found.__name__ == name
    assert found.__doc__
    assert name in dir(newsdetect)


def test_another_name_is_an_attribute_error():
    """The message says which names there are."""
    with pytest.raises(AttributeError, match=r"'extrakt'; it has .*extract"):
        _ = newsdetect.extrakt


def test_the_docstrings_example_is_true():
    """What the package says of itself runs, and gives what stands there."""
    told = doctest.testmod(newsdetect)
    assert told.attempted > 5
    assert told.failed == 0
