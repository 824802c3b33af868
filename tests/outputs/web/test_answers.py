"""What the pages' server answers, seen without a browser: headers, paging, and pages that tell there is nothing."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from newsdetect.outputs.api.app import create_app
from newsdetect.outputs.web.security import HEADERS
from newsdetect.storage.store import open_store
from tests.outputs.api.services import Service
from tests.outputs.web.site import save_event
from tests.storage.builders import make_event


@pytest.fixture
def store(tmp_path):
    """Give an empty store; what differs between databases is tested with the store."""
    with open_store(f"sqlite:///{tmp_path / 'store.db'}") as opened:
        yield opened


@pytest.fixture
def client(store):
    """Give a client of the application over it."""
    with TestClient(create_app(Service(store), max_body=100), raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200), ("GET", "/events/none", 404), ("GET", "/static/newsdetect.css", 200),
        ("GET", "/static/none.js", 404), ("GET", "/v1/events", 200), ("GET", "/healthz", 200), ("GET", "/nothing", 404),
        ("POST", "/v1/extract", 413),
    ],
)  # fmt: skip
def test_every_answer_is_guarded(client, method, path, status):
    """Page, file, JSON or error: no script, no frame, no guessing of types, no word of where one came from."""
    answer = client.request(method, path, content=b"x" * 101 if method == "POST" else None)
    assert answer.status_code == status
    assert HEADERS.items() <= {name: answer.headers.get(name) for name in HEADERS}.items()
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_nobody_leaves_the_static_folder(client):
    """A path that climbs out finds nothing."""
    for path in ("/static/../pages.py", "/static/%2e%2e/pages.py", "/static/..%2fpages.py"):
        assert client.get(path).status_code == 404


def test_an_empty_store_says_how_to_fill_it(client):
    """A newcomer sees the commands, not an empty table."""
    page = client.get("/").text
    assert "newsdetect demo" in page
    assert "<table" not in page


def test_older_events_are_a_link_away(client, store):
    """Fifty events a page; following the link shows each event once and leads back to the newest."""
    for number in range(53):
        save_event(store, f"e{number:02}", f"Some ${number + 1} million went.", number + 1, hours=number)
    first = client.get("/").text
    (older,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = client.get(older).text
    shown = [re.findall(r'href="/events/(e\d\d)"', page) for page in (first, second)]
    assert [len(each) for each in shown] == [50, 3]
    assert shown[0] + shown[1] == [f"e{number:02}" for number in reversed(range(53))]
    assert 'rel="next"' not in second
    assert "Newest events" in second


@pytest.mark.parametrize(("path", "status"), [("/events/none", 404), ("/events/%00", 404), ("/?cursor=x", 422)])
def test_what_is_not_there_is_said_in_words(client, path, status):
    """A wrong address gives a page with a way back."""
    answer = client.get(path)
    assert answer.status_code == status
    assert 'href="/"' in answer.text


def test_an_event_whose_claims_are_gone_is_still_shown(client, store):
    """What was read anew meanwhile is left out, and said so."""
    store.save_event(make_event("e1", documents=("gone",)))
    page = client.get("/events/e1").text
    assert "The reports are no longer stored." in page
    assert "Nothing was checked yet" in page
