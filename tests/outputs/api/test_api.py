"""The API as a caller sees it: shapes, paging, ETags, and every error a problem detail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from newsdetect.outputs.api.app import create_app
from newsdetect.sources.schedule import FeedState
from newsdetect.storage.rows import Fault
from tests.outputs.api.services import Service
from tests.storage.builders import at, make_article, make_check, make_event

ARTICLE = {
    "text": "Some $343 million in crypto futures was liquidated within one hour, most of it longs.",
    "title": "A wave of liquidations",
    "published": "2025-08-25T21:04:45Z",
}


@pytest.fixture
def client(store):
    """Give a client of an application over an empty store."""
    with TestClient(create_app(Service(store), max_body=10_000), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def stored(store):
    """Store three articles with checks, and one event; give the articles."""
    articles = [make_article(f"Wave {hours}.", millions=hours + 1.0, hours=hours) for hours in range(3)]
    for doc, extraction in articles:
        store.save_article(doc, extraction, [make_check(extraction.claims[0])])
    claims = tuple(extraction.claims[0] for _, extraction in articles)
    store.replace_events([make_event("e1", claims=claims, documents=tuple(doc.id for doc, _ in articles))])
    return articles


def assert_problem(answer, status: int) -> dict:
    """Assert that an answer is a problem detail of that status; give it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    return told


def test_extract_gives_claims_in_the_wires_form(client):
    """A claim has all fields, nulls included; offsets count in title, line end, text; instants end with Z."""
    told = client.post("/v1/extract", json=ARTICLE).json()
    assert set(told) == {"document", "event", "claims", "causes"}
    (claim,) = [each for each in told["claims"] if each["value"] == 343e6]
    content = f"{told['document']['title']}\n{told['document']['text']}"
    assert content[claim["evidence"]["start"] : claim["evidence"]["end"]] == claim["evidence"]["text"]
    assert claim["window"] == {"hours": 1.0}
    assert claim["attributed_to"] is None
    assert told["document"]["published"]["at"] == "2025-08-25T21:04:45Z"


def test_check_adds_a_verdict_to_each_claim(client):
    """The same as extract, with checks in the order of the claims."""
    told = client.post("/v1/check", json=ARTICLE).json()
    assert [check["claim_id"] for check in told["checks"]] == [claim["id"] for claim in told["claims"]]
    assert told["checks"][0]["window"] == {"start": "2025-08-24T21:00:00Z", "end": "2025-08-25T21:00:00Z"}
    assert told["checks"][0]["evidence"][0]["retrieved_at"] == "2025-08-26T06:00:00Z"


def test_html_is_read_too(client):
    """A page's article is found in its HTML."""
    page = "<html><body><article>" + f"<p>{ARTICLE['text']}</p>" * 3 + "</article></body></html>"
    assert client.post("/v1/extract", json={"html": page}).json()["event"] is True


@pytest.mark.parametrize("kind", ["html", "markdown", "eml"])
def test_enrich_gives_content_and_annotations(client, kind):
    """The newsletter goes to the annotator as its kind, with the date as it was written."""
    told = client.post("/v1/enrich", json={kind: "words", "published": "2025-08-25"}).json()
    assert told["content"] == f"words<{kind} 2025-08-25>"
    assert told["annotations"] == [{"claim_id": "c", "verdict": "plausible", "figure": "$1", "place": 5}]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/extract", {}),
        ("/v1/extract", {"text": "a", "html": "b"}),
        ("/v1/extract", {"text": "a", "published": "yesterday"}),
        ("/v1/extract", {"text": "a", "published": "0001-01-01T00:00:00+14:00"}),
        ("/v1/extract", {"text": "a", "unknown": 1}),
        ("/v1/extract", {"text": 1}),
        ("/v1/extract", []),
        ("/v1/extract", {"text": "  "}),
        ("/v1/extract", {"html": "<p></p>"}),
        ("/v1/enrich", {"html": "a", "eml": "b"}),
        ("/v1/enrich", {}),
    ],
)
def test_a_body_that_cannot_be_is_a_422(client, path, body):
    """What is missing, too much, of the wrong kind or empty is the caller's mistake."""
    assert_problem(client.post(path, json=body), 422)


def test_the_field_at_fault_is_named(client):
    """A validation problem says which field it is, and repeats nothing of the body."""
    told = assert_problem(client.post("/v1/extract", json={"text": "a secret", "published": "soon"}), 422)
    assert told["errors"][0]["field"] == "body.published"
    assert "ISO 8601" in told["errors"][0]["message"]
    assert "secret" not in json.dumps(told)


@pytest.mark.parametrize(
    ("broken", "status"),
    [(b"{", 422), (b"", 422), (b'{"text": "\\ud800"}', 422), (b"\xff", 400), (b"[" * 9000, 400)],
)
def test_broken_json_is_told(client, broken, status):
    """A body that is no JSON, or whose text is none, is the caller's mistake; bytes that are no text are a 400."""
    answer = client.post("/v1/extract", content=broken, headers={"content-type": "application/json"})
    assert_problem(answer, status)


def test_another_media_type_is_a_415(client):
    """Only JSON is taken; this also keeps web forms of other sites out."""
    assert_problem(client.post("/v1/extract", data={"text": "a"}), 415)
    assert_problem(client.post("/v1/extract", content=b'{"text": "a"}'), 415)


def test_a_large_body_is_a_413(client):
    """More bytes than the limit are not read, whether announced or streamed."""
    assert_problem(client.post("/v1/extract", json={"text": "a" * 10_001}), 413)
    chunks = (b'{"text": "' + b"a" * 4000 if number == 0 else b"a" * 4000 for number in range(4))
    headers = {"content-type": "application/json"}
    assert_problem(client.post("/v1/extract", content=chunks, headers=headers), 413)


def test_an_address_that_gives_nothing_is_a_502(client):
    """The fault of the page's server is told apart from the caller's, with the address."""
    told = assert_problem(client.post("/v1/extract", json={"url": "https://news.example/x"}), 502)
    assert told["key"] == "https://news.example/x"


def test_a_fault_of_ours_tells_nothing(client):
    """A 500 shows no message, no trace."""
    told = assert_problem(client.post("/v1/extract", json={"text": "break"}), 500)
    assert "secret" not in json.dumps(told)


def test_a_database_that_fails_is_a_503(client, store):
    """The caller learns that it is not his fault, but not where the database lies."""
    with store._transactions.writing() as connection:
        connection.exec_driver_sql("DROP TABLE faults")
    told = assert_problem(client.get("/v1/feeds"), 503)
    assert "faults" not in json.dumps(told)


def test_unknown_paths_and_methods_are_problems(client):
    """404 and 405 have the same form; 405 says what is allowed."""
    assert_problem(client.get("/v1/nothing"), 404)
    assert_problem(client.get("/v1/events/none"), 404)
    answer = client.get("/v1/extract")
    assert_problem(answer, 405)
    assert answer.headers["allow"] == "POST"


def test_listings_page_to_the_end(client, stored):
    """Following `next` gives each row once, the newest first."""
    values, query = [], {"limit": 2}
    while True:
        told = client.get("/v1/claims", params=query).json()
        values += [row["value"] for row in told["items"]]
        if told["next"] is None:
            break
        query["cursor"] = told["next"]
    assert values == [3e6, 2e6, 1e6]


def test_a_claims_row_names_its_document(client, stored):
    """A stored claim is the claim's own JSON and a reference to its document."""
    row = client.get("/v1/claims").json()["items"][0]
    doc, extraction = stored[2]
    reference = row.pop("document")
    assert row == json.loads(extraction.claims[0].model_dump_json())
    assert reference == {
        "id": doc.id, "title": doc.title, "url": doc.url, "outlet": doc.outlet,
        "published": "2025-08-25T02:00:00Z", "event": True,
    }  # fmt: skip


def test_filters_reach_the_store(client, stored):
    """Amount and time narrow the list; a date alone is its midnight."""
    assert len(client.get("/v1/claims", params={"min_usd": 2e6}).json()["items"]) == 2
    assert len(client.get("/v1/claims", params={"since": "2025-08-25T02:00:00Z"}).json()["items"]) == 1
    assert len(client.get("/v1/documents", params={"until": "2025-08-25"}).json()["items"]) == 0
    assert client.get("/v1/claims", params={"asset": "\x00"}).json() == {"items": [], "next": None}


def test_an_event_carries_its_verdict(client, stored):
    """List and single answer tell the same: figures, documents, verdict, checks."""
    (row,) = client.get("/v1/events").json()["items"]
    assert row == client.get("/v1/events/e1").json()
    assert row["verdict"] == "plausible"
    assert len(row["checks"]) == 3
    assert row["figures"][0]["window"] == {"hours": 1.0}
    assert row["first_report"] == "2025-08-25T21:00:00Z"


def test_checks_tell_when_they_were_made(client, stored):
    """A stored check is the check's own JSON and its time."""
    row = client.get("/v1/checks", params={"verdict": "plausible"}).json()["items"][0]
    assert row.pop("checked_at").endswith("Z")
    assert set(row) == {
        "claim_id",
        "verdict",
        "probability",
        "window",
        "evidence",
        "explanation",
        "simulated",
        "weighing",
        "alone",
    }
    assert client.get("/v1/checks", params={"verdict": "contradicted"}).json()["items"] == []


def test_feeds_tell_their_health(client, store):
    """Each feed's state, and the faults seen last."""
    store.save_feed_state(FeedState(url="https://a.example/feed", failures=2, last_error="404"))
    store.save_faults([Fault(what="page", key="https://a.example/1", message="no article", at=at(1))])
    told = client.get("/v1/feeds").json()
    assert told["items"][0]["failures"] == 2
    assert told["faults"][0]["message"] == "no article"


@pytest.mark.parametrize(
    "path", ["/v1/documents", "/v1/claims", "/v1/events", "/v1/events/e1", "/v1/checks", "/v1/feeds"]
)
def test_what_did_not_change_is_not_sent_again(client, store, stored, path):
    """Asked with its ETag an answer is an empty 304, until something changes."""
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    doc, extraction = make_article("Another wave.", hours=5)
    store.save_article(doc, extraction, [make_check(extraction.claims[0])])
    store.save_event(make_event("e2", hours=5))
    store.save_event(make_event("e1", assets=("SOL",)))
    store.save_feed_state(FeedState(url="https://a.example/feed"))
    assert client.get(path, headers={"if-none-match": first.headers["etag"]}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "x"}, {"limit": 0}, {"limit": 501}, {"limit": "many"}, {"side": "up"}, {"min_usd": "nan"},
        {"since": "soon"}, {"since": "0001-01-01T00:00:00+14:00"}, {"until": "9999-12-31T23:59:59-14:00"},
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_is_a_422(client, query):
    """Cursor, limits, words and dates are checked before anything is read."""
    assert_problem(client.get("/v1/claims", params=query), 422)


def test_health_asks_the_database(client):
    """The service is well when its database answers."""
    assert client.get("/healthz").json()["status"] == "ok"


def test_the_openapi_document_is_whole(client):
    """Every endpoint of the contract stands in it, and every reference leads somewhere."""
    told = client.get("/openapi.json").json()
    assert {f"/v1/{name}" for name in ("extract", "check", "enrich", "documents", "claims", "events",
            "events/{event_id}", "checks", "feeds")} | {"/healthz"} == set(told["paths"])  # fmt: skip
    assert "HTTPValidationError" not in told["components"]["schemas"]
    references = {part.split('"')[0] for part in json.dumps(told).split('"$ref": "')[1:]}
    assert {reference.removeprefix("#/components/schemas/") for reference in references} <= set(
        told["components"]["schemas"]
    )


def test_no_documentation_page_loads_foreign_scripts(client):
    """There is no page that asks another host for anything."""
    assert client.get("/docs").status_code == 404
    assert "http" not in Path("newsdetect/outputs/web/templates/base.html.j2").read_text()
