"""`extract`, `check`, `explain`, `enrich`: their answers, their JSON, their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import ARTICLE

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
AT = "2025-06-10T12:00Z"
BARS = """start,seconds,source,venue,asset,long_usd,short_usd,retrieved_at
2025-06-09T12:00:00Z,43200,CoinGlass,Binance,BTC,9000000,1000000,
2025-06-10T00:00:00Z,43200,CoinGlass,Binance,BTC,8000000,2000000,
"""


def test_extract_prints_claims_with_what_they_mean(newsdetect, article):
    """A person sees each figure, its meaning, and where it stands."""
    ran = newsdetect("extract", article, "--published", AT)
    assert ran.code == 0
    assert "$212.4 million" in ran.out
    assert "24 h · longs and shorts · all coins" in ran.out
    assert "says CoinGlass" in ran.out


def test_extract_json_is_the_contracts(newsdetect, article):
    """JSON alone on standard output; each claim's characters are its evidence; ids are stable."""
    ran = newsdetect("extract", article, "--published", AT, "--json")
    found = json.loads(ran.out)
    content = f"{found['document']['title']}\n{found['document']['text']}"
    assert found["event"] is True
    assert {claim["value"] for claim in found["claims"]} == {171e6, 212.4e6, 8.2e6}
    for claim in found["claims"]:
        assert content[claim["evidence"]["start"] : claim["evidence"]["end"]] == claim["evidence"]["text"]
        assert {"low", "high", "hedge", "window", "side", "asset", "venue", "status", "attributed_to", "rules"} <= set(
            claim
        )
    assert newsdetect("extract", article, "--published", AT, "--json").out == ran.out


def test_standard_input_is_read(newsdetect):
    """`-` stands for standard input."""
    ran = newsdetect("extract", "-", "--json", stdin=ARTICLE.encode())
    assert len(json.loads(ran.out)["claims"]) == 3


def test_lines_are_answered_in_order_and_bad_ones_named(newsdetect, tmp_path):
    """A bad line gives a line with its error, and the rest goes on; --strict tells by the exit code."""
    lines = tmp_path / "in.jsonl"
    good = json.dumps({"id": "a", "title": "", "text": "Longs lost $5 million in an hour to liquidations."})
    lines.write_bytes(
        f'{good}\nno json\n{{"id": "b"}}\n[1]\n'.encode() + b'{"id":"\xff"}\n' + good.replace('"a"', '"z"').encode()
    )
    ran = newsdetect("extract", "--jsonl", lines)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, "b", None, None, "z"]
    assert ["error" in answer for answer in answers] == [False, True, True, True, True, False]
    assert set(answers[0]) == {"id", "event", "claims", "causes"}
    assert ran.code == 0
    assert "4 bad lines" in ran.err
    out = tmp_path / "out.jsonl"
    assert newsdetect("extract", "--jsonl", lines, "--out", out, "--strict").code == 1
    assert out.read_text() == ran.out


def test_check_tells_verdict_evidence_and_reason(newsdetect, article, tmp_path):
    """With bars of one venue and coin a market total is plausible, and the sentence says why not more."""
    bars = tmp_path / "bars.csv"
    bars.write_text(BARS)
    assert newsdetect("market", "import", bars).code == 0
    ran = newsdetect("check", article, "--published", AT)
    assert "plausible" in ran.out
    told = " ".join(ran.out.split())
    assert "so small a part of its scope" in told
    assert "CoinGlass, Binance BTC: $20.0 M (longs $17.0 M, shorts $3.00 M)" in told
    assert "of the claim" in told
    assert "a report on the whole would say" in told
    assert "ends tried from" in told
    found = json.loads(newsdetect("check", article, "--published", AT, "--json").out)
    assert [check["claim_id"] for check in found["checks"]] == [claim["id"] for claim in found["claims"]]
    rows = [row for check in found["checks"] for row in check["evidence"]]
    assert {"kind", "source", "venue", "low", "high", "coverage", "connected", "says", "retrieved_at"} <= set(rows[0])


def test_pending_checks_what_is_stored_once_its_data_arrive(newsdetect, article, tmp_path):
    """A stored claim that nothing covered gets its verdict when bars come; the change is printed and kept."""
    assert newsdetect("check", article, "--published", AT, "--store").code == 0
    assert "0 verdicts changed" in newsdetect("check", "--pending").out
    bars = tmp_path / "bars.csv"
    bars.write_text(BARS)
    newsdetect("market", "import", bars)
    ran = newsdetect("check", "--pending", "--json")
    found = json.loads(ran.out)
    assert (found["documents"], found["claims"]) == (1, 3)
    turned = next(one for one in found["turned"] if one["check"]["verdict"] == "plausible")
    assert turned["before"] == "not_checkable"
    told = newsdetect("explain", turned["check"]["claim_id"]).out
    assert "verdicts: not checkable (" in " ".join(told.split())
    assert newsdetect("check", "--pending", article).code == 2
    assert json.loads(newsdetect("check", "--pending", "--json").out)["documents"] == 0


def test_check_lines_carry_checks(newsdetect, tmp_path):
    """`check --jsonl` adds the checks to each line."""
    lines = tmp_path / "in.jsonl"
    lines.write_text(
        json.dumps({"id": "a", "text": "Longs lost $5 million to liquidations in an hour.", "title": ""}) + "\n"
    )
    (answer,) = map(json.loads, newsdetect("check", "--jsonl", lines).out.splitlines())
    assert [check["verdict"] for check in answer["checks"]] == ["not_checkable"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("extract",), "give one of"),
        (("extract", "nowhere.txt"), "nowhere.txt: cannot be read"),
        (("extract", "a.txt", "--jsonl", "b"), "give one of"),
        (("extract", "--jsonl", "nowhere.jsonl"), "nowhere.jsonl: cannot be opened"),
        (("enrich", "nowhere.html"), "nowhere.html: cannot be read"),
        (("explain", "0" * 16), "holds no such claim"),
        (("extract", "a.txt", "--config", "nowhere.toml"), "nowhere.toml: no such settings file"),
    ],
)
def test_wrong_usage_is_two_and_names_the_thing(newsdetect, words, told):
    """Exit code 2, nothing on standard output, one sentence on standard error."""
    ran = newsdetect(*words)
    assert (ran.code, ran.out) == (2, "")
    assert told in " ".join(ran.err.split())


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 \x00\x01", "binary"),
        (b"<html><body><nav>Menu</nav></body></html>", "a page without article text"),
        (b"\x00" * 5000, "empty"),
    ],
)
def test_what_cannot_be_read_is_a_fault_with_its_name(newsdetect, tmp_path, body, told):
    """Exit code 1 and the reason."""
    file = tmp_path / "bad.html"
    file.write_bytes(body)
    ran = newsdetect("extract", file)
    assert (ran.code, ran.out) == (1, "")
    assert told in ran.err


def test_a_date_that_is_none_is_named(newsdetect, article):
    """The message shows what was given."""
    ran = newsdetect("extract", article, "--published", "last week")
    assert ran.code == 1
    assert "last week" in ran.err


def test_a_url_that_may_not_be_opened_is_a_fault(newsdetect):
    """Private addresses are refused unless the settings allow them."""
    ran = newsdetect("extract", "http://127.0.0.1:9/article")
    assert ran.code == 1
    assert "127.0.0.1" in ran.err


def test_explain_shows_the_rules_of_a_stored_claim(newsdetect, article):
    """A stored claim can be asked for by its id alone; an unstored one with its file."""
    found = json.loads(newsdetect("extract", article, "--published", AT, "--json").out)
    ident = found["claims"][1]["id"]
    assert newsdetect("explain", ident).code == 2
    assert "amount.money" in newsdetect("explain", ident, "--file", article, "--published", AT).out
    assert newsdetect("check", article, "--published", AT, "--store").code == 0
    ran = newsdetect("explain", ident)
    assert ran.code == 0
    assert all(rule in ran.out for rule in found["claims"][1]["rules"])


def test_enrich_annotates_and_remove_restores_the_bytes(newsdetect, tmp_path):
    """A note stands behind each figure; --remove gives back every byte, and twice is as once."""
    source = FIXTURES / "newsletters" / "margin-notes-tricky.html"
    noted, again, back = (tmp_path / name for name in ("noted.html", "again.html", "back.html"))
    ran = newsdetect("enrich", source, "--published", "2025-08-26", "--out", noted)
    assert ran.code == 0
    assert "notes" in ran.err
    assert b'role="note"' in noted.read_bytes()
    newsdetect("enrich", noted, "--published", "2025-08-26", "--out", again)
    assert again.read_bytes() == noted.read_bytes()
    newsdetect("enrich", noted, "--remove", "--out", back)
    assert back.read_bytes() == source.read_bytes()


@pytest.mark.parametrize("name", ["small-hours.eml", "night-ledger.md"])
def test_enrich_knows_mails_and_markdown(newsdetect, tmp_path, name):
    """The kind is told by the name; --remove restores."""
    source = FIXTURES / "newsletters" / name
    noted, back = tmp_path / f"noted{source.suffix}", tmp_path / f"back{source.suffix}"
    assert newsdetect("enrich", source, "--out", noted).code == 0
    assert noted.read_bytes() != source.read_bytes()
    newsdetect("enrich", noted, "--remove", "--out", back)
    assert back.read_bytes() == source.read_bytes()


def test_terminal_codes_in_an_article_never_reach_the_terminal(newsdetect, tmp_path):
    """Control characters and mark-up of a text are shown as words."""
    file = tmp_path / "hostile.txt"
    file.write_text(
        "[red]Longs\x1b[2J lose[/red] $5 million\n\nLiquidations of $5 million in an hour hit [bold]longs[/bold].\n" * 2
    )
    ran = newsdetect("extract", file)
    assert "\x1b[2J" not in ran.out
    assert "[red]" in ran.out or "[bold]" in ran.out or "$5 million" in ran.out
