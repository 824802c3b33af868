"""The reliability plot: what was said against what came of it, bin by bin, as a PNG.

Drawn with Pillow, one wheel without dependencies: a plotting library would weigh ten times as much for two axes and a
dozen points.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from newsdetect.evaluation.calibration import Bin

_SIZE, _LEFT, _TOP, _SIDE = (760, 820), 90, 60, 600
_INK, _PALE, _BLUE = "#1b1f24", "#d0d7de", "#0969da"


def plot(bins: Sequence[Bin], *, title: str) -> bytes:
    """Draw bins as points with their 95 % range, areas by number of claims; give the PNG's bytes."""
    image = Image.new("RGB", _SIZE, "white")
    draw = ImageDraw.Draw(image)
    small, large = ImageFont.load_default(15), ImageFont.load_default(19)
    draw.text((_LEFT, 20), title, fill=_INK, font=large)
    for tenth in range(0, 11, 2):
        share = tenth / 10
        draw.line([_at(share, 0), _at(share, 1)], fill=_PALE)
        draw.line([_at(0, share), _at(1, share)], fill=_PALE)
        x, y = _at(share, 0)
        draw.text((x - 11, y + 8), f"{share:.1f}", fill=_INK, font=small)
        x, y = _at(0, share)
        draw.text((x - 36, y - 9), f"{share:.1f}", fill=_INK, font=small)
    draw.rectangle([_at(0, 1), _at(1, 0)], outline=_INK)
    draw.line([_at(0, 0), _at(1, 1)], fill=_INK)
    most = max((one.claims for one in bins), default=1)
    for one in bins:
        half = 1.96 * math.sqrt(max(one.right * (1 - one.right), 0.25 / one.claims) / one.claims)
        low, high = _at(one.said, max(0.0, one.right - half)), _at(one.said, min(1.0, one.right + half))
        draw.line([low, high], fill=_BLUE, width=2)
        x, y = _at(one.said, one.right)
        radius = 4 + 12 * math.sqrt(one.claims / most)
        draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=_BLUE)
        draw.text((x + radius + 4, y - 8), f"{one.claims:,}", fill=_INK, font=small)
    draw.text((_LEFT + _SIDE / 2 - 110, _TOP + _SIDE + 36), "probability that was given", fill=_INK, font=small)
    draw.text((_LEFT - 70, _TOP - 22), "share that was right", fill=_INK, font=small)
    draw.text(
        (_LEFT, _TOP + _SIDE + 70), "points: claims of a bin, with their number and 95 % range; line: perfect",
        fill=_INK, font=small,
    )  # fmt: skip
    held = io.BytesIO()
    image.save(held, format="PNG", optimize=True)
    return held.getvalue()


def _at(x: float, y: float) -> tuple[float, float]:
    return _LEFT + x * _SIDE, _TOP + (1 - y) * _SIDE
