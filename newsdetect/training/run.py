"""One training run from files to files: read passages and labels, train, choose thresholds, export, write the card.

What is learned from: all passages but the held-out families, and of the stand-off labels those whose articles are at
hand. What is missing is said, and the run goes on with the written corpus alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from newsdetect.bundled import fixtures
from newsdetect.documents.document import Document
from newsdetect.training.dataset import Example, from_articles, from_passages
from newsdetect.training.passages import Passage, read_corpus
from newsdetect.training.standoff import find_texts, read_labels
from newsdetect.training.train import LONGEST, Config, train

Record = dict[str, Any]

#: The files of stand-off labels under fixtures/labels.
LABELS = ("train", "dev", "web")


@dataclass(frozen=True)
class Material:
    """What one run learns from, and what it is measured on."""

    passages: tuple[Passage, ...]
    held_out: tuple[Passage, ...]
    #: Real articles with their labels, by the name of the label file.
    articles: dict[str, list[tuple[Document, Record]]]
    #: How many labelled articles were not found, by label file.
    missing: dict[str, int]

    @property
    def texts(self) -> list[str]:
        """Every text that is learned from or measured on."""
        real = [doc.content for rows in self.articles.values() for doc, _ in rows]
        return [each.doc.content for each in (*self.passages, *self.held_out)] + real


def gather(config: Config, texts: Path | None, *, labels: Sequence[str]) -> Material:
    """Read passages and labels; `texts` is a folder of article files, or null for the written corpus alone."""
    corpus = read_corpus(fixtures() / "passages")
    held = set(config.held_out)
    articles: dict[str, list[tuple[Document, Record]]] = {}
    missing: dict[str, int] = {}
    for name in labels:
        records = {str(each["id"]): each for each in read_labels(fixtures() / "labels" / f"{name}.jsonl")}
        found = find_texts(texts, records) if texts is not None else {}
        articles[name] = [(doc, records[ident]) for ident, doc in found.items()]
        missing[name] = len(records) - len(found)
    return Material(
        passages=tuple(each for each in corpus if each.family not in held),
        held_out=tuple(each for each in corpus if each.family in held),
        articles=articles,
        missing=missing,
    )


def run(config: Config, material: Material, folder: Path, *, device: str, told: Callable[[str], None]) -> None:
    """Train and write the model's files into `folder`."""
    from newsdetect.training.export import export  # noqa: PLC0415 -- onnx is needed at the end alone

    for name, count in material.missing.items():
        if count:
            told(f"labels of {name}: {count} articles are not at hand; they are left out")
    start = time.monotonic()
    examples: list[Example] = from_passages(material.passages)
    for name, rows in material.articles.items():
        examples += from_articles(rows, name)
    network = train(examples, from_passages(material.held_out), config, device=device, told=told)
    network.to("cpu")
    least = 0.5
    export(network, folder, texts=material.texts, name=config.name, longest=LONGEST, least=least)
    told(f"trained in {(time.monotonic() - start) / 60:.0f} minutes; written to {folder}")
    (folder / "training.json").write_text(json.dumps(summary(config, material), indent=2) + "\n", encoding="utf-8")


def best_device() -> str:
    """Give `cuda` where there is a GPU, else `cpu`."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def summary(config: Config, material: Material) -> Record:
    """Say what a run learned from."""
    return {
        "name": config.name,
        "seed": config.seed,
        "epochs": config.epochs,
        "passages": len(material.passages),
        "passages_held_out": len(material.held_out),
        "families_held_out": list(config.held_out),
        "articles": {name: len(rows) for name, rows in material.articles.items()},
        "articles_missing": material.missing,
    }
