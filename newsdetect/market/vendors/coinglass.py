"""CoinGlass, API v4: liquidation history of a coin by venue, and its current trailing totals; by key.

What a figure covers depends on the venues that were asked for: one venue is asked for alone and stored under its name,
`ALL` stands for all venues that CoinGlass itself lists at the time. The history is summed up from sampled feeds, and
revised later: a row keeps when it was read. CoinGlass tells its faults in a `code` inside a body of status 200.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from newsdetect.config import HistorySettings
from newsdetect.errors import BrokenAnswer, FetchError, UsageError
from newsdetect.fetch import ApiAnswer, ApiClient, Busy, Fetcher, Pace
from newsdetect.market.vendors.buckets import Collected, Page, Stretch, Told, collect, field_of, milliseconds
from newsdetect.market.vendors.keyed import keyed_client, said_in, shape
from newsdetect.types import ALL, iso

SOURCE = "CoinGlass"
#: Buckets a call, as documented.
_MOST = 1000
#: Trailing totals that there are, in hours.
HOURS = (1, 4, 12, 24)
LONG, SHORT = "aggregated_long_liquidation_usd", "aggregated_short_liquidation_usd"
_HISTORY = "/api/futures/liquidation/aggregated-history"
_TOTALS = "/api/futures/liquidation/exchange-list"
_KEY_WORDS = ("api key", "apikey", "api-key", "secret invalid")


class CoinGlass:
    """Asks CoinGlass; one client keeps the key's pace over all its calls."""

    def __init__(self, fetcher: Fetcher, settings: HistorySettings, *, pace: Pace | None = None) -> None:
        self._url = settings.coinglass.url.rstrip("/")
        self.api = keyed_client(fetcher, settings, name=SOURCE, table="coinglass", header="CG-API-KEY", pace=pace)

    def venues(self) -> list[str]:
        """Name the venues that CoinGlass sums up now."""
        answer = self._get(_TOTALS, {"range": "24h"})
        named = [str(row.get("exchange", "")) for row in _records(self.api, answer)]
        return [name for name in named if name and name.upper() != ALL]

    def history(self, venues: Sequence[str], asset: str, asked: Stretch) -> Collected:
        """Give the bars of a coin, summed over `venues`; fields of `bars` but those of the scope."""

        def ask(one: int, other: int) -> Page:
            answer = self._get(
                _HISTORY,
                {
                    "exchange_list": ",".join(venues), "symbol": asset, "interval": asked.interval, "limit": _MOST,
                    "start_time": one, "end_time": other - 1,
                },
            )  # fmt: skip
            return Page(list(history_rows(_records(self.api, answer), SOURCE)), answer.asked_at, answer.ended_by)

        return collect(ask, asked, most=_MOST, who=SOURCE)

    def totals(self, hours: int, asset: str) -> list[dict[str, Told]]:
        """Give the trailing totals of now by venue, `ALL` among them, as rows of `snapshots`; the coin `ALL` is all."""
        if hours not in HOURS:
            raise UsageError(f"CoinGlass tells totals of {', '.join(map(str, HOURS))} hours, not of {hours}")
        symbol = {} if asset == ALL else {"symbol": asset}
        answer = self._get(_TOTALS, {"range": f"{hours}h", **symbol})
        return list(total_rows(_records(self.api, answer), hours=hours, asset=asset, retrieved=iso(answer.asked_at)))

    def _get(self, path: str, parameters: Mapping[str, str | int]) -> ApiAnswer:
        answer = self.api.get(self._url + path, parameters, judge=self._judge)
        told = answer.headers.get("api-key-max-limit", "")
        if told.isdecimal() and int(told) != self.api.pace.calls:
            self.api.pace.limit(int(told))
        return answer

    def _judge(self, answer: ApiAnswer) -> None:
        """Read the `code` of a body: "0" is good, all else a fault, whatever the status says."""
        code, said = said_in(answer, "code"), said_in(answer, "msg", "message")
        if code == "0" or (answer.status != 200 and not code):
            return
        if not code and isinstance(answer.data, dict) and answer.data.get("code") == 0:
            return
        if code == "429" or "too many requests" in said.casefold():
            raise Busy(f"{SOURCE}: busy, code {code}: {said}", key=answer.url, status=answer.status)
        if code in {"401", "403"} or any(word in said.casefold() for word in _KEY_WORDS):
            raise self.api.key_refused(f"code {code}, {said}")
        if not code:
            raise shape(self.api, answer, "code")
        raise self.api.fault(FetchError, answer, f"code {code}, {said or 'without a word'}")


def history_rows(records: Sequence[Mapping[str, Any]], who: str) -> Iterator[tuple[int, Mapping[str, Told]]]:
    """Read records of the aggregated history; raise BrokenAnswer where none has the fields, or one has no time."""
    if records and not any(LONG in row or SHORT in row for row in records):
        raise BrokenAnswer(f"{who}: its rows hold no {LONG}, but {', '.join(sorted(records[0])[:8])}", key=who)
    for row in records:
        yield (
            milliseconds(row.get("time"), who),
            {"long_usd": field_of(row, LONG), "short_usd": field_of(row, SHORT)},
        )


def total_rows(
    records: Sequence[Mapping[str, Any]], *, hours: float, asset: str, retrieved: str
) -> Iterator[dict[str, Told]]:
    """Read records of the exchange list as rows of `snapshots`."""
    for row in records:
        yield {
            "retrieved_before": retrieved,
            "source": SOURCE,
            "venue": field_of(row, "exchange"),
            "asset": asset,
            "hours": hours,
            # Older answers write the names in another way.
            "long_usd": field_of(
                row, "long_liquidation_usd" if "long_liquidation_usd" in row else "longLiquidation_usd"
            ),
            "short_usd": field_of(
                row, "short_liquidation_usd" if "short_liquidation_usd" in row else "shortLiquidation_usd"
            ),
        }


def _records(api: ApiClient, answer: ApiAnswer) -> list[Mapping[str, Any]]:
    """Give the records of an answer; raise BrokenAnswer where it holds no list of them."""
    data = answer.data.get("data") if isinstance(answer.data, dict) else None
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise shape(api, answer, "list under `data`")
    return data
