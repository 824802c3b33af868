"""Bot walls by name: pages that stand in for the one we asked for, and would else look like empty articles."""

from __future__ import annotations

from collections.abc import Mapping

#: What each wall's page holds, in its first bytes, lower case; marks that no article's own text has.
_WALLS: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    (
        "Cloudflare",
        (
            b"<title>just a moment...</title>",
            b"cf-chl-",
            b"attention required! | cloudflare",
            b"cf-browser-verification",
        ),
    ),
    ("Incapsula", (b"_incapsula_resource",)),
    ("DataDome", (b"captcha-delivery.com",)),
    ("PerimeterX", (b"px-captcha",)),
    ("Akamai", (b"errors.edgesuite.net",)),
    ("Imperva", (b"pardon our interruption",)),
    ("DDoS-Guard", (b"<title>ddos-guard</title>",)),
    ("Sucuri", (b"sucuri website firewall - access denied",)),
    ("a captcha", (b"<title>captcha", b"<title>are you a robot", b"<title>robot check", b"<title>human verification")),
)
#: A wall's page is small; a long page with such a mark in a script is an article behind the same vendor.
_LARGEST = 200_000


def bot_wall(body: bytes, headers: Mapping[str, str] | None = None) -> str | None:
    """Name the wall that a page is, or give None for a page that is none."""
    if (headers or {}).get("cf-mitigated", "").lower() == "challenge":
        return "Cloudflare"
    if len(body) > _LARGEST:
        return None
    head = body[:30_000].lower()
    return next((name for name, marks in _WALLS if any(mark in head for mark in marks)), None)
