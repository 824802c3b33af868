"""The rules that a market row must keep, as one SQL query a kind: typed columns out of text, and the first rule broken.

A single bad row is kept out with its reason; nothing is mended by guessing and nothing becomes a silent zero. Times are
UTC: an offset is honoured, a time without one is UTC by the files' definition, a bare number is an epoch whose unit its
size tells. Instants are stored as nanoseconds since 1970, for prints of one venue lie closer than a microsecond.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from newsdetect.market.kinds import COLUMNS
from newsdetect.market.reports import FileKind
from newsdetect.market.values import instant, number, text

#: Before bitcoin's first block there was nothing to trade.
_FIRST_NS = int(datetime(2009, 1, 3, tzinfo=UTC).timestamp()) * 10**9
#: The longest bucket or trailing total: a quarter.
_LONGEST_S = 92 * 86_400
#: Names of venues, sources, symbols and coins.
_LONGEST_NAME = 80
#: No single coin, order or bucket was ever worth more; a larger number has its unit wrong.
_MOST_PRICE, _MOST_ORDER, _MOST_BUCKET = 1e8, 1e11, 1e13


def _time_rules(column: str, word: str, *, latest: str = "$latest") -> list[tuple[str, str]]:
    return [
        (f"{column} IS NULL", f"{word} is missing or no time"),
        (f"{column} < {_FIRST_NS}", f"{word} lies before there was a market"),
        (f"{column} > {latest}", f"{word} lies in the future"),
    ]


def _named(*columns: str) -> list[tuple[str, str]]:
    missing = [(f"{column} IS NULL", f"{column} is missing") for column in columns]
    return missing + [(f"length({column}) > {_LONGEST_NAME}", f"{column} is no name but a text") for column in columns]


def _amount(column: str, most: float, *, zero: bool) -> list[tuple[str, str]]:
    low = (f"{column} < 0", f"{column} is negative") if zero else (f"{column} <= 0", f"{column} is zero or negative")
    return [
        (f"{column} IS NULL OR isnan({column})", f"{column} is missing or no number"),
        low,
        (f"{column} > {most!r}", f"{column} is absurdly large"),
    ]


#: A venue under the name that claims use, whatever the case the file writes it in.
_VENUE = f"coalesce(venue_names.name, {text('venue')})"

#: A coin under its own ticker; prices and quantities by the single coin, where a file counts 1000PEPE (coins.py).
_ASSET = "coin_names.coin"


def _a_coin(column: str) -> str:
    return f"{number(column)} / coin_names.unit"


def _in_coins(column: str) -> str:
    return f"{number(column)} * coin_names.unit"


#: The typed columns of each kind, in the order in which they are stored.
TYPED: Mapping[FileKind, Mapping[str, str]] = {
    "prints": {
        "time_ns": instant("time"),
        "source": f"coalesce({text('source')}, $source)",
        "venue": _VENUE,
        "symbol": text("symbol"),
        "asset": _ASSET,
        "side": f"lower({text('side')})",
        "price": _a_coin("price"),
        "quantity": _in_coins("quantity"),
        "usd": number("usd"),
        "spelling": "coin_names.spelling",
    },
    "bars": {
        "start_ns": instant("start"),
        "seconds": f"try_cast({number('seconds')} AS BIGINT)",
        "source": text("source"),
        "venue": _VENUE,
        "asset": _ASSET,
        "long_usd": number("long_usd"),
        "short_usd": number("short_usd"),
        "retrieved_ns": instant("retrieved_at"),
        "retrieved_text": text("retrieved_at"),
    },
    "snapshots": {
        "retrieved_ns": instant("retrieved_before"),
        "source": text("source"),
        "venue": _VENUE,
        "asset": _ASSET,
        "hours": number("hours"),
        "long_usd": number("long_usd"),
        "short_usd": number("short_usd"),
    },
    "candles": {
        "start_ns": instant("start"),
        "seconds": f"try_cast({number('seconds')} AS BIGINT)",
        "source": text("source"),
        "venue": _VENUE,
        "market": f"lower({text('market')})",
        "asset": _ASSET,
        **{name: _a_coin(name) for name in ("open", "high", "low", "close")},
        "volume": _in_coins("volume"),
        "turnover": f"CASE WHEN isnan({number('turnover')}) THEN NULL ELSE {number('turnover')} END",
        # Tables write a missing number as NaN.
        "turnover_text": f"nullif(lower({text('turnover')}), 'nan')",
        "retrieved_ns": instant("retrieved_at"),
        "retrieved_text": text("retrieved_at"),
    },
    "recorded": {
        "source": text("source"),
        "venue": _VENUE,
        "asset": _ASSET,
        "start_ns": instant("start"),
        "end_ns": instant("end"),
    },
}

_BUCKET = [
    *_time_rules("start_ns", "start"),
    ("seconds IS NULL", "seconds is missing or no number"),
    (f"seconds <= 0 OR seconds > {_LONGEST_S}", f"seconds is not between 1 and {_LONGEST_S}"),
]
#: A bucket read before it had ended is a part of itself.
_READ = [
    ("retrieved_text IS NOT NULL AND retrieved_ns IS NULL", "retrieved_at is no time"),
    ("retrieved_ns > $latest", "retrieved_at lies in the future"),
    ("retrieved_ns < start_ns + seconds * 1000000000", "it was read before its bucket had ended"),
]
#: What must not hold, in the order in which it is told.
RULES: Mapping[FileKind, list[tuple[str, str]]] = {
    "prints": [
        *_time_rules("time_ns", "time"),
        *_named("source", "venue", "symbol", "asset"),
        # BTCUSDT, BTC-USDT-SWAP, 1000PEPEUSDT, XBTUSD: every venue writes the coin into its contract's name, or one of
        # its other tickers.
        (
            "strpos(upper(symbol), asset) = 0 AND NOT coalesce(regexp_matches(upper(symbol), spelling), false)",
            "symbol is no contract of the asset",
        ),
        ("side IS NULL OR side NOT IN ('long', 'short')", "side is neither long nor short"),
        *_amount("price", _MOST_PRICE, zero=False),
        *_amount("quantity", 1e15, zero=False),
        *_amount("usd", _MOST_ORDER, zero=False),
        # Bankruptcy and fill price differ by a few percent, a contract or unit mistaken by far more.
        ("usd NOT BETWEEN price * quantity / 2 AND price * quantity * 2", "usd is not price times quantity"),
    ],
    "bars": [
        *_BUCKET,
        *_named("source", "venue", "asset"),
        *_amount("long_usd", _MOST_BUCKET, zero=True),
        *_amount("short_usd", _MOST_BUCKET, zero=True),
        *_READ,
    ],
    "snapshots": [
        *_time_rules("retrieved_ns", "retrieved_before"),
        *_named("source", "venue", "asset"),
        ("hours IS NULL OR isnan(hours)", "hours is missing or no number"),
        (f"hours <= 0 OR hours > {_LONGEST_S / 3600!r}", f"hours is not between 0 and {_LONGEST_S // 3600}"),
        *_amount("long_usd", _MOST_BUCKET, zero=True),
        *_amount("short_usd", _MOST_BUCKET, zero=True),
    ],
    "candles": [
        *_BUCKET,
        *_named("source", "venue", "asset"),
        ("market IS NULL OR market NOT IN ('spot', 'perp', 'inverse')", "market is neither spot, perp nor inverse"),
        *(rule for name in ("open", "high", "low", "close") for rule in _amount(name, _MOST_PRICE, zero=False)),
        ("high < greatest(open, close, low)", "high is not the highest price"),
        ("low > least(open, close)", "low is not the lowest price"),
        *_amount("volume", 1e18, zero=True),
        ("turnover_text IS NOT NULL AND (turnover IS NULL OR isnan(turnover))", "turnover is no number"),
        ("turnover < 0", "turnover is negative"),
        *_READ,
    ],
    "recorded": [
        *_named("source", "venue", "asset"),
        *_time_rules("start_ns", "start"),
        *_time_rules("end_ns", "end"),
        ("end_ns <= start_ns", "end is not after start"),
    ],
}
#: Columns that only the rules need.
ASIDE = ("retrieved_text", "turnover_text", "spelling")


def stored(kind: FileKind) -> tuple[str, ...]:
    """Name the columns that are kept of a kind."""
    return tuple(name for name in TYPED[kind] if name not in ASIDE)


def cleaning(kind: FileKind, present: tuple[str, ...], *, relation: str) -> str:
    """Give the query that reads `relation`'s text columns: typed columns, `row`, and `fault` (null for a good row).

    Columns that the file lacks are null. Parameters: `$latest` in nanoseconds, and for prints `$source`. Tables:
    `venue_names` (alias, name) gives venues one spelling, `coin_names` reads each ticker of `relation` (coins.told).
    All parts of the query are constants of this package.
    """
    said = ["row", *(f'nullif(trim("{name}"), \'\') AS "{name}"' for name in present if name != "row")]
    said += [f"NULL::VARCHAR AS {name}" for name in COLUMNS[kind].optional if name not in present]
    typed = ", ".join(f"{expression} AS {name}" for name, expression in TYPED[kind].items())
    cases = " ".join(f"WHEN {broken} THEN '{reason}'" for broken, reason in RULES[kind])
    return (
        f"WITH said AS MATERIALIZED (SELECT {', '.join(said)} FROM {relation}), "
        f"typed AS (SELECT row, {typed} FROM said LEFT JOIN venue_names ON alias = lower({text('venue')}) "
        f"LEFT JOIN coin_names ON spelt = {text('asset')}) "
        f"SELECT row, {', '.join(stored(kind))}, CASE {cases} END AS fault FROM typed"
    )
