"""A store full of reports, one event for each thing a page must be able to tell, and a real server over it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from newsdetect.checks.check import CauseCheck
from newsdetect.claims.claim import Cause, Extraction
from newsdetect.events.event import Event, Figure, Lineage
from newsdetect.storage.store import Store
from newsdetect.types import Span, Window
from tests.outputs.web.evidence import BARS, CANDLES, PRINTS, SUMS, make_evidence
from tests.storage.builders import at, make_check, make_claim, make_doc

#: Words that a page must show and a browser must not run: each would put its mark into the window's title.
HOSTILE = "<script>document.title='ran'</script> \"><img src=x onerror=\"document.title='ran'\"> {{ 7*7 }} {% raw %}"


def fill(store: Store) -> None:
    """Store one event of each verdict, an unchecked one, a simulated one, and one whose every word is hostile."""
    save_wave(store)
    save_event(
        store, "morning", "Nearly $806 million was wiped out in 24 hours.", 806, hours=30, window=Window(hours=24),
        check={
            "verdict": "contradicted", "probability": 0.01,
            "evidence": (make_evidence(BARS, low=1.41e9, high=1.62e9, says="against"),),
            "explanation": "Contradicted: BTC and ETH on Binance alone show more than the claimed $806 M in the 24 h "
            "to 2025-08-26 06:00 UTC: at least $1.41 B, at each of 24 end times that its words allow.",
        },
    )  # fmt: skip
    save_event(
        store, "sums", "Longs lost $300 million and shorts $90 million of $343 million in all.", 343, hours=12,
        check={
            "verdict": "inconsistent", "probability": None,
            "evidence": (make_evidence(SUMS, note="300 + 90 is not 343"),),
            "explanation": "Inconsistent in itself: longs of $300 M and shorts of $90 M make $390 M, not $343 M.",
        },
    )  # fmt: skip
    save_event(
        store, "undated", "Around $50 million of shorts went.", 50, hours=None, window=None, side="short",
        check={
            "verdict": "not_checkable", "probability": None, "evidence": (), "window": None,
            "explanation": "Not checkable: its article names no window, and nobody says when it appeared.",
        },
    )  # fmt: skip
    save_event(
        store, "tape", "Exchanges closed $120 million of ether longs on Bybit.", 120, hours=22, asset="ETH",
        venue="Bybit", side="long",
        check={
            "verdict": "corroborated", "probability": 0.97, "simulated": True,
            "evidence": (make_evidence(PRINTS, low=119e6, high=121e6, coverage=0.94, simulated=True),),
            "explanation": "SIMULATED market data. Corroborated: ETH on Bybit show $119–121 M of the claimed $120 M.",
        },
    )  # fmt: skip
    save_event(store, "new", "Some $61 million was closed within four hours.", 61, hours=40, window=Window(hours=4))
    save_event(
        store, "hostile", f"{HOSTILE} took $66 million.", 66, hours=35, title=HOSTILE, outlet=HOSTILE,
        url="javascript:document.title='ran'", check={"explanation": HOSTILE}, observers=(HOSTILE,),
        lineage=(Lineage(document="gone", source="data:text/html,<b>x", kind="copy"),),
    )  # fmt: skip


def save_event(
    store: Store,
    ident: str,
    text: str,
    millions: float,
    *,
    check: dict | None = None,
    observers: tuple[str, ...] = ("Harbour Ledger",),
    lineage: tuple[Lineage, ...] = (),
    **given,
) -> None:
    """Store an event of one figure that one document tells, checked as `check` says or not at all."""
    meaning = {name: given.pop(name) for name in ("window", "side", "asset", "venue") if name in given}
    doc = make_doc(text, **{"url": f"https://harbour.example/{ident}", "title": f"Of {ident}", **given})
    claim = make_claim(doc, millions, evidence=span(doc.content, f"${millions} million"), **meaning)
    checks = [] if check is None else [make_check(claim, **check)]
    store.save_article(doc, Extraction(id=doc.id, event=True, claims=(claim,)), checks)
    store.save_event(
        Event(
            id=ident, documents=(doc.id,), independent=1, observers=observers, lineage=lineage,
            figures=(Figure(value=claim.value, claim_ids=(claim.id,), **{"window": Window(hours=1), **meaning}),),
            first_report=doc.published.at if doc.published else None,
        )
    )  # fmt: skip


def save_wave(store: Store) -> None:
    """Store the event that has everything: three figures, a copied report, causes, four kinds of evidence."""
    first = make_doc(
        "Some $343 million in crypto futures was liquidated within one hour, most of it longs. "
        "The day's count came to $852 million, and one order alone to $12.7 million.",
        title="Thin books cost traders dearly", outlet="Harbour Ledger", url="https://harbour.example/wave",
    )  # fmt: skip
    copy = make_doc(
        "An hour took $343 million, Harbour Ledger reports.",
        title="Traders lose it all", outlet="Coin Lantern", url="https://lantern.example/wave", hours=23,
    )  # fmt: skip
    hour = make_claim(first, 343, evidence=span(first.content, "$343 million"), side="long")
    day = make_claim(first, 852, evidence=span(first.content, "$852 million"), window=Window(hours=24))
    order = make_claim(
        first, 12.7, evidence=span(first.content, "$12.7 million"), metric="largest_liquidation",
        asset="BTC", venue="Binance", window=None,
    )  # fmt: skip
    again = make_claim(copy, 343, evidence=span(copy.content, "$343 million"), side="long")
    evidence = (
        make_evidence(PRINTS, low=60.2e6),
        make_evidence(BARS, low=82e6, high=137.6e6),
        make_evidence(CANDLES, low=110_400.0, high=113_250.0, note="BTC fell 2.5 % from 113,200 to 110,400"),
        make_evidence(SUMS),
    )
    told = (
        "Plausible: BTC, ETH, SOL and XRP on Binance alone show $82.0–137.6 M of the claimed $343 M in the 1 h to "
        "2025-08-25 21:04 UTC (CoinGlass), and hold 8–14 % of such a total; nothing speaks against it, but so small a "
        "part of its scope cannot confirm it."
    )
    checks = [
        make_check(hour, evidence=evidence, explanation=told),
        make_check(day, explanation="Plausible: only a tenth of its scope was recorded.", probability=0.66),
        make_check(order, "not_checkable", probability=None, evidence=(), window=None, explanation="Not checkable."),
    ]
    causes = tuple(
        Cause(type=kind, role=role, text=kind, start=1, end=9)
        for kind, role in (("price_drop", "trigger"), ("thin_liquidity", "amplifier"), ("tariffs", "denied"))
    )
    fell = CauseCheck(cause=0, type="price_drop", result="consistent", note="the price fell by up to 2.5 %")
    read = Extraction(id=first.id, event=True, claims=(hour, day, order), causes=causes)
    store.save_articles([(first, read, checks)], {first.id: [fell]})
    again_checked = make_check(again, explanation=told, probability=0.6)
    store.save_article(copy, Extraction(id=copy.id, event=True, claims=(again,)), [again_checked])
    store.save_event(
        Event(
            id="wave", start=at(20), end=at(23), assets=("BTC", "ETH"), side="long",
            figures=(
                Figure(value=343e6, window=Window(hours=1), side="long", claim_ids=(hour.id, again.id)),
                Figure(value=852e6, window=Window(hours=24), claim_ids=(day.id,)),
                Figure(metric="largest_liquidation", value=12.7e6, asset="BTC", venue="Binance", claim_ids=(order.id,)),
            ),
            documents=(first.id, copy.id), first_report=at(21), observers=("CoinGlass",), independent=1,
            lineage=(
                Lineage(document=copy.id, source=first.id, kind="copy"),
                Lineage(document=first.id, source="https://cited.example/1", kind="reference"),
            ),
            causes=("price_drop", "thin_liquidity"),
        )
    )  # fmt: skip


def span(content: str, words: str) -> Span:
    """Give the place of words in a content."""
    start = content.index(words)
    return Span(start=start, end=start + len(words), text=words)


@contextlib.contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Run uvicorn on the loopback for a while; give its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
