"""Causes of the rules and of the reader as one list."""

from __future__ import annotations

import numpy as np

from newsdetect.claims.article import lay_out
from newsdetect.claims.cause_joining import Seen, joined
from newsdetect.claims.claim import Cause
from newsdetect.claims.scenes import scenes
from newsdetect.claims.tagging import CAUSE_TYPES, TAGS
from tests.claims.builders import make_doc


def cause(kind: str, start: int, end: int, confidence: float = 0.9) -> Cause:
    """Make a cause that stands on characters of some document."""
    return Cause(type=kind, role="trigger", text="x" * (end - start), start=start, end=end, confidence=confidence)


def places(causes: tuple[Cause, ...]) -> list[tuple[str, int]]:
    """Give types with where they stand."""
    return [(each.type, each.start) for each in causes]


def test_no_words_state_two_causes() -> None:
    """The reader adds its best cause of a type that the rules do not name, never on words that already state one."""
    rules = (cause("price_drop", 10, 30),)
    trained = (cause("other", 12, 30), cause("macro", 40, 50, 0.6), cause("macro", 60, 70))
    trained = (*trained, cause("price_drop", 80, 90, 0.8))
    assert places(joined(rules, trained, Seen())) == [("price_drop", 10), ("macro", 60)]


def test_words_that_the_reader_is_sure_of_stand_in_the_place_of_the_rules() -> None:
    """Of a type that both name, the rules' words count against a doubtful cause of the reader alone."""
    rules = (cause("price_drop", 10, 30),)
    assert places(joined(rules, (cause("price_drop", 40, 50, 0.84),), Seen())) == [("price_drop", 10)]
    assert places(joined(rules, (cause("price_drop", 40, 50, 0.86),), Seen())) == [("price_drop", 40)]


def test_sure_words_that_state_another_cause_leave_the_rules_theirs() -> None:
    """The rules' price drop stays where the reader's stands on the rules' macro."""
    rules = (cause("price_drop", 10, 30), cause("macro", 40, 60))
    assert places(joined(rules, (cause("price_drop", 45, 50),), Seen())) == [("price_drop", 10), ("macro", 40)]


def test_words_of_another_scene_that_state_a_surer_cause_leave_the_rules_theirs() -> None:
    """Scenes overlap: what cannot be given for the surer cause of another type does not cost the rules' one."""
    trained = (cause("macro", 40, 50, 0.99), cause("price_drop", 45, 60, 0.9))
    assert places(joined((cause("price_drop", 10, 30),), trained, Seen())) == [("price_drop", 10), ("macro", 40)]


def test_a_further_cause_of_a_type_needs_more() -> None:
    """Articles name two causes of one type now and then; the second must be all but certain."""
    surest = cause("macro", 10, 20, 0.99)
    assert places(joined((), (surest, cause("macro", 40, 50, 0.96)), Seen())) == [("macro", 10), ("macro", 40)]
    assert places(joined((), (surest, cause("macro", 40, 50, 0.94)), Seen())) == [("macro", 10)]


def test_a_cause_of_the_rules_that_the_reader_sees_and_does_not_believe_is_left_out() -> None:
    """What no scene shows is the rules' word alone."""
    text = "Some $412 million in longs was liquidated after the Fed spoke."
    doc = make_doc(text)
    (scene,) = scenes(lay_out(doc))
    start = doc.content.index("the Fed spoke")
    named = cause("macro", start, start + len("the Fed spoke"))
    far = cause("sentiment", len(doc.content) + 10, len(doc.content) + 20)
    offsets = [(found, found + 1) for found in range(len(scene.text))]
    for chance, kept in ((0.01, [far]), (0.2, [named, far])):
        tags = np.zeros((len(offsets), TAGS), dtype=np.float32)
        tags[:, 2 + 2 * CAUSE_TYPES.index("macro")] = chance
        seen = Seen()
        seen.add(scene, offsets, tags)
        assert joined((named, far), (), seen) == tuple(kept)
