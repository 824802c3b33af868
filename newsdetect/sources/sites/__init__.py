"""Site rules: pages whose structure is known better than the general extractor can guess."""

from __future__ import annotations

from urllib.parse import urlsplit

from newsdetect.sources.sites import ainvest, coinmarketcap
from newsdetect.sources.sites.structure import Scraped


def scrape_site(html: str, url: str | None) -> Scraped | None:
    """Read a page by its site's rule; None where the site has none, or the rule finds nothing."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return None
    if _is_of(host, ainvest.HOSTS):
        return ainvest.scrape(html)
    if _is_of(host, coinmarketcap.HOSTS) and coinmarketcap.is_community(url or ""):
        return coinmarketcap.scrape(html)
    return None


def _is_of(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in hosts)
