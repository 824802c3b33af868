"""Examples as tensors: word pieces, spans in word pieces, tables and targets of a few scenes at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from newsdetect.claims.scene import FIELDS, Field
from newsdetect.claims.scene_marks import piece_marks
from newsdetect.claims.tagging import Offsets, cause_tags, token_span
from newsdetect.training.dataset import UNKNOWN, Example, Target


@dataclass
class Batch:
    """A few scenes as tensors; spans are rows of (scene, first word piece, last + 1)."""

    tokens: Tensor
    mask: Tensor
    #: What each piece is part of, and in which part of the article (`claims.scene_marks`).
    kinds: Tensor
    places: Tensor
    figures: Tensor
    sentences: Tensor
    columns: Tensor
    roles: Tensor
    fine: Tensor
    statuses: Tensor
    sides: Tensor
    #: By field: the figure of each pair, the option's span (first < 0: NONE or FAR), columns, whether it is right, and
    #: whether the figure is to be learned from.
    pairs: dict[str, tuple[Tensor, Tensor, Tensor, Tensor, Tensor]]
    #: Tags of word pieces; UNKNOWN is not learned from.
    cause_tags: Tensor
    cause_spans: Tensor
    cause_roles: Tensor

    def hide(self, share: float, generator: np.random.Generator, mask: int) -> None:
        """Put `mask` in the place of a share of the word pieces, never of a special one."""
        drawn = torch.from_numpy(generator.random(tuple(self.tokens.shape), dtype=np.float32)) < share
        # The special pieces have the lowest ids.
        self.tokens = torch.where(drawn & (self.tokens > mask), mask, self.tokens)

    def to(self, device: str) -> Batch:
        """Give the batch on another device."""
        moved = {
            name: {key: tuple(each.to(device) for each in value[key]) for key in value}
            if isinstance(value, dict)
            else value.to(device)
            for name, value in vars(self).items()
        }
        return Batch(**moved)


def batches(
    examples: Sequence[Example],
    tokenizer: Tokenizer,
    *,
    size: int,
    generator: np.random.Generator | None = None,
) -> Iterator[Batch]:
    """Yield batches of scenes of like length; with a generator in an order of its choosing."""
    order = np.argsort([len(example.scene.text) for example in examples], kind="stable")
    groups = [order[at : at + size] for at in range(0, len(order), size)]
    if generator is not None:
        jitter = np.array([len(each.scene.text) for each in examples]) + generator.normal(0, 60, len(examples))
        order = np.argsort(jitter)
        groups = [order[at : at + size] for at in range(0, len(order), size)]
        generator.shuffle(groups)
    for group in groups:
        yield _batch([examples[number] for number in group], tokenizer)


def _batch(examples: Sequence[Example], tokenizer: Tokenizer) -> Batch:
    encoded = tokenizer.encode_batch([example.scene.text for example in examples])
    length = max(len(each.ids) for each in encoded)
    tokens = np.zeros((len(encoded), length), dtype=np.int64)
    mask = np.zeros((len(encoded), length), dtype=np.int64)
    marks = np.zeros((2, len(encoded), length), dtype=np.int64)
    tags = np.full((len(encoded), length), UNKNOWN, dtype=np.int64)
    figures: list[tuple[int, int, int]] = []
    sentences: list[tuple[int, int, int]] = []
    rows: list[Any] = []
    targets: list[Target] = []
    pairs: dict[str, list[list[Any]]] = {name: [[], [], [], [], []] for name in FIELDS}
    spans: list[tuple[int, int, int]] = []
    roles: list[int] = []
    for number, (example, each) in enumerate(zip(examples, encoded, strict=True)):
        tokens[number, : len(each.ids)] = each.ids
        mask[number, : len(each.ids)] = 1
        offsets = each.offsets
        marks[:, number, : len(each.ids)] = piece_marks(example.scene, offsets)
        first_figure = len(figures)
        for view, row, target in zip(example.scene.views, example.figures, example.targets, strict=True):
            figures.append((number, *token_span(offsets, view.start, view.end)))
            sentences.append((number, *token_span(offsets, *view.sentence)))
            rows.append(row)
            targets.append(target)
        for name in FIELDS:
            _add_pairs(pairs[name], example, name, offsets=offsets, number=number, first_figure=first_figure)
        if example.event:
            tags[number, : len(each.ids)] = cause_tags(offsets, example.causes)
        for start, end, _, role in example.causes:
            if example.event:
                spans.append((number, *token_span(offsets, start, end)))
                roles.append(("trigger", "amplifier", "mechanism", "denied").index(role))
    return Batch(
        tokens=torch.from_numpy(tokens),
        mask=torch.from_numpy(mask),
        kinds=torch.from_numpy(marks[0]),
        places=torch.from_numpy(marks[1]),
        figures=torch.tensor(figures, dtype=torch.long).reshape(-1, 3),
        sentences=torch.tensor(sentences, dtype=torch.long).reshape(-1, 3),
        columns=torch.from_numpy(np.array(rows, dtype=np.float32)),
        roles=torch.tensor([target.role for target in targets], dtype=torch.long),
        fine=torch.tensor([target.fine for target in targets], dtype=torch.long),
        statuses=torch.tensor([target.status for target in targets], dtype=torch.long),
        sides=torch.tensor([target.side for target in targets], dtype=torch.long),
        pairs={name: _pair_tensors(*pairs[name]) for name in FIELDS},
        cause_tags=torch.from_numpy(tags),
        cause_spans=torch.tensor(spans, dtype=torch.long).reshape(-1, 3),
        cause_roles=torch.tensor(roles, dtype=torch.long),
    )


def _add_pairs(  # noqa: PLR0913 -- one scene with its places
    into: list[list[Any]],
    example: Example,
    name: Field,
    *,
    offsets: Offsets,
    number: int,
    first_figure: int,
) -> None:
    """Add the pairs of one scene and field."""
    options = example.scene.options[name]
    table = example.pairs[name].reshape(len(example.targets), len(options), -1)
    places = [
        (number, option.start, option.start)
        if option.start < 0
        else (number, *token_span(offsets, option.start, option.end))
        for option in options
    ]
    for at, target in enumerate(example.targets):
        right = target.options.get(name) if target.role else None
        into[0].extend([first_figure + at] * len(options))
        into[1].extend(places)
        into[2].append(table[at])
        into[3].append(np.zeros(len(options), dtype=np.float32) if right is None else right.astype(np.float32))
        into[4].append(right is not None)


def _pair_tensors(
    figures: list[int], spans: list[Any], tables: list[Any], right: list[Any], learned: list[bool]
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    return (
        torch.tensor(figures, dtype=torch.long),
        torch.tensor(spans, dtype=torch.long).reshape(-1, 3),
        torch.from_numpy(np.concatenate(tables).astype(np.float32)),
        torch.from_numpy(np.concatenate(right)),
        torch.tensor(learned, dtype=torch.bool),
    )
