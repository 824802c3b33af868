"""Where a document says it has its report from: each statement is one edge of the lineage graph, with its kind.

Read are numbered source lists, a canonical link to another host, "The post X appeared first on Y", an outlet's name
fused to a title, and "data cited by Y". Limit: a copy that names nobody is no business of this module; likeness of
texts is looked at where documents are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urljoin

from lxml import html as lxml_html

from newsdetect.documents.dates import objectid_time
from newsdetect.documents.document import Citation
from newsdetect.documents.metadata import host_of
from newsdetect.sources.cleaning import Reference

_APPEARED_FIRST = re.compile(
    r"\b(?:the )?(?:post|article|story)\s+(?P<title>.{1,300}?)\s+(?:appeared first|first appeared|was originally"
    r" published|was first published|originally appeared)\s+on\s+(?P<outlet>[A-Z0-9][\w.&'’ -]{1,60}?)\s*(?:[.,!]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED = re.compile(
    r"\b(?:data|figures?|numbers?|statistics)\s+(?:as\s+)?(?:cited|quoted|reported|relayed|shared)\s+by\s+"
    r"(?P<outlet>[A-Z]\w*(?:\.\w+)*(?:\s(?:[A-Z]\w*(?:\.\w+)*|of|the|&)){0,3})"
)
#: Outlets whose names syndicators fuse to titles; a suffix that is none of these stays in the title.
_OUTLETS = frozenset(
    (
        "ainvest", "ambcrypto", "beincrypto", "benzinga", "bitcoin magazine", "bitcoin world", "bitcoin.com",
        "bitcoin.com news", "bitcoinist", "bitcoinworld", "blockchain.news", "blockonomi", "blockworks",
        "bloomberg", "ccn", "cnbc", "coin edition", "coincentral", "coindesk", "coinedition", "coingape",
        "coinjournal", "coinmarketcap", "coinpedia",
        "coinpedia fintech news", "coinspeaker", "coinspress", "cointelegraph",
        "crypto briefing", "crypto daily", "crypto.news", "cryptobriefing", "cryptodaily", "cryptonews",
        "cryptopotato", "cryptoquant", "cryptoslate", "cryptoticker", "dailycoin", "decrypt", "dl news",
        "finbold", "forbes", "fxstreet", "investing.com", "marketwatch", "newsbtc", "protos", "reuters",
        "the block", "the crypto basic", "the currency analytics", "the daily hodl", "the defiant", "the merkle",
        "times tabloid", "tronweekly", "u.today", "unchained", "watcher guru", "wu blockchain", "zycrypto",
    )
)  # fmt: skip
_SUFFIX = re.compile(r"^(?P<title>.{12,}?)\s*(?:\s[-–—|·•]\s|\s?[|»]\s?)\s*(?P<outlet>[^|–—]{2,40}?)\s*$")


def references(found: Iterable[Reference]) -> tuple[Citation, ...]:
    """Make a source list's lines citations; each carries when its target was made, if the address tells."""
    return tuple(
        Citation(
            kind="reference",
            mark=each.mark,
            title=each.title,
            url=each.url,
            outlet=host_of(each.url),
            created=objectid_time(each.url),
        )
        for each in found
    )


def canonical(canonical_url: str | None, url: str | None) -> tuple[Citation, ...]:
    """Cite the canonical address, where it lies on another host than the page."""
    ours, theirs = host_of(url), host_of(canonical_url)
    if ours is None or theirs is None or _registered(ours) == _registered(theirs):
        return ()
    return (Citation(kind="canonical", url=canonical_url, outlet=theirs, created=objectid_time(canonical_url)),)


def links_of(tree: lxml_html.HtmlElement, url: str | None) -> dict[str, str]:
    """Give the web address behind each of a page's link texts, to be found again from the text."""
    found: dict[str, str] = {}
    for link in tree.xpath("//a[@href]"):
        words = " ".join(link.text_content().split()).casefold()
        try:
            target = urljoin(url or "", link.get("href").strip())
        except ValueError:
            continue
        if words and target.startswith(("http://", "https://")):
            found.setdefault(words, target)
    return found


def statements(text: str, links: Mapping[str, str] | None = None) -> tuple[Citation, ...]:
    """Read what the words themselves say: "The post X appeared first on Y", "data cited by Y"; `links` by text."""
    found = []
    for match in _APPEARED_FIRST.finditer(text):
        title = " ".join(match["title"].split())
        target = (links or {}).get(title.casefold())
        made = objectid_time(target)
        found.append(
            Citation(kind="appeared_first", title=title, url=target, outlet=_bare_outlet(match["outlet"]), created=made)
        )
    found += [Citation(kind="named", outlet=match["outlet"]) for match in _NAMED.finditer(text)]
    return tuple(dict.fromkeys(found))


def split_title(title: str, outlet: str | None) -> tuple[str, tuple[Citation, ...]]:
    """Take an outlet's name off a title's end: the page's own is dropped, another's is cited as the original."""
    match = _SUFFIX.match(title)
    if match is None:
        return title, ()
    name = " ".join(match["outlet"].split())
    if outlet and _alike(name, outlet):
        return match["title"], ()
    if name.casefold() in _OUTLETS:
        return match["title"], (Citation(kind="original", outlet=name),)
    return title, ()


def split_byline(text: str, outlet: str | None) -> tuple[str, tuple[Citation, ...]]:
    """Take a lone outlet's name off a text's top: the page's own is dropped, another's is cited as the original."""
    first, _, rest = text.partition("\n")
    name = " ".join(first.split())
    if not rest.strip() or not name or len(name) > 40:
        return text, ()
    if outlet and name.casefold() == outlet.casefold():
        return rest.lstrip("\n"), ()
    if name.casefold() in _OUTLETS:
        return rest.lstrip("\n"), (Citation(kind="original", outlet=name),)
    return text, ()


def _bare_outlet(words: str) -> str:
    """Cut a name off the sentence that runs on behind it: at a known outlet's end, or at what is said of it."""
    words = re.split(r"\s+(?:and|by|at|in|as|where|which)\s", words.strip())[0]
    pieces = words.split()
    for count in range(len(pieces), 0, -1):
        if " ".join(pieces[:count]).casefold() in _OUTLETS:
            return " ".join(pieces[:count])
    return words


def _alike(name: str, outlet: str) -> bool:
    """Tell whether a name is an outlet's, which may be known by its host alone."""
    label = outlet.split(".")[-2] if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", outlet) else outlet
    one, *others = (re.sub(r"[^a-z0-9]", "", each.casefold()).removeprefix("the") for each in (name, outlet, label))
    return bool(one) and one in others


def _registered(host: str) -> str:
    """Give the last two labels of a host, or three where the second says only "co" or "com"."""
    labels = host.split(".")
    return ".".join(labels[-3:] if len(labels) > 2 and labels[-2] in {"co", "com", "org", "net"} else labels[-2:])
