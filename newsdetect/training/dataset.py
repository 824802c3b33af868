"""Examples to learn from: scenes with what is true of their figures and words, from passages and from real articles.

A figure's truth is its role, status, side, and for window, coin and venue which of the scene's options say it. Passages
mark every figure. Gold records of articles give each claim once, so any figure of its value is taken for a mention of
it, and every other figure for no claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsdetect.claims.article import lay_out
from newsdetect.claims.scene import FAR, FIELDS, NONE, Field, Option, Scene, View
from newsdetect.claims.scene_features import Table, figure_table, pair_table
from newsdetect.claims.scenes import scenes
from newsdetect.documents.document import Document
from newsdetect.evaluation.scores import same_window
from newsdetect.training.gold import rounds
from newsdetect.training.passages import METRICS, ROLES, Passage
from newsdetect.types import ALL, Window

Record = dict[str, Any]

#: What a figure's role head says; the first stands for every figure that is no claim.
HEAD_ROLES = ("none", *METRICS)
STATUSES = ("asserted", "historical", "hypothetical")
SIDES = ("both", "long", "short")
UNKNOWN = -1


@dataclass(frozen=True)
class Target:
    """What is true of one figure; UNKNOWN where it is not to be learned from."""

    role: int
    #: The finer role that a passage marks (`ROLES`).
    fine: int = UNKNOWN
    status: int = UNKNOWN
    side: int = UNKNOWN
    #: Which options are right, a mask over the scene's options of the field; null is not to be learned from.
    options: dict[Field, NDArray[np.bool_] | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Example:
    """One scene with its tables and its truth."""

    #: The family of a passage, or the set of an article: what is held out together.
    family: str
    written: bool
    scene: Scene
    figures: Table
    pairs: dict[Field, Table]
    targets: tuple[Target, ...]
    #: Spans of causes in the scene's text: start, end, type, role.
    causes: tuple[tuple[int, int, str, str], ...]
    #: Whether causes are to be learned from here.
    event: bool


def from_passages(passages: Iterable[Passage]) -> list[Example]:
    """Make the examples of written passages."""
    made: list[Example] = []
    for passage in passages:
        marks = [(label.span.start, label.span.end, label) for label in passage.labels]
        causes = [(each.span.start, each.span.end, each.type, each.role) for each in passage.causes]
        event = any(label.is_claim and label.status == "asserted" for label in passage.labels)
        for scene in scenes(lay_out(passage.doc)):
            targets = [_marked_target(scene, view, marks) for view in scene.views]
            made.append(_example(passage.family, scene, targets, causes, event=event, written=True))
    return made


def from_articles(articles: Iterable[tuple[Document, Record]], family: str) -> list[Example]:
    """Make the examples of real articles with their gold records (stand-off or with words)."""
    made: list[Example] = []
    for doc, gold in articles:
        causes = [_placed(doc, cause) for cause in gold.get("causes", ())]
        for scene in scenes(lay_out(doc)):
            targets = [_gold_target(scene, view, gold["claims"]) for view in scene.views]
            known = [cause for cause in causes if cause is not None]
            made.append(_example(family, scene, targets, known, event=bool(gold["event"]), written=False))
    return made


def _example(  # noqa: PLR0913 -- the parts of one value
    family: str,
    scene: Scene,
    targets: Sequence[Target],
    causes: Sequence[tuple[int, int, str, str]],
    *,
    event: bool,
    written: bool,
) -> Example:
    spans = [(scene.place(start), scene.place(end), kind, role) for start, end, kind, role in causes]
    return Example(
        family=family,
        written=written,
        scene=scene,
        figures=figure_table(scene),
        pairs={name: pair_table(scene, name) for name in FIELDS},
        targets=tuple(targets),
        causes=tuple((a, b, kind, role) for a, b, kind, role in spans if a is not None and b is not None and a < b),
        event=event,
    )


def _placed(doc: Document, cause: Record) -> tuple[int, int, str, str] | None:
    if "start" in cause:
        return cause["start"], cause["end"], cause["type"], cause["role"]
    start = doc.content.find(cause["text"])
    return None if start < 0 else (start, start + len(cause["text"]), cause["type"], cause["role"])


def _marked_target(scene: Scene, view: View, marks: Sequence[tuple[int, int, Any]]) -> Target:
    """Give a passage's truth of a figure: the mark that stands on it."""
    amount = view.figure.amount
    label = next((label for start, end, label in marks if start < amount.end and amount.start < end), None)
    if label is None:
        # Numbers that nobody marks (a count of trades, a year) are no claims.
        return Target(role=0)
    fine = ROLES.index(label.role)
    if not label.is_claim:
        return Target(role=0, fine=fine)
    asset = amount.unit if amount.kind == "coin" else label.asset
    truth: dict[Field, Any] = {
        "window": label.window, "asset": asset, "venue": label.venue, "side": label.side,
        "source": label.attributed_to or (... if _is_open(scene, view) else None),
    }  # fmt: skip
    return Target(
        role=HEAD_ROLES.index(label.role),
        fine=fine,
        status=STATUSES.index(label.status),
        side=SIDES.index(label.side),
        options={name: None if truth[name] is ... else _right(scene, name, truth[name]) for name in FIELDS},
    )


def _is_open(scene: Scene, view: View) -> bool:
    """Tell whether sources are named in other paragraphs alone: how far they reach, writers of passages judge apart."""
    named = {option.line.sentence.paragraph for option in scene.options["source"] if option.line is not None}
    return bool(named) and view.figure.line.sentence.paragraph not in named


def _gold_target(scene: Scene, view: View, claims: Sequence[Record]) -> Target:
    """Give an article's truth of a figure: the claims of its value, as far as they agree."""
    amount = view.figure.amount
    same = [claim for claim in claims if _is_mention(view, claim)]
    near = [claim for claim in same if claim["value"] == amount.value] or same
    if "start" in (near[0] if near else {}):
        near = [claim for claim in near if claim["start"] < amount.end and amount.start < claim["end"]] or near
    if not near:
        return Target(role=0)
    names = {value: name for name, value in METRICS.items()}

    def agreed(name: str) -> Any:  # noqa: ANN401 -- a field's value, or the mark that they differ
        values = [claim.get(name) for claim in near]
        return values[0] if all(value == values[0] for value in values) else ...

    status, side, metric = agreed("status"), agreed("side"), agreed("metric")
    truth: dict[Field, Any] = {
        "window": agreed("window"), "asset": agreed("asset"), "venue": agreed("venue"), "side": side,
        "source": agreed("attributed_to"),
    }  # fmt: skip
    return Target(
        role=HEAD_ROLES.index(names[near[0]["metric"] if metric is ... else metric]),
        status=UNKNOWN if status is ... else STATUSES.index(status or "asserted"),
        side=UNKNOWN if side is ... else SIDES.index(side or "both"),
        options={
            name: None
            if truth[name] is ...
            else _right(scene, name, truth[name] or (ALL if name != "window" else None))
            for name in FIELDS
        },
    )


def _is_mention(view: View, claim: Record) -> bool:
    """Tell whether a figure states a claim's value in its unit, or rounds it."""
    amount = view.figure.amount
    unit = claim.get("unit", "USD")
    if unit == "traders":
        units = amount.kind in ("count", "bare")
    else:
        units = amount.unit == unit and (amount.kind != "bare" or amount.scaled)
    value = float(claim["value"])
    return units and (abs(amount.value - value) <= 0.005 * value or rounds(amount.value, value))


def _right(scene: Scene, name: Field, truth: Window | Record | str | None) -> NDArray[np.bool_]:
    """Mark the options of a scene that say a field's truth."""
    options = scene.options[name]
    right = np.array([_says(name, option, truth) for option in options])
    nothing = truth in (None, ALL, "both")
    right[0] = nothing
    if not right.any():
        right[1] = True  # said, but farther away
    return right


def _says(name: Field, option: Option, truth: Window | Record | str | None) -> bool:
    if option.start in (NONE, FAR):
        return False
    if name != "window":
        return str(option.value).casefold() == str(truth).casefold()
    if truth is None:
        return option.value is None  # a time that settles nothing is why there is none
    if isinstance(truth, str):
        return False
    told = truth.model_dump(mode="json") if isinstance(truth, Window) else truth
    return isinstance(option.value, Window) and same_window(told, option.value.model_dump(mode="json"))
