"""`newsdetect market`: import, coverage and sums, for people and as JSON."""

from __future__ import annotations

import json

BARS = """start,seconds,source,venue,asset,long_usd,short_usd,retrieved_at
2025-06-10T00:00:00Z,3600,CoinGlass,Binance,BTC,9000000,1000000,
2025-06-10T01:00:00Z,3600,CoinGlass,Binance,BTC,8000000,2000000,
2025-06-10T02:00:00Z,3600,CoinGlass,Binance,BTC,-8000000,2000000,
"""
WINDOW = ("--from", "2025-06-10T00:30Z", "--to", "2025-06-10T02:00Z")


def test_bad_rows_are_kept_out_and_named(newsdetect, tmp_path):
    """A negative sum is refused with its row, the rest is taken; a second import adds nothing."""
    file = tmp_path / "bars.csv"
    file.write_text(BARS)
    ran = newsdetect("market", "import", file)
    assert ran.code == 0
    assert "2 new" in ran.out
    assert "row 3" in ran.err
    (report,) = json.loads(newsdetect("market", "import", file, "--json").out)
    assert (report["added"], report["known"], report["quarantined"]) == (0, 2, 1)


def test_a_file_of_no_kind_is_a_fault_and_the_others_are_read(newsdetect, tmp_path):
    """Wrong columns fail that file with its name, exit code 1, and the next file goes in."""
    bad, good = tmp_path / "bad.csv", tmp_path / "bars.csv"
    bad.write_text("a,b\n1,2\n")
    good.write_text(BARS)
    ran = newsdetect("market", "import", bad, good)
    assert ran.code == 1
    assert "bad.csv" in ran.err
    assert "1 of 2 files" in ran.out


def test_sums_are_bounds_with_their_parts(newsdetect, tmp_path):
    """Bars inside the window bound from below, those that touch it from above."""
    file = tmp_path / "bars.csv"
    file.write_text(BARS)
    newsdetect("market", "import", file)
    found = json.loads(newsdetect("market", "sum", *WINDOW, "--json").out)
    assert (found["low"], found["high"]) == (10e6, 20e6)
    assert {"venue", "asset", "side", "usd"} == set(found["by"][0])
    assert "10,000,000.00 to 20,000,000.00" in newsdetect("market", "sum", *WINDOW).out
    longs = json.loads(newsdetect("market", "sum", *WINDOW, "--side", "long", "--json").out)
    assert longs["low"] == 8e6


def test_nothing_held_is_not_zero(newsdetect):
    """Without data the answer says so, and the bounds are null."""
    found = json.loads(newsdetect("market", "sum", *WINDOW, "--json").out)
    assert (found["low"], found["status"]) == (None, "not_covered")
    assert "archive is empty" in newsdetect("market", "coverage").out


def test_coverage_lists_scopes(newsdetect, tmp_path):
    """One row a kind, source, venue and asset, with the ends named from and to."""
    file = tmp_path / "bars.csv"
    file.write_text(BARS)
    newsdetect("market", "import", file)
    (row,) = json.loads(newsdetect("market", "coverage", "--json").out)
    assert (row["kind"], row["venue"], row["asset"], row["rows"]) == ("bars", "Binance", "BTC", 2)
    assert row["from"].startswith("2025-06-10T00:00")
    assert "Binance" in newsdetect("market", "coverage").out


def test_wrong_words_are_usage(newsdetect):
    """A window that runs backwards, a side or a format that does not exist: exit code 2."""
    assert newsdetect("market", "sum", "--from", "2025-06-10", "--to", "2025-06-09").code == 2
    assert newsdetect("market", "sum", *WINDOW, "--side", "up").code == 2
    assert newsdetect("market", "import", "x.csv", "--format", "tape").code == 2


def test_ranges_are_fitted_kept_and_shown(newsdetect, tmp_path):
    """Before a fit there are none; after it the same are printed again, longs and shorts as JSON."""
    assert "No ranges were fitted yet" in newsdetect("market", "ranges").out
    file = tmp_path / "bars.csv"
    file.write_text(BARS + BARS.split("\n", 1)[1].replace("CoinGlass", "Coinalyze").replace(",9000000", ",4000000"))
    newsdetect("market", "import", file)
    assert "2" in newsdetect("market", "ranges", "--fit").out
    found = json.loads(newsdetect("market", "ranges", "--json").out)
    (one,) = [one for one in found["fitted"] if one["side"] == "both" and one["era"] is None]
    assert (one["of"]["source"], one["to"]["source"], one["windows"]) == ("CoinGlass", "Coinalyze", 2)
    assert (one["least"], one["most"]) == (0.5, 1.0)
    assert "Coinalyze as a multiple of CoinGlass, Binance BTC" in newsdetect("market", "ranges").out
