"""The trained reader at work: scenes through an int8 encoder and the heads, readings and causes out.

A model is a folder (`models/<name>/`): `encoder.onnx`, `tokenizer.json`, `heads.npz`, and `model.toml` with what the
weights were trained with. It is read once and shared between threads. ONNX Runtime and the tokenizer are loaded with
the first model, never by importing this module.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from newsdetect.bundled import models
from newsdetect.claims.article import Article
from newsdetect.claims.cause_joining import Seen
from newsdetect.claims.cause_spans import causes_of, distinct
from newsdetect.claims.claim import Cause
from newsdetect.claims.decoding import Scored, Trust, decode
from newsdetect.claims.heads import Heads, States
from newsdetect.claims.meaning import Reading
from newsdetect.claims.scene import Scene
from newsdetect.claims.scene_features import FIGURE_COLUMNS, PAIR_COLUMNS
from newsdetect.claims.scene_marks import piece_marks
from newsdetect.claims.scenes import scenes
from newsdetect.claims.tagging import Offsets
from newsdetect.errors import ModelError

#: The model that ships.
SHIPPED = "claim-reader"
_FILES = ("encoder.onnx", "tokenizer.json", "heads.npz", "model.toml")
#: Scenes that are encoded at once; more are no faster on a few cores.
_BATCH = 8
_RESTORE = "restore it by `git checkout -- models`, install newsdetect again, or train it anew by `newsdetect train`"


@dataclass(frozen=True)
class Encoded:
    """One scene's word pieces: their states (length, width), and their characters."""

    states: States
    offsets: Offsets


@dataclass(frozen=True)
class Read:
    """What a reader makes of an article."""

    #: One reading of each figure that is a claim, in order of the text.
    readings: tuple[Reading, ...]
    #: The causes that it finds, and what it makes of any other words.
    causes: tuple[Cause, ...]
    seen: Seen


#: Scenes in, their encodings out, in order.
Encoder = Callable[[Sequence[Scene]], Iterator[Encoded]]


@dataclass(frozen=True)
class Tagger:
    """A trained reader. Safe to share between threads."""

    name: str
    encoder: Encoder
    heads: Heads
    trust: Trust
    #: Slope and shift that bring a claim's raw chance to how often such a claim is right.
    calibration: tuple[float, float] = (1.0, 0.0)

    def read(self, article: Article) -> Read:
        """Read an article's figures, and the causes that its words name, in one pass of the encoder."""
        scored: list[Scored] = []
        causes: list[Cause] = []
        seen = Seen()
        shown = scenes(article)
        for scene, encoded in zip(shown, self.encoder(shown), strict=True):
            scored += self.heads.score(scene, encoded.states, encoded.offsets)
            tags = self.heads.cause_tags(encoded.states)
            seen.add(scene, encoded.offsets, tags)
            causes += causes_of(scene, encoded.states, encoded.offsets, tags, self.heads, name=self.name)
        readings = decode(article, scored, name=self.name, trust=self.trust, calibration=self.calibration)
        return Read(readings, distinct(causes), seen)


def load_tagger(folder: Path | None = None, *, threads: int = 1) -> Tagger:
    """Load a model's folder, by default the shipped one.

    Raise ModelError that names the file and the command that restores it where one is missing, damaged, or of another
    version.
    """
    place = folder or models() / SHIPPED
    if missing := [name for name in _FILES if not (place / name).is_file()]:
        raise ModelError(f"{place / missing[0]} is missing: {_RESTORE}", key=str(place / missing[0]))
    told = _described(place / "model.toml")
    heads = _heads(place / "heads.npz", told)
    encoder = onnx_encoder(place, longest=int(told["longest"]), threads=threads)
    return Tagger(
        name=str(told["name"]),
        encoder=encoder,
        heads=heads,
        trust=Trust(**told["trust"]),
        calibration=tuple(told["calibration"]),
    )


def onnx_encoder(folder: Path, *, longest: int, threads: int) -> Encoder:
    """Give the encoder of a model's folder on ONNX Runtime; raise ModelError where its files are damaged."""
    # Both are a second of start-up that only articles with figures need.
    import onnxruntime  # noqa: PLC0415
    from tokenizers import Tokenizer  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
    except Exception as fault:  # the runtime raises types of its own that share no base
        raise ModelError(f"{folder / 'encoder.onnx'} is damaged ({fault}): {_RESTORE}", key=str(folder)) from fault
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as fault:  # as above
        raise ModelError(f"{folder / 'tokenizer.json'} is damaged ({fault}): {_RESTORE}", key=str(folder)) from fault
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)

    def run(tokens: Any, mask: Any, marks: Any) -> Any:  # noqa: ANN401 -- arrays of the runtime
        given = {"input_ids": tokens, "attention_mask": mask, "kinds": marks[0], "places": marks[1]}
        return session.run(None, given)[0]

    return batched(tokenizer, run)


def batched(tokenizer: Any, run: Callable[[Any, Any, Any], Any]) -> Encoder:  # noqa: ANN401 -- a tokenizers.Tokenizer
    """Make an encoder of a tokenizer and what runs word pieces, their mask and marks; batches are of like length."""

    def encode(shown: Sequence[Scene]) -> Iterator[Encoded]:
        pieces = tokenizer.encode_batch([scene.text for scene in shown])
        order = sorted(range(len(pieces)), key=lambda at: len(pieces[at].ids))
        found: dict[int, Encoded] = {}
        for start in range(0, len(order), _BATCH):
            group = order[start : start + _BATCH]
            length = max(len(pieces[at].ids) for at in group)
            tokens = np.zeros((len(group), length), dtype=np.int64)
            mask = np.zeros((len(group), length), dtype=np.int64)
            marks = np.zeros((2, len(group), length), dtype=np.int64)
            for row, at in enumerate(group):
                tokens[row, : len(pieces[at].ids)] = pieces[at].ids
                mask[row, : len(pieces[at].ids)] = 1
                marks[:, row, : len(pieces[at].ids)] = piece_marks(shown[at], pieces[at].offsets)
            states = run(tokens, mask, marks)
            for row, at in enumerate(group):
                own = np.asarray(states[row, : len(pieces[at].ids)], dtype=np.float32)
                found[at] = Encoded(own, pieces[at].offsets)
        yield from (found[at] for at in range(len(pieces)))

    return encode


def _described(file: Path) -> dict[str, Any]:
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        columns = (tuple(told["figure_columns"]), tuple(told["pair_columns"]))
    except (OSError, KeyError, ValueError) as fault:
        raise ModelError(f"{file} is damaged ({fault}): {_RESTORE}", key=str(file)) from fault
    if columns != (FIGURE_COLUMNS, PAIR_COLUMNS):
        raise ModelError(f"{file}: the model was trained for another version of newsdetect: {_RESTORE}", key=str(file))
    return told


def _heads(file: Path, told: dict[str, Any]) -> Heads:
    try:
        # Opened here, for numpy leaves a file open that turns out to be no archive.
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as weights:
            return Heads(dict(weights), tuple(told["answers"]))
    except (OSError, ValueError, KeyError, BadZipFile, EOFError) as fault:
        raise ModelError(f"{file} is damaged ({fault}): {_RESTORE}", key=str(file)) from fault
