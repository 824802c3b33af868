"""Real claims against real market data: a table of verdicts, and how many of the same claims, made wrong, are caught.

    python -m tests.acceptance.real_claims ../shared [--rows] [--ranges]

takes the press figures of `press_figures.py` and the gold claims of the development articles whose time the market
files cover. Each is checked as told; then with its figure times ten and a tenth, its side swapped, and its day moved
by a week, alone among the unchanged claims of its article. Caught is what becomes `inconsistent` or `contradicted`,
told by the evidence that did it; spoken against is what lies outside the range that a report would lie in, or has the
price against it, which lowers its probability and no more. `--rows` prints each claim with its evidence as well,
`--ranges` fits the ranges between the files' sources first.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from newsdetect.checks.check import Check
from newsdetect.checks.check_claims import check_claims
from newsdetect.checks.wording import money, percent, span
from newsdetect.claims.claim import Claim, Extraction, claim_id
from newsdetect.claims.extract import extract
from newsdetect.claims.intervals import interval
from newsdetect.claims.levels import find_levels
from newsdetect.documents.article import read_record
from newsdetect.documents.document import Document
from newsdetect.market.provider import MarketData
from newsdetect.types import Span, Window
from tests.acceptance.press_figures import REPORTS, archive_of
from tests.checks.builders import at, make_doc

CAUGHT = ("inconsistent", "contradicted")
#: What a contradiction's sentence says of the evidence that made it.
_REASONS = {
    "never near the named": "a price level never traded",
    "cannot be lost while": "price direction",
    "a single order of": "a larger single order",
    "by its volume": "the venue's volume",
    "show more than": "lower bound of a sum",
    "show at most": "upper bound of the same source",
}


@dataclass(frozen=True)
class Article:
    """A document with the claims that it truly makes."""

    doc: Document
    claims: tuple[Claim, ...]
    origin: str


def press_articles() -> list[Article]:
    """Give the press figures as documents of their time."""
    found = []
    for report in REPORTS:
        doc = make_doc("", published=at(report.end), kind="objectid").model_copy(update={"id": report.end})
        found.append(Article(doc, report.figures, "press"))
    return found


def dev_articles(folder: Path) -> list[Article]:
    """Give the development articles with their gold claims; undated ones are left out."""
    with (folder / "articles.jsonl").open(encoding="utf-8") as file:
        docs = {record["id"]: read_record(record) for record in map(json.loads, file)}
    with (folder / "gold.jsonl").open(encoding="utf-8") as file:
        gold = [json.loads(line) for line in file]
    made = [(docs[record["id"]], record["claims"]) for record in gold if record["claims"]]
    return [Article(doc, _claims(doc, records), "dev") for doc, records in made if doc.published is not None]


def _claims(doc: Document, records: Sequence[dict[str, Any]]) -> tuple[Claim, ...]:
    """Make claims of gold records; what a figure is (a trader's position, a sum) is told by the rules that read it."""
    read = {claim.evidence.start: claim for claim in extract(doc).claims}
    return tuple(_claim(doc, record, read) for record in records)


def _claim(doc: Document, record: dict[str, Any], read: dict[int, Claim]) -> Claim:
    text = record["evidence"]
    places = [place for place in range(len(doc.content)) if doc.content.startswith(text, place)]
    same = [read[place] for place in places if place in read and read[place].value == record["value"]]
    start = same[0].evidence.start if same else next(iter(places), 0)
    word = " ".join(doc.content[:start].split()[-2:]).casefold() if record["hedge"] != "exact" else None
    stands = interval(
        record["value"], text=text, hedge=record["hedge"], word=word, low=record.get("low"), high=record.get("high")
    )
    window = _window(record["window"])
    fields = {name: record[name] for name in ("metric", "value", "unit", "hedge", "side", "asset", "venue", "status")}
    return Claim(
        **fields,
        id=claim_id(doc.id, Span(start=start, end=start + len(text), text=text), *fields.values(), window),
        low=stands.low,
        high=stands.high,
        window=window,
        attributed_to=record["attributed_to"],
        evidence=Span(start=start, end=start + len(text), text=text),
        rules=same[0].rules if same else (),
    )


def _window(record: dict[str, Any] | None) -> Window | None:
    if record is None:
        return None
    if "hours" in record:
        return Window(hours=record["hours"])
    return Window(**{name: datetime.fromisoformat(record[name]).replace(tzinfo=UTC) for name in ("start", "end")})


def checked(article: Article, market: MarketData) -> tuple[Check, ...]:
    """Check an article's claims as the product does."""
    found = Extraction(id=article.doc.id, event=True, claims=article.claims)
    levels = find_levels(article.doc, found) if article.origin == "dev" else None
    return check_claims(article.doc, article.claims, market, levels=levels)


def _times(factor: float) -> Callable[[Claim], Claim]:
    def scaled(claim: Claim) -> Claim:
        ends = {name: None if (end := getattr(claim, name)) is None else end * factor for name in ("low", "high")}
        return claim.model_copy(update={"value": claim.value * factor, **ends})

    return scaled


def _other_side(claim: Claim) -> Claim:
    return claim.model_copy(update={"side": {"long": "short", "short": "long", "both": "both"}[claim.side]})


def _another_day(claim: Claim) -> Claim:
    """Move a calendar window back by a week."""
    if claim.window is None or claim.window.period is None:
        return claim
    week, period = timedelta(days=7), claim.window.period
    return claim.model_copy(update={"window": Window(start=period.start - week, end=period.end - week)})


def wrong_ones(article: Article, place: int) -> Iterator[tuple[str, Article]]:
    """Give an article with one of its claims made wrong, in each way that its claim allows."""
    claim = article.claims[place]
    ways = {"× 10": _times(10.0), "÷ 10": _times(0.1)}
    if claim.side != "both":
        ways["side swapped"] = _other_side
    for name, change in ways.items():
        yield name, _with(article, place, change(claim))
    assert article.doc.published is not None
    if claim.window is not None and claim.window.period is not None:
        yield "day swapped", _with(article, place, _another_day(claim))
    else:
        # A trailing window goes with its article: all of it is moved.
        when = article.doc.published.model_copy(update={"at": article.doc.published.at - timedelta(days=7)})
        yield "day swapped", Article(article.doc.model_copy(update={"published": when}), article.claims, article.origin)


def _with(article: Article, place: int, claim: Claim) -> Article:
    claims = (*article.claims[:place], claim, *article.claims[place + 1 :])
    return Article(article.doc, claims, article.origin)


def reason(check: Check) -> str:
    """Name the evidence that caught a claim."""
    if check.verdict == "inconsistent":
        return "arithmetic"
    return next((name for words, name in _REASONS.items() if words in check.explanation), "another bound")


def spoken_against(check: Check) -> bool:
    """Tell whether a claim lies outside its reported range or the price went the other way."""
    weighed = check.weighing
    if check.verdict in CAUGHT:
        return True
    if any(row.kind == "candles" and row.says == "against" for row in check.evidence):
        return True
    if weighed is None or weighed.reported is None or weighed.claimed is None:
        return False
    return not weighed.reported.overlaps(weighed.claimed)


@dataclass
class Table:
    """Verdicts of claims as told, and of the same claims made wrong."""

    told: dict[str, Counter[str]]
    #: By way of being wrong: its verdicts, and what caught those that were caught.
    wrong: dict[str, Counter[str]]
    reasons: dict[str, Counter[str]]
    #: How many have something against them, caught or not; `as told` among them.
    against: Counter[str]
    #: True claims that were called contradicted, and those whose article does not add up.
    contradicted: list[tuple[Article, Claim, Check]]
    inconsistent: list[tuple[Article, Claim, Check]]
    rows: list[tuple[Article, Claim, Check]]


def table(articles: Sequence[Article], market: MarketData, *, wrong: bool = True) -> Table:
    """Check all claims; those that nothing covers are left out of the wrong ones."""
    found = Table(defaultdict(Counter), defaultdict(Counter), defaultdict(Counter), Counter(), [], [], [])
    for article in articles:
        for place, (claim, check) in enumerate(zip(article.claims, checked(article, market), strict=True)):
            if check.verdict == "not_checkable":
                found.told[article.origin][check.verdict] += 1
                continue
            found.told[article.origin][check.verdict] += 1
            found.rows.append((article, claim, check))
            if check.verdict in CAUGHT:
                wanted = found.contradicted if check.verdict == "contradicted" else found.inconsistent
                wanted.append((article, claim, check))
                continue
            found.against["as told"] += spoken_against(check)
            for name, changed in wrong_ones(article, place) if wrong else ():
                after = checked(changed, market)[place]
                found.wrong[name][after.verdict] += 1
                found.against[name] += spoken_against(after)
                if after.verdict in CAUGHT:
                    found.reasons[name][reason(after)] += 1
    return found


def _row(article: Article, claim: Claim, check: Check) -> str:
    """Write one claim with its verdict and the numbers behind it."""
    assert article.doc.published is not None
    hours = f"{claim.window.length_hours:g} h" if claim.window else "?"
    scope = "/".join(part for part in (claim.asset, claim.venue, claim.side) if part not in ("ALL", "both")) or "all"
    weighed = check.weighing
    seen = ""
    if weighed is not None and weighed.seen is not None and weighed.coverage is not None:
        most = "?" if weighed.coverage.high is None else percent(weighed.coverage.high)
        seen = f"seen {span(weighed.seen)}, K up to {most}"
    price = "; ".join(row.note.split(" from ")[0] for row in check.evidence if row.kind == "candles")
    figure = money(claim.value) if claim.unit == "USD" else f"{claim.value:,.0f} {claim.unit}"
    when = f"{article.doc.published.at:%Y-%m-%d %H:%M}"
    return f"{when} {hours:>5} {scope:<16} {figure:<10} {check.verdict:<12} {seen:<40} {price}"


def main(shared: Path, *, rows: bool = False, ranges: bool = False) -> None:
    """Print the tables."""
    articles = [*press_articles(), *dev_articles(shared / "eval" / "dev")]
    with archive_of(shared / "data" / "market", ranges=ranges) as market:
        found = table(articles, market)
    for one in found.rows if rows else ():
        print(_row(*one))
    for origin, verdicts in found.told.items():
        print(f"{origin}, {verdicts.total()} claims as told: {dict(verdicts.most_common())}")
    for name, many in (("contradicted", found.contradicted), ("inconsistent", found.inconsistent)):
        print(f"true claims called {name}: {len(many)}")
        for article, claim, check in many:
            print(f"  {article.origin} {article.doc.id} {claim.evidence.text}: {check.explanation}")
    kept = len(found.rows) - len(found.contradicted) - len(found.inconsistent)
    print(f"of {kept} true claims that stand, {found.against['as told']} have something spoken against them")
    print("the same claims made wrong, one at a time:")
    for name, verdicts in found.wrong.items():
        caught = sum(verdicts[verdict] for verdict in CAUGHT)
        by = ", ".join(f"{what} {count}" for what, count in found.reasons[name].most_common())
        told = f"{caught} of {verdicts.total()} caught ({by}), {found.against[name]} spoken against"
        print(f"  {name:<13} {told}; {dict(verdicts.most_common())}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), rows="--rows" in sys.argv[2:], ranges="--ranges" in sys.argv[2:])
