"""What the encoder is told beside the words: the kind of thing that each piece is part of, and where it stands."""

from __future__ import annotations

import re

from newsdetect.claims.article import lay_out
from newsdetect.claims.scene import Scene
from newsdetect.claims.scene_marks import KINDS, PLACES, piece_marks
from newsdetect.claims.scenes import scenes
from tests.claims.builders import make_doc

OPENER = "Forced closures took $412 million from traders in the past 12 hours."
FILLER = " ".join(f"Analysts of firm {word} were calm about the move." for word in ("one", "two", "six", "ten", "x"))


def marks_of(scene: Scene) -> dict[str, tuple[str, str]]:
    """Give each word's kind and place; of a word that stands twice the last one's."""
    words = [(0, 0), *(hit.span() for hit in re.finditer(r"\S+", scene.text))]
    kinds, places = piece_marks(scene, words)
    return {
        scene.text[start:end]: (KINDS[kind], PLACES[place])
        for (start, end), kind, place in zip(words, kinds, places, strict=True)
    }


def test_names_times_sides_and_figures_are_marked_by_kind() -> None:
    text = "Liquidated bitcoin longs on Binance lost $120 million and 12,300 traders their bets in the past 24 hours."
    (scene,) = scenes(lay_out(make_doc(text)))
    kinds = {word: kind for word, (kind, _) in marks_of(scene).items()}
    assert kinds["bitcoin"] == "asset"
    assert kinds["longs"] == "long"
    assert kinds["Binance"] == "venue"
    assert (kinds["$000"], kinds["million"], kinds["00,000"]) == ("money", "money", "count")
    assert (kinds["24"], kinds["hours."]) == ("time", "time")
    assert kinds["lost"] == kinds["traders"] == kinds[""] == "word"


def test_lines_are_marked_by_their_part_of_the_article() -> None:
    doc = make_doc(f"{OPENER} {FILLER} Liquidated longs lost $300 million. {FILLER}", title="Liquidations pile up")
    scene = scenes(lay_out(doc))[-1]
    places = {word: place for word, (_, place) in marks_of(scene).items()}
    assert places["Liquidations"] == "title"
    assert places["Forced"] == "before"
    assert places["Liquidated"] == places["calm"] == "near"


def test_special_pieces_have_no_marks() -> None:
    (scene,) = scenes(lay_out(make_doc("$5 million in longs was liquidated.")))
    assert piece_marks(scene, [(0, 0), (0, 2), (0, 0)]).tolist() == [[0, KINDS.index("money"), 0], [0, 0, 0]]
    assert piece_marks(scene, []).shape == (2, 0)
