"""A site full of reports and one browser to look at it with, for all tests of the pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from newsdetect.outputs.api.app import create_app
from newsdetect.storage.store import open_store
from tests.outputs.api.services import Service
from tests.outputs.web.site import fill, serving

CHROMIUM = Path("/usr/bin/chromium")
_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a running server over a store full of reports."""
    file = tmp_path_factory.mktemp("site") / "store.db"
    with open_store(f"sqlite:///{file}") as store:
        fill(store)
        with serving(create_app(Service(store))) as address:
            yield address


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    """Give a chromium with a profile of its own; without one the test is skipped, but fails where CI=true."""
    _demand(CHROMIUM.exists(), f"{CHROMIUM} is not here: install chromium to see the pages in a browser")
    _demand(find_spec("playwright") is not None, "playwright is not here: it comes with the test extra")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- only the pages' tests need it

    profile = tmp_path_factory.mktemp("profile")
    with sync_playwright() as driver:
        opened = driver.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=_ARGUMENTS, viewport={"width": 1280, "height": 800}
        )
        yield opened
        opened.close()


def _demand(there: bool, missing: str) -> None:
    """Skip where something is missing, but let no CI pass without having looked."""
    if not there and os.environ.get("CI") == "true":
        pytest.fail(missing)
    if not there:
        pytest.skip(missing)


@pytest.fixture
def page(browser, site: str) -> Iterator:
    """Give a page of the browser whose paths count from the site; an error in it fails the test."""
    opened, told = browser.new_page(), []
    opened.on("console", lambda message: told.append(message.text))
    opened.on("pageerror", lambda error: told.append(str(error)))
    opened.on("requestfailed", lambda request: told.append(f"failed: {request.url}"))
    opened.on("request", lambda request: request.url.startswith(site) or told.append(f"foreign: {request.url}"))
    opened.at = lambda path: opened.goto(f"{site}{path}")
    yield opened
    opened.close()
    assert told == []
