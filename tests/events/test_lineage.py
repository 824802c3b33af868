"""Lineage: who copied whom, and how many observers stand behind the reports."""

from __future__ import annotations

from newsdetect.documents.document import Citation
from newsdetect.events.lineage import name_key, trace, url_key
from tests.events.builders import make_claim, make_doc

WORDS = (
    "Within one hour the market for perpetual contracts closed positions worth $343 million by force, and the sum of"
    " the whole day reached $852 million, which traders had not seen since the second week of the month before, when a"
    " like fall of the price had taken the same course through all the larger venues and most of the smaller ones."
)
CMC = "https://coinmarketcap.com/community/articles/68accfed9de84b22569c1284/"


def claims_of(doc, *names):
    return [(doc.id, make_claim(attributed_to=name, start=place)) for place, name in enumerate(names)]


def test_a_document_that_cites_nobody_is_independent():
    """One report, no edges, and its outlet stands for the observer it does not name."""
    doc = make_doc(outlet="Daily Coin")
    origins = trace([doc], claims_of(doc, None))
    assert (origins.lineage, origins.observers, origins.independent) == ((), ("Daily Coin",), 1)


def test_a_reference_by_address_points_to_the_held_document():
    """A cited URL that we hold is that document, whatever its scheme, host's `www.` or closing slash."""
    source = make_doc("cmc", url=CMC, outlet="CoinMarketCap")
    copy = make_doc(
        "ainvest",
        citations=(Citation(kind="reference", mark=1, url=CMC.replace("https://", "http://www.").rstrip("/")),),
    )
    (edge,) = trace([source, copy], []).lineage
    assert (edge.document, edge.source, edge.kind) == ("ainvest", "cmc", "reference")


def test_the_seeds_chain_is_one_observer():
    """AInvest cites CoinMarketCap's community, which republishes BitcoinWorld: one report."""
    community = make_doc(
        "cmc", url=CMC, outlet="CoinMarketCap", citations=(Citation(kind="original", outlet="BitcoinWorld"),)
    )
    ainvest = make_doc("ainvest", outlet="AInvest", citations=(Citation(kind="reference", mark=1, url=CMC),))
    origins = trace([community, ainvest], claims_of(community, None) + claims_of(ainvest, None, None))
    assert origins.independent == 1
    assert origins.observers == ("BitcoinWorld",)
    assert {(edge.document, edge.source) for edge in origins.lineage} == {("cmc", "BitcoinWorld"), ("ainvest", "cmc")}


def test_a_source_that_we_do_not_hold_still_joins_its_copies():
    """Two documents that cite one page we never read are one independent report."""
    copies = [make_doc(name, outlet=name, citations=(Citation(kind="reference", url=CMC),)) for name in ("a", "b")]
    origins = trace(copies, [])
    assert origins.independent == 1
    assert {edge.source for edge in origins.lineage} == {CMC}


def test_ten_retellings_of_an_aggregator_are_one_observer():
    """Ten outlets with figures of one aggregator have seen nothing themselves."""
    docs = [make_doc(f"d{n}", outlet=f"Outlet {n}", text=f"{n} " * 20) for n in range(10)]
    claims = [claim for n, doc in enumerate(docs) for claim in claims_of(doc, "Coinglass" if n == 3 else "CoinGlass")]
    origins = trace(docs, claims)
    assert origins.observers == ("CoinGlass",)
    assert origins.independent == 10


def test_naming_an_aggregator_is_no_copy():
    """`data from CoinGlass` names the observer; it is no edge to another report."""
    doc = make_doc(citations=(Citation(kind="named", outlet="CoinGlass"),))
    assert trace([doc], claims_of(doc, "CoinGlass")).lineage == ()


def test_an_outlet_named_as_source_is_an_edge():
    """`per CoinGlass data cited by CoinDesk` makes the document a copy of CoinDesk's report."""
    origin = make_doc("a", outlet="CoinDesk")
    copy = make_doc("b", outlet="Elsewhere", citations=(Citation(kind="named", outlet="Coindesk"),))
    origins = trace([origin, copy], claims_of(origin, "CoinGlass"))
    assert [(edge.document, edge.source) for edge in origins.lineage] == [("b", "a")]
    assert (origins.independent, origins.observers) == (1, ("CoinGlass",))


def test_a_text_made_from_another_is_a_copy():
    """Words taken over and framed anew, with the same numbers, tell a copy of the earlier document."""
    origin = make_doc("a", text=WORDS)
    copy = make_doc("b", text="Breaking news, friends! " + WORDS + " Stay tuned.")
    (edge,) = trace([origin, copy], []).lineage
    assert (edge.document, edge.source, edge.kind) == ("b", "a", "copy")


def test_a_template_with_other_numbers_is_no_copy():
    """The same words around other figures report something else."""
    other = WORDS.replace("343", "101").replace("852", "410")
    assert trace([make_doc("a", text=WORDS), make_doc("b", text=other)], []).lineage == ()


def test_a_citation_outranks_the_words():
    """Where a document says whom it copies, likeness of words adds no second edge between the two."""
    origin = make_doc("a", text=WORDS, url="https://one.example/x")
    copy = make_doc("b", text=WORDS, citations=(Citation(kind="canonical", url="https://one.example/x"),))
    assert [edge.kind for edge in trace([origin, copy], []).lineage] == ["canonical"]


def test_documents_that_cite_each_other_are_one_report():
    """A ring of citations has no root and is still one report, not none."""
    one = make_doc("a", url="https://one.example/", citations=(Citation(kind="reference", url="https://two.example/"),))
    two = make_doc("b", url="https://two.example/", citations=(Citation(kind="reference", url="https://one.example/"),))
    assert trace([one, two], []).independent == 1


def test_a_document_does_not_copy_itself():
    """A canonical link to the own address is no edge."""
    doc = make_doc(url="https://one.example/a", citations=(Citation(kind="canonical", url="https://one.example/a/"),))
    assert trace([doc], []).lineage == ()


def test_names_and_addresses_have_one_form():
    """Spelling, case and domain endings part no observer; scheme, tracking and slash part no address."""
    assert name_key("Coin Glass") == name_key("CoinGlass.com") == name_key("coinglass")
    assert url_key("https://www.A.example/x/?utm_source=1#top") == url_key("http://a.example/x")
    assert url_key("https://a.example/?p=1") != url_key("https://a.example/?p=2")
    assert url_key("http://[broken") == "http://[broken"


def test_the_same_figures_are_the_same_observers():
    """A report that names nobody and gives a named observer's figures alone adds no observer; another figure does."""
    naming, silent = make_doc("a", outlet="A", text="x " * 20), make_doc("b", outlet="B", text="y " * 20)
    told = claims_of(naming, "CoinGlass")
    assert trace([naming, silent], [*told, *claims_of(silent, None)]).observers == ("CoinGlass",)
    other = [("b", make_claim(120))]
    assert trace([naming, silent], [*told, *other]).observers == ("B", "CoinGlass")


def test_an_outlet_named_alone_is_its_latest_report():
    """Of several reports of the named outlet the last one before the copy is meant."""
    reports = [make_doc(f"r{n}", outlet="CoinDesk", text=f"{n} " * 20, hours=n) for n in range(3)]
    copy = make_doc("b", hours=1.5, citations=(Citation(kind="named", outlet="CoinDesk"),))
    (edge,) = trace([reports[0], reports[1], copy, reports[2]], []).lineage
    assert edge.source == "r1"


def test_one_source_named_twice_is_one_edge():
    """A page that is cited and whose outlet is named again is one source."""
    cited = (
        Citation(kind="appeared_first", outlet="BitcoinWorld", url="https://bitcoinworld.example/x"),
        Citation(kind="original", outlet="Bitcoin World"),
    )
    assert len(trace([make_doc(citations=cited)], []).lineage) == 1
