"""From a trained network to the files that ship: an int8 encoder, the heads in half precision, a trimmed tokenizer.

The vocabulary is cut to the pieces that news needs: what the training texts and the fixtures use, and all short pieces,
so that any word can still be spelled. Weights are quantised per output channel, which keeps more of each than one scale
per tensor.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from newsdetect.claims.decoding import Trust
from newsdetect.claims.scene_features import FIGURE_COLUMNS, PAIR_COLUMNS
from newsdetect.training.base import base_folder
from newsdetect.training.dataset import HEAD_ROLES, SIDES, STATUSES
from newsdetect.training.network import Network

#: Pieces of at most this many characters (without the mark of a continuation) always stay.
_SHORT = 3


def export(network: Network, folder: Path, *, texts: Iterable[str]) -> int:
    """Write `encoder.onnx`, `tokenizer.json` and `heads.npz` into a folder; give how many word pieces were kept."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = kept_pieces(texts)
    (folder / "tokenizer.json").write_text(_trimmed_tokenizer(kept), encoding="utf-8")
    _write_encoder(network, kept, folder / "encoder.onnx")
    heads = {
        key: value.detach().numpy().astype(np.float16)
        for key, value in network.state_dict().items()
        if not key.startswith(("encoder.", "fine.", "kinds", "places"))
    }
    np.savez_compressed(folder / "heads.npz", **heads)
    return len(kept)


def kept_pieces(texts: Iterable[str]) -> list[int]:
    """Give the ids of the word pieces that stay, in their order: special ones, short ones, and those of the texts."""
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    used: set[int] = set()
    for each in tokenizer.encode_batch(list(texts)):
        used.update(each.ids)
    vocabulary = tokenizer.get_vocab()
    for piece, number in vocabulary.items():
        special = piece.startswith("[") and piece.endswith("]") and not piece.startswith("[unused")
        if special or (len(piece.removeprefix("##")) <= _SHORT and not piece.startswith("[unused")):
            used.add(number)
    return sorted(used)


def _trimmed_tokenizer(kept: list[int]) -> str:
    """Give the tokenizer's file with the kept pieces alone, numbered anew."""
    data: dict[str, Any] = json.loads((base_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    numbers = {old: new for new, old in enumerate(kept)}
    data["model"]["vocab"] = {piece: numbers[old] for piece, old in data["model"]["vocab"].items() if old in numbers}
    for token in data["added_tokens"]:
        token["id"] = numbers[token["id"]]
    for special in (data["post_processor"].get("special_tokens") or {}).values():
        special["ids"] = [numbers[each] for each in special["ids"]]
    for key in ("cls", "sep"):
        if isinstance(data["post_processor"].get(key), list):
            word, old = data["post_processor"][key]
            data["post_processor"][key] = [word, numbers[old]]
    data["padding"] = data["truncation"] = None
    return json.dumps(data, ensure_ascii=False)


class _States(torch.nn.Module):
    """The encoder alone, with its states as the only output."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, kinds: torch.Tensor, places: torch.Tensor
    ) -> torch.Tensor:
        return self.network.states(input_ids, attention_mask, kinds, places)


def _write_encoder(network: Network, kept: list[int], target: Path) -> None:
    """Export the encoder over the kept pieces and quantise it."""
    encoder = network.cpu().eval().encoder
    whole = encoder.embeddings.word_embeddings.weight.detach()
    encoder.embeddings.word_embeddings = torch.nn.Embedding.from_pretrained(whole[kept].clone())
    tokens = torch.randint(0, len(kept), (2, 24))
    inputs = ("input_ids", "attention_mask", "kinds", "places")
    axes = {0: "batch", 1: "length"}
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            _States(network),
            (tokens, torch.ones_like(tokens), torch.zeros_like(tokens), torch.zeros_like(tokens)),
            str(plain),
            input_names=list(inputs),
            output_names=["states"],
            dynamic_axes=dict.fromkeys((*inputs, "states"), axes),
            dynamo=False,
        )
        quantize_dynamic(str(plain), str(target), per_channel=True, weight_type=QuantType.QInt8)
    onnx.checker.check_model(str(target))


def describe(folder: Path, *, name: str, longest: int, trust: Trust, calibration: tuple[float, float]) -> None:
    """Write `model.toml`: what the weights beside it were trained with, and how far they are believed."""
    lines = [
        "# Written by `newsdetect train`: what the weights beside this file were trained with.",
        f'name = "{name}"',
        f"longest = {longest}  # word pieces of a scene",
        f"answers = [{len(HEAD_ROLES)}, {len(STATUSES)}, {len(SIDES)}]  # roles, statuses, sides",
        f"calibration = [{calibration[0]:.4f}, {calibration[1]:.4f}]  # slope and shift of a claim's log-odds",
        f"figure_columns = {json.dumps(FIGURE_COLUMNS)}",
        f"pair_columns = {json.dumps(PAIR_COLUMNS)}",
        "",
        "# What the rules' word weighs beside the reader's, in log-odds; from `least` on a figure is a claim.",
        "[trust]",
        *(f"{field} = {value}" for field, value in dataclasses.asdict(trust).items()),
    ]
    (folder / "model.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
