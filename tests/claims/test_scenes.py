from __future__ import annotations

from newsdetect.claims.article import lay_out
from newsdetect.claims.scene import Scene
from newsdetect.claims.scenes import scenes
from newsdetect.types import Window
from tests.claims.builders import make_doc

OPENER = "Forced closures took $412 million from traders in the past 12 hours."
#: Sentences enough between two of an article's figures that no scene holds both.
FILLER = " ".join(
    f"Analysts of firm number {word} were calm about the move." for word in ("one", "two", "six", "ten", "x")
)


def last(text: str) -> Scene:
    return scenes(lay_out(make_doc(text)))[-1]


def windows(scene: Scene) -> list[Window | str | None]:
    return [option.value for option in scene.options["window"] if option.line is not None]


def test_a_scene_shows_the_openers_time_from_afar() -> None:
    scene = last(f"{OPENER} Liquidations were broad. {FILLER} Liquidated longs lost $300 million.")
    assert "$000 million" in scene.text
    assert windows(scene) == [Window(hours=12)]


def test_a_scene_shows_the_nearest_time_beside_the_openers() -> None:
    near = "On OKX, $20 million was liquidated in the past hour."
    scene = last(f"{OPENER} {FILLER} {near} {FILLER} Liquidated longs lost $300 million.")
    assert windows(scene) == [Window(hours=12), Window(hours=1)]


def test_times_of_other_things_are_not_shown_from_afar() -> None:
    scene = last(f"Bitcoin fell to $90,000 in the past 12 hours. {FILLER} Liquidated longs lost $300 million.")
    assert windows(scene) == []


def test_a_very_long_sentence_is_not_shown_from_afar() -> None:
    rambling = OPENER[:-1] + ", " + "and so on and on " * 30 + "."
    assert windows(last(f"{rambling} {FILLER} Liquidated longs lost $300 million.")) == []


def test_places_in_a_scene_are_places_of_the_document() -> None:
    doc = make_doc(f"{OPENER} {FILLER} Liquidated longs lost $300 million.")
    scene = scenes(lay_out(doc))[-1]
    (option,) = (each for each in scene.options["window"] if each.line is not None)
    start = scene.content_offset(option.start)
    assert start is not None
    assert doc.content[start : start + option.end - option.start] == "past 12 hours"


def figures(text: str) -> list[str]:
    doc = make_doc(text)
    amounts = [view.figure.amount for scene in scenes(lay_out(doc)) for view in scene.views]
    return [doc.content[amount.start : amount.end] for amount in amounts]


def calm(count: int) -> str:
    return " ".join(["Nobody at the desk was surprised."] * count)


def test_a_list_goes_on_for_eight_sentences_in_words_of_its_own() -> None:
    told = "Liquidations reached $412 million in 12 hours."
    assert figures(f"{told} {calm(7)} Longs made up $352 million of the total.")[1:] == ["$352 million"]
    assert figures(f"{told} {calm(8)} Bitcoin's part was $120 million.") == ["$412 million"]


def test_a_sum_in_positions_is_asked_about_without_a_word_of_liquidation() -> None:
    assert figures("Crypto shorts lose $310 million in 24 hours as bitcoin tops $89,000") == ["$310 million", "$89,000"]
    told = "Crypto shorts lose $310 million in 24 hours."
    assert figures(f"{told} Bitcoin's part was $120 million. {calm(1)} Funds held $2 billion.")[1:] == ["$120 million"]


def test_what_speaks_neither_of_liquidation_nor_of_sums_in_positions_has_no_scene() -> None:
    assert scenes(lay_out(make_doc("A fund with long positions in coins raised money. Bitcoin rose to $89,000."))) == []
