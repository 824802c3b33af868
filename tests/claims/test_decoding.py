"""Decoding: the reader settles what is a claim, and is believed against the rules from a chance on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from newsdetect.claims.article import lay_out
from newsdetect.claims.decoding import ALONE, ROLES, SIDES, STATUSES, Scored, Scores, Trust, decode, raised
from newsdetect.claims.scene import FAR, FIELDS, NONE, Scene
from newsdetect.claims.scenes import scenes
from newsdetect.types import Window
from tests.claims.builders import make_doc

DAY = Window(hours=24)
TEXT = (
    "Crypto traders lost $343 million to liquidations in the past hour. The tally for 24 hours stands at $852 million, "
    "bitcoin longs lost $120 million on Binance."
)


def scene_of(text: str = TEXT) -> Scene:
    """Lay a text out; it is one scene."""
    (scene,) = scenes(lay_out(make_doc(text, published="2025-08-25T21:04:45Z")))
    return scene


def one_hot(names, value, chance: float = 0.97):
    """Give chances with one likely value."""
    rest = (1 - chance) / max(1, len(names) - 1)
    return np.array([chance if name == value else rest for name in names], dtype=np.float32)


def scored(
    scene: Scene, number: int, *, chance: float = 0.97, role="liquidations", status="asserted", side="both", **chosen
):
    """Score one figure: each field of `chosen` is an option's value, NONE or FAR; the others say NONE."""
    options = {}
    for name in FIELDS:
        wanted = chosen.get(name, NONE)
        places = [option.start if option.line is None else option.value for option in scene.options[name]]
        options[name] = one_hot(range(len(places)), places.index(wanted), chance)
    scores = Scores(
        one_hot(ROLES, role, chance), one_hot(STATUSES, status, chance), one_hot(SIDES, side, chance), options
    )
    return Scored(scene, scene.views[number], scores)


def decoded(*given: Scored, trust: Trust = ALONE):
    """Decode the figures of one scene."""
    return decode(given[0].scene.article, given, name="test", trust=trust)


def test_a_figure_without_a_role_is_no_claim():
    """Only figures that the reader takes for claims become readings."""
    scene = scene_of()
    readings = decoded(scored(scene, 0), scored(scene, 1, role=None), scored(scene, 2))
    assert [reading.figure.amount.value for reading in readings] == [343e6, 120e6]


def test_each_field_is_the_likeliest_option():
    """Window, coin, venue and side are what the chosen mentions say."""
    scene = scene_of()
    (reading,) = decoded(scored(scene, 2, window=Window(hours=24), asset="BTC", venue="Binance", side="long"))
    assert (reading.window, reading.asset, reading.venue, reading.side) == (Window(hours=24), "BTC", "Binance", "long")
    assert "tagger:test" in reading.rules


def test_the_rules_word_outweighs_an_unsure_reader():
    """Where the rules' word weighs more than the reader's doubt, their window, coin and side stand."""
    scene = scene_of()
    unsure = scored(scene, 2, chance=0.55, window=Window(hours=1), asset=NONE, side="short")
    (reading,) = decoded(unsure, trust=replace(ALONE, window=3.0, side=3.0, asset=3.0, venue=3.0))
    assert (reading.asset, reading.side, reading.venue) == ("BTC", "long", "Binance")
    assert reading.window != Window(hours=1)


def test_a_sure_reader_outweighs_the_rules_word():
    """Where the reader is surer than the rules' word weighs, its coin stands."""
    scene = scene_of()
    sure = scored(scene, 2, chance=0.99, window=Window(hours=1), asset=NONE)
    (reading,) = decoded(sure, trust=replace(ALONE, window=1.0, asset=1.0))
    assert (reading.asset, reading.window) == ("ALL", Window(hours=1))


def test_that_the_rules_see_nothing_weighs_less():
    """A coin that only the reader sees stands against rules that see none; one that only they see stands as well."""
    scene = scene_of()
    trust = replace(ALONE, asset=2.0, silence=0.25)
    of_all, of_longs = (scored(scene, number, chance=0.7, asset=wanted) for number, wanted in ((1, "BTC"), (2, NONE)))
    assert [reading.asset for reading in decoded(of_all, of_longs, trust=trust)] == ["BTC", "BTC"]
    assert decoded(of_all, trust=replace(trust, silence=1.0))[0].asset == "ALL"


def test_the_rules_say_weighs_on_what_is_a_claim():
    """A figure that the reader half doubts is a claim where the rules see one and their word weighs."""
    scene = scene_of()
    doubted = scored(scene, 0, chance=0.6, role=None)
    assert decoded(doubted) == ()
    assert len(decoded(doubted, trust=replace(ALONE, claim=2.0))) == 1


@pytest.mark.parametrize(
    ("status", "sum_", "found"),
    [("hypothetical", "$343 million", True), ("asserted", "$343 million", False), ("hypothetical", "$1,000", False)],
    ids=["may come", "happened", "an explanation's"],
)
def test_what_may_come_need_not_be_as_sure(status, sum_, found):
    """A doubted sum of a forecast is a claim; one that happened is not, nor the small sum of an explanation."""
    scene = scene_of(f"A trader who holds bitcoin with {sum_} of margin can be liquidated after a fall of ten percent.")
    doubted = scored(scene, 0, chance=0.6, role=None)
    settled = one_hot(STATUSES, status)
    figure = replace(doubted, scores=replace(doubted.scores, status=settled))
    assert bool(decoded(figure, trust=replace(ALONE, possible=2.5))) is found


def test_neighbours_have_a_say_on_a_window():
    """A figure whose window is nearly even has that of its sure neighbour, and its confidence rises."""
    scene = scene_of()
    sure = scored(scene, 1, window=Window(hours=24))
    even = scored(scene, 2, window=NONE)
    options = even.scene.options["window"]
    chances = np.array(
        [
            0.5 if option.start == NONE else 0.45 if option.value == Window(hours=24) else 0.05 / len(options)
            for option in options
        ],
        dtype=np.float32,
    )
    even = replace(even, scores=replace(even.scores, options={**even.scores.options, "window": chances}))
    (alone,) = decoded(even)
    _, beside = decoded(sure, even)
    assert alone.window is None
    assert beside.window == Window(hours=24)
    assert beside.confidence > alone.confidence


def test_what_is_said_far_away_is_left_to_the_rules():
    """An option that stands for another place of the article takes what the rules carried from there."""
    scene = scene_of()
    (reading,) = decoded(scored(scene, 2, asset=FAR, venue=FAR, window=FAR))
    assert (reading.asset, reading.venue) == ("BTC", "Binance")


def test_a_possibility_has_no_window():
    """What could happen is not counted over a time."""
    scene = scene_of()
    (reading,) = decoded(scored(scene, 0, status="hypothetical", window=Window(hours=1)))
    assert (reading.status, reading.window) == ("hypothetical", None)


def test_confidence_falls_with_each_doubt():
    """A surer reader leaves a higher confidence, and none above one."""
    scene = scene_of()
    (sure,) = decoded(scored(scene, 0, chance=0.99, window=Window(hours=1)))
    (unsure,) = decoded(scored(scene, 0, chance=0.8, window=Window(hours=1)))
    assert 0 < unsure.confidence < sure.confidence <= 1


def test_amounts_are_shown_as_zeros_of_the_same_length():
    """A scene hides the digits of amounts, not those of times, and keeps every offset."""
    scene = scene_of()
    assert "$000 million" in scene.text
    assert "24 hours" in scene.text
    for view in scene.views:
        start = scene.content_offset(view.start)
        shown = scene.article.doc.content[start : start + view.end - view.start]
        assert "".join("0" if each.isdecimal() else each for each in shown) == scene.text[view.start : view.end]


def test_long_articles_are_shown_in_scenes_and_none_is_cut():
    """Every figure near talk of liquidation stands in exactly one scene, however long the article."""
    text = " ".join(f"Liquidations of ${number} million hit traders in hour {number}." for number in range(1, 200))
    shown = scenes(lay_out(make_doc(text)))
    values = [view.figure.amount.value for scene in shown for view in scene.views]
    assert values == [number * 1e6 for number in range(1, 200)]
    assert max(len(scene.text) for scene in shown) < 2000


def test_a_raised_chance_gains_its_weight_in_log_odds():
    """Two even chances, one of them raised by ln 3, stand three to one; they add up to one."""
    chances = raised({"a": 0.5, "b": 0.5}, "a", np.log(3))
    assert chances == pytest.approx({"a": 0.75, "b": 0.25})


def test_the_mentions_of_one_figure_settle_its_window_together():
    """What the first mention weakly takes from the sentence before gives way to the second's sure silence."""
    scene = scene_of(
        "Over 24 hours, longs lost $90 million to liquidations. Shorts lost $343 million. "
        "Liquidations of $343 million in shorts are rare."
    )
    weak, sure = scored(scene, 1, chance=0.6, side="short", window=DAY), scored(scene, 2, side="short")
    assert [reading.window for reading in decoded(weak)] == [DAY]
    assert [reading.window for reading in decoded(weak, sure)] == [None, None]
