"""`run`, `digest`, `serve`: the service's commands against a real web server, a real store and a real socket."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from email import message_from_bytes, policy

import httpx2
import pytest

from tests.runners.test_local import TEXT, item, rss
from tests.sources.web import reply, serving

DAY = "2025-06-10"


@pytest.fixture
def feed(tmp_path):
    """Run a server with one feed, and leave the settings that name it."""
    with serving() as web:
        web.answers["/feed"] = reply(200, rss(item(f"{web.url}/a", TEXT * 2, full=True)))
        (tmp_path / "newsdetect.toml").write_text(
            f'[fetch]\nallow_private = true\nhost_delay_s = 0.0\n[[feeds]]\nurl = "{web.url}/feed"\noutlet = "Test"\n'
        )
        yield web


def test_run_once_reads_the_configured_feeds(newsdetect, feed):
    """One round says what it did; a second one has nothing new, and is not even due."""
    ran = newsdetect("run", "--once")
    assert ran.code == 0
    assert "1 feeds asked, 1 entries, 1 new articles" in ran.out
    assert "0 feeds asked" in newsdetect("run", "--once").out
    assert "1 entries, 0 new" in newsdetect("run", "--once", "--all").out


def test_run_without_feeds_says_how_to_name_some(newsdetect):
    """Wrong usage, with the remedy."""
    ran = newsdetect("run", "--once")
    assert ran.code == 2
    assert "[[feeds]]" in ran.err


def test_a_feed_that_fails_is_told_and_the_run_is_done(newsdetect, feed):
    """A fault goes to standard error and leaves exit code 0: the others were read."""
    feed.answers["/feed"] = reply(404)
    ran = newsdetect("run", "--once")
    assert ran.code == 0
    assert "404" in ran.err


def test_the_digest_of_a_day_is_printed_or_written(newsdetect, feed, tmp_path):
    """As text on standard output, as a mail, as its page; a day without events gives no mail."""
    newsdetect("run", "--once")
    assert "$212 million" in newsdetect("digest", "--date", DAY).out
    assert newsdetect("digest", "--date", DAY, "--out", tmp_path / "d.eml").code == 0
    mail = message_from_bytes((tmp_path / "d.eml").read_bytes(), policy=policy.default)
    assert "$212 million" in mail["Subject"]
    newsdetect("digest", "--date", DAY, "--out", tmp_path / "d.html")
    assert "<table" in (tmp_path / "d.html").read_text()
    none = newsdetect("digest", "--date", "2024-01-01", "--out", tmp_path / "none.eml")
    assert (none.code, (tmp_path / "none.eml").exists()) == (0, False)
    assert "no digest" in none.err


def test_digest_words_that_are_wrong(newsdetect, feed, tmp_path):
    """A date that is none, and two destinations at once, are usage; no recipients is a setting's fault."""
    newsdetect("run", "--once")
    assert newsdetect("digest", "--date", "June").code == 2
    assert newsdetect("digest", "--send", "--out", tmp_path / "d.eml").code == 2
    ran = newsdetect("digest", "--date", DAY, "--send")
    assert ran.code == 2
    assert "recipients" in ran.err


def test_serve_answers_over_a_real_socket(newsdetect, feed, tmp_path):
    """The process serves page and API from its home, checks what it is sent, and ends on a signal."""
    newsdetect("run", "--once")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "newsdetect", "serve", "--port", str(port), "--home", str(tmp_path / "home")]
    process = subprocess.Popen(words, cwd=tmp_path, env=dict(os.environ), stderr=subprocess.PIPE)
    try:
        base = f"http://127.0.0.1:{port}"
        assert _answers(base)
        assert "$212 million" in httpx2.get(f"{base}/").text
        assert len(httpx2.get(f"{base}/v1/events").json()["items"]) == 1
        sent = {"text": "Some $5 million was liquidated in an hour.", "published": datetime.now(UTC).isoformat()}
        checked = httpx2.post(f"{base}/v1/check", json=sent, timeout=60).json()
        assert [check["verdict"] for check in checked["checks"]] == ["not_checkable"]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode in (0, 130, -signal.SIGINT)


def _answers(base: str) -> bool:
    for _ in range(120):
        try:
            return httpx2.get(f"{base}/healthz").json()["status"] == "ok"
        except httpx2.TransportError:
            time.sleep(0.25)
    return False


def test_version_is_told(newsdetect):
    """`--version` prints it and ends."""
    ran = newsdetect("--version")
    assert (ran.code, ran.out.startswith("newsdetect 0.")) == (0, True)


def test_evaluate_scores_any_gold_file(newsdetect, tmp_path):
    """Articles and gold as JSON Lines; scores as text or JSON, errors only on request."""
    record = {"id": "x", "title": "", "text": TEXT, "published": f"{DAY}T12:00:00Z"}
    (tmp_path / "a.jsonl").write_text(json.dumps(record) + "\n")
    claim = {"metric": "liquidations", "value": 171e6, "side": "long", "window": {"hours": 24}}
    claims = [{**claim, "evidence": "$171 million"}]
    (tmp_path / "g.jsonl").write_text(json.dumps({"id": "x", "event": True, "claims": claims, "causes": []}) + "\n")
    words = ("evaluate", "--articles", tmp_path / "a.jsonl", "--gold", tmp_path / "g.jsonl")
    ran = newsdetect(*words, "--json", "--no-baselines")
    (scores,) = json.loads(ran.out).values()
    assert scores["newsdetect"]["detect"]["r"] == 1.0
    told = newsdetect(*words, "--kinds")
    assert "rules alone" in told.out
    assert "naive" in told.out
    assert "a side" in told.out
    assert "missed" not in told.err
    assert newsdetect("evaluate", "--gold", tmp_path / "g.jsonl").code == 2
    assert newsdetect("evaluate", "--articles", tmp_path / "g.jsonl", "--gold", tmp_path / "a.jsonl").code == 2
