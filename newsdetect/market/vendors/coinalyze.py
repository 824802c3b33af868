"""Coinalyze: liquidation history of a venue's perpetuals, by key; 40 calls a minute, each symbol counts as one.

A coin at a venue is the sum of its perpetuals in dollars (USDT, USDC, USD), each a call of its own. The first is
the main one: Coinalyze leaves buckets out, and one left out of the main contract is no data, whatever the others tell;
one left out of another contract adds nothing, as most such contracts rest for hours. Times are seconds: milliseconds
give `[]` without a word. Amounts are in coins unless dollars are asked for, as here. Intraday buckets are kept for some
2,000 of each length, days for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from newsdetect.config import HistorySettings
from newsdetect.errors import FetchError, UsageError
from newsdetect.fetch import ApiAnswer, Fetcher, Pace
from newsdetect.market.coins import coin_of
from newsdetect.market.vendors.buckets import Collected, Page, Stretch, Told, collect, field_of, milliseconds
from newsdetect.market.vendors.keyed import keyed_client, said_in, shape

SOURCE = "Coinalyze"
#: Buckets a call; what is kept of an intraday length is about twice as much.
_MOST = 1000
NAMES: Mapping[int, str] = {
    60: "1min", 300: "5min", 900: "15min", 1800: "30min", 3600: "1hour", 7200: "2hour", 14_400: "4hour",
    21_600: "6hour", 43_200: "12hour", 86_400: "daily",
}  # fmt: skip
_QUOTES = ("USDT", "USDC", "USD")
#: Perpetuals of one coin that are summed at most; no venue has so many.
_SYMBOLS = 20


class Coinalyze:
    """Asks Coinalyze; one client keeps the key's pace over all its calls."""

    def __init__(self, fetcher: Fetcher, settings: HistorySettings, *, pace: Pace | None = None) -> None:
        self._url = settings.coinalyze.url.rstrip("/")
        self.api = keyed_client(fetcher, settings, name=SOURCE, table="coinalyze", header="api_key", pace=pace)

    def symbols(self, venue: str, asset: str) -> tuple[str, ...]:
        """Give Coinalyze's symbols of a coin's perpetuals at a venue, the main one first.

        Multiples of the coin (1000PEPE) are its perpetuals, too. Raise UsageError that says what there is.
        """
        codes = {str(row.get("name", "")).casefold(): row.get("code") for row in self._exchanges}
        code = codes.get(venue.casefold())
        if code is None:
            raise UsageError(f"Coinalyze knows no venue {venue}; it knows {', '.join(sorted(codes))}", key="--venue")
        mine = [
            row for row in self._markets
            if row.get("exchange") == code and coin_of(str(row.get("base_asset"))).asset == asset
            and row.get("is_perpetual") is True
        ]  # fmt: skip
        found = [
            symbol
            for quote in _QUOTES
            for symbol in sorted(str(row.get("symbol")) for row in mine if row.get("quote_asset") == quote)
        ]
        if found:
            return tuple(found[:_SYMBOLS])
        others = ", ".join(sorted(str(row.get("symbol")) for row in mine)) or "none"
        raise UsageError(
            f"Coinalyze lists no perpetual of {asset} in {', '.join(_QUOTES)} at {venue}; of {asset}: {others}",
            key="--asset",
        )

    def history(self, symbols: Sequence[str], asked: Stretch) -> Collected:
        """Give the bars of perpetuals summed, the main one first; fields of `bars` but those of the scope."""

        def ask(one: int, other: int) -> Page:
            # Each symbol counts as a call, so that each is one: the pace then knows of it.
            answers = [self._told(symbol, one, other, asked.seconds) for symbol in symbols]
            main, *others = [dict(rows) for _, rows in answers]
            rows = [
                (start, _summed([told, *(each[start] for each in others if start in each)]))
                for start, told in main.items()
            ]
            return Page(rows, answers[0][0].asked_at, min(answer.ended_by for answer, _ in answers))

        return collect(ask, asked, most=_MOST, who=SOURCE)

    def _told(
        self, symbol: str, first_ms: int, end_ms: int, seconds: int
    ) -> tuple[ApiAnswer, list[tuple[int, Mapping[str, Told]]]]:
        """Ask for one perpetual's buckets."""
        answer = self._get(
            "/liquidation-history",
            {
                "symbols": symbol, "interval": NAMES[seconds], "from": first_ms // 1000, "to": end_ms // 1000 - 1,
                "convert_to_usd": "true",
            },
        )  # fmt: skip
        told = history_rows(self._records(answer), SOURCE)
        return answer, [(start, row) for name, start, row in told if self._mine(answer, name, symbol)]

    @cached_property
    def _exchanges(self) -> list[Mapping[str, Any]]:
        return self._records(self._get("/exchanges", {}))

    @cached_property
    def _markets(self) -> list[Mapping[str, Any]]:
        return self._records(self._get("/future-markets", {}))

    def _get(self, path: str, parameters: Mapping[str, str | int]) -> ApiAnswer:
        return self.api.get(self._url + path, parameters, judge=self._judge)

    def _judge(self, answer: ApiAnswer) -> None:
        """Take an object with a `message` for the fault that it is, whatever the status says."""
        said = said_in(answer, "message", "error")
        if "api key" in said.casefold() or "api_key" in said.casefold():
            raise self.api.key_refused(said)
        # Of a 403 the client knows what it is.
        if said and answer.status != 403:
            raise self.api.fault(FetchError, answer, said)

    def _records(self, answer: ApiAnswer) -> list[Mapping[str, Any]]:
        data = answer.data
        if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
            raise shape(self.api, answer, "list")
        if any("history" in row and not _is_history(row["history"]) for row in data):
            raise shape(self.api, answer, "list under `history`")
        return data

    def _mine(self, answer: ApiAnswer, name: str, symbol: str) -> bool:
        if name != symbol:
            raise shape(self.api, answer, f"rows of {symbol} alone")
        return True


def _summed(many: Sequence[Mapping[str, Told]]) -> dict[str, Told]:
    """Add contracts up; a figure that is none makes the sum none, for the rules to tell."""
    if len(many) == 1:
        return dict(many[0])
    return {name: _sum([one.get(name) for one in many]) for name in ("long_usd", "short_usd")}


def _sum(figures: Sequence[Told]) -> Told:
    total = 0.0
    for figure in figures:
        try:
            amount = float(figure if figure is not None else "")
        except ValueError:
            return figure
        if not amount >= 0:
            return figure
        total += amount
    return total


def history_rows(records: Sequence[Mapping[str, Any]], who: str) -> Iterator[tuple[str, int, Mapping[str, Told]]]:
    """Read the liquidation history: symbol, start in ms, amounts; raise BrokenAnswer for a row without a time."""
    for record in records:
        for row in record.get("history", []):
            told = {"long_usd": field_of(row, "l"), "short_usd": field_of(row, "s")}
            yield str(record.get("symbol", "")), milliseconds(row.get("t"), who), told


def _is_history(history: object) -> bool:
    return isinstance(history, list) and all(isinstance(row, dict) for row in history)
