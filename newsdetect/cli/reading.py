"""`extract`, `check`, `explain`: one article in, what we make of it out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from newsdetect.checks.check import CauseCheck, Check
from newsdetect.claims.claim import Extraction
from newsdetect.cli.files import read_bytes, write_text
from newsdetect.cli.lines import Record, stream_lines
from newsdetect.cli.options import AsJson, Config, Home, Lines, Out, Published, Strict, Target, settings
from newsdetect.config import Settings
from newsdetect.documents.article import read_record
from newsdetect.documents.document import Document
from newsdetect.documents.plain import decode, readable
from newsdetect.errors import DocumentError, UsageError
from newsdetect.outputs.desk import Desk

Pending = Annotated[bool, typer.Option("--pending", help="Stored claims whose market data have arrived since.")]
Store = Annotated[bool, typer.Option("--store", help="Keep the article in the store.")]
Title = Annotated[str | None, typer.Option(help="The headline, where the text does not have it.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (extract, check, explain):
        app.command()(command)


def extract(
    target: Target = None,
    *,
    lines: Lines = None,
    out: Out = None,
    published: Published = None,
    title: Title = None,
    store: Store = False,
    as_json: AsJson = False,
    strict: Strict = False,
    home: Home = None,
    config: Config = None,
) -> None:
    """Claims and causes of one article, or of many (--jsonl)."""
    _read(
        target, lines=lines, out=out, published=published, title=title, store=store, as_json=as_json, strict=strict,
        made=settings(home, config), checked=False,
    )  # fmt: skip


def check(
    target: Target = None,
    *,
    pending: Pending = False,
    lines: Lines = None,
    out: Out = None,
    published: Published = None,
    title: Title = None,
    store: Store = False,
    as_json: AsJson = False,
    strict: Strict = False,
    home: Home = None,
    config: Config = None,
) -> None:
    """Claims with verdicts and the evidence behind them, of one article, of many (--jsonl), or stored (--pending)."""
    if pending:
        if target is not None or lines is not None or store or published or title:
            raise UsageError("--pending checks what is stored: it goes with --json and --out alone")
        _recheck(settings(home, config), out, as_json=as_json)
        return
    _read(
        target, lines=lines, out=out, published=published, title=title, store=store, as_json=as_json, strict=strict,
        made=settings(home, config), checked=True,
    )  # fmt: skip


def _recheck(made: Settings, out: Path | None, *, as_json: bool) -> None:
    """Check stored claims anew, and tell which verdicts changed."""
    from newsdetect.cli.show import json_text, print_json
    from newsdetect.cli.show_rechecks import print_rechecked
    from newsdetect.cli.wiring import open_home
    from newsdetect.runners.rechecking import Rechecker

    with open_home(made) as (kept, market):
        done = Rechecker(kept, market).run()
        refs = kept.document_refs(turned.document_id for turned in done.turned)
        claims = kept.claims_by_id(turned.check.claim_id for turned in done.turned)
    found = {"documents": done.documents, "claims": done.claims, "turned": done.turned}
    if out is not None:
        write_text(out, json_text(found))
    elif as_json:
        print_json(found)
    else:
        print_rechecked(done, refs, claims)


def _read(
    target: str | None,
    *,
    lines: Path | None,
    out: Path | None,
    published: str | None,
    title: str | None,
    store: bool,
    as_json: bool,
    strict: bool,
    made: Settings,
    checked: bool,
) -> None:
    """Do what both commands do: read, extract, check if asked, show."""
    from newsdetect.cli.wiring import open_desk

    if (target is None) == (lines is None):
        raise UsageError("give one of: an article (file, URL or -), or --jsonl FILE")
    if lines is not None:
        if store or published or title:
            raise UsageError("--jsonl stores nothing, and its lines bring their own title and publication time")
        with open_desk(made) as desk:
            _answer_lines(desk, lines, out, strict=strict, checked=checked)
        return
    assert target is not None
    with open_desk(made) as desk:
        doc = _document(desk, target, published=published, title=title)
        extraction = desk.extract(doc)
        checks = desk.check(doc, extraction) if checked else ()
        causes = desk.check_causes(doc, extraction, checks) if checked else ()
    if store:
        from newsdetect import pipeline
        from newsdetect.cli.wiring import open_home

        with open_home(made) as (kept, _):
            pipeline.save(kept, [pipeline.Article(doc, extraction, checks, causes)])
    _show(doc, extraction, checks, causes, out=out, as_json=as_json, checked=checked)


def _show(
    doc: Document,
    extraction: Extraction,
    checks: Sequence[Check],
    causes: Sequence[CauseCheck],
    *,
    out: Path | None,
    as_json: bool,
    checked: bool,
) -> None:
    """Print or write an article's claims."""
    from newsdetect.cli.show import json_text, print_json
    from newsdetect.cli.show_claim import print_article

    if not as_json and out is None:
        print_article(doc, extraction, checks, causes)
        return
    found: dict[str, Any] = {
        "document": doc,
        "event": extraction.event,
        "claims": extraction.claims,
        "causes": extraction.causes,
    }
    if checked:
        found["checks"] = checks
        found["cause_checks"] = causes
    if out is None:
        print_json(found)
        return
    write_text(out, json_text(found))


def _answer_lines(desk: Desk, lines: Path, out: Path | None, *, strict: bool, checked: bool) -> None:
    """Answer each line of a file; say on standard error how many were bad."""
    from newsdetect.cli.show import note

    def answer(record: Record) -> Record:
        doc = read_record(record)
        extraction = desk.extract(doc)
        found = extraction.model_dump(mode="json")
        if checked:
            checks = desk.check(doc, extraction)
            found["checks"] = [each.model_dump(mode="json") for each in checks]
            causes = desk.check_causes(doc, extraction, checks)
            found["cause_checks"] = [each.model_dump(mode="json") for each in causes]
        return found

    bad = stream_lines(lines, out, answer)
    if bad:
        note(f"{bad} bad line{'' if bad == 1 else 's'}: each left a line with its error")
        if strict:
            raise typer.Exit(1)


def _document(desk: Desk, target: str, *, published: str | None, title: str | None) -> Document:
    """Read the article that a command line names: a URL, a file, or standard input."""
    if target.lower().startswith(("http://", "https://")):
        return desk.read(url=target, title=title, published=published)
    text = decode(read_bytes(target), key=target)
    if not readable(text).strip():
        raise DocumentError(f"{target}: empty: there is nothing to read in it", key=target)
    return desk.read(text=text, title=title, published=published)


def explain(
    claim: Annotated[str, typer.Argument(help="A claim's id, as `extract` and the API give it.")],
    *,
    file: Annotated[
        str | None, typer.Option(help="The article the claim stands in (file, URL or -); by default the store.")
    ] = None,
    published: Published = None,
    home: Home = None,
    config: Config = None,
) -> None:
    """How a claim came about: its words, and the rule that settled each of its fields."""
    from newsdetect.cli.show_claim import print_trace
    from newsdetect.cli.wiring import open_desk, open_home

    made = settings(home, config)
    if file is not None:
        with open_desk(made) as desk:
            doc = _document(desk, file, published=published, title=None)
            found = {each.id: each for each in desk.extract(doc).claims}
        if claim not in found:
            raise UsageError(f"{claim}: {file} makes no such claim; it makes {', '.join(found) or 'none'}", key=claim)
        print_trace(doc, found[claim])
        return
    with open_home(made) as (store, _):
        stored = store.claims_by_id([claim]).get(claim)
        kept = store.document(stored.document.id) if stored else None
        checks = store.checks_of([claim])
        past = store.verdicts_of([claim]).get(claim, ())
    if stored is None or kept is None:
        raise UsageError(f"{claim}: the store holds no such claim; --file names an article to look in", key=claim)
    print_trace(kept, stored.claim, checks.get(claim), past)
