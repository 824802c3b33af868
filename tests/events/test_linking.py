"""Linking: which documents speak of one happening."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsdetect.documents.document import Citation
from newsdetect.events.linking import link
from newsdetect.types import Period
from tests.events.builders import MILLION, at, make_cause, make_claim, make_doc, tell


def documents_of(*articles) -> list[tuple[str, ...]]:
    return [event.documents for event in link(articles)]


def test_no_articles_no_events():
    """Nothing told, nothing happened."""
    assert link([]) == []


def test_one_figure_in_two_documents_is_one_event():
    """Two documents with the same figure, window and hour tell one happening."""
    events = documents_of(tell(make_doc("a"), make_claim(343)), tell(make_doc("b", hours=21.5), make_claim(343)))
    assert events == [("a", "b")]


def test_a_rounded_figure_joins_the_precise_one():
    """`over $800 million` and `$806.4 million` are one figure of one event."""
    precise = make_claim(806.4, hours=24, low=806.35 * MILLION, high=806.45 * MILLION)
    hedged = make_claim(800, hours=24, hedge="at_least", low=800 * MILLION, high=960 * MILLION)
    (event,) = link([tell(make_doc("a", hours=8.3), precise), tell(make_doc("b", hours=9), hedged)])
    assert [(figure.value, len(figure.claim_ids)) for figure in event.figures] == [(806.4 * MILLION, 2)]


def test_readings_of_a_rolling_total_are_one_event():
    """$806 M in the morning and over $930 M the next are two readings of one wave, and two figures."""
    (event,) = link(
        [
            tell(make_doc("a", hours=8.3), make_claim(806, hours=24)),
            tell(make_doc("b", hours=21.1), make_claim(343), make_claim(852, hours=24)),
            tell(make_doc("c", hours=30), make_claim(930, hours=24, low=930 * MILLION, high=1023 * MILLION)),
        ]
    )
    assert event.documents == ("a", "b", "c")
    assert [figure.value / MILLION for figure in event.figures] == [930, 852, 806, 343]


def test_template_pieces_with_other_numbers_are_other_events():
    """The same words with other figures on other days tell other happenings."""
    events = documents_of(
        *(tell(make_doc(f"d{day}", hours=24 * day, text="The same words."), make_claim(100 + day)) for day in (0, 3, 6))
    )
    assert len(events) == 3


def test_a_wave_is_joined_by_who_cites_its_report():
    """Of two waves at one time a further reading is of the one whose report it cites, by page or by outlet."""
    one = tell(make_doc("a", url="https://a.example/"), make_claim(343, side="long"))
    other = tell(make_doc("b", hours=21.2, outlet="B"), make_claim(310, side="short"))
    page, outlet = Citation(kind="reference", url="https://a.example/"), Citation(kind="named", outlet="B")
    for citation, joined in ((page, ("a", "c")), (outlet, ("b", "c"))):
        events = documents_of(
            one, other, tell(make_doc("c", hours=21.4, citations=(citation,)), make_claim(85, hours=24))
        )
        assert joined in events


def test_one_moment_has_one_total():
    """Two readings of the last hour minutes apart that differ threefold are not of one market."""
    events = documents_of(tell(make_doc("a"), make_claim(343)), tell(make_doc("b", hours=21.1), make_claim(101)))
    assert len(events) == 2


def test_opposite_directions_are_two_events():
    """A flush of longs and a squeeze of shorts on one day are two happenings."""
    events = documents_of(
        tell(make_doc("a", hours=8), make_claim(400, hours=4, side="long")),
        tell(make_doc("b", hours=16), make_claim(300, hours=4, side="short")),
    )
    assert len(events) == 2


def test_causes_tell_the_direction_where_figures_do_not():
    """A total after a fall and a total after a rally are two happenings, though neither is split by side."""
    events = documents_of(
        tell(make_doc("a", hours=8), make_claim(400, hours=4), causes=(make_cause("price_drop"),)),
        tell(make_doc("b", hours=16), make_claim(300, hours=4), causes=(make_cause("price_rally"),)),
    )
    assert len(events) == 2


def test_a_single_trader_is_an_event_of_its_own():
    """One whale's position is not the market's total of the same hours."""
    text = "A whale lost $343 at once."
    monday = Period(start=at(0), end=at(24))
    for named in (
        make_claim(25, hours=None, start=text.index("$")),
        make_claim(25, period=monday, start=text.index("$")),
    ):
        events = documents_of(tell(make_doc("a"), make_claim(343, hours=24)), tell(make_doc("b", text=text), named))
        assert len(events) == 2


def test_one_position_is_known_by_its_amount():
    """Two reports of one trader's position are one event, though only one names coin, venue and side."""
    text = "A whale lost $343 at once."
    told = [
        tell(make_doc("a", text=text), make_claim(210, hours=None, start=text.index("$"))),
        tell(
            make_doc("b", text=text, hours=22),
            make_claim(210, hours=None, start=text.index("$"), asset="BTC", venue="Hyperliquid", side="short"),
        ),
        tell(make_doc("c", text=text), make_claim(25, hours=None, start=text.index("$"))),
    ]
    assert documents_of(*told) == [("a", "b"), ("c",)]


def test_the_largest_order_belongs_to_its_reports_total():
    """A report's largest order is a figure of the report's event, behind its total."""
    (event,) = link(
        [tell(make_doc(), make_claim(9.5, metric="largest_liquidation", venue="OKX"), make_claim(563, hours=24))]
    )
    assert [figure.metric for figure in event.figures] == ["liquidations", "largest_liquidation"]


def test_claims_that_did_not_happen_start_no_event():
    """Hypothetical and historical claims alone make no event, and neither does a document that reports none."""
    assert (
        documents_of(
            tell(make_doc("a"), make_claim(status="hypothetical")),
            tell(make_doc("b"), make_claim(status="historical")),
            tell(make_doc("c"), make_claim(), event=False),
            tell(make_doc("d")),
        )
        == []
    )


def test_a_calendar_window_places_a_late_document():
    """A document of three days later that names the day tells that day's happening."""
    day = Period(start=at(0), end=at(24))
    events = documents_of(
        tell(make_doc("a"), make_claim(852, hours=24)),
        tell(make_doc("b", hours=93), make_claim(852, period=day)),
        tell(make_doc("c", hours=93), make_claim(120, hours=24)),
    )
    assert events == [("a", "b"), ("c",)]


def test_calendar_windows_days_apart_are_two_tellings():
    """One document that dates its figures weeks apart tells two happenings."""
    weeks_ago = Period(start=at(-480), end=at(-456))
    events = documents_of(
        tell(make_doc(), make_claim(852, period=Period(start=at(0), end=at(24))), make_claim(600, period=weeks_ago))
    )
    assert events == [("d1",), ("d1",)]


def test_an_undated_document_joins_by_nothing_but_undated_figures():
    """Without a publication time a trailing window lies nowhere: the document joins no dated event."""
    events = documents_of(
        tell(make_doc("a"), make_claim(343)),
        tell(make_doc("b", hours=None), make_claim(343)),
        tell(make_doc("c", hours=None), make_claim(343)),
    )
    assert events == [("a",), ("b", "c")]


def test_headline_is_the_whole_markets_dollars():
    """The headline is an all-market total; a larger coin amount or a part by asset does not lead."""
    (event,) = link(
        [
            tell(
                make_doc(),
                make_claim(900, hours=24, unit="BTC", asset="BTC"),
                make_claim(500, hours=24, asset="BTC"),
                make_claim(343),
                make_claim(852, hours=24),
            )
        ]
    )
    assert (event.figures[0].value, event.figures[0].asset, event.figures[0].unit) == (852 * MILLION, "ALL", "USD")


def test_the_most_repeated_total_leads():
    """Of two totals the one that more documents give is the headline, even if it is smaller."""
    articles = [tell(make_doc(f"d{n}", hours=21 + n / 10), make_claim(343)) for n in range(3)]
    (event,) = link([*articles, tell(make_doc("e"), make_claim(852, hours=24))])
    assert event.figures[0].value == 343 * MILLION


def test_side_is_where_the_money_is():
    """An event's side is that of the greater part of its dollars."""
    (event,) = link([tell(make_doc(), make_claim(852, hours=24), make_claim(690, hours=24, side="long"))])
    assert event.side == "long"
    (event,) = link([tell(make_doc(), make_claim(100, side="long"), make_claim(90, side="short"))])
    assert event.side == "both"


def test_times_and_causes_of_an_event():
    """An event starts with its first window, ends with its last report, and counts causes that were not denied."""
    (event,) = link(
        [
            tell(make_doc("a", hours=21), make_claim(343), causes=(make_cause("cascade"), make_cause("price_drop"))),
            tell(
                make_doc("b", hours=22),
                make_claim(343),
                causes=(make_cause("price_drop"), make_cause("macro", "denied")),
            ),
        ]
    )
    assert (event.start, event.end, event.first_report) == (at(20), at(22), at(21))
    assert event.causes == ("price_drop", "cascade")


def test_an_events_id_survives_further_documents():
    """The id rests on the first document: later documents, even with greater figures, leave it."""
    first = tell(make_doc("a", hours=8), make_claim(806, hours=24))
    second = tell(make_doc("b", hours=20), make_claim(930, hours=24))
    (before,) = link([first])
    (after,) = link([second, first])
    assert before.id == after.id
    assert len(after.documents) == 2


@st.composite
def articles(draw):
    told = []
    for number in range(draw(st.integers(0, 8))):
        hours = draw(st.one_of(st.none(), st.integers(0, 200)))
        doc = make_doc(f"d{number}", hours=hours)
        claims = [
            make_claim(
                draw(st.sampled_from([100, 101, 343, 852])),
                hours=draw(st.sampled_from([None, 1, 24])),
                side=draw(st.sampled_from(["both", "long", "short"])),
                asset=draw(st.sampled_from(["ALL", "BTC"])),
                status=draw(st.sampled_from(["asserted", "asserted", "historical"])),
                start=position,
            )
            for position in range(draw(st.integers(0, 3)))
        ]
        told.append(tell(doc, *claims))
    return told


@given(articles(), st.randoms(use_true_random=False))
def test_order_does_not_matter(told, random):
    """The same articles in any order give the same events, ids and all."""
    shuffled = list(told)
    random.shuffle(shuffled)
    assert link(shuffled) == link(told)


@given(articles())
def test_every_asserted_claim_has_its_place(told):
    """Each asserted claim stands in exactly one figure of exactly one event; no other claim stands anywhere."""
    placed = [ident for event in link(told) for figure in event.figures for ident in figure.claim_ids]
    asserted = [claim.id for _, extraction in told for claim in extraction.claims if claim.status == "asserted"]
    assert sorted(placed) == sorted(asserted)


@given(articles())
def test_ids_are_distinct(told):
    """No two events share an id, and linking twice counts nothing twice."""
    events = link(told)
    assert len({event.id for event in events}) == len(events)
    assert link([*told, *told]) == events
