"""Lineage: who copied whom among the documents of one event, and so how many observers stand behind them.

A document copies what it cites (by address or by outlet), and what its words were made from. Observers are counted,
not outlets: ten retellings of one aggregator are one. An aggregator or exchange that the claims are attributed to is
an observer; it is nobody's copy. A chain without any such name has one observer at most, for which its root outlet
stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsdetect.claims.claim import Claim
from newsdetect.documents.document import Citation, Document
from newsdetect.events.copies import fingerprint, near_copy
from newsdetect.events.event import Lineage
from newsdetect.events.figures import same_figure

#: Those that count liquidations themselves; to name one is to name the observer, not to copy a report.
_OBSERVERS = frozenset(
    {
        "coinglass", "coinalyze", "laevitas", "velo", "velodata", "hyblock", "kingfisher", "cryptoquant",
        "glassnode", "santiment", "intotheblock", "lookonchain", "hypurrscan", "arkham", "parsec", "kaiko",
        "amberdata", "bybt", "binance", "bybit", "okx", "bitmex", "bitget", "htx", "huobi", "gate",
        "gateio", "kucoin", "kraken", "deribit", "bitfinex", "hyperliquid", "coinbase", "dydx",
    }
)  # fmt: skip

#: Figures of one observer, retold, differ by rounding at the most.
_SAME = 0.01
#: What a link's query carries for counting clicks; the rest of a query may well name the page.
_TRACKING = ("utm_", "ref=", "source=", "fbclid=", "gclid=")


@dataclass(frozen=True, slots=True)
class Origins:
    """Where one event's reports come from."""

    lineage: tuple[Lineage, ...]
    observers: tuple[str, ...]
    #: Reports that copy no other that we know of.
    independent: int


def trace(documents: Sequence[Document], claims: Sequence[tuple[str, Claim]]) -> Origins:
    """Trace the documents of one event, the first report first, and their claims with their documents' ids."""
    attributed = {name_key(claim.attributed_to) for _, claim in claims if claim.attributed_to}
    edges = _edges(documents, _OBSERVERS | attributed)
    families = _families(documents, edges)
    return Origins(
        lineage=edges,
        observers=_observers(families, claims),
        independent=len(families),
    )


def cites(doc: Document, other: Document) -> bool:
    """Tell whether a document cites another: its page, or its outlet by name."""
    pages = {url_key(url) for url in (other.canonical_url, other.url) if url}
    outlet = name_key(other.outlet) if other.outlet else None
    return any(
        url_key(one.url) in pages if one.url else one.outlet is not None and name_key(one.outlet) == outlet
        for one in _distinct(doc.citations)
    )


def name_key(name: str) -> str:
    """Bring an outlet's or observer's name to the form that is compared: `Coin Glass`, `CoinGlass.com` are one."""
    folded = "".join(char for char in name.casefold() if char.isalnum() or char == ".")
    for ending in (".com", ".io", ".org", ".net"):
        folded = folded.removesuffix(ending)
    return folded.replace(".", "")


def url_key(url: str) -> str:
    """Bring an address to the form that is compared: no scheme, `www.`, tracking words, fragment or closing slash."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    asked = [pair for pair in parts.query.split("&") if pair and not pair.startswith(_TRACKING)]
    query = f"?{'&'.join(asked)}" if asked else ""
    return f"{parts.netloc.casefold().removeprefix('www.')}{parts.path.rstrip('/')}{query}"


def _edges(documents: Sequence[Document], observers: frozenset[str] | set[str]) -> tuple[Lineage, ...]:
    by_url = {url_key(url): doc.id for doc in reversed(documents) for url in (doc.canonical_url, doc.url) if url}
    found: dict[tuple[str, str], Lineage] = {}
    for place, doc in enumerate(documents):
        for citation in _distinct(doc.citations):
            source = _source(citation, by_url, documents, place, observers)
            if source is not None and source != doc.id:
                edge = Lineage(document=doc.id, source=source, kind=citation.kind)
                found.setdefault((doc.id, source), edge)
    for edge in _copies(documents):
        if not {(edge.document, edge.source), (edge.source, edge.document)} & found.keys():
            found[edge.document, edge.source] = edge
    return tuple(found.values())


def _distinct(citations: Sequence[Citation]) -> list[Citation]:
    """Leave out an outlet that is named alone where another citation gives its page."""
    paged = {name_key(citation.outlet) for citation in citations if citation.outlet and citation.url}
    return [one for one in citations if one.url or (one.outlet and name_key(one.outlet) not in paged)]


def _source(
    citation: Citation,
    by_url: dict[str, str],
    documents: Sequence[Document],
    place: int,
    observers: frozenset[str] | set[str],
) -> str | None:
    """Name what a citation points to: a held document's id, else the address, else the outlet; null is an observer."""
    if citation.url:
        held = by_url.get(url_key(citation.url))
        if held is not None:
            return held
    if citation.outlet and name_key(citation.outlet) in observers:
        return None
    # A numbered reference is to that page, not to whatever else its outlet has written.
    if citation.outlet and not citation.url:
        return _latest(citation.outlet, documents, place) or citation.outlet
    return citation.url


def _latest(outlet: str, documents: Sequence[Document], place: int) -> str | None:
    """Give an outlet's last document before the one at `place`, else its first behind it: what is new is retold."""
    named = [
        i for i, doc in enumerate(documents) if i != place and doc.outlet and name_key(doc.outlet) == name_key(outlet)
    ]
    before = [i for i in named if i < place]
    chosen = before[-1:] or named[:1]
    return documents[chosen[0]].id if chosen else None


def _copies(documents: Sequence[Document]) -> Iterable[Lineage]:
    """Give each document's likeliest original among those before it, where the words tell of one."""
    prints = [fingerprint(doc) for doc in documents]
    for place, doc in enumerate(documents):
        original = next((i for i in range(place) if near_copy(prints[i], prints[place])), None)
        if original is not None:
            yield Lineage(document=doc.id, source=documents[original].id, kind="copy")


def _families(documents: Sequence[Document], edges: Sequence[Lineage]) -> list[list[Document]]:
    """Group the documents that go back to one source, held or not; each family is one independent report."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for edge in edges:
        # What we do not hold is compared by address and name; a held document by its id.
        parent[root(edge.document)] = root(_node(edge.source))
    families: dict[str, list[Document]] = {}
    for doc in documents:
        families.setdefault(root(doc.id), []).append(doc)
    return list(families.values())


def _node(source: str) -> str:
    return url_key(source) if "://" in source else source


def _observers(families: Sequence[Sequence[Document]], claims: Sequence[tuple[str, Claim]]) -> tuple[str, ...]:
    """Name the observers: whom claims are attributed to, and the root outlet of each family that names nobody.

    A family whose every figure is a named observer's too has most likely seen that one's numbers, and adds none.
    """
    spelled: dict[str, Counter[str]] = {}
    naming: set[str] = set()
    named = [claim for _, claim in claims if claim.attributed_to]
    for document, claim in claims:
        if claim.attributed_to:
            naming.add(document)
            spelled.setdefault(name_key(claim.attributed_to), Counter())[claim.attributed_to] += 1
    for family in families:
        ids = {doc.id for doc in family}
        if ids & naming:
            continue
        own = [claim for document, claim in claims if document in ids]
        if own and all(any(same_figure(claim, other, near=_SAME) for other in named) for claim in own):
            continue
        name = _root_outlet(family)
        if name is not None:
            spelled.setdefault(name_key(name), Counter())[name] += 1
    ranked = sorted(spelled.values(), key=lambda names: (-names.total(), min(names)))
    return tuple(min(names, key=lambda name: (-names[name], name)) for names in ranked)


def _root_outlet(family: Sequence[Document]) -> str | None:
    """Name the outlet that a chain of copies starts from: one that is cited and not held, else the first report's."""
    held = {name_key(doc.outlet) for doc in family if doc.outlet}
    for doc in family:
        for citation in doc.citations:
            outlet = citation.outlet
            if outlet and name_key(outlet) not in held | _OBSERVERS:
                return outlet
    return family[0].outlet
