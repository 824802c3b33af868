"""One training run from files to files: read passages and labels, train, choose thresholds, export, write the card.

What is learned from: all passages but the held-out families, and of the stand-off labels those whose articles are at
hand. What is missing is said, and the run goes on with the written corpus alone.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch

from newsdetect.bundled import fixtures
from newsdetect.claims.decoding import Trust
from newsdetect.claims.extract import extract as by_rules
from newsdetect.claims.tagger import Tagger, load_tagger
from newsdetect.claims.trained import extract_with
from newsdetect.documents.document import Document
from newsdetect.errors import UsageError
from newsdetect.evaluation.run import GoldSet, read_gold
from newsdetect.evaluation.scores import RATES, score
from newsdetect.pipeline import Extractor
from newsdetect.training.card import METRICS, WRITTEN_ALONE, write_card
from newsdetect.training.dataset import Example, from_articles, from_passages
from newsdetect.training.export import describe, export
from newsdetect.training.gold import gold_record
from newsdetect.training.network import Network
from newsdetect.training.passages import Passage, read_corpus
from newsdetect.training.recombining import recombined, recombined_article
from newsdetect.training.standoff import labelled
from newsdetect.training.train import LONGEST, Config, train
from newsdetect.training.trusting import choose_trust, fit_calibration, judged, reliability

Record = dict[str, Any]


@dataclass(frozen=True)
class Material:
    """What one run learns from, and what it is measured on."""

    passages: tuple[Passage, ...]
    #: Never learned from; how far the reader is believed is fitted on these, and they are scored.
    held_out: tuple[Passage, ...]
    #: Real articles with their labels, by the name of the label file.
    articles: dict[str, list[tuple[Document, Record]]]
    #: How many labelled articles were not found, by label file.
    missing: dict[str, int]
    #: Where the articles were looked for, and gold sets are.
    folder: Path | None = None
    #: Never learned from nor fitted on, but scored.
    only_scored: tuple[Passage, ...] = ()

    @property
    def texts(self) -> list[str]:
        """Every text that is learned from or measured on."""
        real = [doc.content for rows in self.articles.values() for doc, _ in rows]
        return [each.doc.content for each in (*self.passages, *self.held_out, *self.only_scored)] + real


def gather(config: Config, texts: Path | None, *, labels: Sequence[str]) -> Material:
    """Read passages and labels; `texts` is a folder of article files, or null for the written corpus alone."""
    corpus = read_corpus(fixtures() / "passages")
    held = set(config.held_out)
    kept = [each for each in corpus if each.family in held]
    articles: dict[str, list[tuple[Document, Record]]] = {}
    missing: dict[str, int] = {}
    for name in labels:
        articles[name], missing[name] = labelled(name, texts)
    return Material(
        passages=tuple(each for each in corpus if each.family not in held),
        held_out=tuple(each for each in kept if not each.family.startswith(config.only_scored)),
        articles=articles,
        missing=missing,
        folder=texts,
        only_scored=tuple(each for each in kept if each.family.startswith(config.only_scored)),
    )


def run(config: Config, material: Material, folder: Path, *, device: str, told: Callable[[str], None]) -> None:
    """Train, export, choose how far the reader is believed, measure, and write the card; all into `folder`."""
    for name, count in material.missing.items():
        if count:
            told(f"labels of {name}: {count} articles are not at hand; they are left out")
    start = time.monotonic()
    network = train(rounds(material, config), from_passages(material.held_out), config, device=device, told=told)
    network.to("cpu")
    trained = f"by `newsdetect train` on {device} in {(time.monotonic() - start) / 60:.0f} minutes"
    finish(network, config, material, folder, trained=trained, told=told)
    told(f"done in {(time.monotonic() - start) / 60:.0f} minutes; written to {folder}")


def run_written_alone(
    config: Config, material: Material, folder: Path, *, device: str, told: Callable[[str], None]
) -> None:
    """Train on the written corpus alone, as who has no articles must, and leave its scores for the card in `folder`."""
    alone = replace(material, articles={}, missing={})
    start = time.monotonic()
    network = train(rounds(alone, config), from_passages(alone.held_out), config, device=device, told=told)
    network.to("cpu")
    trained = f"of {config.epochs} passes on {device} in {(time.monotonic() - start) / 60:.0f} minutes"
    score_written_alone(network, config, alone, folder, trained=trained)


def score_written_alone(network: Network, config: Config, material: Material, folder: Path, *, trained: str) -> None:
    """Score a network that learned from the written corpus alone, and write that down in `folder`.

    `trained` says how it was: "of 3 passes on cpu in 80 minutes".
    """
    with TemporaryDirectory() as scratch:
        place = Path(scratch)
        export(network, place, texts=material.texts)
        describe(place, name=config.name, longest=LONGEST, trust=Trust(), calibration=(1.0, 0.0))
        raw = load_tagger(place, threads=2)
        tagger = replace(raw, trust=replace(choose_trust(raw, from_passages(material.held_out)), **config.trust))
        scores = scores_on(tagger, config, material)
    own = {name: readers["newsdetect"] for name, readers in scores.items()}
    told = {"trained": trained, "scores": own}
    (folder / WRITTEN_ALONE).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def rounds(material: Material, config: Config) -> list[list[Example]]:
    """Give what the epochs see in turn: the corpus as written, then recombined, the real articles beside each.

    Real articles are seen several times an epoch (`Config.real_weight`), recombined each time but the first.
    """
    generator = np.random.default_rng(config.seed)
    seen = []
    for version in range(config.versions):
        written = [recombined(passage, generator) if version else passage for passage in material.passages]
        examples = from_passages(written)
        for name, rows in material.articles.items():
            examples += from_articles(rows, name)
            for _ in range(config.real_weight - 1):
                examples += from_articles((recombined_article(*row, generator) for row in rows), name)
        seen.append(examples)
    return seen


def finish(  # noqa: PLR0913 -- a network with all that its card says of it
    network: Network,
    config: Config,
    material: Material,
    folder: Path,
    *,
    trained: str,
    told: Callable[[str], None],
) -> None:
    """Write a trained network as the model that ships, with its card; `trained` says how and where it was."""
    pieces = export(network, folder, texts=material.texts)
    describe(folder, name=config.name, longest=LONGEST, trust=Trust(), calibration=(1.0, 0.0))
    settle(config, material, folder, pieces=pieces, trained=trained, told=told)


def settle(  # noqa: PLR0913 -- as above
    config: Config, material: Material, folder: Path, *, pieces: int, trained: str, told: Callable[[str], None]
) -> None:
    """Choose how far an exported model is believed, measure it, and write `model.toml` and the card."""
    told("choosing how far it is believed on the held-out families")
    # A folder that was settled before has a calibration: the next is fitted to the chances without it.
    raw = replace(load_tagger(folder, threads=2), calibration=(1.0, 0.0))
    trust = replace(choose_trust(raw, from_passages(material.held_out)), **config.trust)
    # Fitted on one half of the held-out passages, told of the other.
    fitted, other = material.held_out[::2], material.held_out[1::2]
    calibration = fit_calibration(judged(replace(raw, trust=trust), fitted))
    describe(folder, name=config.name, longest=LONGEST, trust=trust, calibration=calibration)
    tagger = load_tagger(folder, threads=2)
    told(f"{trust}")
    metrics = {
        **summary(config, material),
        "trained": trained,
        "word_pieces": pieces,
        "scores": scores_on(tagger, config, material),
        "reliability": reliability(judged(tagger, other)),
    }
    write_card(folder, metrics)


def settle_again(config: Config, material: Material, folder: Path, *, told: Callable[[str], None]) -> None:
    """Settle a model that was trained before, once rules or what it is measured on have changed; its weights stay."""
    try:
        before = json.loads((folder / METRICS).read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise UsageError(f"{fault.filename}: no model was trained there; leave out --settle", key="--settle") from fault
    settle(config, material, folder, pieces=before["word_pieces"], trained=before["trained"], told=told)


def scores_on(tagger: Tagger, config: Config, material: Material) -> dict[str, dict[str, dict[str, float]]]:
    """Score the reader and the rules on what is held out and the gold sets at hand: set → reader → score → F1."""
    sets = {name: _gold_set(part) for name, part in parts(config, (*material.held_out, *material.only_scored)).items()}
    places = {"own gold set": fixtures() / "gold"}
    if material.folder is not None:
        places |= {name: material.folder / "eval" / name for name in ("validation", "dev", "train")}
    for name, place in places.items():
        if (place / "gold.jsonl").is_file():
            sets[name] = read_gold(place / "articles.jsonl", place / "gold.jsonl")
    readers: dict[str, Extractor] = {"newsdetect": partial(extract_with, tagger), "rules alone": by_rules}
    return {name: {reader: f1s(given, extract) for reader, extract in readers.items()} for name, given in sets.items()}


def parts(config: Config, held_out: Sequence[Passage]) -> dict[str, list[Passage]]:
    """Give the held-out passages by the name that they are scored under (`Config.apart`)."""
    named: dict[str, list[Passage]] = {}
    for each in held_out:
        name = next((name for start, name in config.apart.items() if each.family.startswith(start)), "passages")
        named.setdefault(f"held-out {name}", []).append(each)
    return named


def _gold_set(passages: Sequence[Passage]) -> GoldSet:
    return GoldSet({each.doc.id: each.doc for each in passages}, {each.doc.id: gold_record(each) for each in passages})


def f1s(given: GoldSet, extract: Extractor) -> dict[str, float]:
    """Give a reader's F1s on a gold set."""
    tally = score(given.gold, given.predict(extract))
    return {each: tally.rate(each).f1 for each in RATES}


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
        "passages_held_out": len(material.held_out) + len(material.only_scored),
        "families_held_out": list(config.held_out),
        "articles": {name: len(rows) for name, rows in material.articles.items()},
        "articles_missing": material.missing,
    }
