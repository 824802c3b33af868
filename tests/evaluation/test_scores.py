"""The scores count as the annotation guide counts, and exactly as the reference scorer does."""

import importlib.util
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdetect.evaluation.report import as_json
from newsdetect.evaluation.scores import score

SHARED = Path(os.environ.get("NEWSDETECT_SHARED", Path(__file__).parents[3] / "shared"))


def claim(**fields):
    return {
        "metric": "liquidations",
        "value": 311_530_000,
        "unit": "USD",
        "window": {"hours": 24},
        "evidence": "$311.53 million",
    } | fields


def record(*claims, event=True, causes=()):
    return {"a": {"id": "a", "event": event, "claims": list(claims), "causes": list(causes)}}


def counts(gold, ours):
    result = as_json(score(gold, ours))
    return result["detect"]["f1"], result["strict"]["f1"]


def test_the_same_record_scores_one():
    """A record against itself is right in everything."""
    gold = record(claim(), causes=[{"type": "macro", "role": "trigger", "text": "the rate decision"}])
    result = as_json(score(gold, gold))
    assert [result[name]["f1"] for name in ("detect", "strict", "event", "causes", "spans")] == [1.0] * 5


def test_a_wrong_window_costs_strict_alone():
    """The figure counts as detected though its meaning is wrong."""
    assert counts(record(claim()), record(claim(window={"hours": 1}))) == (1.0, 0.0)


def test_a_rounded_repetition_is_not_counted():
    """A headline's rounder figure that says the same is neither a hit nor an error."""
    assert counts(record(claim()), record(claim(), claim(value=311_000_000))) == (0.6667, 0.6667)
    assert counts(record(claim()), record(claim(), claim(value=312_000_000))) == (1.0, 1.0)


def test_a_missing_article_claims_nothing():
    """An article without a prediction costs recall."""
    assert counts(record(claim()), {}) == (0.0, 0.0)


def test_calendar_windows_have_slack():
    """Windows told in days may be half a day off, those told to the minute an hour."""
    day = {"start": "2025-02-03", "end": "2025-02-04"}
    assert (
        counts(
            record(claim(window=day)),
            record(claim(window={"start": "2025-02-03T10:00:00Z", "end": "2025-02-04T10:00:00Z"})),
        )[1]
        == 1
    )
    hour = {"start": "2025-02-03T01:00", "end": "2025-02-03T09:00"}
    assert (
        counts(
            record(claim(window=hour)), record(claim(window={"start": "2025-02-03T03:00", "end": "2025-02-03T11:00"}))
        )[1]
        == 0
    )


def test_a_broken_prediction_is_a_wrong_one():
    """Values of the wrong kind are counted as errors, never raised."""
    assert counts(record(claim()), record(claim(value="many", window="a day")))[0] == 0.0


CLAIMS = st.lists(
    st.fixed_dictionaries(
        {
            "metric": st.sampled_from(["liquidations", "largest_liquidation"]),
            "value": st.sampled_from([311_530_000, 311_500_000, 312_000_000, 85_000_000, 1_000_000_000, 1_040_000_000]),
            "window": st.sampled_from(
                [None, {"hours": 1}, {"hours": 24.0}, {"start": "2025-02-03", "end": "2025-02-04"}]
            ),
            "side": st.sampled_from([None, "long", "short", "Both"]),
            "asset": st.sampled_from(["ALL", "BTC"]),
            "hedge": st.sampled_from(["exact", "about"]),
            "evidence": st.sampled_from(["$311.53 million", "$312 M", {"text": "$ 312 M"}]),
        }
    ),
    max_size=4,
)
CAUSES = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["macro", "whale"]),
            "text": st.sampled_from(["a rate rise", "the rate rise of May", "a sale", ""]),
        }
    ),
    max_size=3,
)
RECORDS = st.fixed_dictionaries({"id": st.just("a"), "event": st.booleans(), "claims": CLAIMS, "causes": CAUSES})


@given(RECORDS, RECORDS)
def test_scores_equal_the_reference(gold, ours):
    """On any pair of records every number is that of the reference scorer."""
    path = SHARED / "eval" / "score.py"
    if not path.is_file():
        pytest.skip("the reference scorer is not here: set NEWSDETECT_SHARED")
    spec = importlib.util.spec_from_file_location("reference_score", path)
    assert spec is not None
    assert spec.loader is not None
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    gold["claims"] = [c | {"evidence": "$311.53 million"} for c in gold["claims"]]
    assert as_json(score({"a": gold}, {"a": ours})) == reference.score({"a": gold}, {"a": ours})
