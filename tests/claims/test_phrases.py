"""The phrase corpora: each rule reads its positive phrases and leaves the negative ones alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from newsdetect.claims.amounts import find_amounts
from newsdetect.claims.corpus import corpus
from newsdetect.claims.entities import find_assets, find_observers, find_sides, find_venues
from newsdetect.claims.hedges import find_hedge
from newsdetect.claims.timeframes import find_timeframes
from newsdetect.types import ALL
from tests.claims.builders import PUBLISHED, claims_of

FINDERS = {"assets": find_assets, "venues": find_venues, "observers": find_observers, "sides": find_sides}


def phrases(name: str, kind: str) -> list[Any]:
    """Give one corpus's phrases as test cases named by their text."""
    return [pytest.param(phrase, id=phrase["text"]) for phrase in corpus(name)[kind]]


@pytest.mark.parametrize("phrase", phrases("amounts", "positive"))
def test_amounts_have_value_unit_and_exact_characters(phrase: dict[str, Any]) -> None:
    """A figure is found with its value in whole units, its ends where it is a range, and the rule that read it."""
    found = next(each for each in find_amounts(phrase["text"]) if each.rule == phrase["rule"])
    assert phrase["text"][found.start : found.end] == phrase["evidence"]
    assert found.value == pytest.approx(phrase["value"])
    assert found.unit == phrase.get("unit", "USD")
    assert (found.low, found.high) == (phrase.get("low"), phrase.get("high"))


@pytest.mark.parametrize("phrase", phrases("amounts", "negative"))
def test_other_numbers_are_no_amounts(phrase: dict[str, Any]) -> None:
    """Versions, shares, clock times, names and leverage are neither money, nor coins, nor counts."""
    assert [each for each in find_amounts(phrase["text"]) if each.kind != "bare"] == []


@pytest.mark.parametrize("phrase", phrases("hedges", "positive"))
def test_hedges_are_read_beside_their_figure(phrase: dict[str, Any]) -> None:
    """The word in front of a figure, or the sign behind it, says which way it may be off."""
    assert hedge_of(phrase) == phrase["hedge"]


@pytest.mark.parametrize("phrase", phrases("hedges", "negative"))
def test_other_words_hedge_nothing(phrase: dict[str, Any]) -> None:
    """A word that only looks like a hedge, or belongs to something else, leaves the figure exact."""
    assert hedge_of(phrase) == "exact"


def hedge_of(phrase: dict[str, Any]) -> str:
    text = phrase["text"]
    amount = next(each for each in find_amounts(text) if text[each.start : each.end] == phrase["evidence"])
    return find_hedge(text, amount)


@pytest.mark.parametrize("phrase", phrases("timeframes", "positive"))
def test_timeframes_are_settled_against_the_publication(phrase: dict[str, Any]) -> None:
    """A length gives hours, a calendar word its days in UTC, and a vague word a time without a window."""
    (found,) = find_timeframes(phrase["text"], published=PUBLISHED)
    if phrase.get("vague"):
        assert found.window is None
    elif "hours" in phrase:
        assert found.window is not None
        assert found.window.hours == pytest.approx(phrase["hours"], rel=0.01)
    else:
        assert found.window is not None
        assert (found.window.start, found.window.end) == (instant(phrase["start"]), instant(phrase["end"]))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("phrase", phrases("timeframes", "negative"))
def test_other_times_are_no_windows(phrase: dict[str, Any]) -> None:
    """A time of a chart, a volume or a forecast is none that a figure can have."""
    assert find_timeframes(phrase["text"], published=PUBLISHED) == []


@pytest.mark.parametrize("phrase", phrases("entities", "positive"))
def test_names_are_known_by_one_form(phrase: dict[str, Any]) -> None:
    """Coins, venues, observers and sides are found in order, each under the name it is known by."""
    for kind, find in FINDERS.items():
        if kind in phrase:
            assert [mention.value for mention in find(phrase["text"])] == phrase[kind]


@pytest.mark.parametrize("phrase", phrases("entities", "negative"))
def test_words_are_no_names(phrase: dict[str, Any]) -> None:
    """A word that is also a ticker, and a name that is part of another, are not taken for it."""
    assert FINDERS[phrase["kind"]](phrase["text"]) == []


@pytest.mark.parametrize("phrase", phrases("attribution", "positive"))
def test_sources_are_named(phrase: dict[str, Any]) -> None:
    """A figure has the source that its text names: an observer, or whoever is quoted."""
    assert claims_of(phrase["text"])["$343 million"].attributed_to == phrase["source"]


@pytest.mark.parametrize("phrase", phrases("attribution", "negative"))
def test_other_words_are_no_sources(phrase: dict[str, Any]) -> None:
    """Coins, nameless data and a possessive are no sources."""
    assert claims_of(phrase["text"])["$343 million"].attributed_to is None


@pytest.mark.parametrize("phrase", phrases("roles", "positive"))
def test_roles_say_what_a_figure_is_of(phrase: dict[str, Any]) -> None:
    """A figure of liquidations, a largest order and a count of traders are told apart."""
    assert claims_of(phrase["text"])[phrase["evidence"]].metric == phrase["metric"]


@pytest.mark.parametrize("phrase", phrases("roles", "negative"))
def test_other_figures_are_no_claims(phrase: dict[str, Any]) -> None:
    """Sales, prices, values, flows, volumes, averages and differences are no liquidations, however near the word."""
    assert phrase["evidence"] in phrase["text"]
    assert phrase["evidence"] not in claims_of(phrase["text"])


@pytest.mark.parametrize("phrase", phrases("status", "positive"))
def test_status_is_read(phrase: dict[str, Any]) -> None:
    """What happened, what another time saw and what only could happen are told apart."""
    assert claims_of(phrase["text"])[phrase["evidence"]].status == phrase["status"]


@pytest.mark.parametrize("phrase", phrases("status", "negative"))
def test_status_is_not_taken_from_other_words(phrase: dict[str, Any]) -> None:
    """A cue that speaks of something else leaves the figure's status alone."""
    assert claims_of(phrase["text"])[phrase["evidence"]].status != phrase["status"]


@pytest.mark.parametrize("phrase", phrases("binding", "positive"))
def test_figures_have_the_coin_venue_and_side_said_of_them(phrase: dict[str, Any]) -> None:
    """A coin, venue or side binds to the figure that it is told of."""
    claim = claims_of(phrase["text"])[phrase["evidence"]]
    said = {field: phrase[field] for field in ("asset", "venue", "side") if field in phrase}
    assert said
    assert {field: getattr(claim, field) for field in said} == said


@pytest.mark.parametrize("phrase", phrases("binding", "negative"))
def test_what_only_stands_near_binds_nothing(phrase: dict[str, Any]) -> None:
    """The coin that moved, two coins together, a share and another clause leave a figure the whole market's."""
    claim = claims_of(phrase["text"])[phrase["evidence"]]
    assert (claim.asset, claim.venue) == (phrase.get("asset", ALL), phrase.get("venue", ALL))
    assert "longs were" in phrase["text"] or claim.side == "both"
