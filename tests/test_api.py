"""The JSON client against a real server: an answer or an error, at the API's pace, and never a word of the key."""

from __future__ import annotations

import json
import time
from collections import deque
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from newsdetect.config import FetchSettings, load
from newsdetect.errors import BrokenAnswer, ConfigError, FetchError, TooLarge
from newsdetect.fetch import ApiClient, Fetcher, Pace
from tests.sources.web import Web, bomb, reply, serving

_KEY = "k-4711-secret"


@pytest.fixture
def web():
    with serving() as running:
        yield running


@pytest.fixture
def fetcher():
    with Fetcher(FetchSettings(allow_private=True, total_timeout_s=5.0, attempts=1)) as made:
        yield made


def client(fetcher: Fetcher, **given) -> ApiClient:
    """Make a client that does not sleep, but remembers what it would have slept."""
    slept: list[float] = given.pop("slept", [])
    options = {"name": "Vendor", "pace": Pace(1000), "secrets": {"X-KEY": SecretStr(_KEY)}, "sleep": slept.append}
    return ApiClient(fetcher, **(options | given))


def in_turn(*answers):
    """Answer each call with the next of these, the last one for ever."""
    left = deque(answers)

    def answer(handler):
        each = left.popleft() if len(left) > 1 else left[0]
        each(handler)

    return answer


def test_an_answer_is_json_and_the_key_goes_in_a_header(web: Web, fetcher: Fetcher):
    """The parameters stand in the URL, the key does not; no robots.txt is asked for."""
    web.answers["/v1"] = reply(body=b'{"a": [1, 2.5, "x"]}')
    answer = client(fetcher).get(f"{web.url}/v1", {"symbol": "BTC/USD", "limit": 3})
    assert answer.data == {"a": [1, 2.5, "x"]}
    ((path, sent),) = web.requests
    assert path == "/v1?symbol=BTC%2FUSD&limit=3"
    assert sent["x-key"] == _KEY
    assert _KEY not in answer.url


BROKEN = [
    (reply(body=b""), "empty body"),
    (reply(body=b"  \n"), "empty body"),
    (reply(body=b"<!doctype html><html>Maintenance</html>"), "HTML page instead of JSON"),
    (reply(body=b"<html><title>Just a moment...</title>"), "bot wall stands before it \\(Cloudflare\\)"),
    (reply(body=b'[[1,"2"],[3'), "broken JSON"),
    (reply(body=b'{"a": NaN}'), "NaN is no number"),
    (reply(body=b"\xff\xfe{}"), "broken JSON"),
    (reply(body=b"[" * 200_000), "broken JSON"),
    (reply(204), "empty body"),
    (reply(500, b"<html>oops</html>"), "HTTP 500 with an HTML page"),
]


@pytest.mark.parametrize(("answer", "said"), BROKEN)
def test_what_is_no_json_is_an_error_and_never_no_data(web: Web, fetcher: Fetcher, answer, said: str):
    """A 200 with HTML, nothing, half a body or no numbers is told for what it is, with the URL."""
    web.answers["/v1"] = answer
    with pytest.raises(BrokenAnswer, match=said) as raised:
        client(fetcher).get(f"{web.url}/v1")
    assert raised.value.key == f"{web.url}/v1"
    assert "Vendor" in str(raised.value)


@pytest.mark.parametrize("status", [429, 418, 503])
def test_a_busy_server_is_waited_for_as_long_as_it_asks(web: Web, fetcher: Fetcher, status: int):
    """Retry-After is obeyed to the second, then the answer counts."""
    web.answers["/v1"] = in_turn(reply(status, b"{}", Retry_After="7"), reply(body=b"[]"))
    slept: list[float] = []
    made = client(fetcher, slept=slept)
    assert made.get(f"{web.url}/v1").data == []
    assert (slept, made.calls) == ([7.0], 2)


def test_without_a_word_of_how_long_the_waits_double(web: Web, fetcher: Fetcher):
    """2, 4, 8 seconds, and then the error."""
    web.answers["/v1"] = reply(429, b"slow down")
    slept: list[float] = []
    with pytest.raises(FetchError, match="HTTP 429") as raised:
        client(fetcher, slept=slept).get(f"{web.url}/v1")
    assert slept == [2.0, 4.0, 8.0]
    assert raised.value.status == 429


def test_a_ban_is_not_waited_for(web: Web, fetcher: Fetcher):
    """Who bans us for days is left alone: the error says until when, and no second call is made."""
    web.answers["/v1"] = reply(418, b"{}", Retry_After="259200")
    now = datetime(2025, 8, 25, 21, 0, tzinfo=UTC)
    with pytest.raises(FetchError, match="ask again after 2025-08-28 21:00:00 UTC") as raised:
        client(fetcher, now=lambda: now).get(f"{web.url}/v1")
    assert raised.value.retry_after == 259_200
    assert len(web.requests) == 1


def test_a_key_is_sent_to_no_other_host(web: Web, fetcher: Fetcher):
    """A redirect is an error: the key is meant for the host that was named."""
    web.answers["/v1"] = reply(302, b"", Location=f"{web.url}/elsewhere")
    with pytest.raises(FetchError, match="set its base URL anew"):
        client(fetcher).get(f"{web.url}/v1")
    assert web.paths() == ["/v1"]


def test_the_key_is_struck_out_of_what_the_server_says(web: Web, fetcher: Fetcher):
    """A server that repeats our key does not get it into a message."""
    web.answers["/v1"] = reply(400, json.dumps({"message": f"bad key {_KEY}"}).encode())
    with pytest.raises(FetchError, match=r"bad key \[key\]") as raised:
        client(fetcher).get(f"{web.url}/v1")
    assert _KEY not in f"{raised.value!r} {raised.value.key} {raised.value.__cause__!r}"


def test_a_bomb_is_not_read(web: Web, fetcher: Fetcher):
    """The cap on bytes holds here too."""
    web.answers["/v1"] = reply(body=bomb(64), Content_Encoding="gzip")
    with pytest.raises(TooLarge):
        client(fetcher).get(f"{web.url}/v1")


def test_what_had_ended_is_judged_by_the_slower_clock(web: Web, fetcher: Fetcher):
    """Our clock may run ahead: the server's Date then says what time it is."""
    ahead = datetime(2199, 1, 1, tzinfo=UTC)
    web.answers["/v1"] = reply(body=b"[]")
    answer = client(fetcher, now=lambda: ahead).get(f"{web.url}/v1")
    assert abs((datetime.now(UTC) - answer.ended_by).total_seconds()) < 30
    assert answer.asked_at == ahead


@given(st.lists(st.integers(1, 12), min_size=1, max_size=60), st.integers(12, 40))
def test_no_minute_holds_more_calls_than_allowed(costs: list[int], allowed: int):
    """Whatever the calls count for, any 60 seconds hold no more than the API allows."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    pace = Pace(allowed, clock=lambda: now[0], sleep=sleep)
    made: list[tuple[float, int]] = []
    for cost in costs:
        pace.wait(cost)
        made.append((now[0], cost))
        now[0] += 0.1
    for at, _ in made:
        assert sum(cost for when, cost in made if at <= when < at + 60) <= allowed
    # And no more waiting than that needs.
    assert now[0] <= 60.25 * (2 * sum(costs) / allowed + 1) + 0.1 * len(costs)


def test_the_pace_holds_in_real_time(web: Web, fetcher: Fetcher):
    """Three calls where two are allowed take one stretch."""
    web.answers["/v1"] = reply(body=b"[]")
    made = client(fetcher, pace=Pace(2, per_s=0.3))
    start = time.monotonic()
    for _ in range(3):
        made.get(f"{web.url}/v1")
    assert time.monotonic() - start >= 0.3


def test_a_bad_setting_is_told_without_what_it_holds(tmp_path, monkeypatch: pytest.MonkeyPatch):
    """A settings fault names the setting; its value may be a key."""
    (tmp_path / "newsdetect.toml").write_text('[history.coinglass]\nkeys = "k-4711-secret"\n')
    with pytest.raises(ConfigError, match=r"history\.coinglass\.keys") as raised:
        load(tmp_path / "newsdetect.toml")
    assert _KEY not in str(raised.value)
    monkeypatch.setenv("NEWSDETECT_HISTORY__COINALYZE__KEY", _KEY)
    made = load()
    assert made.history.coinalyze.key is not None
    assert _KEY not in repr(made)
