"""Small pages of our own writing."""

from __future__ import annotations

import json

PROSE = (
    "Traders on three venues lost $343 million within the hour, and most of it came from long positions opened late.",
    "The evening began quietly. Nobody had asked for more margin until the books grew thin and stops were reached.",
    "By midnight the count stood at $904 million, which is about what a bad day in the spring of that year brought.",
)


def make_page(
    *paragraphs: str,
    title: str = "Longs lose $343 million in an hour",
    head: str = "",
    after: str = "",
    ld: dict[str, object] | None = None,
) -> str:
    """Make an article page: a heading, paragraphs, and whatever a house hangs under them."""
    body = "".join(f"<p>{each}</p>" for each in paragraphs or PROSE)
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld else ""
    return (
        f"<!DOCTYPE html><html lang='en-GB'><head><title>{title}</title>{head}{script}</head><body>"
        f"<nav><a href='/'>Home</a><a href='/markets'>Markets</a></nav><main><article><h1>{title}</h1>{body}{after}"
        "</article></main><footer><p>All rights reserved.</p></footer></body></html>"
    )
